"""A room's busy times as iCalendar bytes. Written by hand: icalendar's serialiser is 20 to 40 times slower and its VTIMEZONE misleads (CALENDARS.md)."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.vtimezone import vtimezone
from afterbell.bookings.models import Occurrence, OccurrenceRoom
from afterbell.places.catalog import RoomRow
from afterbell.places.models import RoomSpace
from afterbell.policy.projection import Level, show

MONTHS_BACK, MONTHS_AHEAD = 2, 18
STATUS = {"held": "TENTATIVE", "approved": "CONFIRMED"}
ENDED = ("cancelled", "withdrawn", "declined")


@dataclass(frozen=True)
class Feed:
    """The bytes and when they last changed."""

    body: bytes
    changed_at: datetime


@dataclass(frozen=True)
class Busy:
    """One date in the room, as much of it as the public may know."""

    public_id: str
    starts_at: datetime
    ends_at: datetime
    state: str
    sequence: int
    changed_at: datetime


def window(now: datetime) -> tuple[datetime, datetime]:
    """Whole months, so that the bytes do not change with the hour: from two months back to eighteen ahead, half-open."""
    return _month(now, -MONTHS_BACK), _month(now, MONTHS_AHEAD + 1)


def _month(now: datetime, offset: int) -> datetime:
    months = now.year * 12 + now.month - 1 + offset
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


async def busy_times(session: AsyncSession, room_id: int, *, now: datetime) -> list[Busy]:
    """The dates that use any space of the room, whichever of its rooms they were booked as; ended ones too, as long as
    the window holds them, so that clients take them off. One statement."""
    since, before = window(now)
    mine = select(RoomSpace.space_id).where(RoomSpace.room_id == room_id)
    sharing = select(RoomSpace.room_id).where(RoomSpace.space_id.in_(mine))
    columns = (
        Occurrence.public_id,
        Occurrence.starts_at,
        Occurrence.ends_at,
        Occurrence.state,
        Occurrence.sequence,
        Occurrence.changed_at,
    )
    ended = and_(Occurrence.state.in_(ENDED), Occurrence.sequence > 0)
    query = (
        select(*columns)
        .where(Occurrence.id.in_(select(OccurrenceRoom.occurrence_id).where(OccurrenceRoom.room_id.in_(sharing))))
        .where(Occurrence.starts_at >= since, Occurrence.starts_at < before)
        .where(or_(Occurrence.state.in_(STATUS), ended))
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    return [Busy(*row) for row in await session.execute(query)]


def publish(room: RoomRow, dates: Sequence[Busy], *, secret: bytes, now: datetime) -> Feed:
    """The feed of a room. Its words are constant; a date's UID is an HMAC, so that nobody can trace it to a booking; DTSTAMP is the last revision."""
    since, _ = window(now)
    there = ZoneInfo(room.time_zone)
    name = f"{room.name}, {room.school_name}"
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Afterbell//room calendar//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"X-WR-TIMEZONE:{room.time_zone}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    events = [_event(room, date, there, secret) for date in dates]
    parts = [_fold(head), vtimezone(room.time_zone), *events, "END:VCALENDAR\r\n"]
    return Feed("".join(parts).encode(), max([since, *(date.changed_at for date in dates)]))


def _event(room: RoomRow, date: Busy, there: ZoneInfo, secret: bytes) -> str:
    title = show("", None, Level.BUSY).title
    status = STATUS.get(date.state, "CANCELLED")
    gone = status == "CANCELLED"
    stamp = _utc(date.changed_at)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_uid(room, date, secret)}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"SEQUENCE:{date.sequence}",
        f"DTSTART{_when(date.starts_at, there, room.time_zone)}",
        f"DTEND{_when(date.ends_at, there, room.time_zone)}",
        f"SUMMARY:{'Cancelled: ' if gone else ''}{title}",
        f"STATUS:{status}",
        f"TRANSP:{'TRANSPARENT' if gone else 'OPAQUE'}",
        "END:VEVENT",
    ]
    return _fold(lines)


def _uid(room: RoomRow, date: Busy, secret: bytes) -> str:
    digest = hmac.new(secret, f"room-feed:{room.public_id}:{date.public_id}".encode(), "sha256").hexdigest()
    return f"{digest[:40]}@afterbell"


def _when(moment: datetime, there: ZoneInfo, zone: str) -> str:
    """Wall time with its zone; UTC in the hour that the November change repeats, where parsers disagree."""
    wall = moment.astimezone(there)
    twice = wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()
    return f":{_utc(moment)}" if twice else f";TZID={zone}:{wall:%Y%m%dT%H%M%S}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """TEXT of RFC 5545 3.3.11; control characters are dropped, since no parser agrees on them."""
    plain = "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _fold(lines: Iterable[str]) -> str:
    return "".join(folded(line) + "\r\n" for line in lines)


def folded(line: str) -> str:
    """At most 75 octets a line, never splitting a character (RFC 5545 3.1)."""
    if len(line) <= 75 and line.isascii():
        return line
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + character, size + width
    return "\r\n".join([*pieces, piece])
