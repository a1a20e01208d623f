"""What staff and partner write to each other about a request, in order. Asking and answering are acts of ask_partner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Remark
from afterbell.database import table
from afterbell.people.models import Person

STAFF, PARTNER = "staff", "partner"


@dataclass(frozen=True)
class RemarkRow:
    """One message; `side` is staff or partner. Only those who see the booking in full may read it."""

    side: str
    name: str
    text: str
    at: datetime


async def remarks_of(session: AsyncSession, booking_id: int) -> Sequence[RemarkRow]:
    """The thread, the oldest first."""
    query = select(Remark.side, Person.name, Remark.text, Remark.at).join(Person, Person.id == Remark.author_id)
    rows = await session.execute(query.where(Remark.booking_id == booking_id).order_by(Remark.id))
    return [RemarkRow(*row) for row in rows]


async def last_remark(session: AsyncSession, booking_id: int) -> tuple[int, str] | None:
    """Who wrote last, and what: the second half of a double click says the same again."""
    query = select(Remark.author_id, Remark.text).where(Remark.booking_id == booking_id)
    row = (await session.execute(query.order_by(Remark.id.desc()).limit(1))).first()
    return (row[0], row[1]) if row else None


async def remark(session: AsyncSession, booking_id: int, author_id: int, side: str, text: str, at: datetime) -> None:
    """Adds to the thread."""
    row = {"booking_id": booking_id, "author_id": author_id, "side": side, "text": text, "at": at}
    await session.execute(insert(table(Remark)), row)
