"""Several rooms in one booking, any room of a kind, and single dates that are otherwise: over HTTP, as asked, as held and as approved."""

from datetime import timedelta
from typing import Any

from tests.api.problems import codes
from tests.cast import OWL
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import ask, day, utc, wall, weekly
from tests.stories.deciding import people
from tests.stories.standing import WELL, examined

WEEK = timedelta(weeks=1)
ONE, TWO = f"{OWL}/hall-20", f"{OWL}/hall-21"
WHOLE, WEST, EAST = f"{OWL}/hall-1", f"{OWL}/hall-1a", f"{OWL}/hall-1b"
ANY_GYM = f"{OWL}/any:gym"


def rooms(booking: dict[str, Any]) -> list[list[str]]:
    """The rooms of each date."""
    return [each["rooms"] for each in booking["occurrences"]]


async def claimed(district: District, reference: str) -> list[str]:
    """The spaces that the booking blocks."""
    query = f"""SELECT s.slug FROM claims c JOIN spaces s ON s.id = c.space_id JOIN occurrences o ON o.id = c.occurrence_id
        JOIN bookings b ON b.id = o.booking_id WHERE b.reference = '{reference}' ORDER BY c.starts_at, s.slug"""
    return [row[0] for row in await sql.rows(district.url, query)]


async def test_two_rooms_hold_more_people_and_each_refuses_by_name(district: District) -> None:
    first = day(ahead=33)
    async with people(district, "lin", "pilar") as (_, lin, pilar):
        made = await lin.asks(on=first, hour=18, rooms=[ONE, TWO], headcount=180)
        crowd = await lin.http.post("/api/v1/bookings", json=ask(first, 12, rooms=[ONE, TWO], headcount=201))
        taken = await pilar.http.post(
            "/api/v1/bookings", json=ask(first, 18, rooms=[TWO, f"{OWL}/hall-22"], organization="casa-del-pueblo")
        )
    assert rooms(made) == [[ONE, TWO]]
    assert await claimed(district, made["reference"]) == ["5-hall-20", "5-hall-21"]
    assert (codes(crowd), crowd.json()["reasons"][0]["message"]) == (
        (409, "too_many_people"),
        "The rooms hold 200 people together; you said 201.",
    )
    assert (codes(taken), taken.json()["reasons"][0]["message"][:8]) == ((409, "room_taken"), "Hall 21:")
    assert examined(district.url) == WELL


async def test_a_divisible_room_is_had_whole_or_in_parts_in_every_combination(district: District) -> None:
    first = day(ahead=33)
    body = {"hour": 18, "headcount": 10}
    async with people(district, "lin") as (_, lin):
        halves = await lin.asks(on=first, rooms=[WEST, EAST], **body)
        refused = [
            await lin.http.post("/api/v1/bookings", json=ask(first, 18, rooms=[room], headcount=10))
            for room in (WHOLE, WEST, EAST)
        ]
        whole = await lin.asks(on=first + WEEK, rooms=[WHOLE], **body)
        half = await lin.http.post("/api/v1/bookings", json=ask(first + WEEK, 18, rooms=[EAST], headcount=10))
        west = await lin.asks(on=first + 2 * WEEK, rooms=[WEST], **body)
        east = await lin.asks(on=first + 2 * WEEK, rooms=[EAST], **body)
        both = await lin.http.post(
            "/api/v1/bookings", json=ask(first + 3 * WEEK, 18, rooms=[WHOLE, EAST], headcount=10)
        )
    assert [codes(each) for each in [*refused, half, both]] == [(409, "room_taken")] * 4 + [(409, "room_twice")]
    assert [await claimed(district, each["reference"]) for each in (halves, whole, west, east)] == [
        ["hall-1a", "hall-1b"],
        ["hall-1a", "hall-1b"],
        ["hall-1a"],
        ["hall-1b"],
    ]
    assert examined(district.url) == WELL


async def test_any_room_of_a_kind_is_given_for_now_and_another_at_approval(district: District) -> None:
    first = day(ahead=40)
    async with people(district, "lin", "becker") as (_, lin, becker):
        await lin.asks(on=first + WEEK, hour=18, rooms=[WEST], headcount=10)
        made = await lin.asks(on=first, hour=18, rooms=[ANY_GYM], headcount=90, repeat=weekly(2))
        foreseen = await lin.http.post("/api/v1/bookings/preview", json=ask(first, 18, rooms=[ANY_GYM], headcount=150))
        unknown = await lin.http.post("/api/v1/bookings", json=ask(first, 18, rooms=[f"{OWL}/any:pool"]))
        wrong = await becker.does(made["reference"], "approval", rooms=["24th-street-elementary/room-12"])
        approved = (await becker.does(made["reference"], "approval", rooms=[f"{OWL}/hall-33"])).json()
    assert (made["wanted_rooms"], rooms(made)) == ([ANY_GYM], [[EAST], [EAST]])
    assert foreseen.json()["occurrences"][0]["rooms"] == [WHOLE], "taken, and named all the same"
    assert [reason["code"] for reason in foreseen.json()["verdict"]["reasons"]] == ["room_taken"]
    assert (codes(unknown), codes(wrong)) == ((409, "unknown_room"), (409, "unknown_room"))
    assert rooms(approved) == [[f"{OWL}/hall-33"]] * 2
    assert (approved["version"], {each["state"] for each in approved["occurrences"]}) == (2, {"approved"})
    assert examined(district.url) == WELL


async def test_single_dates_are_otherwise_from_the_beginning(district: District) -> None:
    first = day(ahead=47)
    changes = [
        {"original_start": wall(first + WEEK, 18), "rooms": [TWO]},
        {"original_start": wall(first + 2 * WEEK, 18), "starts_at": wall(first + 2 * WEEK + timedelta(days=1), 10)},
    ]
    body = ask(first, 18, rooms=[ONE], repeat=weekly(3), changes=changes)
    stray = [{"original_start": wall(first, 9), "rooms": [TWO]}]
    backwards = [{"original_start": wall(first, 18), "ends_at": wall(first, 17)}]
    async with people(district, "lin") as (_, lin):
        foreseen = (await lin.http.post("/api/v1/bookings/preview", json=body)).json()
        made = (await lin.http.post("/api/v1/bookings", json=body)).json()
        wrong = [
            await lin.http.post("/api/v1/bookings", json=body | {"changes": each})
            for each in (stray, changes[:1] * 2, backwards, [{"original_start": wall(first, 18), "rooms": []}])
        ]
    moved = utc(first + 2 * WEEK + timedelta(days=1), 10)
    for answer in (foreseen, made):
        assert rooms(answer) == [[ONE], [TWO], [ONE]]
        assert [each["starts_at"] for each in answer["occurrences"]] == [utc(first, 18), utc(first + WEEK, 18), moved]
        assert [each["original_start"] for each in answer["occurrences"]] == [
            wall(first + n * WEEK, 18) for n in range(3)
        ]
    assert [codes(each) if each.status_code == 409 else (each.status_code,) for each in wrong] == [
        (409, "unknown_occurrence"),
        (422,),
        (409, "ends_before_start"),
        (422,),
    ]
    assert examined(district.url) == WELL


async def test_dates_that_overlap_in_other_rooms_are_fine_and_in_the_same_are_not(district: District) -> None:
    first = day(ahead=47)
    also = {"also": [wall(first, 13)]}
    apart = [{"original_start": wall(first, 13), "rooms": [TWO]}]
    async with people(district, "lin") as (_, lin):
        same = await lin.http.post("/api/v1/bookings", json=ask(first, 12, rooms=[ONE], repeat=also))
        other = await lin.http.post("/api/v1/bookings", json=ask(first, 12, rooms=[ONE], repeat=also, changes=apart))
    assert (codes(same), other.status_code, rooms(other.json())) == ((409, "room_taken"), 201, [[ONE], [TWO]])
    assert examined(district.url) == WELL


async def test_a_kind_beside_a_room_holds_the_people_together_with_it(district: District) -> None:
    """As the booking is judged: a half of the gym where that is enough, the whole where it is not, two halves for two of the kind."""
    first = day(ahead=33)
    wishes = ([ONE, ANY_GYM], 180), ([ANY_GYM, ONE], 300), ([ANY_GYM, ANY_GYM], 200)
    async with people(district, "lin") as (_, lin):
        made = [
            await lin.asks(on=first + WEEK * n, hour=18, rooms=names, headcount=people_)
            for n, (names, people_) in enumerate(wishes)
        ]
        crowd = await lin.http.post("/api/v1/bookings", json=ask(first, 12, rooms=[ONE, ANY_GYM], headcount=301))
    assert [sorted(rooms(each)[0]) for each in made] == [
        sorted(each) for each in ([WEST, ONE], [WHOLE, ONE], [WEST, EAST])
    ]
    assert (codes(crowd), crowd.json()["reasons"][0]["would_pass"]) == ((409, "too_many_people"), "300")
