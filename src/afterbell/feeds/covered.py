"""How far everything that a secret calendar tells of has come: two looks that are equal see the same calendar, so that it need not be written anew."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Booking
from afterbell.feeds.models import FeedMark
from afterbell.feeds.personal import Reader, scope_of
from afterbell.feeds.publish import window
from afterbell.places.models import District


@dataclass(frozen=True)
class Look:
    """Its owner as they are now and the window, the home zone, and counts that only rise: of bookings in the owner's scope, of their versions, and of the
    marks of all campuses, which tell of names. Read before the dates, it is never newer than they are."""

    reader: Reader
    since: datetime
    zone: str
    bookings: int
    versions: int
    marks: int


async def look(session: AsyncSession, reader: Reader, *, now: datetime) -> Look:
    """One statement, however much the calendar holds. What ended before the window counts no more; the window is part of the look."""
    since, _ = window(now)
    query = select(
        func.coalesce(select(District.time_zone).limit(1).scalar_subquery(), "America/Los_Angeles"),
        func.count(Booking.id),
        func.coalesce(func.sum(Booking.version), 0),
        func.coalesce(select(func.sum(FeedMark.version)).scalar_subquery(), 0),
    ).where(scope_of(reader), Booking.last_ends_at >= since)
    zone, bookings, versions, marks = (await session.execute(query)).one()
    return Look(reader, since, zone, bookings, int(versions), int(marks))
