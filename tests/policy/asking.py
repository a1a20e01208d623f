"""Wishes and facts to judge: a school that is open from 15:00 to 22:00, asked on a Monday morning in October 2026."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from afterbell.almanac.closures import Closure, days
from afterbell.almanac.hours import Window
from afterbell.almanac.recurrence import Date, Repeat, expand
from afterbell.almanac.span import Span
from afterbell.policy.ask import Facts, RoomFacts, Wish
from afterbell.policy.verdict import Verdict

ZONE = "America/Los_Angeles"
THERE = ZoneInfo(ZONE)
NOW = datetime(2026, 10, 5, 17, tzinfo=UTC)
AFTERNOONS = tuple(Window(weekday, time(15), time(22)) for weekday in range(7))
ALWAYS = tuple(Window(weekday, time(), time()) for weekday in range(7))
HALF_HOUR = timedelta(minutes=30)
ROOM, SPACE = 1, 11


@dataclass(frozen=True)
class School:
    """What holds there, to be varied by `replace`."""

    capacity: int = 30
    windows: Sequence[Window] = AFTERNOONS
    closures: Sequence[Closure] = ()
    taken: Sequence[Span] = ()
    member: bool | None = True

    @property
    def facts(self) -> Facts:
        """As rules read it."""
        rooms = {ROOM: RoomFacts(ROOM, "Room 1", self.capacity, frozenset({SPACE}))}
        return Facts(ZONE, rooms, self.windows, self.closures, {SPACE: self.taken}, self.member)


def dates(starts: datetime, hours: float = 2, repeat: Repeat | None = None) -> list[Date]:
    """From that wall time for so many hours."""
    return expand(starts, starts + timedelta(hours=hours), ZONE, repeat)


def wish(
    starts: datetime,
    *,
    hours: float = 2,
    people: int = 20,
    repeat: Repeat | None = None,
    pad: timedelta = timedelta(0),
) -> Wish:
    """A room from that wall time for so many hours; `pad` is needed before and after."""
    return Wish(dates(starts, hours, repeat), people, pad, pad, (ROOM,))


def closed(first: date, last_exclusive: date | None = None) -> Closure:
    """Whole days at the school."""
    return Closure(days(first, last_exclusive or first + timedelta(days=1), ZONE), "Staff day")


def span(starts: datetime, ends: datetime) -> Span:
    """Between two wall times."""
    return Span(starts.replace(tzinfo=THERE), ends.replace(tzinfo=THERE))


def codes(verdict: Verdict) -> list[str]:
    """Why it is refused, in the order told."""
    return [finding.code for finding in verdict.reasons]
