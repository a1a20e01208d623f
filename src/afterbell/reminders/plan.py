"""Planning: bring the reminders of a booking in line with what it is now. Level-triggered, so repeats and late events do no harm."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Booking
from afterbell.bookings.queries import BookingRow, booking, whole
from afterbell.database import insert_or_skip, table
from afterbell.outbox.record import Event
from afterbell.policy.reminding import due_at
from afterbell.reminders.models import Reminder

DAY_BEFORE = "day_before"


async def plan_reminders(session: AsyncSession, event: Event, now: datetime) -> None:
    """The reminders this booking should have now: one for each approved date ahead, for the person who asked. The booking's row is the lock."""
    locked = select(Booking.id).where(Booking.id == event.booking_id).with_for_update(key_share=True)
    await session.execute(locked)
    found = await booking(session, whole().where(Booking.id == event.booking_id))
    if found is None:
        return
    wanted = _wanted(found, now)
    dates = [date.id for date in found.dates]
    unwanted = [id_ for id_ in dates if id_ not in wanted]
    planned = update(Reminder).where(Reminder.occurrence_id.in_(unwanted), Reminder.state == "planned")
    await session.execute(planned.values(state="dropped"))
    rows = [
        {"occurrence_id": id_, "person_id": found.requested_by_id, "kind": DAY_BEFORE, "due_at": at, "state": "planned"}
        for id_, at in wanted.items()
    ]
    await insert_or_skip(session, table(Reminder), rows)
    again = update(Reminder).where(Reminder.occurrence_id.in_(list(wanted)), Reminder.state == "dropped")
    await session.execute(again.values(state="planned"))


def _wanted(found: BookingRow, now: datetime) -> dict[int, datetime]:
    """When each date that deserves a reminder is due."""
    due = {
        date.id: due_at(date.starts_at, found.zone, now)
        for date in found.dates
        if date.state == "approved" and date.starts_at > now
    }
    return {id_: at for id_, at in due.items() if at is not None}
