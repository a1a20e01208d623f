"""Planning: bring the reminders of a booking in line with what it is now. Level-triggered, so repeats and late events do no harm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Booking, Occurrence
from afterbell.bookings.queries import BookingRow, booking, whole
from afterbell.database import table
from afterbell.outbox.record import Event
from afterbell.policy.reminding import Planned, as_planned
from afterbell.reminders.models import Reminder

DAY_BEFORE = "day_before"
_PUT = (
    update(table(Reminder))
    .where(table(Reminder).c.id == bindparam("reminder"))
    .values(state=bindparam("to"), due_at=bindparam("at"), starts_at=bindparam("of"))
)


@dataclass(frozen=True)
class Kept:
    """A reminder as its row has it, and the date that it is of."""

    id: int
    occurrence_id: int
    planned: Planned


async def plan_reminders(session: AsyncSession, event: Event, now: datetime) -> None:
    """The reminders this booking should have now: one for each approved date ahead, for the person who asked, at the time that stands: a move that waits
    changes nothing. The booking's row is the lock."""
    locked = select(Booking.id).where(Booking.id == event.booking_id).with_for_update(key_share=True)
    await session.execute(locked)
    found = await booking(session, whole().where(Booking.id == event.booking_id))
    if found is not None:
        await _bring_in_line(session, found, await _kept(session, found.id), now)


async def _kept(session: AsyncSession, booking_id: int) -> Mapping[int, Kept]:
    """By the date's id."""
    columns = (Reminder.state, Reminder.due_at, Reminder.starts_at, Reminder.sent_for)
    query = (
        select(Reminder.id, Reminder.occurrence_id, *columns)
        .join(Occurrence, Occurrence.id == Reminder.occurrence_id)
        .where(Occurrence.booking_id == booking_id, Reminder.kind == DAY_BEFORE)
    )
    return {row[1]: Kept(row[0], row[1], Planned(*row[2:])) for row in await session.execute(query)}


async def _bring_in_line(session: AsyncSession, found: BookingRow, kept: Mapping[int, Kept], now: datetime) -> None:
    new: list[dict[str, Any]] = []
    put: list[dict[str, Any]] = []
    for date in found.dates:
        row = kept.get(date.id)
        was = row.planned if row else None
        stands = date.state == "approved"
        to = as_planned(was, date.starts_at if stands else None, found.zone, now)
        if to is None or to == was:
            continue
        if row is None:
            new.append(_row(date.id, found.requested_by_id, to))
        else:
            put.append({"reminder": row.id, "to": to.state, "at": to.due_at, "of": to.starts_at})
    if new:
        await session.execute(insert(table(Reminder)), new)
    if put:
        await session.execute(_PUT, put)


def _row(date: int, person: int, planned: Planned) -> dict[str, Any]:
    kept = {"due_at": planned.due_at, "state": planned.state, "starts_at": planned.starts_at, "sent_for": None}
    return {"occurrence_id": date, "person_id": person, "kind": DAY_BEFORE} | kept
