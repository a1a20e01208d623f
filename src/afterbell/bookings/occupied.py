"""What blocks rooms, and what others ask for without holding it, in a reach of time. Nothing here is locked or judged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from afterbell.almanac.span import Span
from afterbell.bookings.models import Claim, Occurrence, OccurrenceRoom, Proposal, ProposalRoom
from afterbell.places.models import RoomSpace

LOOK_BACK = timedelta(hours=24)


@dataclass(frozen=True)
class Asked:
    """A date that waits without holding its rooms, or a move that does: the time in the room that it would take, and those of the spaces looked at that it
    needs."""

    booking_id: int
    occurrence_id: int
    claim: Span
    spaces: frozenset[int]


async def asked_for(session: AsyncSession, campus_id: int, spaces: Collection[int], reach: Span) -> list[Asked]:
    """Every date and every move that competes for any of these spaces, once, in order of time; an index of such dates alone keeps it quick where nothing
    competes. Where a request holds its rooms a move has claims, and nothing that it wants can be asked for."""
    asking = [
        each.add_columns(RoomSpace.space_id).where(Occurrence.campus_id == campus_id, RoomSpace.space_id.in_(spaces))
        for each in _asking(RoomSpace, reach)
    ]
    rows = sorted((await session.execute(union_all(*asking))).all(), key=lambda row: (row[2], row[1]))
    needed: dict[int, set[int]] = {}
    for row in rows:
        needed.setdefault(row[1], set()).add(row[4])
    once = {row[1]: Asked(row[0], row[1], Span(row[2], row[3]), frozenset(needed[row[1]])) for row in rows}
    return list(once.values())


async def taken_by_room(session: AsyncSession, rooms: Sequence[int], reach: Span) -> dict[int, list[Span]]:
    """What blocks each of these rooms; a claim is never longer than 24 hours, so the look-up is bounded. One statement."""
    rows = await session.execute(
        select(RoomSpace.room_id, Claim.starts_at, Claim.ends_at)
        .join(Claim, Claim.space_id == RoomSpace.space_id)
        .where(RoomSpace.room_id.in_(rooms))
        .where(
            Claim.starts_at > reach.starts_at - LOOK_BACK,
            Claim.starts_at < reach.ends_at,
            Claim.ends_at > reach.starts_at,
        )
    )
    found: dict[int, list[Span]] = {}
    for room_id, starts_at, ends_at in rows:
        found.setdefault(room_id, []).append(Span(starts_at, ends_at))
    return found


async def asked_by_room(
    session: AsyncSession, campuses: Collection[int], rooms: Sequence[int], reach: Span
) -> dict[int, list[Span]]:
    """The time in each of these rooms, all of them at these campuses, that waits without holding it, once a date or a move. One statement."""
    mine, theirs = aliased(RoomSpace), aliased(RoomSpace)
    asking = [
        each.add_columns(mine.room_id)
        .join(mine, mine.space_id == theirs.space_id)
        .where(mine.room_id.in_(rooms), Occurrence.campus_id.in_(campuses))
        .distinct()
        for each in _asking(theirs, reach)
    ]
    found: dict[int, list[Span]] = {}
    for _, _, starts_at, ends_at, room_id in await session.execute(union_all(*asking)):
        found.setdefault(room_id, []).append(Span(starts_at, ends_at))
    return found


def _asking(spaces: type[RoomSpace], reach: Span) -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    """The dates and the moves that compete in a reach of time, with the spaces of the rooms that they want."""
    dates = (
        select(Occurrence.booking_id, Occurrence.id, *_claim_of(Occurrence))
        .join(OccurrenceRoom, OccurrenceRoom.occurrence_id == Occurrence.id)
        .join(spaces, spaces.room_id == OccurrenceRoom.room_id)
    )
    moves = (
        select(Occurrence.booking_id, Occurrence.id, *_claim_of(Proposal))
        .join(Proposal, Proposal.occurrence_id == Occurrence.id)
        .join(ProposalRoom, ProposalRoom.occurrence_id == Occurrence.id)
        .join(spaces, spaces.room_id == ProposalRoom.room_id)
    )
    return dates.where(*_competing(reach)), moves.where(*_meeting(Proposal, reach))


def _competing(reach: Span) -> list[ColumnElement[bool]]:
    """Bounds on `starts_at` let the index help: nobody is in a room for more than 24 hours."""
    return [
        Occurrence.state == "requested",
        Occurrence.starts_at > reach.starts_at - LOOK_BACK,
        Occurrence.starts_at < reach.ends_at + LOOK_BACK,
        *_meeting(Occurrence, reach),
    ]


def _claim_of(timed: type[Occurrence] | type[Proposal]) -> tuple[InstrumentedAttribute[datetime], ...]:
    return timed.claim_starts_at, timed.claim_ends_at


def _meeting(timed: type[Occurrence] | type[Proposal], reach: Span) -> list[ColumnElement[bool]]:
    return [timed.claim_starts_at < reach.ends_at, timed.claim_ends_at > reach.starts_at]
