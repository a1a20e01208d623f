"""The listener that tells other processes that calendars of a campus changed. This process hears it at the commit (feeds.shelf)."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import insert_or_skip, table
from afterbell.feeds.models import FeedMark
from afterbell.outbox.record import Event


async def touch_feeds(session: AsyncSession, event: Event, now: datetime) -> None:
    """Raises the mark of the event's campus, since a booking of half a gym changes the whole gym's calendar too."""
    await insert_or_skip(session, table(FeedMark), [{"campus_id": event.campus_id, "version": 0}])
    mark = update(FeedMark).where(FeedMark.campus_id == event.campus_id)
    await session.execute(mark.values(version=FeedMark.version + 1))
