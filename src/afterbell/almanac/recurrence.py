"""Repeats: from a first date and a rule to every date, in wall time at a place (RFC 5545 3.3.10, as far as rooms need it). Bounded against hostile rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from afterbell.almanac.refusals import (
    ContradictoryRepeat,
    EndsBeforeStart,
    MalformedRepeat,
    NoSuchTime,
    RepeatRefused,
    SecondOfTwo,
    TooLongSeries,
    TooManyDates,
)
from afterbell.almanac.rule import Rule, read_rule
from afterbell.almanac.span import Span
from afterbell.almanac.walk import named_days

__all__ = [
    "MOST_MONTHS",
    "Date",
    "NoSuchTime",
    "Repeat",
    "RepeatRefused",
    "expand",
    "left_out",
    "months_later",
    "wall_at",
]

MOST_MONTHS = 18
YEARS_AHEAD = 20
LONG_PAST, LONG_AHEAD = datetime(1900, 1, 1), datetime(9900, 1, 1)


@dataclass(frozen=True)
class Repeat:
    """A rule ("FREQ=WEEKLY;COUNT=12"), the wall dates to leave out of it, and further starts in wall time, which stay even on a day that is left out."""

    rrule: str = ""
    skip: frozenset[date] = frozenset()
    also: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Date:
    """One date. `original_start` is the naive wall time that names it for good; `shifted` when that time does not exist and was moved forward."""

    original_start: datetime
    span: Span
    shifted: bool


def expand(starts: datetime, ends: datetime, zone: str, repeat: Repeat | None, most: int = 400) -> list[Date]:
    """Every date in order, at the same wall clock across clock changes; a time that exists twice is the first. Naive wall times in. Raises RepeatRefused."""
    if ends <= starts:
        raise EndsBeforeStart("the end is not later than the start")
    there = ZoneInfo(zone)
    _refuse_far(starts, ends - starts)
    if _in_gap(starts, there):
        raise NoSuchTime(_instant(starts, there).astimezone(there).replace(tzinfo=None))
    walls = _walls(starts, ends - starts, repeat, most, there) if repeat else [starts]
    return [_date(wall, ends - starts, there) for wall in walls]


def wall_at(moment: datetime, there: ZoneInfo) -> datetime:
    """What somebody wrote as naive wall time there: that itself, or an instant. Raises SecondOfTwo for one that wall time cannot name."""
    if moment.tzinfo is None:
        return moment
    local = moment.astimezone(there)
    wall = local.replace(tzinfo=None, fold=0)
    if local.fold:
        raise SecondOfTwo(wall, _once(wall, there))
    return wall


def _once(wall: datetime, there: ZoneInfo) -> datetime:
    """The next whole minute that the clocks show once."""
    wall = wall.replace(second=0, microsecond=0, tzinfo=there)
    while wall.utcoffset() != wall.replace(fold=1).utcoffset():
        wall += timedelta(minutes=1)
    return wall.replace(tzinfo=None)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or the last that it has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year, month + 1, 28) + timedelta(days=4)
    return min(following - timedelta(days=following.day), date(year, month + 1, 1) + timedelta(days=day.day - 1))


def _refuse_far(wall: datetime, length: timedelta) -> None:
    """The calendar ends with the year 9999, and sums beyond it fail."""
    if wall < LONG_PAST or length > LONG_AHEAD - wall:
        raise MalformedRepeat("no_date", day=f"{wall.date()}")


def _walls(starts: datetime, length: timedelta, repeat: Repeat, most: int, there: ZoneInfo) -> list[datetime]:
    """The wall starts: the rule's, less those left out, and the further ones. Stops at the first date too many or too late."""
    for wall in repeat.also:
        _refuse_far(wall, length)
    rule = read_rule(repeat.rrule) if repeat.rrule else None
    if rule and rule.count and rule.count - len(repeat.skip) > most:
        raise TooManyDates(most)
    found = set(repeat.also)
    for wall in _ruled(starts, rule, there):
        if wall.date() not in repeat.skip:
            found.add(wall)
            refuse_long(min(found), wall, len(found), most)
    if not found:
        raise ContradictoryRepeat("all_left_out")
    refuse_long(min(found), max(found), len(found), most)
    _refuse_far(max(found), length)
    return sorted(found)


def refuse_long(first: datetime, last: datetime, count: int, most: int) -> None:
    """Raises TooManyDates or TooLongSeries for dates of one booking, from the first wall start to the last, that no booking may hold."""
    if count > most:
        raise TooManyDates(most)
    latest = months_later(first.date(), MOST_MONTHS)
    if last.date() > latest:
        raise TooLongSeries(MOST_MONTHS, latest)


def _ruled(starts: datetime, rule: Rule | None, there: ZoneInfo) -> Iterator[datetime]:
    """The first date, which always counts, even off the rule (RFC 5545 3.3.10, COUNT), and then the rule's."""
    until = _until(rule.until, starts, there) if rule and rule.until else LONG_AHEAD
    if until < starts:
        first = starts.date()
        raise ContradictoryRepeat("until_before_start", f"UNTIL={first:%Y%m%d}", {"day": first})
    yield starts
    left = rule.count - 1 if rule and rule.count else None
    if rule and left != 0:
        yield from _later(starts, rule, until, left)


def _later(starts: datetime, rule: Rule, until: datetime, left: int | None) -> Iterator[datetime]:
    """The dates after the first, `left` of them at most. A rule that names no date at all is refused; one still unfinished when the walk ends is too long."""
    matched = False
    for day in named_days(rule, starts.date()):
        wall = datetime.combine(day, starts.time())
        if wall > until:
            break
        matched = True
        if wall != starts:
            yield wall
            left = left and left - 1
        if left == 0:
            return
    else:
        if matched:
            raise TooLongSeries(MOST_MONTHS, months_later(starts.date(), MOST_MONTHS))
    if not matched:
        raise ContradictoryRepeat("never")


def _until(text: str, starts: datetime, there: ZoneInfo) -> datetime:
    """UNTIL as naive wall time: a date counts whole, UTC is converted, and far years are cut on both sides, since nothing is bookable there."""
    try:
        until = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")
    except ValueError as error:
        raise MalformedRepeat("no_until", part=f"UNTIL={text}") from error
    if until.year > starts.year + YEARS_AHEAD:
        return datetime(starts.year + YEARS_AHEAD, 12, 31)
    until = max(until, LONG_PAST)
    if text.endswith("Z"):
        return until.replace(tzinfo=UTC).astimezone(there).replace(tzinfo=None)
    return until if "T" in text else until + timedelta(hours=24, seconds=-1)


def _date(wall: datetime, length: timedelta, there: ZoneInfo) -> Date:
    shifted = _in_gap(wall, there)
    starts_at = _instant(wall, there)
    ends_at = _instant(wall + length, there)
    if ends_at <= starts_at:  # the wall end lies inside the gap: keep the length instead
        ends_at = starts_at + length
    return Date(wall, Span(starts_at, ends_at), shifted)


def _instant(wall: datetime, there: ZoneInfo) -> datetime:
    """The instant of a wall time; one in the gap moves forward by the gap (zoneinfo's fold=0 reads it with the offset before the change)."""
    return wall.replace(tzinfo=there, fold=0).astimezone(UTC)


def left_out(moment: datetime, there: ZoneInfo) -> datetime | None:
    """The wall time of the spring gap, naive, that moves forward to this instant; None on every other. No clock changes twice within a day."""
    before = (moment - timedelta(days=1)).astimezone(there).utcoffset() or timedelta(0)
    wall = (moment.astimezone(UTC) + before).replace(tzinfo=None)
    return wall if _in_gap(wall, there) else None


def _in_gap(wall: datetime, there: ZoneInfo) -> bool:
    return _instant(wall, there).astimezone(there).replace(tzinfo=None, fold=0) != wall
