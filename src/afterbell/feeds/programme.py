"""Which dates are in a public calendar, and as what: the school's, the district's, a program's programme, and single events. What is confidential is
not even read; policy.projection judges the rest once more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Activity, Booking, Occurrence, OccurrenceRoom
from afterbell.feeds.events import Entry, known_uid
from afterbell.feeds.publish import window
from afterbell.feeds.wording import description, title
from afterbell.places.models import Campus, Room, School
from afterbell.policy.projection import CONFIDENTIAL, Level, public_level

STATES = ("approved", "finished", "cancelled")


@dataclass(frozen=True)
class PublicDate:
    """One date as the public may see it; `rooms` is empty below Level.PUBLIC, and the title of the booking is never here."""

    public_id: str
    starts_at: datetime
    ends_at: datetime
    state: str
    sequence: int
    changed_at: datetime
    zone: str
    kind: Mapping[str, str]
    listing: Mapping[str, Any]
    school: str
    street: str
    city: str
    zip: str
    rooms: Sequence[str] = field(default=())

    def speaks(self, language: str) -> bool:
        """Whether it is held in that language; everything is in "", which asks for none."""
        return not language or language in (self.listing.get("languages") or ())


def at_school(slug: str) -> ColumnElement[bool]:
    """The dates in the rooms of one school."""
    return School.slug == slug


def of_kind(kind: str) -> ColumnElement[bool]:
    """By activity, or by the pillar of several."""
    return or_(Activity.slug == kind, Activity.pillar == kind)


async def coming(session: AsyncSession, *conditions: ColumnElement[bool], now: datetime) -> list[PublicDate]:
    """The dates of the window; one statement."""
    since, before = window(now)
    return await public_dates(session, Occurrence.starts_at >= since, Occurrence.starts_at < before, *conditions)


async def public_dates(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[PublicDate]:
    """Rows become dates; a date with several rooms is several rows."""
    found: dict[str, PublicDate] = {}
    for row in await session.execute(_dates().where(*conditions)):
        at = public_level(visibility=row[-2], state=row[3])
        if at is Level.NOTHING:
            continue
        rooms = (row[-1],) if at is Level.PUBLIC else ()
        known = found.get(row[0])
        found[row[0]] = replace(known, rooms=(*known.rooms, *rooms)) if known else _date(row, rooms)
    return list(found.values())


def _date(row: Any, rooms: Sequence[str]) -> PublicDate:
    return PublicDate(*(*row[:8], row[8] or {}, *row[9:13], rooms))


def _dates() -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = select(
        Occurrence.public_id,
        Occurrence.starts_at,
        Occurrence.ends_at,
        Occurrence.state,
        Occurrence.sequence,
        Occurrence.changed_at,
        Campus.time_zone,
        Activity.name,
        Booking.listing,
        School.name,
        School.street,
        School.city,
        School.zip,
        Booking.visibility,
        Room.name,
    )
    return (
        query.select_from(Occurrence)
        .join(Campus, Campus.id == Occurrence.campus_id)
        .join(Booking, Booking.id == Occurrence.booking_id)
        .join(Activity, Activity.id == Booking.activity_id)
        .join(OccurrenceRoom, OccurrenceRoom.occurrence_id == Occurrence.id)
        .join(Room, Room.id == OccurrenceRoom.room_id)
        .join(School, School.id == Room.school_id)
        .where(Occurrence.state.in_(STATES), Booking.visibility.not_in(CONFIDENTIAL))
        .order_by(Occurrence.starts_at, Occurrence.id, Room.id)
    )


def entry_of(date: PublicDate, language: str, base_url: str) -> Entry:
    """As the calendar tells it. Where the rooms may not be known, the place is the school."""
    place = (", ".join(date.rooms), date.school, date.street, f"{date.city} {date.zip}".strip())
    tongue = "/es" if language == "es" else ""
    return Entry(
        known_uid(date.public_id),
        date.starts_at,
        date.ends_at,
        date.zone,
        date.state,
        date.sequence,
        date.changed_at,
        title(date.listing, date.kind, language),
        ", ".join(part for part in place if part),
        description(date.listing, date.kind, language),
        f"{base_url}{tongue}/events/{date.public_id}",
        language,
    )
