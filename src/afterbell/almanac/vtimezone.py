"""A VTIMEZONE by rule. icalendar's own lists dates to 2038, of which ical.js reads only the first: an hour wrong from the second year (CALENDARS.md)."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FIRST_YEAR, MODEL_YEAR = 2007, 2026


@cache
def vtimezone(zone: str) -> str:
    """The component with CRLF, each onset in local time under the offset before it; holds from 2007 as long as the zone keeps its present rule."""
    there = ZoneInfo(zone)
    onsets = _transitions(there, MODEL_YEAR)
    parts = [_part(there, onset) for onset in onsets] if onsets else [_fixed(there)]
    return f"BEGIN:VTIMEZONE\r\nTZID:{zone}\r\n{''.join(parts)}END:VTIMEZONE\r\n"


def _transitions(there: ZoneInfo, year: int) -> list[datetime]:
    """The instants in a year when the offset changes, to the minute."""
    found = []
    moment = datetime(year, 1, 1, tzinfo=UTC)
    for _ in range(366):
        following = moment + timedelta(days=1)
        if _offset(there, moment) != _offset(there, following):
            found.append(_narrow(there, moment, following))
        moment = following
    return found


def _narrow(there: ZoneInfo, low: datetime, high: datetime) -> datetime:
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        middle = middle.replace(second=0, microsecond=0)
        low, high = (middle, high) if _offset(there, middle) == _offset(there, low) else (low, middle)
    return high


def _part(there: ZoneInfo, onset: datetime) -> str:
    """STANDARD or DAYLIGHT: the nth weekday of a month, every year since 2007."""
    before, after = _offset(there, onset - timedelta(minutes=1)), _offset(there, onset)
    wall = (onset + before).replace(tzinfo=None)
    nth = _nth(wall)
    first = _matching(FIRST_YEAR, wall, nth)
    kind = "DAYLIGHT" if onset.astimezone(there).dst() else "STANDARD"
    rule = f"RRULE:FREQ=YEARLY;BYMONTH={wall.month};BYDAY={nth}{WEEKDAYS[wall.weekday()]}"
    return _lines(kind, first, (before, after), onset.astimezone(there).tzname() or kind, rule)


def _fixed(there: ZoneInfo) -> str:
    moment = datetime(MODEL_YEAR, 1, 1, tzinfo=UTC)
    offset = _offset(there, moment)
    name = moment.astimezone(there).tzname() or "STANDARD"
    return _lines("STANDARD", datetime(FIRST_YEAR, 1, 1), (offset, offset), name, None)


def _lines(kind: str, first: datetime, offsets: tuple[timedelta, timedelta], name: str, rule: str | None) -> str:
    lines = [
        f"BEGIN:{kind}",
        f"DTSTART:{first:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_signed(offsets[0])}",
        f"TZOFFSETTO:{_signed(offsets[1])}",
        f"TZNAME:{name}",
        *([rule] if rule else []),
        f"END:{kind}",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _nth(wall: datetime) -> int:
    """-1 for a month's last such weekday (Europe), else which one it is."""
    last = (wall + timedelta(days=7)).month != wall.month
    return -1 if last else (wall.day - 1) // 7 + 1


def _matching(year: int, wall: datetime, nth: int) -> datetime:
    """The same weekday of that month in another year, at the same wall time."""
    days = [wall.replace(year=year, month=wall.month, day=1) + timedelta(days=offset) for offset in range(31)]
    same = [day for day in days if day.month == wall.month and day.weekday() == wall.weekday()]
    return same[nth if nth < 0 else nth - 1]


def _offset(there: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(there).utcoffset() or timedelta(0)


def _signed(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
