"""Asking for rooms: preview what would happen, or request and hold. Lock, read, judge, write, claim, announce: one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.events import REQUESTED, TOGETHER, Moved
from afterbell.bookings.promise import as_changed, survey_as_promised
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.skip import claim
from afterbell.bookings.survey import Survey, survey
from afterbell.bookings.writing import write_down
from afterbell.outbox.record import record
from afterbell.policy.ask import Ask
from afterbell.policy.projection import Viewer
from afterbell.policy.promising import Promise
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, refused


async def preview(session: AsyncSession, ask: Ask, *, by: Viewer, now: datetime) -> Survey:
    """What `request_booking` would answer at this moment; holds nothing and needs no organization."""
    return await survey(session, ask, by=by, now=now, lock=False)


async def request_booking(
    session: AsyncSession,
    ask: Ask,
    *,
    by: Viewer,
    now: datetime,
    promised: Promise | None = None,
    together: bool = False,
) -> BookingRow:
    """Ask for rooms: refused with every reason (409), or written, claimed and announced at once. Dates that cannot be had refuse the whole, or are kept as
    skipped with the reasons when the ask says so; when none can be had it is refused all the same. What was `promised` is done exactly, or 409
    `changed_since_preview`. Of what is sent `together` with other bookings one letter tells (submit)."""
    found = await survey_as_promised(session, ask, promised, by=by, now=now)
    if found.verdict.refused:
        raise refused(found.verdict.reasons, Message(N_("This request cannot be held as asked.")))
    booking = await write_down(session, found, by=by, now=now)
    if found.place.holds == "on_request":
        booking = await _claimed(session, booking, found, promised)
    await record(session, _requested(booking, by, together).event(now))
    return booking


async def _claimed(session: AsyncSession, booking: BookingRow, found: Survey, promised: Promise | None) -> BookingRow:
    """With the rooms taken. What was promised leaves out no further date."""
    try:
        return await claim(session, booking, found.spaces, skips=found.ask.skips and promised is None)
    except Problem as problem:
        raise as_changed(problem) if promised else problem from None


def _requested(booking: BookingRow, by: Viewer, together: bool) -> Moved:
    said = {"skipped": _named(booking, skipped=True), "otherwise": _otherwise(booking)}
    return Moved(
        REQUESTED,
        booking.id,
        booking.campus_id,
        by.person_id or 0,
        booking.reference,
        booking.version,
        tuple(_named(booking, skipped=False)),
        tuple(sorted({room.id for date in booking.dates for room in date.rooms})),
        {name: said[name] for name in said if said[name]}
        | ({TOGETHER: True} if together else {})
        | _extra_look(booking),
    )


def _extra_look(booking: BookingRow) -> dict[str, Any]:
    """The rules that it goes against, and whether staff asked anyway; the reason, in words, stays with the booking."""
    if not booking.findings:
        return {}
    codes = sorted({kept["code"] for kept in booking.findings})
    return {"flags": codes} | ({"anyway": True} if booking.anyway else {})


def _otherwise(booking: BookingRow) -> Sequence[str]:
    """The dates that were asked for at another time than the series gives them; not those that the clock change moved."""
    there = ZoneInfo(booking.zone)
    odd = [
        date for date in booking.dates if date.starts_at.astimezone(there).replace(tzinfo=None) != date.original_start
    ]
    return [date.original_start.isoformat(timespec="minutes") for date in odd if not date.shifted]


def _named(booking: BookingRow, *, skipped: bool) -> Sequence[str]:
    dates = [date for date in booking.dates if (date.state == "skipped") is skipped]
    return [date.original_start.isoformat(timespec="minutes") for date in dates]
