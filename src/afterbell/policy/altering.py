"""Changing what was asked for or approved: which dates a change means, where they go, and whether somebody has to decide again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from afterbell.almanac.recurrence import Date, NoSuchTime, expand, left_out, wall_at
from afterbell.almanac.span import Span

SCOPES = ("this", "following", "all")


@dataclass(frozen=True)
class Alteration:
    """What is to be otherwise. `occurrence` names the date (id or original start) whose new `starts` and `ends` are given, as wall time at the campus or as
    instants; the others of the `scope` move as far. `rooms` are names as in an Ask. `also` are starts of further dates, `fewer` names of dates to give back.
    An empty `layout` takes it off. `words` are columns that nobody has to decide about. `reason` is what the school tells who asked."""

    scope: str = "all"
    occurrence: str | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    rooms: tuple[str, ...] | None = None
    also: tuple[datetime, ...] = ()
    fewer: tuple[str, ...] = ()
    headcount: int | None = None
    layout: str | None = None
    words: Mapping[str, Any] = field(default_factory=dict)
    anyway: str = ""
    reason: str = ""

    @property
    def times(self) -> bool:
        """Whether dates are to go elsewhere in time or space."""
        return self.starts is not None or self.ends is not None or self.rooms is not None

    def at(self, zone: str) -> "Alteration":
        """The same with naive wall times there. Raises RepeatRefused for an instant that wall time cannot name."""
        there = ZoneInfo(zone)
        starts, ends = (moment and wall_at(moment, there) for moment in (self.starts, self.ends))
        return replace(self, starts=starts, ends=ends, also=tuple(wall_at(moment, there) for moment in self.also))


@dataclass(frozen=True)
class Shift:
    """How far dates move on the wall clock, None when no start is said: each keeps its own. How long they are then; None: as long as they were. `usual` is how
    long the named date was."""

    by: timedelta | None
    length: timedelta | None
    usual: timedelta


def shift_of(wanted: Alteration, named: Date, zone: str) -> Shift:
    """From where the named date's series has it to where it is to be; an end alone, or the start that it has, changes the length only. Raises nothing: `moved`
    judges the result."""
    starts, ends = walls(named.span, zone)
    to = wanted.starts or starts
    by = timedelta(0) if to == starts else to - _of_its_series(named, zone)
    return Shift(by if wanted.starts else None, None if wanted.ends is None else wanted.ends - to, ends - starts)


def moved(date: Date, shift: Shift, zone: str, *, first: bool) -> Date:
    """A date where the shift puts it, at the same wall clock across clock changes. In the hour that the spring change leaves out the `first` is refused
    (RepeatRefused), another is put forward and says so; one that was put forward before moves from where its series had it. Raises RepeatRefused for an end
    before its start."""
    if not shift.by and shift.length is None:
        return date
    starts, ends = walls(date.span, zone)
    length = shift.length if shift.length is not None else shift.usual if date.shifted else ends - starts
    at = _of_its_series(date, zone) + (shift.by or timedelta(0))
    try:
        return Date(date.original_start, expand(at, at + length, zone, None)[0].span, False)
    except NoSuchTime as error:
        if first and shift.by:
            raise
        there = error.would_pass
        return Date(date.original_start, expand(there, there + length, zone, None)[0].span, True)


def walls(span: Span, zone: str) -> tuple[datetime, datetime]:
    """Start and end as the clock there shows them, naive."""
    there = ZoneInfo(zone)
    starts, ends = (_wall(moment, there) for moment in (span.starts_at, span.ends_at))
    return starts, ends


def _of_its_series(date: Date, zone: str) -> datetime:
    """The wall time that its series has, naive: of a date that was put forward the one that does not exist that night."""
    there = ZoneInfo(zone)
    missing = left_out(date.span.starts_at, there) if date.shifted else None
    return missing or _wall(date.span.starts_at, there)


def put_forward(starts: datetime, others: Iterable[datetime], zone: str) -> bool:
    """Whether a date that starts then was put forward, as far as the `others` of its series tell: one of them has the wall time that does not exist that
    night."""
    there = ZoneInfo(zone)
    missing = left_out(starts, there)
    return missing is not None and any(_wall(other, there).time() == missing.time() for other in others)


def asks_for_nothing_new(was: tuple[Span, frozenset[int]], wanted: tuple[Span, frozenset[int]]) -> bool:
    """Whether a date takes only time and spaces that it has: shorter, or a part of its rooms. Nobody has to decide about that."""
    return was[0].contains(wanted[0]) and wanted[1] <= was[1]


def needs_decision(name: str, was: int | str | None, wanted: int | str | None) -> bool:
    """Whether a new value for the whole of an approved booking does: more people, or another layout. Fewer people, title and contact do not."""
    if name == "headcount" and isinstance(was, int) and isinstance(wanted, int):
        return wanted > was
    return was != wanted


def in_scope(scope: str, starts: Sequence[datetime], named: int) -> list[int]:
    """The places of the dates that a scope means, of dates in order of time, counted from the one at the place `named`."""
    if scope == "this":
        return [named]
    return list(range(named if scope == "following" else 0, len(starts)))


def _wall(moment: datetime, there: ZoneInfo) -> datetime:
    return moment.astimezone(there).replace(tzinfo=None, fold=0)
