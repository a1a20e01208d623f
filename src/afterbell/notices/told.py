"""What the partner has been told: the state of each date that they last read in a letter. Letters are level-triggered by it, so that repeats and late events
do no harm and what changed back is never spoken of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.models import Booking, Occurrence
from afterbell.database import table
from afterbell.notices.models import Told


async def told(session: AsyncSession, booking_id: int | None) -> Mapping[int, str]:
    """The state of each date that was told, by its id. Locks the booking's row first: of two letters at once the second sees what the first told."""
    locked = select(Booking.id).where(Booking.id == booking_id).with_for_update(key_share=True)
    await session.execute(locked)
    query = select(Told.occurrence_id, Told.state).join(Occurrence, Occurrence.id == Told.occurrence_id)
    rows = await session.execute(query.where(Occurrence.booking_id == booking_id))
    return {id_: state for id_, state in rows}


def news(dates: Iterable[DateRow], known: Mapping[int, str], states: Sequence[str]) -> list[DateRow]:
    """The dates in one of these states of which the partner knows another, or nothing."""
    return [date for date in dates if date.state in states and known.get(date.id) != date.state]


async def tell(session: AsyncSession, dates: Sequence[DateRow], now: datetime) -> None:
    """From now on the partner knows these dates as they are here; in the transaction of the letter, under the lock of `told`."""
    rows = [{"occurrence_id": date.id, "state": date.state, "at": now} for date in dates]
    if rows:
        await session.execute(delete(Told).where(Told.occurrence_id.in_([date.id for date in dates])))
        await session.execute(insert(table(Told)), rows)
