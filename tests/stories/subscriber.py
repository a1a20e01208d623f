"""How a subscriber reads a calendar: with `ical`, a parser that shares no code with Afterbell. Nothing here asserts."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

UNHEARD_OF = "Nowhere/Afterbell"


@dataclass(frozen=True, order=True)
class Entry:
    """One date as the subscriber sees it; instants in UTC."""

    starts_at: datetime
    ends_at: datetime
    uid: str
    status: str
    sequence: int
    summary: str


def entries(ics: str) -> list[Entry]:
    """Every date in the calendar, repeats spelled out, in order of time."""
    calendar: Calendar = IcsCalendarStream.calendar_from_ics(ics)
    found = []
    for event in calendar.timeline_tz(UTC):
        starts_at, ends_at = event.dtstart, event.end
        assert isinstance(starts_at, datetime)
        assert isinstance(ends_at, datetime)
        span = (starts_at.astimezone(UTC), ends_at.astimezone(UTC))
        status = event.status.value if event.status else ""
        found.append(Entry(*span, str(event.uid), status, event.sequence or 0, event.summary or ""))
    return sorted(found)


def instants(ics: str) -> list[tuple[str, str]]:
    """When each date starts and ends, as the cast writes instants."""
    return [(entry.starts_at.isoformat(), entry.ends_at.isoformat()) for entry in entries(ics)]


def under_another_name(ics: str, zone: str) -> str:
    """The same calendar with a zone that no machine knows, so that a parser has nothing to go by but its VTIMEZONE."""
    return re.sub(rf"(?<=[:=]){re.escape(zone)}(?=[:\r])", UNHEARD_OF, ics)
