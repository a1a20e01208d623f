"""What somebody asks for, and the facts it is judged by. Plain values: pages and API parse into an Ask, acts gather the Facts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from afterbell.almanac.closures import Closure
from afterbell.almanac.hours import Window
from afterbell.almanac.recurrence import Date, Repeat, wall_at
from afterbell.almanac.span import Span
from afterbell.policy.terms import STANDARD, Terms

MOST_DATES = 400


@dataclass(frozen=True)
class Altered:
    """One date of a series that is to be otherwise: in other rooms or at another wall time; None leaves it as the series has it."""

    original_start: datetime
    rooms: tuple[str, ...] | None = None
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True)
class Ask:
    """A wish for rooms. `starts`, `ends` and `repeat.also` are wall time at the campus, or instants that `at` converts. `organization` and `rooms` are
    slugs as the asker wrote them. `on_behalf_of` (name, email, phone, organization) is for whom staff enter it; without an `organization` it is then the
    school's. `listing` is what families read (bookings.listing); `program` a slug or a name; with `skips` dates that cannot be had are left out. A room may be
    named as a kind at a school ("school/any:classroom", policy.assigning). `changes` are single dates that are otherwise, `layout` how the rooms are set up.
    `anyway` is the reason with which staff ask although a rule refuses; `token` what a preview gave (bookings.promise)."""

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
    changes: Sequence[Altered] = ()
    layout: str | None = None
    anyway: str = ""
    token: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every room that is named, for the whole or for single dates, each once."""
        of_dates = (name for change in self.changes for name in change.rooms or ())
        return tuple(dict.fromkeys([*self.rooms, *of_dates]))

    def at(self, zone: str) -> "Ask":
        """The same ask with every time as naive wall time there; times that carry an offset are converted. Raises RepeatRefused for one that then would be
        another."""
        there = ZoneInfo(zone)
        repeat = self.repeat and replace(self.repeat, also=tuple(wall_at(start, there) for start in self.repeat.also))
        changes = tuple(_there(change, there) for change in self.changes)
        return replace(
            self, starts=wall_at(self.starts, there), ends=wall_at(self.ends, there), repeat=repeat, changes=changes
        )


def _there(change: Altered, there: ZoneInfo) -> Altered:
    starts, ends = (moment and wall_at(moment, there) for moment in (change.starts, change.ends))
    return replace(change, original_start=wall_at(change.original_start, there), starts=starts, ends=ends)


@dataclass(frozen=True)
class RoomFacts:
    """One room: how many people it holds, in all and by layout, the spaces that it blocks, and its kind."""

    id: int
    name: str
    capacity: int
    spaces: frozenset[int]
    layouts: Mapping[str, int] = field(default_factory=dict)
    kind: str = ""

    def holds(self, layout: str | None) -> int:
        """How many people fit, set up like that; a layout that the room has no number for counts as the room's own."""
        return self.layouts.get(layout, self.capacity) if layout else self.capacity


@dataclass(frozen=True)
class Contest:
    """A date of somebody else that waits without holding its rooms: the time in the room, and the spaces."""

    claim: Span
    spaces: frozenset[int]


@dataclass(frozen=True)
class Asker:
    """Who asks, as far as terms ask for it: the organization's `kind` (None while nobody is named), the `activity`; whether it is a `renewal` of low risk;
    and where a quota counts what the organization has at the campus already: `minutes` by the Monday of the week, and `dates_open`."""

    kind: str | None = None
    activity: str | None = None
    renewal: bool = False
    minutes: Mapping[date, int] = field(default_factory=dict)
    dates_open: int = 0

    def having(self, used: "Asker") -> "Asker":
        """The same with what a quota counts of another."""
        return replace(self, minutes=used.minutes, dates_open=used.dates_open)


@dataclass(frozen=True)
class Facts:
    """What holds now, read under the lock: the `rooms` that a wish may name, by id, and what is `taken` by others, by space and in order; `own` is what other
    dates of the same booking keep. `member` None: nobody asks on
    behalf of an organization yet (a preview). Where requests are `competing` nothing is held before it is decided, and `asked` is what others ask for.
    `held` is how many dates an unverified organization holds; None: nothing limits it. `school_use`: the school asks for itself. `terms` are each room's,
    the defaults where there are none. `anyway`: None when the asker must keep to every rule, False when they might ask all the same, True when they do.
    `activities` are names by slug and language, of those that the terms name. `by_staff`: those who decide move what was asked for. Notice and horizon are then
    waived as for the school; for whom a room is and the quotas protect others and count, less what is so already: the rooms that were `admitted` before,
    and what the asker had `before` it. `laid_out` are rooms that the booking has together, set up as it wants them."""

    zone: str
    rooms: Mapping[int, RoomFacts]
    windows: Sequence[Window]
    closures: Sequence[Closure]
    taken: Mapping[int, Sequence[Span]]
    member: bool | None
    competing: bool = False
    asked: Sequence[Contest] = ()
    held: int | None = None
    school_use: bool = False
    terms: Mapping[int, Terms] = field(default_factory=dict)
    asker: Asker = field(default_factory=Asker)
    anyway: bool | None = None
    activities: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by_staff: bool = False
    admitted: Collection[int] = ()
    before: Asker = field(default_factory=Asker)
    own: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    laid_out: Collection[frozenset[int]] = ()

    def terms_of(self, room: int) -> Terms:
        """The terms of one room."""
        return self.terms.get(room, STANDARD)


@dataclass(frozen=True)
class Wish:
    """An ask whose dates are spelled out, ready to be judged: `rooms` are ids in Facts, `elsewhere` those of single dates, by original start."""

    dates: Sequence[Date]
    headcount: int
    setup: timedelta
    takedown: timedelta
    rooms: tuple[int, ...]
    elsewhere: Mapping[datetime, tuple[int, ...]] = field(default_factory=dict)
    layout: str | None = None

    def claim(self, date: Date) -> Span:
        """The time in the room: set-up and take-down included, half-open."""
        return date.span.padded(self.setup, self.takedown)

    def rooms_of(self, date: Date) -> tuple[int, ...]:
        """The rooms of one date."""
        return self.elsewhere.get(date.original_start, self.rooms)

    def terms(self, date: Date, facts: Facts) -> tuple[Terms, ...]:
        """The terms of the rooms of one date and of their parts, those that are the same once: a date keeps to all of them."""
        found = (each for room in self.rooms_of(date) for each in facts.terms_of(room).each)
        return tuple({id(each): each for each in found}.values())

    @property
    def every_room(self) -> tuple[int, ...]:
        """The rooms of all its dates, each once."""
        return tuple(dict.fromkeys(room for date in self.dates for room in self.rooms_of(date)))

    def spaces(self, date: Date, facts: Facts) -> frozenset[int]:
        """What the rooms of one date block together."""
        return frozenset().union(*(facts.rooms[room].spaces for room in self.rooms_of(date)))
