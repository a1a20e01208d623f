"""Another time close by in the same room: the nearest that is free, when the one that was asked for is not; and the days close by."""

from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from afterbell.almanac.span import Span

STEP = timedelta(minutes=15)
FURTHEST = timedelta(hours=3)
CLOSE_BY = 6  # days: a week later is often the next date of the series


def other_time(claim: Span, free: Sequence[Span]) -> timedelta | None:
    """By how much to move so that the whole time in the room, set-up and take-down included, lies in one free span: by as little as can be, in
    quarter-hours, at most three hours; later before earlier where both are as near. None when nothing is, or when it is free as it is."""
    if any(span.contains(claim) for span in free):
        return None
    return next((by for by in _moves() if _fits(claim, by, free)), None)


def _moves() -> Iterator[timedelta]:
    steps = int(FURTHEST / STEP)
    return (sign * number * STEP for number in range(1, steps + 1) for sign in (1, -1))


def _fits(claim: Span, by: timedelta, free: Sequence[Span]) -> bool:
    starts_at, ends_at = claim.starts_at + by, claim.ends_at + by
    return any(span.starts_at <= starts_at and ends_at <= span.ends_at for span in free)


def days_close_by(date: Span, zone: str) -> Iterator[Span]:
    """The same wall time on the days around, the nearest first and of two as near the later. A time that the clocks leave out on that night is none."""
    there = ZoneInfo(zone)
    wall = date.starts_at.astimezone(there).replace(tzinfo=None)
    for days in (sign * number for number in range(1, CLOSE_BY + 1) for sign in (1, -1)):
        begins = (wall + timedelta(days=days)).replace(tzinfo=there).astimezone(UTC)
        if begins.astimezone(there).replace(tzinfo=None) == wall + timedelta(days=days):
            yield Span(begins, begins + date.length)
