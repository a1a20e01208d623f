"""Falling due: a planned reminder whose time has come becomes an event, once, if its date still stands. notices writes the letter."""

from datetime import datetime

from sqlalchemy import select, update

from afterbell.bookings.models import Booking, Occurrence
from afterbell.database import Database
from afterbell.outbox.record import Event, record
from afterbell.reminders.models import Reminder

DUE = "reminder.due"
BATCH = 100


async def fall_due(database: Database, *, now: datetime) -> int:
    """Takes at most a hundred due reminders and answers how many: each is judged by the present state, marked and announced in one transaction."""
    async with database.writing() as session:
        due = (
            select(Reminder.id, Reminder.person_id, Reminder.occurrence_id)
            .where(Reminder.state == "planned", Reminder.due_at <= now)
            .order_by(Reminder.due_at, Reminder.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        reminders = (await session.execute(due)).all()
        if not reminders:
            return 0
        standing = (
            select(Occurrence.id, Occurrence.booking_id, Occurrence.campus_id, Occurrence.public_id)
            .join(Booking, Booking.id == Occurrence.booking_id)
            .where(
                Occurrence.id.in_([row.occurrence_id for row in reminders]),
                Occurrence.state == "approved",
                Occurrence.starts_at > now,
            )
        )
        dates = {row.id: row for row in await session.execute(standing)}
        sent = [row for row in reminders if row.occurrence_id in dates]
        dropped = [row.id for row in reminders if row.occurrence_id not in dates]
        await session.execute(update(Reminder).where(Reminder.id.in_([row.id for row in sent])).values(state="sent"))
        await session.execute(update(Reminder).where(Reminder.id.in_(dropped)).values(state="dropped"))
        for row in sent:
            date = dates[row.occurrence_id]
            facts = {"occurrence": date.public_id, "person": row.person_id, "reminder": row.id}
            await record(session, Event(DUE, now, facts, date.campus_id, date.booking_id, None))
        return len(reminders)
