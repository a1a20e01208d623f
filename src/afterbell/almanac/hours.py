"""After-hours windows: weekly wall times when a campus is open to visitors, and whether a span fits them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from afterbell.almanac.span import Span, merged

MIDNIGHT = time()


@dataclass(frozen=True)
class Window:
    """Open on one weekday (0 is Monday) from `opens` to `closes`, wall time; `closes` 00:00 is the midnight that ends the day. `since` and `until` are
    the first and last day on which it holds, both included."""

    weekday: int
    opens: time
    closes: time
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this window opens on that wall date."""
        return (
            day.weekday() == self.weekday
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )


def stretches(windows: Iterable[Window], first: date, last: date, zone: str) -> list[Span]:
    """When the place is open from one wall date to another, both included, merged. It opens, and closes, when the clock first shows that time or a later
    one: a window inside the spring gap is left out, and in the hour that autumn repeats the first counts."""
    there = ZoneInfo(zone)
    held = list(windows)
    found = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        for window in held:
            if window.holds_on(day):
                found.extend(_on(day, window, there))
    return merged(found)


def _on(day: date, window: Window, there: ZoneInfo) -> list[Span]:
    until = day + timedelta(days=1) if window.closes == MIDNIGHT else day
    opens, closes = _first_shown(day, window.opens, there), _first_shown(until, window.closes, there)
    return [Span(opens, closes)] if opens < closes else []


def _first_shown(day: date, wall: time, there: ZoneInfo) -> datetime:
    """The instant, in UTC; a time that the spring change leaves out is the moment of the change."""
    moment = datetime.combine(day, wall, there)
    while (shown := moment.astimezone(UTC)).astimezone(there) != moment:
        moment += timedelta(minutes=1)
    return shown


def fits(span: Span, windows: Iterable[Window], zone: str) -> bool:
    """Every instant of the span lies inside one stretch when the place is open; past midnight is fine where two windows meet."""
    there = ZoneInfo(zone)
    first = span.starts_at.astimezone(there).date() - timedelta(days=1)
    last = span.ends_at.astimezone(there).date()
    return any(stretch.contains(span) for stretch in stretches(windows, first, last, zone))


def shared(windows: Iterable[Window], others: Sequence[Window]) -> list[Window]:
    """When two places are both open: every stretch that lies in a window of each, by wall time and by days."""
    return [both for one in windows for other in others if (both := _both(one, other)) is not None]


def _both(one: Window, other: Window) -> Window | None:
    opens = max(one.opens, other.opens)
    closes = min(one.closes, other.closes, key=lambda wall: (wall == MIDNIGHT, wall))
    since = max(one.since or date.min, other.since or date.min)
    until = min(one.until or date.max, other.until or date.max)
    if one.weekday != other.weekday or MIDNIGHT < closes <= opens or since > until:
        return None
    return Window(one.weekday, opens, closes, since if since > date.min else None, until if until < date.max else None)


def as_json(windows: Iterable[Window]) -> list[dict[str, Any]]:
    """Plain values, for a column."""
    return [
        {
            "weekday": window.weekday,
            "opens": f"{window.opens:%H:%M}",
            "closes": f"{window.closes:%H:%M}",
            "since": window.since.isoformat() if window.since else None,
            "until": window.until.isoformat() if window.until else None,
        }
        for window in windows
    ]


def from_json(rows: Sequence[Mapping[str, Any]]) -> list[Window]:
    """The inverse of `as_json`."""
    return [
        Window(
            row["weekday"],
            time.fromisoformat(row["opens"]),
            time.fromisoformat(row["closes"]),
            date.fromisoformat(row["since"]) if row["since"] else None,
            date.fromisoformat(row["until"]) if row["until"] else None,
        )
        for row in rows
    ]
