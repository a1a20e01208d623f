"""What is on: the dates that everybody may know of (bookings.announced), as the public pages ask for them."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.announced import OnDate, announced
from afterbell.bookings.models import Booking, Occurrence

MOST_DATES = 500


async def whats_on(
    session: AsyncSession, span: Span, *conditions: ColumnElement[bool], most: int = MOST_DATES
) -> list[OnDate]:
    """The dates that begin in the half-open span, in order, at most `most`; one statement."""
    begins = (Occurrence.starts_at >= span.starts_at, Occurrence.starts_at < span.ends_at)
    return await announced(session, *begins, *conditions, most=most)


async def date_of(session: AsyncSession, public_id: str) -> OnDate | None:
    """One date, or None when it does not exist or is not for everybody."""
    found = await announced(session, Occurrence.public_id == public_id)
    return found[0] if found else None


async def series_of(session: AsyncSession, date: OnDate, *, now: datetime, most: int) -> list[OnDate]:
    """The dates of the same series that are still ahead, that one included."""
    return await announced(session, Booking.id == date.series, Occurrence.ends_at > now, most=most)
