"""The same request sent twice, by a double click or a reload: found by what it asks for, so that the second shows the first."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.date_rows import DateRow, dates_of
from afterbell.bookings.models import Booking
from afterbell.bookings.queries import BookingRow
from afterbell.policy.lifecycle import BLOCKING, WAITING

LIVE = WAITING | BLOCKING
MOST = 20


@dataclass(frozen=True)
class Likeness:
    """What two requests share when they are one: who asks for what, in which rooms (keys), at which times, and for whom when staff enter it."""

    organization_id: int
    title: str
    rooms: frozenset[str]
    spans: frozenset[Span]
    caller: dict[str, str] | None = None


def likeness(row: BookingRow) -> Likeness:
    """Of a booking, by the dates that wait or stand."""
    live = [date for date in row.dates if date.state in LIVE]
    return Likeness(row.organization_id, row.title, _rooms(live), _spans(live), row.on_behalf_of)


async def earlier_twin(
    session: AsyncSession, like: Likeness, *, before: int | None = None, part: bool = False
) -> str | None:
    """The reference of a live booking that is alike, made earlier than the one with the id `before`. Exact when asked under the locks of the rooms,
    after the act: whoever came first is committed by then. With `part` it may have fewer dates, since some could not be had."""
    query = select(Booking.id, Booking.reference, Booking.on_behalf_of).where(
        Booking.organization_id == like.organization_id,
        Booking.title == like.title,
        Booking.state.in_(("requested", "approved")),
    )
    query = query if before is None else query.where(Booking.id < before)
    newest = await session.execute(query.order_by(Booking.id.desc()).limit(MOST))
    references = {id_: reference for id_, reference, caller in newest if caller == like.caller}
    dates = await dates_of(session, list(references))
    for id_, reference in references.items():
        live = [date for date in dates.get(id_, ()) if date.state in LIVE]
        alike = _spans(live) <= like.spans if part else _spans(live) == like.spans
        if _rooms(live) == like.rooms and alike:
            return reference
    return None


def _rooms(dates: Collection[DateRow]) -> frozenset[str]:
    return frozenset(room.key for date in dates for room in date.rooms)


def _spans(dates: Collection[DateRow]) -> frozenset[Span]:
    return frozenset(Span(date.starts_at, date.ends_at) for date in dates)
