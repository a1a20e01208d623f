"""A preview's token: a request with it commits exactly what was shown, or is told precisely what changed, date by date; and nothing is written then."""

from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from afterbell import clock
from afterbell.bookings.promise import opened
from afterbell.policy.projection import Viewer
from afterbell.problem import Problem
from tests.api.problems import Told, told, written
from tests.cast import BIRD, OWL
from tests.conftest import District
from tests.ground import sql
from tests.ground.children import SECRET
from tests.stories.asks import HALL, THERE, ask, day, utc, wall, weekly
from tests.stories.deciding import Caller, people
from tests.stories.paper import THIN

THEATRE = "figueroa-youth-theatre"
ANY_GYM = f"{OWL}/any:gym"
WEST, EAST = f"{OWL}/hall-1a", f"{OWL}/hall-1b"
CODE = "changed_since_preview"
KEPT = ("original_start", "starts_at", "ends_at", "claim_starts_at", "claim_ends_at", "rooms", "state")
FROM_FOUR = f"4:00{THIN}PM to 6:00{THIN}PM"


async def shown(who: Caller, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A wish with the token of its preview, and what that showed."""
    wish = ask(**changes)
    answer = await who.http.post("/api/v1/bookings/preview", json=wish)
    assert answer.status_code == 200, answer.text
    return wish | {"preview_token": answer.json()["preview_token"]}, answer.json()


async def commit(who: Caller, wish: dict[str, Any]) -> httpx2.Response:
    """What the request is answered."""
    return await who.http.post("/api/v1/bookings", json=wish)


def dates(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Every date as a preview and a booking both tell it."""
    return [{name: date[name] for name in KEPT} for date in body["occurrences"]]


def said(answer: httpx2.Response) -> list[tuple[str, str | None, str]]:
    """Code, date and sentence of every reason of a 409."""
    assert answer.status_code == 409, answer.text
    return [(each["code"], each.get("occurrence"), each["message"]) for each in answer.json()["reasons"]]


async def test_what_was_shown_is_what_is_done(district: District) -> None:
    """A series with a date that is otherwise and one that is left out; and where requests compete. Words for people may still change."""
    second = day() + timedelta(weeks=1)
    changes = [{"original_start": wall(second + timedelta(weeks=1), 18), "rooms": [f"{OWL}/hall-3"]}]
    async with people(district, "lin", "sam") as (_, lin, sam):
        await sam.asks(on=second, hour=18, rooms=[HALL], organization=THEATRE)
        wish, before = await shown(
            lin, rooms=[HALL], hour=18, repeat=weekly(3), changes=changes, on_conflict="skip", setup_minutes=15
        )
        made = await commit(lin, wish | {"title": "Another title", "note": "Bring chairs"})
        wish, competing = await shown(lin, rooms=[f"{BIRD}/hall"])
        asked = await commit(lin, wish)
        nameless, alike = await shown(lin, rooms=[HALL], hour=10, organization=None, activity=None, title=None)
        named = await commit(lin, ask(rooms=[HALL], hour=10) | {"preview_token": nameless["preview_token"]})
    assert made.status_code == asked.status_code == named.status_code == 201
    assert dates(made.json()) == dates(before)
    assert [date["state"] for date in before["occurrences"]] == ["held", "skipped", "held"]
    assert (dates(asked.json()), competing["occurrences"][0]["state"]) == (dates(competing), "requested")
    assert dates(named.json()) == dates(alike)


async def test_what_is_refused_has_no_token(district: District) -> None:
    async with people(district, "lin") as (_, lin):
        _, before = await shown(lin, headcount=99)
    assert (before["verdict"]["allowed"], before["preview_token"]) == (False, None)


async def test_a_date_that_was_free_and_one_that_was_left_out_are_told_with_what_is_now(district: District) -> None:
    first, second, third = (day() + timedelta(weeks=n) for n in range(3))
    async with people(district, "lin", "sam") as (_, lin, sam):
        theirs = await sam.asks(on=second, rooms=[HALL], organization=THEATRE)
        wish, _ = await shown(lin, rooms=[HALL], repeat=weekly(3), on_conflict="skip")
        await sam.does(theirs["reference"], "withdrawal")
        await sam.asks(on=first, rooms=[HALL], organization=THEATRE)
        before = await written(district.url)
        answer = await commit(lin, wish)
        after = await written(district.url)
        again, fresh = await shown(lin, rooms=[HALL], repeat=weekly(3), on_conflict="skip")
        made = await commit(lin, again)
    assert said(answer) == [
        (CODE, wall(first, 16), f"It was free when you looked. Now: Taken {FROM_FOUR}."),
        (CODE, wall(second, 16), "It was left out and can be had now."),
    ]
    assert answer.json()["detail"] == (
        "Something has changed since you looked. Look at the dates again, then send the request."
    )
    assert after == before
    assert dates(made.json()) == dates(fresh), "control: a new look is done"
    assert [date["state"] for date in made.json()["occurrences"]] == ["skipped", "held", "held"], third


async def test_a_closure_hours_and_who_decides_are_told_in_the_rules_own_words(district: District) -> None:
    starts, ends = (datetime.fromisoformat(wall(day(), hour)).replace(tzinfo=THERE) for hour in (12, 20))
    close = (
        "INSERT INTO closures (public_id, campus_id, starts_at, ends_at, reason) SELECT 'c1', id, "
        f"{sql.moment(district.url, starts)}, {sql.moment(district.url, ends)}, 'Flood' FROM campuses WHERE slug = '{OWL}'"
    )
    compete = f"UPDATE campuses SET holds = 'on_approval' WHERE slug = '{OWL}'"
    async with people(district, "lin") as (_, lin):
        wish, _ = await shown(lin, rooms=[HALL])
        await sql.tell(district.url, close)
        shut = await commit(lin, wish)
        late, _ = await shown(lin, rooms=[HALL], hour=20)
        await sql.tell(district.url, compete)
        unheld = await commit(lin, late)
        await sql.tell(district.url, "DELETE FROM memberships WHERE role <> 'x'")
        wish, _ = await shown(lin, rooms=[f"{BIRD}/hall"], organization=None)
        out = await commit(lin, wish | {"organization": "eastside-community-clinic"})
    flood = "The school is closed that day: Flood. Leave this date out or choose another."
    holds = "It was to be held for you. Now requests compete there, and nothing is held until it is decided."
    member = "You do not belong to this organization. Choose one of yours, or ask its manager to invite you."
    assert said(shut) == [(CODE, wall(day(), 16), f"It was free when you looked. Now: {flood}")]
    assert said(unheld) == [(CODE, wall(day(), 20), holds)]
    assert said(out) == [(CODE, None, f"This has changed since you looked: {member}")]


async def test_any_room_of_a_kind_is_the_one_that_was_shown_while_that_is_free(district: District) -> None:
    """The east half becomes the closer fit meanwhile: who looks now is given it, who looked before gets the west half. Then that is taken."""
    async with people(district, "lin", "sam") as (_, lin, sam):
        first, _ = await shown(lin, rooms=[ANY_GYM], repeat=weekly(2))
        second, before = await shown(lin, rooms=[ANY_GYM], hour=18, repeat=weekly(2))
        await sql.tell(district.url, "UPDATE rooms SET capacity = 50 WHERE slug = 'hall-1b'")
        _, now = await shown(lin, rooms=[ANY_GYM], hour=18, repeat=weekly(2))
        made = await commit(lin, second)
        await sam.asks(rooms=[WEST], organization=THEATRE)
        answer = await commit(lin, first)
    assert [date["rooms"] for date in before["occurrences"]] == [[WEST]] * 2
    assert [date["rooms"] for date in now["occurrences"]] == [[EAST]] * 2, "control"
    assert dates(made.json()) == dates(before)
    assert said(answer) == [
        (CODE, wall(day(), 16), "Hall 1, west half was to be given, now Hall 1, east half."),
    ]


async def test_another_wish_than_the_one_that_was_shown_is_told_by_its_fields(district: District) -> None:
    async with people(district, "lin") as (_, lin):
        wish, _ = await shown(lin, rooms=[HALL])
        answer = await commit(lin, wish | {"headcount": 21, "takedown_minutes": 15, "rooms": ["no/such"]})
        offset = await commit(lin, wish | {"on_conflict": "skip"})
    assert said(answer) == [
        (
            CODE,
            None,
            "This differs from what was previewed: rooms, headcount, takedown_minutes. Preview it as it is now, or send it as it was.",
        )
    ]
    assert [each[2].partition(".")[0] for each in said(offset)] == ["This differs from what was previewed: on_conflict"]


NOT_YOURS: Told = (
    422,
    "This preview_token is not one that you were given. Send the one of your own preview, whole and unchanged.",
)


async def test_a_token_that_is_garbled_or_somebody_elses_is_no_token(district: District) -> None:
    async with people(district, "lin", "rosa") as (_, lin, rosa):
        wish, _ = await shown(lin, rooms=[HALL])
        token = wish["preview_token"]
        before = await written(district.url)
        wrong = [token[:-1], token[5:], "x", "🏫", "a" * 100_000, token.swapcase()]
        found = [told(await commit(lin, wish | {"preview_token": each})) for each in wrong]
        await sql.tell(district.url, "UPDATE people SET language = 'en'")
        theirs = told(await commit(rosa, wish))
        long = told(await commit(lin, wish | {"preview_token": "a" * 100_001}))
        after = await written(district.url)
        empty = told(await commit(lin, wish | {"preview_token": None}))
    assert found == [NOT_YOURS] * len(wrong)
    assert theirs == NOT_YOURS
    assert long == (422, "A field cannot be used: Expected `str` of length <= 100000 - at `$.preview_token`.")
    assert (after, empty) == (before, (201,))


async def test_a_token_of_four_hundred_dates_is_short_enough_and_lives_a_day(district: District) -> None:
    repeat = {"rrule": "FREQ=DAILY;COUNT=400"}
    async with people(district, "lin") as (_, lin):
        lin_id = (await sql.rows(district.url, "SELECT id FROM people WHERE email = 'lin@clinic.example'"))[0][0]
        wish, before = await shown(lin, rooms=[HALL], repeat=repeat, on_conflict="skip")
    token, by, now = wish["preview_token"], Viewer(person_id=lin_id), clock.now()
    assert len(before["occurrences"]) == 400
    assert len(token) < 20_000
    promised = opened(token, secret=SECRET.encode(), by=by, now=now + timedelta(hours=23))
    assert promised is not None
    assert [fate.name.isoformat(timespec="minutes") for fate in promised.fates] == [
        date["original_start"] for date in before["occurrences"]
    ]
    with pytest.raises(Problem) as late:
        opened(token, secret=SECRET.encode(), by=by, now=now + timedelta(hours=24, minutes=1))
    assert (late.value.status, str(late.value)) == (
        422,
        "This preview is older than 24 hours. Preview again, and send the new preview_token.",
    )


async def test_odd_dates_come_with_ways_out_that_are_then_had(district: District) -> None:
    """The hall is taken: two halls as good and the nearest time; each is free when it is asked for. A date without notice has no way out."""
    on = day()
    async with people(district, "lin", "sam") as (_, lin, sam):
        await sam.asks(on=on, rooms=[HALL], organization=THEATRE)
        _, before = await shown(lin, rooms=[HALL], hour=17, repeat=weekly(2))
        ways = before["occurrences"][0]["alternatives"]
        _, soon = await shown(lin, rooms=[HALL], on=day(ahead=3))
        made = [await lin.asks(rooms=[way["room"]], starts_at=way["starts_at"], ends_at=way["ends_at"]) for way in ways]
    hours = [(utc(on, 17), utc(on, 19))] * 2 + [(utc(on, 18), utc(on, 20))]
    rooms = [("hall-3", "Hall 3"), ("hall-4", "Hall 4"), ("hall-2", "Hall 2")]
    assert ways == [
        {"room": f"{OWL}/{slug}", "name": name, "starts_at": starts, "ends_at": ends, "distance_km": 0.0}
        for (slug, name), (starts, ends) in zip(rooms, hours, strict=True)
    ]
    assert before["occurrences"][1]["alternatives"] == []
    assert [each["alternatives"] for each in soon["occurrences"]] == [[]]
    assert [each["occurrences"][0]["state"] for each in made] == ["held"] * 3


async def test_with_several_rooms_the_one_that_is_taken_is_replaced(district: District) -> None:
    async with people(district, "lin", "sam") as (_, lin, sam):
        await sam.asks(rooms=[HALL], organization=THEATRE)
        _, before = await shown(lin, rooms=[HALL, f"{OWL}/hall-3"])
    ways = before["occurrences"][0]["alternatives"]
    assert [(way["name"], way["rooms"]) for way in ways] == [
        ("Hall 4", [f"{OWL}/hall-4", f"{OWL}/hall-3"]),
        ("Hall 5", [f"{OWL}/hall-5", f"{OWL}/hall-3"]),
        ("Hall 2, Hall 3", [HALL, f"{OWL}/hall-3"]),
    ]
