"""The same request sent twice, by a double click or a reload: found by what it asks for, so that the second shows the first."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.date_rows import DateRow, dates_of
from afterbell.bookings.models import Booking
from afterbell.bookings.queries import BookingRow
from afterbell.policy.lifecycle import LIVE

MOST = 20


@dataclass(frozen=True)
class Likeness:
    """What two requests share when they are one: who asks for what, at which times in which rooms (keys), how openly, and for whom when staff enter it. Where
    any room of a kind was asked for, `wanted` is what was named, and the rooms that were given do not count: a second request would be given others."""

    organization_id: int
    title: str
    dates: frozenset[tuple[Span, frozenset[str]]]
    caller: dict[str, str] | None = None
    wanted: frozenset[str] = frozenset()
    visibility: str = "public"


def likeness(row: BookingRow) -> Likeness:
    """Of a booking, by the dates that wait or stand."""
    wanted = frozenset(row.wanted or ())
    return Likeness(row.organization_id, row.title, _live(row.dates, wanted), row.on_behalf_of, wanted, row.visibility)


async def earlier_twin(
    session: AsyncSession, like: Likeness, *, before: int | None = None, part: bool = False
) -> str | None:
    """The reference of a live booking that is alike, made earlier than the one with the id `before`. Exact when asked under the locks of the rooms,
    after the act: whoever came first is committed by then. With `part` it may have fewer dates, since some could not be had."""
    query = select(Booking.id, Booking.reference, Booking.on_behalf_of, Booking.wanted).where(
        Booking.organization_id == like.organization_id,
        Booking.title == like.title,
        Booking.visibility == like.visibility,
        Booking.state.in_(("requested", "approved")),
    )
    query = query if before is None else query.where(Booking.id < before)
    newest = await session.execute(query.order_by(Booking.id.desc()).limit(MOST))
    references = {
        id_: reference
        for id_, reference, caller, wanted in newest
        if caller == like.caller and frozenset(wanted or ()) == like.wanted
    }
    dates = await dates_of(session, list(references))
    for id_, reference in references.items():
        live = _live(dates.get(id_, ()), like.wanted)
        if live and (live <= like.dates if part else live == like.dates):
            return reference
    return None


def _live(dates: Collection[DateRow], wanted: frozenset[str]) -> frozenset[tuple[Span, frozenset[str]]]:
    return frozenset(
        (Span(date.starts_at, date.ends_at), frozenset() if wanted else frozenset(room.key for room in date.rooms))
        for date in dates
        if date.state in LIVE
    )
