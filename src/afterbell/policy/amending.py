"""Single dates of a series that are otherwise: at another time. The date keeps the name that its series gave it."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from afterbell.almanac.recurrence import Date, expand, refuse_long
from afterbell.policy.ask import MOST_DATES, Altered


class UnknownDate(ValueError):
    """The series has no such date; `original_start` is what was named, wall time."""

    def __init__(self, original_start: datetime) -> None:
        super().__init__(f"no date {original_start}")
        self.original_start = original_start


def amended(dates: Sequence[Date], changes: Sequence[Altered], zone: str) -> list[Date]:
    """The dates in order of time, with those moved that `changes` names by original start. A start alone keeps the length on the wall clock. Raises
    UnknownDate, and RepeatRefused for a time that does not exist, an end before its start or dates that are then too far apart."""
    named = {change.original_start: change for change in changes}
    known = {date.original_start for date in dates}
    for change in changes:
        if change.original_start not in known:
            raise UnknownDate(change.original_start)
    moved = [_moved(date, named[date.original_start], zone) if date.original_start in named else date for date in dates]
    moved.sort(key=lambda date: (date.span.starts_at, date.original_start))
    first, last = (
        date.span.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for date in (moved[0], moved[-1])
    )
    refuse_long(first, last, len(moved), MOST_DATES)
    return moved


def _moved(date: Date, change: Altered, zone: str) -> Date:
    if change.starts is None and change.ends is None:
        return date
    there = ZoneInfo(zone)
    was, until = (moment.astimezone(there).replace(tzinfo=None) for moment in (date.span.starts_at, date.span.ends_at))
    starts = change.starts or was
    ends = change.ends or starts + (until - was)
    shifted = date.shifted and change.starts is None
    return Date(date.original_start, expand(starts, ends, zone, None)[0].span, shifted)
