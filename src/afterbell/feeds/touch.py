"""Which changes touch which campuses' calendars. A booking's touch its campus, since half a gym's booking changes the whole gym's calendar too; a closure its
campus's, or the district's all; an import of schools, rooms or closures all, since names stand everywhere. Roles, memberships and revoking touch nothing:
secret calendars are judged anew at every fetch. This process hears of events at the commit (feeds.shelf)."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import insert_or_skip, table
from afterbell.feeds.models import FeedMark
from afterbell.outbox.record import Event
from afterbell.places.models import Campus


async def touch_feeds(session: AsyncSession, event: Event, now: datetime) -> None:
    """The listener: raises the mark of the event's campus, or of every campus when the event has none."""
    if event.campus_id is None:
        await touch_all(session, now=event.happened_at)
    else:
        await _touch(session, [event.campus_id], event.happened_at)


async def touch_all(session: AsyncSession, *, now: datetime) -> None:
    """Raises every mark, in the transaction of the change."""
    await _touch(session, list(await session.scalars(select(Campus.id).order_by(Campus.id))), now)


async def _touch(session: AsyncSession, campuses: list[int], at: datetime) -> None:
    """The time of a mark never falls, whatever the order in which events are handed out."""
    rows = [{"campus_id": campus, "version": 0} for campus in campuses]
    await insert_or_skip(session, table(FeedMark), rows)
    mark = update(FeedMark).where(FeedMark.campus_id.in_(campuses))
    await session.execute(mark.values(version=FeedMark.version + 1))
    older = FeedMark.changed_at.is_(None) | (FeedMark.changed_at < at)
    await session.execute(mark.where(older).values(changed_at=at))
