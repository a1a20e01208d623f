"""Announcing: an act writes its event in the transaction of its change, so that neither exists without the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import public_id, table
from afterbell.outbox.models import EventRow

ANNOUNCED = "announced"


@dataclass(frozen=True)
class Event:
    """Something that happened. `facts` hold ids and codes only; `happened_at` is UTC."""

    kind: str
    happened_at: datetime
    facts: Mapping[str, Any]
    campus_id: int | None = None
    booking_id: int | None = None
    actor_id: int | None = None
    id: int | None = None


async def record(session: AsyncSession, event: Event, *, not_before: datetime | None = None) -> None:
    """Writes the announcement; what waits in `session.info["announced"]` is heard by this process right after the commit. With `not_before` nobody is handed
    it sooner."""
    row = {
        "public_id": public_id(),
        "kind": event.kind,
        "campus_id": event.campus_id,
        "booking_id": event.booking_id,
        "actor_id": event.actor_id,
        "happened_at": event.happened_at,
        "next_at": not_before or event.happened_at,
        "facts": dict(event.facts),
        "attempts": 0,
    }
    await session.execute(insert(table(EventRow)), row)
    session.info.setdefault(ANNOUNCED, []).append(event)
