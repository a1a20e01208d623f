"""Writing dates anew: at another time or in other rooms at once, as a proposal that waits, or as further dates. Nothing is judged or claimed here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.models import Booking, Occurrence, OccurrenceRoom, Proposal, ProposalRoom
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.room_names import RoomName
from afterbell.database import public_id, table


@dataclass(frozen=True)
class Rewrite:
    """One date as it is to be: its time, the time in the rooms, and the rooms."""

    date: DateRow
    day: Date
    claim: Span
    rooms: tuple[RoomName, ...]

    @property
    def changes(self) -> bool:
        """Whether it is otherwise than the date stands now; also where the clock change alone had put it, and now the series has it."""
        was = (self.date.span, self.date.shifted, self.date.claim, _ids(self.date.rooms))
        return (self.day.span, self.day.shifted, self.claim, self.ids) != was

    @property
    def ids(self) -> frozenset[int]:
        """The rooms' ids."""
        return _ids(self.rooms)


def _ids(rooms: Sequence[RoomName]) -> frozenset[int]:
    return frozenset(room.id for room in rooms)


_SET_TIMES = (
    update(table(Occurrence))
    .where(table(Occurrence).c.id == bindparam("date"))
    .values(
        starts_at=bindparam("starts_at"),
        ends_at=bindparam("ends_at"),
        claim_starts_at=bindparam("claim_starts_at"),
        claim_ends_at=bindparam("claim_ends_at"),
        shifted=bindparam("shifted"),
        changed_at=bindparam("changed_at"),
        sequence=table(Occurrence).c.sequence + 1,
    )
)


async def rewrite(session: AsyncSession, rewrites: Sequence[Rewrite], *, now: datetime) -> None:
    """The dates are as wanted from now on, their states as they were; a move that waited is forgotten."""
    if not rewrites:
        return
    ids = [each.date.id for each in rewrites]
    rows = [{"date": each.date.id, "shifted": each.day.shifted, "changed_at": now} | _times(each) for each in rewrites]
    await session.execute(_SET_TIMES, rows)
    await session.execute(delete(OccurrenceRoom).where(OccurrenceRoom.occurrence_id.in_(ids)))
    await session.execute(insert(table(OccurrenceRoom)), _rooms(rewrites))
    await forget(session, ids)


async def propose(session: AsyncSession, rewrites: Sequence[Rewrite], *, now: datetime) -> None:
    """Where dates are to go, which waits; it takes the place of an earlier move."""
    if not rewrites:
        return
    await forget(session, [each.date.id for each in rewrites])
    rows = [{"occurrence_id": each.date.id, "asked_at": now} | _times(each) for each in rewrites]
    await session.execute(insert(table(Proposal)), rows)
    await session.execute(insert(table(ProposalRoom)), _rooms(rewrites))


async def forget(session: AsyncSession, dates: Sequence[int]) -> None:
    """Moves that wait are no more."""
    if dates:
        await session.execute(delete(ProposalRoom).where(ProposalRoom.occurrence_id.in_(dates)))
        await session.execute(delete(Proposal).where(Proposal.occurrence_id.in_(dates)))


def _times(each: Rewrite) -> dict[str, datetime]:
    span, claim = each.day.span, each.claim
    return {
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "claim_starts_at": claim.starts_at,
        "claim_ends_at": claim.ends_at,
    }


def _rooms(rewrites: Sequence[Rewrite]) -> list[dict[str, int]]:
    return [{"occurrence_id": each.date.id, "room_id": room.id} for each in rewrites for room in each.rooms]


@dataclass(frozen=True)
class Further:
    """A date that is asked for besides: new, or one that was gone and returns."""

    day: Date
    claim: Span
    rooms: tuple[RoomName, ...]
    gone: DateRow | None = None


async def add(
    session: AsyncSession, found: BookingRow, further: Sequence[Further], state: str, *, now: datetime
) -> None:
    """Further dates in the state in which a request begins; one that was gone keeps its identity, and calendars their event."""
    back = [Rewrite(each.gone, each.day, each.claim, each.rooms) for each in further if each.gone]
    await rewrite(session, back, now=now)
    if back:
        returned = update(Occurrence).where(Occurrence.id.in_([each.date.id for each in back]))
        await session.execute(returned.values(state=state, reason=None, reasons=None, alternative=None))
        if state == "approved":
            await session.execute(returned.where(Occurrence.announced_at.is_(None)).values(announced_at=now))
    new = [each for each in further if each.gone is None]
    if not new:
        return
    dates = table(Occurrence)
    rows = [_row(found, each, state, now) for each in new]
    made = await session.execute(insert(dates).returning(dates.c.id, dates.c.original_start), rows)
    ids = {start: id_ for id_, start in made}
    used = [{"occurrence_id": ids[_named(each.day)], "room_id": room.id} for each in new for room in each.rooms]
    await session.execute(insert(table(OccurrenceRoom)), used)


def _row(found: BookingRow, each: Further, state: str, now: datetime) -> dict[str, Any]:
    span, claim = each.day.span, each.claim
    return {
        "public_id": public_id(),
        "booking_id": found.id,
        "campus_id": found.campus_id,
        "original_start": _named(each.day),
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "claim_starts_at": claim.starts_at,
        "claim_ends_at": claim.ends_at,
        "state": state,
        "reason": None,
        "reasons": None,
        "shifted": each.day.shifted,
        "sequence": 0,
        "changed_at": now,
        "announced_at": now if state == "approved" else None,
    }


def _named(day: Date) -> str:
    return day.original_start.isoformat(timespec="minutes")


async def set_bounds(session: AsyncSession, row: BookingRow) -> None:
    """When the booking begins and ends, as lists read it: by the dates that were not left out, a move that waits included."""
    dates = [date for date in row.dates if date.state != "skipped"] or list(row.dates)
    spans = [date.span for date in dates] + [date.move.span for date in dates if date.move]
    bounds = {"first_starts_at": min(s.starts_at for s in spans), "last_ends_at": max(s.ends_at for s in spans)}
    await session.execute(update(Booking).where(Booking.id == row.id).values(bounds))
