"""Where a campus leaves fewer than three ways out, a room as good at a school nearby is offered too; it is had as a booking of its own."""

from typing import Any

from tests.api.test_preview_token import THEATRE, shown
from tests.cast import BIRD, OWL
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import day, utc, weekly
from tests.stories.deciding import people

CROWD: dict[str, Any] = {"rooms": [f"{BIRD}/gym"], "headcount": 110}


async def test_a_room_as_good_nearby_is_offered_and_had(district: District) -> None:
    """The gym is taken in the first week and no other room there holds the people: the times around it are two ways out, the hall nearby the third. It is not
    offered when it is taken itself, nor from afar."""
    on = day()
    async with people(district, "sam", "lin", "becker") as (_, sam, lin, becker):
        theirs = await sam.asks(on=on, organization=THEATRE, **CROWD)
        await becker.does(theirs["reference"], "approval")
        _, before = await shown(lin, on=on, hour=17, repeat=weekly(2), **CROWD)
        first, second = (date["alternatives"] for date in before["occurrences"])
        far = first[-1]
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
    assert (made["campus"], made["occurrences"][0]["state"]) == (OWL, "held")
    assert [[way["distance_km"] for way in seen["occurrences"][0]["alternatives"]] for seen in (full, alone)] == [
        [0.0, 0.0],
        [0.0, 0.0],
    ]
