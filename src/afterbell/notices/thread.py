"""What was last written between staff and partner up to a moment, and by whom: a letter's reader is not the page's (bookings.remarks)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Remark


@dataclass(frozen=True)
class Written:
    """One remark."""

    author_id: int
    text: str


async def remark_of(session: AsyncSession, booking_id: int | None, side: str, *, upto: datetime) -> Written | None:
    """The last remark of a side, staff or partner, that was made by then: an event's own, when it is handed out late."""
    query = select(Remark.author_id, Remark.text).where(Remark.booking_id == booking_id, Remark.side == side)
    row = (await session.execute(query.where(Remark.at <= upto).order_by(Remark.id.desc()).limit(1))).first()
    return Written(*row) if row else None
