"""Claiming the dates of a new request. What the guard refuses at the last moment is told, or left out when the asker said so."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings.availability import taken
from afterbell.bookings.claims import Block, SpaceTaken, take
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.models import Booking, Occurrence
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.spaces import Spaces
from afterbell.database import table
from afterbell.policy.rooms import blocked, room_taken
from afterbell.policy.verdict import Finding, as_plain
from afterbell.problem import refused

TRIES = 5


async def claim(session: AsyncSession, booking: BookingRow, spaces: Spaces, *, skips: bool) -> BookingRow:
    """Takes the rooms for every date that is held, in one statement. The guard is the last wall: when it refuses, the dates that are taken as it stands now
    refuse the request, or are left out and the others tried again. The booking as it then is."""
    for _ in range(TRIES):
        held = [date for date in booking.dates if date.state == "held"]
        try:
            await take(session, booking.campus_id, [_block(date, spaces) for date in held])
        except SpaceTaken:
            lost = await _lost(session, booking, held, spaces)
            if not skips or len(lost) == len(held):
                break
            booking = await _leave_out(session, booking, lost)
        else:
            return booking
    raise refused(list((await _lost(session, booking, held, spaces)).values()))


async def _lost(
    session: AsyncSession, booking: BookingRow, held: Sequence[DateRow], spaces: Spaces
) -> dict[int, Finding]:
    """By the date's id."""
    reach = Span(min(date.claim_starts_at for date in held), max(date.claim_ends_at for date in held))
    taken_now = await taken(session, spaces.ids, reach)
    found = {}
    for date in held:
        hit = blocked(spaces.of(date.rooms), _claim(date), taken_now)
        if hit is not None:
            day = Date(date.original_start, Span(date.starts_at, date.ends_at), date.shifted)
            found[date.id] = room_taken(day, hit, booking.zone)
    return found


async def _leave_out(session: AsyncSession, booking: BookingRow, lost: Mapping[int, Finding]) -> BookingRow:
    kept: dict[int, list[dict[str, Any]]] = {id_: [as_plain(finding)] for id_, finding in lost.items()}
    dates = table(Occurrence)
    skipped = update(dates).where(dates.c.id == bindparam("date")).values(state="skipped", reasons=bindparam("why"))
    await session.execute(skipped, [{"date": id_, "why": why} for id_, why in kept.items()])
    after = [replace(d, state="skipped", reasons=kept[d.id]) if d.id in kept else d for d in booking.dates]
    spans = [date for date in after if date.state != "skipped"]
    bounds = {"first_starts_at": spans[0].starts_at, "last_ends_at": max(date.ends_at for date in spans)}
    await session.execute(update(Booking).where(Booking.id == booking.id).values(bounds))
    return replace(booking, dates=tuple(after))


def _claim(date: DateRow) -> Span:
    return Span(date.claim_starts_at, date.claim_ends_at)


def _block(date: DateRow, spaces: Spaces) -> Block:
    return Block(date.id, _claim(date), spaces.of(date.rooms))
