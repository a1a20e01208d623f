"""What the partner's silence brings: two warnings, then the hold lapses. Only while a question waits for the partner, never because staff are late."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings import events
from afterbell.bookings.availability import NOTICE_REACH, closures_of
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.models import Booking
from afterbell.bookings.moves import Change, announce, move, opened
from afterbell.bookings.queries import BookingRow
from afterbell.database import Database
from afterbell.policy.holds import WARNINGS, lapses_at, next_step
from afterbell.policy.lifecycle import WAITING
from afterbell.policy.verdict import N_, Message, note

BATCH = 50
UNANSWERED = note("unanswered", Message(N_("The school's question was not answered in time.")))


async def expire(database: Database, *, now: datetime) -> int:
    """Takes at most fifty bookings whose next step is due, each in a transaction of its own under its locks; answers how many were looked at. Whoever comes
    second finds the step taken."""
    async with database.reading() as session:
        due = select(Booking.id).where(Booking.step_at <= now).order_by(Booking.step_at, Booking.id).limit(BATCH)
        ids = (await session.scalars(due)).all()
    for id_ in ids:
        async with database.writing() as session:
            await take_step(session, id_, now)
    return len(ids)


async def take_step(session: AsyncSession, booking_id: int, now: datetime) -> None:
    """The one step that is due, judged by how the booking stands now."""
    found = await opened(session, Booking.id == booking_id)
    if found is None or found.step_at is None or found.step_at > now:
        return
    if found.answer_by is None:
        await _later(session, found, None)
        return
    waiting = [date for date in found.dates if date.state in WAITING]
    if found.warnings < WARNINGS:
        await _warn(session, found, waiting, found.answer_by, now)
        return
    closures = await closures_of(session, found.campus_id, Span(found.answer_by, found.answer_by + NOTICE_REACH))
    lapses = lapses_at(found.answer_by, closures, found.zone)
    if lapses > now:  # a closure came in between
        await _later(session, found, lapses)
        return
    after = await move(session, found, Change(waiting, "lapsed", findings=[UNANSWERED]), now=now)
    await announce(session, events.LAPSED, after, waiting, None, now)


async def _later(session: AsyncSession, found: BookingRow, at: datetime | None) -> None:
    """Nothing happened, so there is no event and no version."""
    await session.execute(update(Booking).where(Booking.id == found.id).values(step_at=at))


async def _warn(session: AsyncSession, found: BookingRow, waiting: list[DateRow], due: datetime, now: datetime) -> None:
    closures = await closures_of(session, found.campus_id, Span(min(due, now), max(due, now) + NOTICE_REACH))
    number = found.warnings + 1
    also = {"warnings": number, "step_at": next_step(due, number, now, closures, found.zone)}
    after = await move(session, found, now=now, also=also)
    await announce(session, events.HOLD_WARNED, after, waiting, None, now, {"warning": number})
