"""PATCH /bookings/{reference} over HTTP: what is so at once, what waits until it is decided, and what is refused without a trace."""

from datetime import timedelta
from typing import Any

import httpx2

from tests.api.problems import codes
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import ask, day, utc, wall, weekly
from tests.stories.deciding import people
from tests.stories.standing import WELL, examined

WEEK = timedelta(weeks=1)
HALL, OTHER = "night-owl-high/hall-30", "night-owl-high/hall-31"


async def patched(http: httpx2.AsyncClient, booking: dict[str, Any], **body: Any) -> httpx2.Response:
    """The change of a booking as it was read."""
    tag = {"If-Match": f'"{booking["version"]}"'}
    return await http.patch(f"/api/v1/bookings/{booking['reference']}", json=body, headers=tag)


def times(booking: dict[str, Any]) -> list[tuple[str, str]]:
    """Start and state of every date."""
    return [(each["starts_at"], each["state"]) for each in booking["occurrences"]]


async def claims(district: District, reference: str) -> list[tuple[Any, ...]]:
    """Space and span of everything that the booking blocks."""
    query = f"""SELECT s.slug, c.starts_at, c.ends_at FROM claims c JOIN spaces s ON s.id = c.space_id JOIN occurrences o ON o.id = c.occurrence_id
        JOIN bookings b ON b.id = o.booking_id WHERE b.reference = '{reference}' ORDER BY c.starts_at, s.slug"""
    return [(row[0], str(row[1])[11:16], str(row[2])[11:16]) for row in await sql.rows(district.url, query)]


async def test_what_waits_is_changed_at_once(district: District) -> None:
    first = day(ahead=40)
    async with people(district, "lin", "becker") as (_, lin, _becker):
        made = (await lin.http.post("/api/v1/bookings", json=ask(first, 18, rooms=[HALL], repeat=weekly(3)))).json()
        moved = await patched(lin.http, made, starts_at=wall(first, 17), ends_at=wall(first, 20), headcount=30)
        other = await patched(
            lin.http, moved.json(), scope="this", occurrence=wall(first + WEEK, 18), rooms=[OTHER], title="Eye tests"
        )
    body = moved.json()
    assert (moved.status_code, body["version"], body["headcount"]) == (200, 2, 30)
    assert times(body) == [(utc(first + n * WEEK, 17), "held") for n in range(3)]
    assert [each["original_start"] for each in body["occurrences"]] == [wall(first + n * WEEK, 18) for n in range(3)]
    assert [each["rooms"] for each in other.json()["occurrences"]] == [[HALL], [OTHER], [HALL]]
    assert (other.json()["title"], len(await claims(district, made["reference"]))) == ("Eye tests", 3)
    assert examined(district.url) == WELL


async def test_a_move_of_what_is_approved_waits_and_blocks_both_until_it_is_decided(district: District) -> None:
    first = day(ahead=48)
    async with people(district, "lin", "becker") as (_, lin, becker):
        made = (await lin.http.post("/api/v1/bookings", json=ask(first, 18, rooms=[HALL], repeat=weekly(2)))).json()
        approved = (await becker.does(made["reference"], "approval")).json()
        moved = (await patched(lin.http, approved, starts_at=wall(first, 19), ends_at=wall(first, 21))).json()
        both = await claims(district, made["reference"])
        found = examined(district.url)
        granted = (await becker.does(made["reference"], "approval")).json()
        after = await claims(district, made["reference"])
        again = (await patched(lin.http, granted, starts_at=wall(first, 12), ends_at=wall(first, 14))).json()
        declined = (await becker.does(made["reference"], "decline", reason="The cleaners are in")).json()
        shorter = (await patched(lin.http, declined, ends_at=wall(first, 20))).json()
    assert times(moved) == [(utc(first + n * WEEK, 18), "approved") for n in range(2)]
    assert [each["proposed"]["starts_at"] for each in moved["occurrences"]] == [
        utc(first + n * WEEK, 19) for n in (0, 1)
    ]
    assert (moved["state"], moved["waiting_on"]["role"], len(both), found) == ("approved", "site_approver", 4, WELL)
    assert times(granted) == [(utc(first + n * WEEK, 19), "approved") for n in range(2)]
    assert (granted["waiting_on"], len(after)) == (None, 2)
    assert "proposed" in again["occurrences"][0]
    assert times(declined) == times(granted)
    assert ("proposed" in declined["occurrences"][0], declined["waiting_on"]) == (False, None)
    assert ({each["state"] for each in shorter["occurrences"]}, shorter["waiting_on"]) == ({"approved"}, None)
    assert shorter["occurrences"][0]["ends_at"] == utc(first, 20)
    assert examined(district.url) == WELL


async def test_dates_become_more_and_fewer_and_one_that_was_given_back_returns(district: District) -> None:
    first = day(ahead=56)
    async with people(district, "lin", "becker") as (_, lin, becker):
        made = (await lin.http.post("/api/v1/bookings", json=ask(first, 18, rooms=[HALL], repeat=weekly(2)))).json()
        await becker.does(made["reference"], "approval")
        now = (await lin.http.get(f"/api/v1/bookings/{made['reference']}")).json()
        body = {"also": [wall(first + 2 * WEEK, 18)], "except": [wall(first, 18)]}
        changed = (await patched(lin.http, now, **body)).json()
        back = (await patched(lin.http, changed, also=[wall(first, 18)])).json()
    fates = [each["state"] for each in changed["occurrences"]]
    assert (fates, changed["state"]) == (["cancelled", "approved", "held"], "requested")
    assert [each["state"] for each in back["occurrences"]] == ["held", "approved", "held"]
    assert back["occurrences"][0]["id"] == made["occurrences"][0]["id"]
    assert examined(district.url) == WELL


async def test_a_series_may_move_onto_its_own_old_dates(district: District) -> None:
    first = day(ahead=64)
    async with people(district, "lin", "becker") as (_, lin, becker):
        made = (await lin.http.post("/api/v1/bookings", json=ask(first, 18, rooms=[HALL], repeat=weekly(3)))).json()
        approved = (await becker.does(made["reference"], "approval")).json()
        moved = await patched(lin.http, approved, starts_at=wall(first + WEEK, 18), ends_at=wall(first + WEEK, 20))
        held, found = await claims(district, made["reference"]), examined(district.url)
        part = await becker.does(made["reference"], "approval", occurrences=[wall(first, 18)], rest="waiting")
        granted = (await becker.does(made["reference"], "approval")).json()
    assert (moved.status_code, len(held), found) == (200, 4, WELL)
    assert codes(part) == (409, "room_taken")
    assert times(granted) == [(utc(first + n * WEEK, 18), "approved") for n in (1, 2, 3)]
    assert (len(await claims(district, made["reference"])), examined(district.url)) == (3, WELL)


async def test_more_people_wait_and_fewer_do_not(district: District) -> None:
    first = day(ahead=72)
    async with people(district, "lin", "becker") as (_, lin, becker):
        made = (await lin.http.post("/api/v1/bookings", json=ask(first, 18, rooms=[HALL]))).json()
        approved = (await becker.does(made["reference"], "approval")).json()
        fewer = (await patched(lin.http, approved, headcount=10)).json()
        more = (await patched(lin.http, fewer, headcount=90)).json()
        too_many = await patched(lin.http, more, headcount=101)
        granted = (await becker.does(made["reference"], "approval")).json()
        asked = (await patched(lin.http, granted, headcount=95)).json()
        back = (await lin.does(made["reference"], "change/withdrawal")).json()
    assert (fewer["headcount"], fewer["proposed"]) == (10, None)
    assert (more["headcount"], more["proposed"], more["waiting_on"]["role"]) == (10, {"headcount": 90}, "site_approver")
    assert codes(too_many) == (409, "too_many_people")
    assert (granted["headcount"], granted["proposed"], granted["waiting_on"]) == (90, None, None)
    assert (asked["proposed"], back["proposed"], back["headcount"], back["waiting_on"]) == (
        {"headcount": 95},
        None,
        90,
        None,
    )


async def test_what_cannot_be_had_changes_nothing(district: District) -> None:
    first = day(ahead=80)
    async with people(district, "lin", "pilar", "sam") as (_, lin, pilar, sam):
        made = (await lin.http.post("/api/v1/bookings", json=ask(first, 18, rooms=[HALL], repeat=weekly(2)))).json()
        await pilar.asks(on=first + WEEK, hour=12, rooms=[HALL], organization="casa-del-pueblo")
        reference = made["reference"]
        answers = [
            await patched(lin.http, made, starts_at=wall(first, 11), ends_at=wall(first, 13)),
            await patched(lin.http, made, starts_at=wall(first, 20)[:11] + "25:00"),
            await patched(lin.http, made, scope="this", starts_at=wall(first, 20)),
            await patched(lin.http, made, scope="this", occurrence="2020-01-01T10:00", starts_at=wall(first, 20)),
            await patched(lin.http, made, ends_at=wall(first, 17)),
            await patched(lin.http, made, rooms=["24th-street-elementary/room-12"]),
            await patched(lin.http, made, rooms=["nowhere/hall"]),
            await patched(lin.http, made, also=[wall(first, 18)]),
            await patched(lin.http, made, rooms=["night-owl-high/hall-1", "night-owl-high/hall-1a"]),
            await patched(lin.http, made),
            await lin.http.patch(f"/api/v1/bookings/{reference}", json={"title": "X"}),
            await patched(lin.http, made | {"version": 7}, title="X"),
            await patched(sam.http, made, title="X"),
        ]
        now = (await lin.http.get(f"/api/v1/bookings/{reference}")).json()
    assert [codes(each) for each in answers] == [
        (409, "room_taken"),
        (422,),
        (422,),
        (409, "unknown_occurrence"),
        (409, "ends_before_start"),
        (409, "unknown_room"),
        (409, "unknown_room"),
        (409, "room_taken"),
        (409, "room_twice"),
        (422,),
        (428,),
        (412, "stale_version"),
        (404,),
    ]
    assert now == made


async def test_staff_change_against_a_rule_with_a_reason_and_it_waits_with_a_flag(district: District) -> None:
    first = day(ahead=88)
    early = {"starts_at": wall(first, 12), "ends_at": wall(first, 14)}
    async with people(district, "lin", "becker") as (_, lin, becker):
        made = (await lin.http.post("/api/v1/bookings", json=ask(first, 18))).json()
        approved = (await becker.does(made["reference"], "approval")).json()
        refused = await patched(becker.http, approved, **early)
        partner = await patched(lin.http, approved, **early, anyway="We must")
        moved = (await patched(becker.http, approved, **early, anyway="The principal opens at noon")).json()
        granted = (await becker.does(made["reference"], "approval")).json()
    assert [(each["code"], each["anyway"]) for each in refused.json()["reasons"]] == [("outside_hours", True)]
    assert codes(partner) == (403,)
    assert (moved["anyway"], [each["severity"] for each in moved["findings"]]) == (
        "The principal opens at noon",
        ["flag"],
    )
    assert (times(moved), moved["waiting_on"]["role"]) == ([(utc(first, 18), "approved")], "site_approver")
    assert times(granted) == [(utc(first, 12), "approved")]
    assert examined(district.url) == WELL
