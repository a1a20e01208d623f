"""Ways out further off: where a campus leaves fewer than three, a room as good at a school nearby, had as a booking of its own; where a whole day is closed, a
day close by, in previews and searches alike."""

from datetime import date, timedelta
from typing import Any

from tests.api.test_preview_token import THEATRE, shown
from tests.cast import BIRD, OWL
from tests.conftest import District
from tests.ground import sql
from tests.rules.ruling import sets
from tests.stories.asks import HALL, day, today, utc, weekly
from tests.stories.deciding import people

CROWD: dict[str, Any] = {"rooms": [f"{BIRD}/gym"], "headcount": 110}


async def test_a_room_as_good_nearby_is_offered_and_had(district: District) -> None:
    """The gym is taken in the first week and no other room there holds the people: the times around it are two ways out, the hall nearby the third. It is not
    offered when it is taken itself, nor from afar, nor to a school that asks for itself; but to whoever asks for a caller."""
    on = day()
    async with people(district, "sam", "lin", "becker") as (_, sam, lin, becker):
        theirs = await sam.asks(on=on, organization=THEATRE, **CROWD)
        await becker.does(theirs["reference"], "approval")
        _, before = await shown(lin, on=on, hour=17, repeat=weekly(2), **CROWD)
        first, second = (date["alternatives"] for date in before["occurrences"])
        far = first[-1]
        _, school = await shown(becker, on=on, hour=17, organization=BIRD, **CROWD)
        _, called = await shown(becker, on=on, hour=17, organization=None, on_behalf_of={"name": "Ana"}, **CROWD)
        made = await lin.asks(rooms=[far["room"]], headcount=110, starts_at=far["starts_at"], ends_at=far["ends_at"])
        _, full = await shown(lin, on=on, hour=17, **CROWD)
        await sql.tell(district.url, "UPDATE schools SET latitude = 35 WHERE slug = 'night-owl-high'")
        _, alone = await shown(lin, on=on, hour=17, **CROWD)
    assert [(way["room"], way["starts_at"], way["distance_km"]) for way in first] == [
        (f"{BIRD}/gym", utc(on, 18), 0.0),
        (f"{BIRD}/gym", utc(on, 14), 0.0),
        (f"{OWL}/hall-1", utc(on, 17), 1.44),
    ]
    assert second == []
    assert [[way["room"] for way in seen["occurrences"][0]["alternatives"]] for seen in (school, called)] == [
        [f"{BIRD}/gym"] * 2,
        [f"{BIRD}/gym"] * 2 + [f"{OWL}/hall-1"],
    ]
    assert (made["campus"], made["occurrences"][0]["state"]) == (OWL, "held")
    assert [[way["distance_km"] for way in seen["occurrences"][0]["alternatives"]] for seen in (full, alone)] == [
        [0.0, 0.0],
        [0.0, 0.0],
    ]


async def test_a_room_nearby_that_is_for_others_is_not_offered(district: District) -> None:
    """Control: before the rule it is."""
    on, since = day(), today().isoformat()
    async with people(district, "sam", "lin", "becker", "whitfield") as (_, sam, lin, becker, whitfield):
        theirs = await sam.asks(on=on, organization=THEATRE, **CROWD)
        await becker.does(theirs["reference"], "approval")
        _, before = await shown(lin, on=on, hour=17, **CROWD)
        kept = {"reserved": [{"tiers": ["agency"]}]}
        answer = await sets(whitfield.http, "admission", kept, campus=OWL, effective_from=since)
        _, after = await shown(lin, on=on, hour=17, **CROWD)
    found = [[way["room"] for way in seen["occurrences"][0]["alternatives"]] for seen in (before, after)]
    gym = f"{BIRD}/gym"
    assert (answer.status_code, found) == (200, [[gym, gym, f"{OWL}/hall-1"], [gym, gym]])


async def test_a_closed_day_is_offered_on_the_nearest_that_is_free(district: District) -> None:
    """The day after; when that is taken the day before. Both roads tell the same, and it is had."""
    shut = date.fromisoformat(district.cast["closed"])
    after, before = shut + timedelta(days=1), shut - timedelta(days=1)
    need = {"headcount": 90, "features": ["tables"], "schools": [OWL]}
    found = []
    async with people(district, "sam", "lin") as (_, sam, lin):
        for on in (after, before):
            wish, seen = await shown(lin, on=shut, hour=17, rooms=[HALL], headcount=90)
            times = {name: wish[name] for name in ("starts_at", "ends_at")}
            answer = (await lin.http.post("/api/v1/searches", json=need | times)).json()
            (room,) = (each for each in answer["items"] if each["room"]["slug"] == HALL.partition("/")[2])
            (searched,), (previewed,) = room["conflicts"][0]["alternatives"], seen["occurrences"][0]["alternatives"]
            found.append((searched, {name: previewed[name] for name in searched}))
            await sam.asks(on=on, hour=17, rooms=[HALL], organization=THEATRE)
    assert [(one["starts_at"], one == other) for one, other in found] == [
        (utc(after, 17), True),
        (utc(before, 17), True),
    ]
