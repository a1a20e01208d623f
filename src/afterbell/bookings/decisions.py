"""Who last did something to a booking, for those who come too late to do it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.outbox.models import EventRow
from afterbell.people.models import Person


@dataclass(frozen=True)
class Decision:
    """Who last did something to a booking; `kind` and `facts` are an event's (bookings.events)."""

    kind: str
    person_id: int
    person: str
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


async def last_decision(session: AsyncSession, booking_id: int) -> Decision | None:
    """The newest event of a booking with the name of whoever caused it."""
    query = (
        select(EventRow.kind, Person.id, Person.name, EventRow.happened_at, EventRow.facts)
        .join(Person, Person.id == EventRow.actor_id)
        .where(EventRow.booking_id == booking_id)
        .order_by(EventRow.id.desc())
        .limit(1)
    )
    row = (await session.execute(query)).first()
    return Decision(*row) if row else None
