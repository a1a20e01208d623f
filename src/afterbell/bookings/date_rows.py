"""Reading the dates of bookings, with their rooms and where they are to move. Columns, not entities."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.models import Occurrence, OccurrenceRoom, Proposal, ProposalRoom
from afterbell.bookings.room_names import ROOM_COLUMNS, RoomName, room_name
from afterbell.places.models import Room, School


@dataclass(frozen=True)
class Move:
    """Where an approved date is to go, which waits for a decision; the instants are UTC."""

    starts_at: datetime
    ends_at: datetime
    claim_starts_at: datetime
    claim_ends_at: datetime
    rooms: tuple[RoomName, ...]

    @property
    def span(self) -> Span:
        """From start to end, without set-up and take-down."""
        return Span(self.starts_at, self.ends_at)

    @property
    def claim(self) -> Span:
        """The time in the rooms."""
        return Span(self.claim_starts_at, self.claim_ends_at)


@dataclass(frozen=True)
class DateRow:
    """One date of a booking. `original_start` is naive wall time; the four instants are UTC. `move` is where it is to go, while that waits."""

    id: int
    public_id: str
    original_start: datetime
    starts_at: datetime
    ends_at: datetime
    claim_starts_at: datetime
    claim_ends_at: datetime
    state: str
    reason: str | None
    shifted: bool
    rooms: tuple[RoomName, ...]
    reasons: Sequence[dict[str, Any]] = ()
    alternative: dict[str, Any] | None = None
    move: Move | None = None
    announced_at: datetime | None = None

    @property
    def span(self) -> Span:
        """From start to end, without set-up and take-down."""
        return Span(self.starts_at, self.ends_at)

    @property
    def claim(self) -> Span:
        """The time in the rooms."""
        return Span(self.claim_starts_at, self.claim_ends_at)


async def dates_of(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[DateRow]]:
    """The dates of some bookings, each in order of time, with their rooms."""
    if not ids:
        return {}
    rows = (await session.execute(_dates().where(Occurrence.booking_id.in_(ids)))).all()
    found: dict[int, list[DateRow]] = {}
    for occurrence, room in ((row[:14], row[14:]) for row in rows):
        name = room_name(room)
        of_booking = found.setdefault(occurrence[0], [])
        if of_booking and of_booking[-1].id == occurrence[1]:
            last = of_booking.pop()
            of_booking.append(_date(occurrence, (*last.rooms, name)))
        else:
            of_booking.append(_date(occurrence, (name,)))
    return found


def _date(row: Sequence[Any], rooms: tuple[RoomName, ...]) -> DateRow:
    start = datetime.fromisoformat(row[3])
    times = (row[4], row[5], row[6], row[7])
    return DateRow(row[1], row[2], start, *times, row[8], row[9], row[10], rooms, row[11] or (), row[12], None, row[13])


@cache
def _dates() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Occurrence.booking_id,
            Occurrence.id,
            Occurrence.public_id,
            Occurrence.original_start,
            Occurrence.starts_at,
            Occurrence.ends_at,
            Occurrence.claim_starts_at,
            Occurrence.claim_ends_at,
            Occurrence.state,
            Occurrence.reason,
            Occurrence.shifted,
            Occurrence.reasons,
            Occurrence.alternative,
            Occurrence.announced_at,
            *ROOM_COLUMNS,
        )
        .join(OccurrenceRoom, OccurrenceRoom.occurrence_id == Occurrence.id)
        .join(Room, Room.id == OccurrenceRoom.room_id)
        .join(School, School.id == Room.school_id)
        .order_by(Occurrence.starts_at, Occurrence.id, Room.id)
    )


async def moves_of(session: AsyncSession, ids: Collection[int]) -> dict[int, Move]:
    """Where dates of some bookings are to go, by the date's id."""
    return {row[0]: move for row, move in await _moves(session, ids)}


async def moves_of_dates(session: AsyncSession, ids: Collection[int]) -> dict[str, Move]:
    """The same by the date's public id."""
    return {row[1]: move for row, move in await _moves(session, ids)}


async def _moves(session: AsyncSession, ids: Collection[int]) -> list[tuple[Any, Move]]:
    columns = (Proposal.starts_at, Proposal.ends_at, Proposal.claim_starts_at, Proposal.claim_ends_at)
    query = (
        select(Proposal.occurrence_id, Occurrence.public_id, *columns, *ROOM_COLUMNS)
        .join(Occurrence, Occurrence.id == Proposal.occurrence_id)
        .join(ProposalRoom, ProposalRoom.occurrence_id == Proposal.occurrence_id)
        .join(Room, Room.id == ProposalRoom.room_id)
        .join(School, School.id == Room.school_id)
        .where(Occurrence.booking_id.in_(ids))
        .order_by(Proposal.occurrence_id, Room.id)
    )
    found: dict[int, tuple[Any, Move]] = {}
    for row in await session.execute(query):
        before = found[row[0]][1].rooms if row[0] in found else ()
        found[row[0]] = row, Move(row[2], row[3], row[4], row[5], (*before, room_name(row[6:])))
    return list(found.values())
