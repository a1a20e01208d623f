"""The calendar around its dates, as bytes. Written by hand: icalendar's serialiser is 20 to 40 times slower and its VTIMEZONE misleads (CALENDARS.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from afterbell.almanac.vtimezone import vtimezone
from afterbell.feeds.events import Entry, vevent
from afterbell.feeds.lines import escaped, fold

MONTHS_BACK, MONTHS_AHEAD = 2, 18


@dataclass(frozen=True)
class Feed:
    """The bytes and when they last changed; None where nobody keeps when something was taken out, and the ETag alone tells."""

    body: bytes
    changed_at: datetime | None


@dataclass(frozen=True)
class About:
    """What a calendar says of itself; `kind` is a word for its PRODID, `zone` where it is at home."""

    name: str
    zone: str
    kind: str
    description: str = ""
    language: str = "en"


def window(now: datetime) -> tuple[datetime, datetime]:
    """Whole months, so that the bytes do not change with the hour: from two months back to eighteen ahead, half-open."""
    return _month(now, -MONTHS_BACK), _month(now, MONTHS_AHEAD + 1)


def _month(now: datetime, offset: int) -> datetime:
    months = now.year * 12 + now.month - 1 + offset
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def calendar(about: About, entries: Sequence[Entry]) -> bytes:
    """The whole object. An empty one still holds a time zone, since one component must be there (RFC 5545 3.6)."""
    zones = sorted({entry.zone for entry in entries} or {about.zone})
    return wrapped(about, [*map(vtimezone, zones), *map(vevent, entries)])


def wrapped(about: About, components: Sequence[str]) -> bytes:
    """Finished components with the head and the foot of a calendar."""
    name, told = escaped(about.name), escaped(about.description)
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Afterbell//{about.kind} calendar//{about.language.upper()}",
        "CALSCALE:GREGORIAN",
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        *([f"DESCRIPTION:{told}", f"X-WR-CALDESC:{told}"] if told else []),
        f"X-WR-TIMEZONE:{about.zone}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    return "".join([fold(head), *components, "END:VCALENDAR\r\n"]).encode()
