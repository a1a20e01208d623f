"""What the programme's tests put into it: bookings by Dr Lin, decided by Mr Becker, with what families read."""

import json
from datetime import date
from typing import Any

from tests.conftest import District
from tests.ground.processes import Server
from tests.ground.sql import tell
from tests.stories.asks import ask, caller

FAMILY = {
    "summary": {"en": "Reading for families", "es": "Lectura en familia"},
    "languages": ["en", "es"],
    "cost": "Free",
    "ages": "2-6",
    "childcare": True,
    "join": "call",
    "places": "open",
    "public_contact": "(323) 555-0188",
}


async def offer(
    server: Server, district: District, on: date, *, listing: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """An approved booking, as its JSON; `listing` is written into the database as it is."""
    booking = await asked_for(server, district, on, listing=listing, **changes)
    async with caller(server.base_url, district, "becker") as becker:
        answer = await becker.post(f"/api/v1/bookings/{booking['reference']}/approval", json={})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def asked_for(
    server: Server, district: District, on: date, *, listing: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """The same, still waiting."""
    async with caller(server.base_url, district, "lin") as lin:
        answer = await lin.post("/api/v1/bookings", json=ask(on, **changes))
    assert answer.status_code == 201, answer.text
    booking: dict[str, Any] = answer.json()
    if listing is not None:
        kept = json.dumps(listing).replace("'", "''")
        await tell(district.url, f"UPDATE bookings SET listing = '{kept}' WHERE reference = '{booking['reference']}'")
    return booking


def ids(booking: dict[str, Any]) -> list[str]:
    """The ids of its dates."""
    return [each["id"] for each in booking["occurrences"]]
