"""Falling due: a planned reminder whose time has come becomes an event, once, if its date still stands. notices writes the letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Occurrence
from afterbell.database import Database, table
from afterbell.outbox.record import Event, record
from afterbell.places.models import Campus
from afterbell.policy.reminding import Planned, as_planned
from afterbell.reminders.models import Reminder

DUE = "reminder.due"
BATCH = 100
_COLUMNS = (
    Reminder.id,
    Reminder.person_id,
    Occurrence.public_id,
    Occurrence.booking_id,
    Occurrence.campus_id,
    Occurrence.state,
    Occurrence.starts_at,
    Campus.time_zone,
    Reminder.state,
    Reminder.due_at,
    Reminder.starts_at,
    Reminder.sent_for,
)
_MARK = (
    update(table(Reminder))
    .where(table(Reminder).c.id == bindparam("reminder"))
    .values(state=bindparam("to"), due_at=bindparam("at"), starts_at=bindparam("of"), sent_for=bindparam("was"))
)


@dataclass(frozen=True)
class Due:
    """A reminder whose time has come, with its date as it is now."""

    id: int
    person_id: int
    occurrence: str
    booking_id: int
    campus_id: int
    state: str
    starts_at: datetime
    zone: str
    planned: Planned

    def now_so(self, now: datetime) -> Planned:
        """The date may have gone, or moved, and nobody has planned anew since."""
        return (
            as_planned(self.planned, self.starts_at if self.state == "approved" else None, self.zone, now)
            or self.planned
        )


async def fall_due(database: Database, *, now: datetime) -> int:
    """Takes at most a hundred due reminders and answers how many: each is judged by the present state, marked and announced in one transaction. One whose date
    has moved waits for its new time."""
    async with database.writing() as session:
        found, marks = await _due(session, now), []
        for each in found:
            to = each.now_so(now)
            if to.state == "planned" and to.due_at <= now:
                await record(session, Event(DUE, now, _facts(each), each.campus_id, each.booking_id, None))
                to = Planned("sent", to.due_at, each.starts_at, each.starts_at)
            marks.append({"reminder": each.id, "to": to.state, "at": to.due_at, "of": to.starts_at, "was": to.sent_for})
        if marks:
            await session.execute(_MARK, marks)
        return len(found)


def _facts(each: Due) -> dict[str, Any]:
    starts_at = each.starts_at.isoformat()
    return {"occurrence": each.occurrence, "person": each.person_id, "reminder": each.id, "starts_at": starts_at}


async def _due(session: AsyncSession, now: datetime) -> Sequence[Due]:
    query = (
        select(*_COLUMNS)
        .join(Occurrence, Occurrence.id == Reminder.occurrence_id)
        .join(Campus, Campus.id == Occurrence.campus_id)
        .where(Reminder.state == "planned", Reminder.due_at <= now)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Reminder)
    )
    return [Due(*row[:8], Planned(*row[8:])) for row in await session.execute(query)]
