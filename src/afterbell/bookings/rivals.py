"""Who competes for the same rooms where nothing is held before it is decided: counted for those who ask, named for those who decide, locked before one of
them wins. What becomes of the losers is said in decide."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.models import Booking
from afterbell.bookings.occupied import LOOK_BACK, Asked, asked_for
from afterbell.bookings.queries import BookingRow, booking, bookings, visible_to, whole
from afterbell.bookings.room_names import RoomName
from afterbell.bookings.spaces import Spaces, find_spaces
from afterbell.places.models import Campus
from afterbell.policy.projection import Viewer


@dataclass(frozen=True)
class Rival:
    """Another request, those of its dates that cannot be had once the first is approved, and those approved ones that then cannot move as was asked."""

    booking: BookingRow
    dates: Sequence[DateRow]
    moves: Sequence[DateRow] = ()


async def lock_contest(session: AsyncSession, reference: str, by: Viewer) -> None:
    """Locks everything that approving this request may touch in the order that every act keeps: campus (shared), spaces sorted, then all bookings that
    compete, sorted. Rooms and rivals are first read without a lock, the rivals once more under that of the spaces, where no further one can come. Nothing
    is locked for what holds its rooms already."""
    glimpse = await booking(session, whole().where(Booking.reference == reference, visible_to(by)))
    dates = contested(glimpse) if glimpse else []
    if glimpse is None or not dates:
        return
    campus = select(Campus.id).where(Campus.id == glimpse.campus_id)
    await session.execute(campus.with_for_update(read=True))
    spaces = await find_spaces(session, rooms_of(dates), lock=True)
    others = await _others(session, glimpse, dates, spaces)
    ids = {glimpse.id, *(other.booking_id for other in others)}
    locked = select(Booking.id).where(Booking.id.in_(ids)).order_by(Booking.id)
    await session.execute(locked.with_for_update(key_share=True))


async def rivals_of(session: AsyncSession, found: BookingRow, dates: Sequence[DateRow]) -> list[Rival]:
    """The requests that would lose dates, or moves, if these were approved, the oldest first; none for dates that are held."""
    dates = sorted((d for d in dates if d.state == "requested"), key=lambda date: (date.starts_at, date.id))
    if not dates:
        return []
    spaces = await find_spaces(session, rooms_of(dates), lock=False)
    losing = {other.occurrence_id: other for other in await _others(session, found, dates, spaces)}
    if not losing:
        return []
    ids = {other.booking_id for other in losing.values()}
    rows = await bookings(session, whole().where(Booking.id.in_(ids)).order_by(Booking.id))
    return [_rival(row, [date for date in row.dates if date.id in losing]) for row in rows]


def _rival(row: BookingRow, losing: Sequence[DateRow]) -> Rival:
    return Rival(row, [date for date in losing if date.move is None], [date for date in losing if date.move])


async def others_asked(session: AsyncSession, found: BookingRow) -> dict[int, int]:
    """How many dates of others overlap each date of this booking that is not held, by the date's id: what an acknowledgement says."""
    dates = competing(found)
    if not dates:
        return {}
    spaces = await find_spaces(session, rooms_of(dates), lock=False)
    others = await _others(session, found, dates, spaces)
    counts = Counter(id_ for other in others for id_ in _touched(dates, other, spaces))
    return {date.id: counts[date.id] for date in dates}


def moving(found: BookingRow) -> list[DateRow]:
    """Its dates that are to move, as if they were asked for there."""
    return sorted((as_asked(date) for date in found.dates if date.move), key=lambda date: (date.starts_at, date.id))


def as_asked(date: DateRow) -> DateRow:
    """A date where its move would put it; it must have one. Where requests compete a move holds nothing until it is decided."""
    to = date.move
    assert to is not None
    return replace(
        date,
        state="requested",
        starts_at=to.starts_at,
        ends_at=to.ends_at,
        claim_starts_at=to.claim_starts_at,
        claim_ends_at=to.claim_ends_at,
        rooms=to.rooms,
        move=None,
    )


def contested(found: BookingRow) -> list[DateRow]:
    """All that others may compete with, in order of time: its dates that wait, and its moves."""
    return sorted([*competing(found), *moving(found)], key=lambda date: (date.starts_at, date.id))


def competing(found: BookingRow) -> list[DateRow]:
    """Its dates that wait and hold nothing."""
    return [date for date in found.dates if date.state == "requested"]


def rooms_of(dates: Sequence[DateRow]) -> list[RoomName]:
    """The rooms of some dates, each once."""
    return list({room.id: room for date in dates for room in date.rooms}.values())


async def _others(session: AsyncSession, found: BookingRow, dates: Sequence[DateRow], spaces: Spaces) -> list[Asked]:
    """What other bookings ask for at these times, in spaces that these dates need."""
    reach = Span(min(date.claim_starts_at for date in dates), max(date.claim_ends_at for date in dates))
    asked = await asked_for(session, found.campus_id, spaces.ids, reach)
    return [each for each in asked if each.booking_id != found.id and _touched(dates, each, spaces)]


def _touched(dates: Sequence[DateRow], other: Asked, spaces: Spaces) -> list[int]:
    """The ids of the dates that need one of its spaces while it does. Dates come by their starts, and none is longer than a day in the room."""
    claim = other.claim
    first = bisect_left(dates, claim.starts_at - LOOK_BACK, key=lambda date: date.starts_at)
    found = []
    for date in dates[first:]:
        if date.starts_at - LOOK_BACK >= claim.ends_at:
            break
        meets = date.claim_starts_at < claim.ends_at and claim.starts_at < date.claim_ends_at
        if meets and spaces.of(date.rooms) & other.spaces:
            found.append(date.id)
    return found
