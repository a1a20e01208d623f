"""A search that says for which organization and activity it is tells what a preview of theirs would; as nobody it says otherwise, which is the control."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx2

from tests.api.problems import told
from tests.cast import BIRD, OWL
from tests.conftest import District
from tests.partners.groups import founded
from tests.rules.ruling import desk, sets
from tests.stories.asks import CLASSROOM, CLINIC, ask, day, today, weekly

SOON, LATER = day(ahead=9), day(ahead=40)
HERE = {"schools": [OWL, BIRD], "kind": "multipurpose"}
# The clinic is a non-profit organization and has eight dates open at Night Owl High.
RULES: Sequence[tuple[str, dict[str, Any], dict[str, str]]] = (
    ("notice", {"partner": 3, "other": 15}, {"room": f"{OWL}/hall-2"}),
    ("notice", {"partner": 15, "renewal": 5}, {"room": f"{OWL}/hall-3"}),
    ("quotas", {"dates_open": 10}, {"campus": OWL}),
    ("quotas", {"hours_a_week": 3}, {"campus": BIRD}),
    ("admission", {"reserved": [{"tiers": ["agency"]}]}, {"room": f"{OWL}/hall-6"}),
    ("admission", {"reserved": [{"kinds": ["nonprofit"]}]}, {"room": f"{OWL}/hall-7"}),
    ("admission", {"reserved": [{"activities": ["youth-sports"]}]}, {"room": f"{OWL}/hall-8"}),
    ("admission", {"reserved": [{"tiers": ["agency"], "flag": True}]}, {"room": f"{OWL}/hall-9"}),
)
DAILY = {"rrule": "FREQ=DAILY;COUNT=3"}
# Room, when, what else is asked; then how many dates are free for the clinic and as nobody, and the codes that the clinic reads of the room.
CASES: Sequence[tuple[str, Any, dict[str, Any], int, int, list[str]]] = (
    (f"{OWL}/hall-2", SOON, {}, 1, 0, []),
    (f"{OWL}/hall-3", SOON, {"activity": "civic-meeting"}, 1, 0, []),
    (f"{OWL}/hall-3", SOON, {}, 0, 0, []),
    (f"{OWL}/hall-4", LATER, {"repeat": weekly(4)}, 2, 4, []),
    (f"{BIRD}/hall", LATER, {"repeat": DAILY}, 1, 3, []),
    (f"{OWL}/hall-6", LATER, {"repeat": weekly(2)}, 0, 2, ["not_for_you"]),
    (f"{OWL}/hall-7", LATER, {}, 1, 1, []),
    (f"{OWL}/hall-8", LATER, {}, 0, 1, ["not_for_you"]),
    (f"{OWL}/hall-8", LATER, {"activity": "youth-sports"}, 1, 1, []),
    (f"{OWL}/hall-9", LATER, {}, 1, 1, ["not_for_you"]),
)


def need(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """The search of a booking's body, for those of `names` that it says."""
    kept = ("starts_at", "ends_at", "headcount", "repeat", *names)
    return {name: value for name, value in body.items() if name in kept}


async def rooms(who: httpx2.AsyncClient, body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The answer of a search by room."""
    answer = await who.post("/api/v1/searches?limit=200", json=body)
    assert answer.status_code == 200, answer.text
    return {f"{each['school']}/{each['room']['slug']}": each for each in answer.json()["items"]}


async def lets(who: httpx2.AsyncClient, body: dict[str, Any]) -> list[str]:
    """The dates that a preview would keep, leaving out what cannot be had; none where it would be refused."""
    answer = await who.post("/api/v1/bookings/preview", json=body | {"on_conflict": "skip"})
    assert answer.status_code == 200, answer.text
    dates = answer.json()["occurrences"]
    return [each["original_start"] for each in dates if each["state"] not in (None, "skipped")]


def free(found: dict[str, Any], body: dict[str, Any], dates: Sequence[str]) -> list[str]:
    """The dates of a search on which a room is free."""
    odd = {each["original_start"] for each in found["conflicts"]}
    return [start for start in dates if start not in odd] if found["free"] else []


async def test_a_search_says_what_a_preview_says_for_whoever_asks(district: District) -> None:
    """Notice by kind and for renewals, quotas and admission."""
    seen, due, differ = [], [], []
    async with desk(district, "whitfield", "lin") as at:
        for name, value, where in RULES:
            answer = await sets(at["whitfield"], name, value, effective_from=today().isoformat(), **where)
            assert answer.status_code == 200, answer.text
        for room, on, changes, theirs, nobodys, codes in CASES:
            body = ask(on, 10, rooms=[room], **changes)
            kept = await lets(at["lin"], body)
            mine = (await rooms(at["lin"], HERE | need(body, "organization", "activity")))[room]
            public = (await rooms(at["lin"], HERE | need(body)))[room]
            only = [each["code"] for each in mine["only_for"]]
            seen.append((room, mine["free"], public["free"], only))
            due.append((room, theirs, nobodys, codes))
            dates = sorted({*kept, *(each["original_start"] for each in mine["conflicts"])})
            differ += [(room, kept, mine)] if free(mine, body, dates) != kept or len(kept) != mine["free"] else []
    assert seen == due
    assert differ == []


async def test_what_is_too_much_says_why_and_offers_no_room_of_that_school(district: District) -> None:
    """The third and fourth date in every hall; as nobody they are free. What there is instead is elsewhere. A room that is for others says so once, and
    nothing of dates."""
    body = HERE | need(ask(LATER, 10, repeat=weekly(4)))
    async with desk(district, "whitfield", "lin") as at:
        since = today().isoformat()
        await sets(at["whitfield"], "quotas", {"dates_open": 10}, campus=OWL, effective_from=since)
        kept = {"reserved": [{"tiers": ["agency"]}]}
        await sets(at["whitfield"], "admission", kept, room=f"{OWL}/hall-6", effective_from=since)
        mine = await rooms(at["lin"], body | {"organization": CLINIC})
        public = await rooms(at["lin"], body)
    hall, other = mine[f"{OWL}/hall-2"], mine[f"{OWL}/hall-6"]
    dates = [f"{LATER + timedelta(weeks=week)}T10:00" for week in (2, 3)]
    assert [each["original_start"] for each in hall["conflicts"]] == dates
    assert [each["reason"]["message"] for each in hall["conflicts"]] == [
        f"One organization has at most 10 dates open at once here. This would be number {number}."
        for number in (11, 12)
    ]
    instead = [[way["room"] for way in each["alternatives"]] for each in hall["conflicts"]]
    assert instead == [[f"{BIRD}/hall"]] * 2
    assert (other["free"], other["conflicts"], [each["severity"] for each in other["only_for"]]) == (0, [], ["refuse"])
    assert list(mine)[-1] == f"{OWL}/hall-6"
    assert {each["free"] for each in public.values()} == {4}


async def test_an_organization_that_is_not_verified_is_told_what_it_may_hold(district: District) -> None:
    """Twelve dates; control: as nobody fourteen are free."""
    async with desk(district, "lin") as at:
        own = await founded(at["lin"], "Night Readers")
        body = ask(LATER, 10, rooms=[f"{OWL}/hall-2"], organization=own, repeat=weekly(14), activity=None)
        mine = (await rooms(at["lin"], HERE | need(body, "organization")))[f"{OWL}/hall-2"]
        public = (await rooms(at["lin"], HERE | need(body)))[f"{OWL}/hall-2"]
        kept = [await lets(at["lin"], body | {"repeat": weekly(count)}) for count in (14, 12)]
    codes = [(each["reason"]["code"], each["alternatives"]) for each in mine["conflicts"]]
    assert (mine["free"], public["free"], codes) == (12, 14, [("held_too_much", [])] * 2)
    assert [len(each) for each in kept] == [0, 12]


async def test_a_school_looks_for_itself_at_its_own_campus(district: District) -> None:
    """Notice is waived there; elsewhere it may not ask. Control: as nobody it is too soon everywhere."""
    body = ask(day(ahead=2), 18, organization=OWL, activity=None, rooms=[f"{OWL}/hall-2"])
    async with desk(district, "becker") as at:
        mine = await rooms(at["becker"], need(body, "organization"))
        public = await rooms(at["becker"], need(body))
        kept = [await lets(at["becker"], body | {"rooms": [room]}) for room in (f"{OWL}/hall-2", CLASSROOM)]
    found = [
        (mine[room]["free"], [each["code"] for each in mine[room]["only_for"]]) for room in (f"{OWL}/hall-2", CLASSROOM)
    ]
    assert found == [(1, []), (0, ["not_a_member"])]
    assert [len(each) for each in kept] == [1, 0]
    assert {each["free"] for each in public.values()} == {0}


async def test_who_speaks_for_nobody_there_is_refused_like_a_booking(district: District) -> None:
    """Whether there is such an organization is told to nobody; an activity that there is not is a slip."""
    body = need(ask(LATER, 18))
    async with desk(district, "sam") as at:
        send = at["sam"].post
        wrong = [
            told(await send("/api/v1/searches", json=body | more))
            for more in ({"organization": CLINIC}, {"organization": "nobody"}, {"activity": "x"}, {"organization": OWL})
        ]
        booked = told(await send("/api/v1/bookings", json=ask(LATER, 18, activity="x")))
    (refused, unknown, slip, school) = wrong
    assert refused == unknown == school
    assert (refused[0], refused[1][0]) == (409, "not_a_member")
    assert slip == booked == (422, "The activity x is unknown; GET /api/v1/activities lists them.")
