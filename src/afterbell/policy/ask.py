"""What somebody asks for, and the facts it is judged by. Plain values: pages and API parse into an Ask, acts gather the Facts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from afterbell.almanac.closures import Closure
from afterbell.almanac.hours import Window
from afterbell.almanac.recurrence import Date, Repeat
from afterbell.almanac.span import Span

MOST_DATES = 400


@dataclass(frozen=True)
class Ask:
    """A wish for rooms. `starts` and `ends` are wall time at the campus; `organization` and `rooms` are slugs as the asker wrote them."""

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


@dataclass(frozen=True)
class Facts:
    """What holds now, read under the lock. `member` None: nobody asks on behalf of an organization yet (a preview)."""

    zone: str
    capacity: int
    windows: Sequence[Window]
    closures: Sequence[Closure]
    taken: Sequence[Span]
    member: bool | None


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
