"""What somebody asks for, and the facts it is judged by. Plain values: pages and API parse into an Ask, acts gather the Facts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from afterbell.almanac.closures import Closure
from afterbell.almanac.hours import Window
from afterbell.almanac.recurrence import Date, Repeat
from afterbell.almanac.span import Span

MOST_DATES = 400


@dataclass(frozen=True)
class Ask:
    """A wish for rooms. `starts`, `ends` and `repeat.also` are wall time at the campus, or instants that `at` converts. `organization` and `rooms` are
    slugs as the asker wrote them. `on_behalf_of` (name, email, phone, organization) is for whom staff enter it; without an `organization` it is then the
    school's. `listing` is what families read (bookings.listing); `program` a slug or a name; with `skips` dates that cannot be had are left out."""

    organization: str | None
    title: str
    activity: str | None
    rooms: Sequence[str]
    starts: datetime
    ends: datetime
    headcount: int
    repeat: Repeat | None = None
    setup: timedelta = timedelta(0)
    takedown: timedelta = timedelta(0)
    visibility: str | None = None
    minors_unaccompanied: bool = False
    contact: dict[str, str] = field(default_factory=dict)
    note: str = ""
    on_behalf_of: dict[str, str] | None = None
    listing: dict[str, Any] | None = None
    program: str | None = None
    skips: bool = False

    def at(self, zone: str) -> "Ask":
        """The same ask with every time as naive wall time there; times that carry an offset are converted."""
        there = ZoneInfo(zone)
        repeat = self.repeat and replace(self.repeat, also=tuple(_wall(start, there) for start in self.repeat.also))
        return replace(self, starts=_wall(self.starts, there), ends=_wall(self.ends, there), repeat=repeat)


def _wall(moment: datetime, there: ZoneInfo) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(there).replace(tzinfo=None, fold=0)


@dataclass(frozen=True)
class Facts:
    """What holds now, read under the lock. `member` None: nobody asks on behalf of an organization yet (a preview). Where requests are `competing` nothing is
    held before it is decided, and `asked` is the time in the room that others ask for, once a date. `held` is how many dates an unverified organization holds;
    None: nothing limits it. `school_use`: the school asks for itself."""

    zone: str
    capacity: int
    windows: Sequence[Window]
    closures: Sequence[Closure]
    taken: Sequence[Span]
    member: bool | None
    competing: bool = False
    asked: Sequence[Span] = ()
    held: int | None = None
    school_use: bool = False


@dataclass(frozen=True)
class Wish:
    """An ask whose dates are spelled out, ready to be judged."""

    dates: Sequence[Date]
    headcount: int
    setup: timedelta
    takedown: timedelta

    def claim(self, date: Date) -> Span:
        """The time in the room: set-up and take-down included, half-open."""
        return date.span.padded(self.setup, self.takedown)
