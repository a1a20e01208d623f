"""What the partner's silence brings: two warnings, then the hold lapses. Only while a question waits for the partner, never because staff are late: their
silence ends only a change whose time has come, and what was approved stands."""

from datetime import datetime

from sqlalchemy import bindparam, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings import events
from afterbell.bookings.availability import NOTICE_REACH, closures_of
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.models import Booking, Occurrence, Proposal
from afterbell.bookings.moves import Change, announce, move, opened
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.settling import carry_out, outlived
from afterbell.database import Database, Instant
from afterbell.policy.holds import WARNINGS, lapses_at, next_step
from afterbell.policy.lifecycle import LIVE, WAITING
from afterbell.policy.verdict import N_, Message, note

BATCH = 50
UNANSWERED = note("unanswered", Message(N_("The school's question was not answered in time.")))
_NOW = bindparam("now", type_=Instant)
_TOO_LATE = exists().where(
    Occurrence.booking_id == Booking.id,
    Proposal.occurrence_id == Occurrence.id,
    or_(Occurrence.starts_at <= _NOW, Proposal.starts_at <= _NOW),
)
_AHEAD = exists().where(Occurrence.booking_id == Booking.id, Occurrence.state.in_(LIVE), Occurrence.starts_at > _NOW)
_OUTLIVED = (
    select(Booking.id)
    .where(Booking.change_by.is_not(None), or_(_TOO_LATE, Booking.proposed.is_not(None) & ~_AHEAD))
    .order_by(Booking.change_by, Booking.id)
    .limit(BATCH)
)


async def expire(database: Database, *, now: datetime) -> int:
    """Takes at most fifty bookings whose next step is due, and fifty whose change nobody can grant any more, each in a transaction of its own under its locks;
    answers how many were looked at. Whoever comes second finds the step taken."""
    async with database.reading() as session:
        due = select(Booking.id).where(Booking.step_at <= now).order_by(Booking.step_at, Booking.id).limit(BATCH)
        ids = (await session.scalars(due)).all()
        changes = (await session.scalars(_OUTLIVED, {"now": now})).all()
    for act, booking_id in (*((take_step, id_) for id_ in ids), *((end_change, id_) for id_ in changes)):
        async with database.writing() as session:
            await act(session, booking_id, now)
    return len(ids) + len(changes)


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


async def end_change(session: AsyncSession, booking_id: int, now: datetime) -> None:
    """What of a change nobody can grant any more ends; the rest of it waits on."""
    found = await opened(session, Booking.id == booking_id)
    settled = outlived(found, now) if found else None
    if found is None or settled is None or not settled.says:
        return
    now_so = await carry_out(session, found, settled, now=now)
    after = await move(session, now_so, now=now, also={"proposed": None} if settled.drops else {})
    await announce(session, events.CHANGE_LAPSED, after, settled.stayed, None, now, settled.more)


async def _later(session: AsyncSession, found: BookingRow, at: datetime | None) -> None:
    """Nothing happened, so there is no event and no version."""
    await session.execute(update(Booking).where(Booking.id == found.id).values(step_at=at))


async def _warn(session: AsyncSession, found: BookingRow, waiting: list[DateRow], due: datetime, now: datetime) -> None:
    closures = await closures_of(session, found.campus_id, Span(min(due, now), max(due, now) + NOTICE_REACH))
    number = found.warnings + 1
    also = {"warnings": number, "step_at": next_step(due, number, now, closures, found.zone)}
    after = await move(session, found, now=now, also=also)
    await announce(session, events.HOLD_WARNED, after, waiting, None, now, {"warning": number})
