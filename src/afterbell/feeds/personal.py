"""Which dates are in a secret calendar, and as what: judged as its owner is now, through policy.projection. Contacts and notes are in none: calendars are
copied to phones and to other companies' servers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.announced import of_kind
from afterbell.bookings.date_rows import Move, moves_of_dates
from afterbell.bookings.lists import words_open_to
from afterbell.bookings.models import Activity, Booking, Occurrence, OccurrenceRoom
from afterbell.bookings.queries import visible_to
from afterbell.feeds.events import ENDED, STATUS, Entry, busy_uid, known_uid
from afterbell.feeds.publish import window
from afterbell.feeds.secret import CAMPUS_STAFF, CUSTODIAN, MINE
from afterbell.partners.models import Organization
from afterbell.places.models import Campus, Room, School
from afterbell.policy.projection import Level, Viewer, level, show
from afterbell.policy.verdict import N_
from afterbell.web.dates import day, hour, times
from afterbell.web.words import say, say_many


@dataclass(frozen=True)
class PlacedDate:
    """One date with all that somebody may know of it at most; only `entry_for` tells it. `changed_at` is of its time, `told_at` of all of its booking's words;
    `move` is where it is to go, while that waits."""

    public_id: str
    starts_at: datetime
    ends_at: datetime
    claim_starts_at: datetime
    claim_ends_at: datetime
    state: str
    sequence: int
    changed_at: datetime
    zone: str
    campus_id: int
    organization_id: int
    requested_by_id: int
    visibility: str
    title: str
    reference: str
    headcount: int
    organization: str
    school: str
    address: str
    rooms: tuple[str, ...]
    entrances: tuple[str, ...]
    told_at: datetime
    move: Move | None = None


@dataclass(frozen=True)
class Reader:
    """For whom a calendar is written: its owner as they are now, what it is about, and what its busy UIDs are made with."""

    viewer: Viewer
    scope: str
    feed: str
    filters: Mapping[str, str]
    secret: bytes
    base_url: str


async def dates_for(session: AsyncSession, reader: Reader, *, now: datetime) -> list[PlacedDate]:
    """The dates of the window that the owner may know of; one statement, and one more where some are to move."""
    since, before = window(now)
    ended = and_(Occurrence.state.in_(ENDED), Occurrence.sequence > 0)
    query = _dates().where(
        Occurrence.starts_at >= since,
        Occurrence.starts_at < before,
        or_(Occurrence.state.in_(STATUS), ended),
        scope_of(reader),
        *_filters(reader),
    )
    found: dict[str, PlacedDate] = {}
    changing: set[int] = set()
    for row in await session.execute(query):
        known = found.get(row[0])
        rooms, entrances = (row[-2],), ((row[-1],) if row[-1] else ())
        if known:
            found[row[0]] = replace(known, rooms=known.rooms + rooms, entrances=known.entrances + entrances)
        else:
            found[row[0]] = _date(row, rooms, entrances)
            changing |= {row[22]} if row[23] else set()
    moves = await moves_of_dates(session, changing) if changing else {}
    return [replace(date, move=moves.get(id_)) for id_, date in found.items()] if moves else list(found.values())


def _date(row: Any, rooms: tuple[str, ...], entrances: tuple[str, ...]) -> PlacedDate:
    return PlacedDate(*(*row[:18], f"{row[18]}, {row[19]} {row[20]}", rooms, entrances, max(row[7], row[21])))


def scope_of(reader: Reader) -> ColumnElement[bool]:
    """The bookings that the owner may know of and this calendar is about, filters apart."""
    viewer = reader.viewer
    if reader.scope == MINE:
        return and_(Booking.requested_by_id == viewer.person_id, visible_to(viewer))
    if reader.scope in (CAMPUS_STAFF, CUSTODIAN):
        if viewer.everywhere:
            return true()
        return Booking.campus_id.in_(viewer.campuses) if viewer.campuses else false()
    return Booking.organization_id.in_(viewer.organizations) if viewer.organizations else false()


def _filters(reader: Reader) -> list[ColumnElement[bool]]:
    """A busy time has no category: asked for one, it is left out."""
    campus, activity = reader.filters.get("campus"), reader.filters.get("activity")
    kind = [of_kind(activity), words_open_to(reader.viewer)] if activity else []
    return [*([Campus.slug == campus] if campus else []), *kind]


def _dates() -> Select[*tuple[Any, ...]]:
    times = ("public_id", "starts_at", "ends_at", "claim_starts_at", "claim_ends_at", "state", "sequence", "changed_at")
    query: Select[*tuple[Any, ...]] = select(
        *(getattr(Occurrence, name) for name in times),
        Campus.time_zone,
        Booking.campus_id,
        Booking.organization_id,
        Booking.requested_by_id,
        Booking.visibility,
        Booking.title,
        Booking.reference,
        Booking.headcount,
        Organization.name,
        School.name,
        School.street,
        School.city,
        School.zip,
        Booking.changed_at,
        Booking.id,
        Booking.change_by,
        Room.name,
        Room.entrance,
    )
    return (
        query.select_from(Occurrence)
        .join(Booking, Booking.id == Occurrence.booking_id)
        .join(Campus, Campus.id == Booking.campus_id)
        .join(Organization, Organization.id == Booking.organization_id)
        .join(Activity, Activity.id == Booking.activity_id)
        .join(OccurrenceRoom, OccurrenceRoom.occurrence_id == Occurrence.id)
        .join(Room, Room.id == OccurrenceRoom.room_id)
        .join(School, School.id == Room.school_id)
        .order_by(Occurrence.starts_at, Occurrence.id, Room.id)
    )


def entry_for(date: PlacedDate, reader: Reader) -> Entry | None:
    """As this person may know it; None for nothing at all. Busy times have UIDs of this calendar alone, and no words but the room's."""
    viewer, language = reader.viewer, reader.viewer.language
    at = level(
        visibility=date.visibility,
        campus_id=date.campus_id,
        organization_id=date.organization_id,
        viewer=viewer,
        own=date.requested_by_id == viewer.person_id,
    )
    if at is Level.NOTHING:
        return None
    shown = show(date.title, date, at)
    full = shown.details
    return Entry(
        known_uid(date.public_id) if full else busy_uid(reader.secret, f"secret-feed:{reader.feed}", date.public_id),
        date.starts_at,
        date.ends_at,
        date.zone,
        date.state,
        date.sequence,
        date.told_at if full else date.changed_at,
        shown.title if full else say(shown.title, language),
        ", ".join((*date.rooms, date.school, date.address)),
        _description(date, full, reader),
        f"{reader.base_url}/bookings/{full.reference}" if full else "",
        language,
    )


def _description(date: PlacedDate, full: PlacedDate | None, reader: Reader) -> str:
    """Who, how many and whether it is settled, for those who may know; for custodians when to open and lock, and where."""
    language = reader.viewer.language
    lines = [full.organization] if full else []
    if full and date.state in ("held", "requested"):
        lines.append(say(N_("Waits for the school's decision."), language))
    if full and full.move:
        lines.append(_asked(full, full.move, language))
    if reader.scope == CUSTODIAN:
        lines += _work(date, language)
    if full:
        lines += [say_many("{count} person", "{count} people", full.headcount, language), full.reference]
    return "\n".join(lines)


def _asked(date: PlacedDate, move: Move, language: str) -> str:
    """Where it is to go; the rooms only where they are others."""
    on = day(move.starts_at.astimezone(ZoneInfo(date.zone)), language)
    when = f"{on}, {times(move.starts_at, move.ends_at, date.zone, language)}"
    rooms = tuple(room.name for room in move.rooms)
    where = when if rooms == date.rooms else f"{when}, {', '.join(rooms)}"
    return say(N_("Asked to move to {place}; until that is decided this stands."), language, place=where)


def _work(date: PlacedDate, language: str) -> list[str]:
    there = ZoneInfo(date.zone)
    since, until = (hour(at.astimezone(there), language) for at in (date.claim_starts_at, date.claim_ends_at))
    entrances = ", ".join(dict.fromkeys(date.entrances))
    lines = [
        say(N_("Set-up from {time}"), language, time=since),
        say(N_("Take-down until {time}"), language, time=until),
    ]
    return [*lines, *([say(N_("Entrance: {entrance}"), language, entrance=entrances)] if entrances else [])]
