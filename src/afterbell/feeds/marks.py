"""Marks: numbers by which one process knows that calendars changed in another."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.feeds.models import FeedMark


@dataclass(frozen=True)
class Mark:
    """How often something was touched, and when last; None before the first time."""

    version: int
    changed_at: datetime | None


async def mark_of(session: AsyncSession, campus_id: int | None) -> Mark:
    """A campus's, or with None all of them together; one statement. Versions only rise, so their sum tells every change."""
    query = select(func.coalesce(func.sum(FeedMark.version), 0), func.max(FeedMark.changed_at))
    version, at = (
        await session.execute(query if campus_id is None else query.where(FeedMark.campus_id == campus_id))
    ).one()
    return Mark(int(version), at)
