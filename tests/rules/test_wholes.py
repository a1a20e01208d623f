"""Whoever uses a whole uses its parts: what a part's own rules say of it holds for the whole too, on every road to it. Rules of the whole, or of the campus
in other words, say nothing of a part."""

from datetime import timedelta
from typing import Any

import httpx2

from afterbell.places.import_rooms import import_rooms
from tests.api.problems import codes
from tests.api.test_change import patched
from tests.cast import OWL
from tests.conftest import District
from tests.places.files import bring
from tests.rules.ruling import desk, sets
from tests.stories.asks import ask, day, today, utc, wall
from tests.stories.deciding import people

WHOLE, WEST, EAST = [f"{OWL}/{slug}" for slug in ("hall-1", "hall-1a", "hall-1b")]
TODAY = today().isoformat()
SHUT: dict[str, Any] = {"seasons": [{"instead": True, "windows": []}]}
FOR_SCHOOLS = {"reserved": [{"room_kinds": ["gym"], "tiers": ["school"]}]}
NEED = {name: ask()[name] for name in ("starts_at", "ends_at")} | {"headcount": 150, "schools": [OWL]}
CLOSED = "Hall 1, west half is not open on that day. Choose another day, or another room."
KEPT = "Hall 1, west half is only for schools. Choose another room, or ask the school."


def evening(opens: str, closes: str) -> dict[str, Any]:
    """One window in place of the campus's hours, on the day of every ask."""
    return {"seasons": [{"instead": True, "windows": [{"weekday": day().weekday(), "opens": opens, "closes": closes}]}]}


async def told(who: httpx2.AsyncClient, room: str, **changes: Any) -> list[tuple[str, str]]:
    """Code and sentence of all that refuses a preview of a room."""
    body = ask(rooms=[room], **changes)
    found = (await who.post("/api/v1/bookings/preview", json=body)).json()
    return [(each["code"], each["message"]) for each in found["verdict"]["reasons"] if each["severity"] == "refuse"]


async def test_every_rule_of_a_half_holds_for_the_whole_and_the_half_is_named(district: District) -> None:
    """Control: the other half is free, and so is the whole before."""
    async with desk(district, "whitfield", "lin") as at:
        before = await told(at["lin"], WHOLE)
        for name, value in (
            ("admission", FOR_SCHOOLS),
            ("notice", {"partner": 60}),
            ("hours", SHUT),
            ("lengths", {"longest": 30}),
        ):
            await sets(at["whitfield"], name, value, room=WEST, effective_from=TODAY)
        half, whole, other = [await told(at["lin"], room) for room in (WEST, WHOLE, EAST)]
        made = await at["lin"].post("/api/v1/bookings", json=ask(rooms=[WHOLE]))
        found = (await at["lin"].post("/api/v1/searches", json=NEED)).json()["items"]
    assert [[each["message"] for each in room["only_for"]] for room in found] == [[KEPT]]
    assert (before, other, whole) == ([], [], half)
    assert [code for code, _ in whole] == ["not_for_you", "short_notice", "outside_hours", "too_long"]
    assert (whole[0][1], whole[2][1], whole[3][1]) == (KEPT, CLOSED, "One date may take at most 30 min here.")
    assert codes(made) == (409, *(code for code, _ in whole))


async def test_rules_of_the_whole_say_nothing_of_a_half_and_a_half_is_strict_only_in_what_it_sets(
    district: District,
) -> None:
    """The campus's long notice is the half's, but not set by it: the whole needs none all the same."""
    near = {"on": today() + timedelta(days=2)}
    async with desk(district, "whitfield", "lin") as at:
        for name, value, where in (
            ("notice", {"partner": 60}, {"campus": OWL}),
            ("notice", {"partner": 0}, {"room": WHOLE}),
            ("lengths", {"shortest": 100}, {"room": WHOLE}),
            ("lengths", {"shortest": 60}, {"room": WEST}),
        ):
            await sets(at["whitfield"], name, value, effective_from=TODAY, **where)
        whole, half = [await told(at["lin"], room, **near) for room in (WHOLE, WEST)]
        short = await told(at["lin"], WHOLE, **near, ends_at=wall(near["on"], 17))
    assert (whole, [code for code, _ in half]) == ([], ["short_notice"])
    assert short == [("too_short", "One date takes at least 1 h 40 min here.")]


async def test_a_half_that_shuts_later_is_in_the_way_of_a_change_and_of_an_approval(district: District) -> None:
    async with people(district, "lin", "whitfield") as (_, lin, whitfield):
        booking = await lin.asks(rooms=[WHOLE])
        await sets(whitfield.http, "hours", evening("15:00", "17:00"), room=WEST, effective_from=TODAY)
        later = {"starts_at": wall(day(), 18), "ends_at": wall(day(), 20)}
        moved = await patched(lin.http, booking, **later)
        granted = await whitfield.does(booking["reference"], "approval")
        early = {"starts_at": wall(day(), 15), "ends_at": wall(day(), 17)}
        fits = await patched(lin.http, booking, **early)
    said = "Hall 1, west half is not open then. It is open 3:00\u202fPM – 5:00\u202fPM."
    refusals = [[(each["code"], each["message"]) for each in found.json()["reasons"]] for found in (moved, granted)]
    assert (moved.status_code, granted.status_code, fits.status_code) == (409, 409, 200), fits.text
    assert refusals == [[("outside_hours", said)]] * 2


async def test_free_times_searches_and_ways_out_keep_to_the_hours_that_all_parts_share(district: District) -> None:
    """Control: by its own hours alone the whole is open from three."""
    on = day()
    free = f"/api/v1/rooms/{WHOLE}/free?from={on}&to={on + timedelta(days=1)}"
    async with desk(district, "whitfield", "lin") as at:
        await sets(at["whitfield"], "hours", evening("15:00", "22:00"), room=WHOLE, effective_from=TODAY)
        before = [(await at["lin"].get(free)).json(), (await at["lin"].post("/api/v1/searches", json=NEED)).json()]
        await sets(at["whitfield"], "hours", evening("17:00", "23:00"), room=WEST, effective_from=TODAY)
        after = [(await at["lin"].get(free)).json(), (await at["lin"].post("/api/v1/searches", json=NEED)).json()]
        shown = (await at["lin"].post("/api/v1/bookings/preview", json=ask(rooms=[WHOLE]))).json()
    spans = [[(each["starts_at"], each["ends_at"]) for each in hours["items"]] for hours, _ in (before, after)]
    assert spans == [[(utc(on, 15), utc(on, 22))], [(utc(on, 17), utc(on, 22))]]
    assert [[each["free"] for each in found["items"]] for _, found in (before, after)] == [[1], [0]]
    instead = shown["occurrences"][0]["alternatives"]
    assert [each["starts_at"] for each in instead if each["room"] == WHOLE] == [utc(on, 17)]


async def test_a_whole_that_a_file_brings_keeps_to_the_rules_that_its_parts_have(district: District) -> None:
    """The server remembers the campus's rules; new rooms tell it."""
    wing = f'school,slug,name,kind,capacity,spaces\n{OWL},wing,"Wing",gym,300,hall-1a;hall-1b;wing\n'
    async with desk(district, "whitfield", "lin") as at:
        await sets(at["whitfield"], "lengths", {"longest": 30}, room=WEST, effective_from=TODAY)
        whole = await told(at["lin"], WHOLE)
        await bring(district.url, import_rooms, wing)
        new = await told(at["lin"], f"{OWL}/wing")
    assert (new, [code for code, _ in new]) == (whole, ["too_long"])
