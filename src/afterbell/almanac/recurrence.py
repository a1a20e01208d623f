"""Repeats: from a first date and a rule to every date, in wall time at a place (RFC 5545 3.3.10, as far as rooms need it). Bounded against hostile rules."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from typing import ClassVar
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from afterbell.almanac.span import Span

LONGEST_RULE = 500
PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"})
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
SUPPORTED = frozenset({"DAILY", "WEEKLY"})
DAY = re.compile(r"(MO|TU|WE|TH|FR|SA|SU)\Z")
DAYS = re.compile(r"(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*\Z")
UNTIL = re.compile(r"[0-9]{8}(T[0-9]{6}Z?)?\Z", re.ASCII)
NUMBER = re.compile(r"[1-9][0-9]?\Z", re.ASCII)  # 400 dates at 99 weeks stay inside the calendar
YEARS_AHEAD = 20
LONG_PAST, LONG_AHEAD = datetime(1900, 1, 1), datetime(9900, 1, 1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RepeatRefused(ValueError):
    """A first date or a rule that cannot be followed; `code` says why, as API.md names it."""

    code: ClassVar[str] = "malformed"


class MalformedRepeat(RepeatRefused):
    """Not a rule that this system follows; the text says which part."""


class EndlessRepeat(RepeatRefused):
    """Neither COUNT nor UNTIL."""

    code = "endless_repeat"


class TooFrequent(RepeatRefused):
    """More often than daily."""

    code = "too_frequent"


class TooManyDates(RepeatRefused):
    """More dates than one booking may hold; `most` says how many pass."""

    code = "too_many_dates"

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} dates")
        self.most = most


class EndsBeforeStart(RepeatRefused):
    """The end is not later than the start."""

    code = "ends_before_start"


class NoSuchTime(RepeatRefused):
    """The first start falls in the hour that the spring change leaves out; `would_pass` is the wall time that the clocks jump to."""

    code = "no_such_time"

    def __init__(self, would_pass: datetime) -> None:
        super().__init__(f"that time does not exist; {would_pass:%H:%M} does")
        self.would_pass = would_pass


@dataclass(frozen=True)
class Repeat:
    """A rule ("FREQ=WEEKLY;COUNT=12"), the wall dates to leave out, and further starts in wall time."""

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
    walls = _walls(starts, repeat, most, there) if repeat else [starts]
    for wall in (min(walls), max(walls)):
        _refuse_far(wall, ends - starts)
    return [_date(wall, ends - starts, there) for wall in walls]


def _refuse_far(wall: datetime, length: timedelta) -> None:
    """The calendar ends with the year 9999, and sums beyond it fail."""
    if wall < LONG_PAST or length > LONG_AHEAD - wall:
        raise MalformedRepeat(f"{wall.date()} is no date for a booking")


def _walls(starts: datetime, repeat: Repeat, most: int, there: ZoneInfo) -> list[datetime]:
    """The wall starts: the rule's, less those left out, and the further ones."""
    ruled = _ruled(starts, repeat.rrule, there) if repeat.rrule else iter([starts])
    kept = (wall for wall in ruled if wall.date() not in repeat.skip)
    found = {*islice(kept, most + 1), *repeat.also}
    if len(found) > most:
        raise TooManyDates(most)
    if not found:
        raise MalformedRepeat("every date is left out")
    return sorted(found)


def _ruled(starts: datetime, text: str, there: ZoneInfo) -> Iterator[datetime]:
    """The rule's dates after the first, which always counts, even off the rule (RFC 5545 3.3.10, COUNT)."""
    parts = _checked(text)
    count = parts.pop("COUNT", None)
    rest = (wall for wall in _rule(starts, parts, there) if wall != starts)
    return islice(chain([starts], rest), int(count[:9]) if count else None)


def _checked(text: str) -> dict[str, str]:
    """The parts of a rule, each checked before the library sees it."""
    parts = _parts(text)
    freq = parts.get("FREQ", "")
    if freq in TOO_OFTEN or any(name in parts for name in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        raise TooFrequent(freq)
    _check_parts(parts)
    return parts


def _rule(starts: datetime, parts: Mapping[str, str], there: ZoneInfo) -> Iterable[datetime]:
    """Every date over naive wall time. A rule that matches no day (every seventh, but Tuesdays, from a Monday) would be followed to the year 9999."""
    whole_weeks = parts["FREQ"] == "DAILY" and int(parts.get("INTERVAL", "1")) % 7 == 0
    if whole_weeks and WEEKDAYS[starts.weekday()] not in parts.get("BYDAY", WEEKDAYS):
        return []
    told = dict(parts) | ({"UNTIL": _until(parts["UNTIL"], starts, there)} if "UNTIL" in parts else {})
    return iter(rrulestr(";".join(f"{name}={value}" for name, value in told.items()), dtstart=starts))


def _parts(text: str) -> dict[str, str]:
    body = text.strip().upper().removeprefix("RRULE:")
    if not body or len(body) > LONGEST_RULE or not body.isascii():
        raise MalformedRepeat("a rule such as FREQ=WEEKLY;COUNT=12 passes")
    pairs = [part.partition("=") for part in body.split(";") if part]
    names = [name for name, _, _ in pairs]
    if len(set(names)) != len(names):
        raise MalformedRepeat("a part stands twice")
    return {name: value for name, _, value in pairs}


def _check_parts(parts: dict[str, str]) -> None:
    unknown = sorted(set(parts) - PARTS)
    if unknown or parts.get("FREQ") not in SUPPORTED:
        raise MalformedRepeat(
            f"{(unknown or ['FREQ=' + parts.get('FREQ', '')])[0][:40]} is not followed; DAILY and WEEKLY rules pass"
        )
    if "COUNT" not in parts and "UNTIL" not in parts:
        raise EndlessRepeat("no COUNT and no UNTIL")
    if "COUNT" in parts and "UNTIL" in parts:
        raise MalformedRepeat("COUNT and UNTIL exclude each other")
    forms = {"INTERVAL": NUMBER, "BYDAY": DAYS, "WKST": DAY, "UNTIL": UNTIL}
    for name, form in forms.items():
        if name in parts and not form.match(parts[name]):
            raise MalformedRepeat(f"{name}={parts[name][:40]} cannot be read")
    _check_count(parts.get("COUNT", "1"))


def _check_count(count: str) -> None:
    if not count.isascii() or not count.isdigit() or int(count[:9]) < 1:
        raise MalformedRepeat(f"COUNT={count[:40]} cannot be read")


def _until(text: str, starts: datetime, there: ZoneInfo) -> str:
    """UNTIL as naive wall time: a date counts whole, UTC is converted, and far years are cut on both sides, since nothing is bookable there."""
    try:
        until = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")
    except ValueError as error:
        raise MalformedRepeat(f"UNTIL={text} is no date") from error
    until = max(until, LONG_PAST)
    until = until.replace(
        year=min(until.year, starts.year + YEARS_AHEAD),
        day=min(until.day, 28) if until.year > starts.year + YEARS_AHEAD else until.day,
    )
    if text.endswith("Z"):
        until = until.replace(tzinfo=UTC).astimezone(there).replace(tzinfo=None)
    elif "T" not in text:
        until += timedelta(hours=24, seconds=-1)
    return f"{until:%Y%m%dT%H%M%S}"


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


def _in_gap(wall: datetime, there: ZoneInfo) -> bool:
    return _instant(wall, there).astimezone(there).replace(tzinfo=None, fold=0) != wall
