"""What the partner has been told: each date as they last read of it in a letter, and the booking's own values. Letters are level-triggered by it, so that
repeats and late events do no harm and what changed back is never spoken of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.date_rows import DateRow, Move
from afterbell.bookings.models import Booking, Occurrence
from afterbell.bookings.queries import BookingRow
from afterbell.database import table
from afterbell.notices.models import Told, ToldBooking


@dataclass(frozen=True)
class Where:
    """When and where a date is; the instants are UTC. Two are equal however their rooms were called then."""

    starts_at: datetime
    ends_at: datetime
    rooms: frozenset[int]
    named: tuple[tuple[int, str], ...] = field(compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The rooms as they were called."""
        return tuple(name for _, name in self.named)

    @classmethod
    def of(cls, date: DateRow | Move) -> "Where":
        """Of a date as it stands, or of where it is to go."""
        named = tuple((room.id, room.name) for room in date.rooms)
        return cls(date.starts_at, date.ends_at, frozenset(id_ for id_, _ in named), named)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> "Where":
        """As `plain` has written it."""
        starts_at, ends_at = (datetime.fromisoformat(plain[name]) for name in ("starts_at", "ends_at"))
        named = tuple((id_, name) for id_, name in plain["rooms"])
        return cls(starts_at, ends_at, frozenset(id_ for id_, _ in named), named)


@dataclass(frozen=True)
class AsTold:
    """A date as it was told at some time. `asked` is where it is to go, if it was told that this waits."""

    state: str
    at: datetime
    stands: Where | None
    asked: Where | None = None


@dataclass(frozen=True)
class Whole:
    """The booking's own values as they were told; `proposed` are those of which it was told that they wait."""

    title: str
    headcount: int
    layout: str | None
    at: datetime
    proposed: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, found: BookingRow, now: datetime) -> "Whole":
        """As it stands, with nothing that waits."""
        return cls(found.title, found.headcount, found.layout, now)


@dataclass(frozen=True)
class Known:
    """What the partner knows, of each date by its id; nothing of the whole before the first letter."""

    dates: Mapping[int, AsTold]
    whole: Whole | None

    def state(self, date: DateRow) -> str | None:
        """The state of a date that was told."""
        was = self.dates.get(date.id)
        return was.state if was else None


async def told(session: AsyncSession, booking_id: int | None) -> Known:
    """Locks the booking's row first: of two letters at once the second sees what the first told."""
    locked = select(Booking.id).where(Booking.id == booking_id).with_for_update(key_share=True)
    await session.execute(locked)
    columns = (Told.occurrence_id, Told.state, Told.at, Told.stands, Told.asked)
    query = select(*columns).join(Occurrence, Occurrence.id == Told.occurrence_id)
    rows = await session.execute(query.where(Occurrence.booking_id == booking_id))
    dates = {row[0]: AsTold(row[1], row[2], *(plain and Where.read(plain) for plain in row[3:])) for row in rows}
    values = select(*(getattr(ToldBooking, name) for name in Whole.__dataclass_fields__))
    whole = (await session.execute(values.where(ToldBooking.booking_id == booking_id))).first()
    return Known(dates, Whole(*whole) if whole else None)


def news(dates: Iterable[DateRow], known: Known, states: Sequence[str]) -> list[DateRow]:
    """The dates in one of these states of which the partner knows another, or nothing."""
    return [date for date in dates if date.state in states and known.state(date) != date.state]


async def tell(
    session: AsyncSession, dates: Sequence[DateRow], known: Known, now: datetime, *, asked: Sequence[DateRow] = ()
) -> None:
    """From now on the partner knows these dates as they are here, and of those `asked` only where they are to go; in the transaction of the letter, under
    the lock of `told`."""
    rows = {date.id: _as_now(date, known, now) for date in dates}
    for date in asked:
        was = rows.get(date.id) or known.dates.get(date.id) or _as_now(date, known, now)
        rows[date.id] = replace(was, at=now, asked=Where.of(date.move) if date.move else None)
    if rows:
        await session.execute(delete(Told).where(Told.occurrence_id.in_(list(rows))))
        await session.execute(insert(table(Told)), [_row(id_, each) for id_, each in rows.items()])


async def tell_whole(session: AsyncSession, booking_id: int, whole: Whole) -> None:
    """From now on the partner knows these of the booking's own values."""
    await session.execute(delete(ToldBooking).where(ToldBooking.booking_id == booking_id))
    await session.execute(insert(ToldBooking).values(booking_id=booking_id, **vars(whole)))


def _as_now(date: DateRow, known: Known, now: datetime) -> AsTold:
    """A move that still waits stays told, or untold."""
    was = known.dates.get(date.id)
    return AsTold(date.state, now, Where.of(date), was.asked if was and date.move else None)


def _row(id_: int, each: AsTold) -> dict[str, Any]:
    stands, asked = (where and _plain(where) for where in (each.stands, each.asked))
    return {"occurrence_id": id_, "state": each.state, "at": each.at, "stands": stands, "asked": asked}


def _plain(where: Where) -> dict[str, Any]:
    times = {"starts_at": where.starts_at.isoformat(), "ends_at": where.ends_at.isoformat()}
    return times | {"rooms": [list(pair) for pair in where.named]}
