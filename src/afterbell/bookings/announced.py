"""The dates that everybody may know of, for pages and calendars alike: read in one statement and shown only as far as policy.projection lets the public see
each. The title of a booking is never here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Activity, Booking, Occurrence, OccurrenceRoom, Program
from afterbell.places.models import Campus, Room, School
from afterbell.policy.projection import ANNOUNCED, CONFIDENTIAL, Level, public_level


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
    """One date as the public may see it; instants are UTC. `listing` is what the organization wrote for families, `rooms` is empty below PUBLIC. `state` is
    approved, finished or cancelled: to the public, what was given back freely is cancelled too, and what is asked for again stays so until it is approved.
    `series` is the same for all dates of a booking; `changed_at` the later of its own change and that of the words for families."""

    public_id: str
    series: int
    starts_at: datetime
    ends_at: datetime
    state: str
    sequence: int
    changed_at: datetime
    zone: str
    activity: str
    pillar: str
    kind: Mapping[str, str]
    listing: Mapping[str, Any]
    school: Place
    level: Level
    rooms: Sequence[RoomShown] = field(default=())

    def speaks(self, language: str) -> bool:
        """Whether it is held in that language; everything is in "", which asks for none."""
        return not language or language in (self.listing.get("languages") or ())


def of_kind(kind: str) -> ColumnElement[bool]:
    """By activity, or by the pillar of several."""
    return or_(Activity.slug == kind, Activity.pillar == kind)


async def announced(session: AsyncSession, *conditions: ColumnElement[bool], most: int | None = None) -> list[OnDate]:
    """The dates under these conditions in order of time, from at most `most` rows; a date with several rooms is several rows. One statement. What a series
    repeats is read once: it is what a calendar of a thousand dates costs most."""
    read, place = cache(json.loads), cache(Place)
    found: dict[str, OnDate] = {}
    for row in await session.execute(_dates().where(*conditions).limit(most)):
        at = public_level(visibility=row[12], state=row[4], announced=row[16] is not None)
        if at is Level.NOTHING:
            continue
        rooms = (RoomShown(row[13], row[14], read(row[15])),) if at is Level.PUBLIC else ()
        known = found.get(row[0])
        if known:
            found[row[0]] = replace(known, rooms=(*known.rooms, *rooms))
        else:
            state = row[4] if row[4] in ANNOUNCED else "cancelled"
            words = read(row[10]), read(row[11] or "{}")
            times = row[5], max(row[6], row[17] or row[6])
            found[row[0]] = OnDate(*(*row[:4], state, *times, *row[7:10], *words, place(*row[18:]), at, rooms))
    return list(found.values())


@cache
def _dates() -> Select[*tuple[Any, ...]]:
    """What is confidential, or never was announced, is not even read; `public_level` judges the rest once more."""
    query: Select[*tuple[Any, ...]] = select(
        Occurrence.public_id,
        Booking.id,
        Occurrence.starts_at,
        Occurrence.ends_at,
        Occurrence.state,
        Occurrence.sequence,
        Occurrence.changed_at,
        Campus.time_zone,
        Activity.slug,
        Activity.pillar,
        cast(Activity.name, Text),
        cast(Booking.listing, Text),
        Booking.visibility,
        Room.name,
        Room.entrance,
        cast(Room.access, Text),
        Occurrence.announced_at,
        Booking.listed_at,
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
        .where(*_shown())
        .order_by(Occurrence.starts_at, School.slug, Occurrence.id, Room.id)
    )


def _shown() -> tuple[ColumnElement[bool], ...]:
    once = or_(Occurrence.state.in_(ANNOUNCED), Occurrence.announced_at.is_not(None))
    return once, Booking.visibility.not_in(CONFIDENTIAL)


def of_program_announced() -> ColumnElement[bool]:
    """Of the program of a query, whether anybody may know of a date of it: then it has a calendar, and not before."""
    dates = select(Occurrence.id).join(Booking, Booking.id == Occurrence.booking_id)
    return exists(dates.where(Booking.program_id == Program.id, *_shown()).correlate(Program))
