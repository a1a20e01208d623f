"""What is on: the dates that everybody may know of, read in one statement and shown only as far as policy.projection lets the public see each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.models import Activity, Booking, Occurrence, OccurrenceRoom
from afterbell.places.models import Campus, Room, School
from afterbell.policy.projection import CONFIDENTIAL, Level, public_level

MOST_DATES = 500
STATES = ("approved", "finished", "cancelled")


@dataclass(frozen=True)
class Place:
    """The school, which everybody may know."""

    slug: str
    name: str
    street: str
    city: str
    zip: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class RoomShown:
    """A room, only at Level.PUBLIC."""

    name: str
    entrance: str
    access: Sequence[str]


@dataclass(frozen=True)
class OnDate:
    """One date as the public may see it; instants are UTC. `listing` is what the organization wrote for families, `rooms` is empty below PUBLIC, and the
    title of the booking is never here."""

    public_id: str
    series: int
    starts_at: datetime
    ends_at: datetime
    state: str
    zone: str
    activity: str
    pillar: str
    kind: Mapping[str, str]
    listing: Mapping[str, Any]
    school: Place
    level: Level
    rooms: Sequence[RoomShown] = field(default=())


async def whats_on(
    session: AsyncSession, span: Span, *conditions: ColumnElement[bool], most: int = MOST_DATES
) -> list[OnDate]:
    """The dates that begin in the half-open span, in order, at most `most`; one statement."""
    begins = (Occurrence.starts_at >= span.starts_at, Occurrence.starts_at < span.ends_at)
    return await _read(session, _dates().where(*begins, *conditions).limit(most))


async def date_of(session: AsyncSession, public_id: str) -> OnDate | None:
    """One date, or None when it does not exist or is not for everybody."""
    found = await _read(session, _dates().where(Occurrence.public_id == public_id))
    return found[0] if found else None


async def series_of(session: AsyncSession, date: OnDate, *, now: datetime, most: int) -> list[OnDate]:
    """The dates of the same series that are still ahead, that one included."""
    return await _read(session, _dates().where(Booking.id == date.series, Occurrence.ends_at > now).limit(most))


def _dates() -> Select[*tuple[Any, ...]]:
    """What is confidential or undecided is not even read; `public_level` judges the rest once more."""
    query: Select[*tuple[Any, ...]] = select(
        Occurrence.public_id,
        Booking.id,
        Occurrence.starts_at,
        Occurrence.ends_at,
        Occurrence.state,
        Campus.time_zone,
        Activity.slug,
        Activity.pillar,
        Activity.name,
        Booking.listing,
        Booking.visibility,
        Room.name,
        Room.entrance,
        Room.access,
        *(getattr(School, name) for name in Place.__dataclass_fields__),
    )
    return (
        query.select_from(Campus)
        .join(Occurrence, Occurrence.campus_id == Campus.id)
        .join(Booking, Booking.id == Occurrence.booking_id)
        .join(Activity, Activity.id == Booking.activity_id)
        .join(OccurrenceRoom, OccurrenceRoom.occurrence_id == Occurrence.id)
        .join(Room, Room.id == OccurrenceRoom.room_id)
        .join(School, School.id == Room.school_id)
        .where(Occurrence.state.in_(STATES), Booking.visibility.not_in(CONFIDENTIAL))
        .order_by(Occurrence.starts_at, School.slug, Occurrence.id, Room.id)
    )


async def _read(session: AsyncSession, query: Select[*tuple[Any, ...]]) -> list[OnDate]:
    """Rows become dates; a date with several rooms is several rows."""
    found: dict[str, OnDate] = {}
    for row in await session.execute(query):
        at = public_level(visibility=row[10], state=row[4])
        if at is Level.NOTHING:
            continue
        rooms = (RoomShown(*row[11:14]),) if at is Level.PUBLIC else ()
        known = found.get(row[0])
        found[row[0]] = replace(known, rooms=(*known.rooms, *rooms)) if known else _date(row, at, rooms)
    return list(found.values())


def _date(row: Any, at: Level, rooms: Sequence[RoomShown]) -> OnDate:
    public_id, series, starts_at, ends_at, state, zone, activity, pillar, kind, listing = row[:10]
    when = (starts_at, ends_at, state, zone)
    return OnDate(public_id, series, *when, activity, pillar, kind, listing or {}, Place(*row[14:]), at, rooms)
