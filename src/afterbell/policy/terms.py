"""The terms on which a room is lent: every number and list that administrators may set, with the defaults of DOMAIN.md. Rows that set them are rules.models."""

from dataclasses import dataclass, field
from datetime import date, time

SCHOOL, AGENCY, PARTNER, OTHER = TIERS = ("school", "agency", "partner", "other")
TIER_OF = {
    "school": SCHOOL,
    "public_agency": AGENCY,
    "youth": PARTNER,
    "nonprofit": PARTNER,
    "clinic": PARTNER,
    "civic": PARTNER,
}
DAY_MINUTES = 1440
LOW_RISK = frozenset({"general", "district"})  # insurance classes of activities
LOCAL = ("notice", "lengths", "quotas", "admission", "hours")


def tier_of(kind: str | None) -> str:
    """Who comes first when rooms open: schools, joint-use agencies, youth and partners, others; who is not known yet counts among the others."""
    return TIER_OF.get(kind or "", OTHER)


@dataclass(frozen=True)
class Notice:
    """Business days before the first use (LAUSD): `standard` by tier, `renewal` for low-risk renewals, `large` for events of `large_from` people or more."""

    agency: int = 15
    partner: int = 15
    other: int = 15
    renewal: int = 5
    large: int = 30
    large_from: int = 500

    def days(self, tier: str, headcount: int, *, renewal: bool) -> int:
        """What one request needs: a large event is never a small renewal nor needs less than the usual notice, and a renewal never needs more."""
        standard = {AGENCY: self.agency, PARTNER: self.partner, OTHER: self.other}.get(tier, self.agency)
        if headcount >= self.large_from:
            return max(standard, self.large)
        return min(standard, self.renewal) if renewal else standard


@dataclass(frozen=True)
class Period:
    """A permit term: its dates, first and last included, may be asked for from the day on which it opens to a tier. It takes the place of the months."""

    first: date
    last: date
    agency: date
    partner: date
    other: date

    def opens(self, tier: str) -> date:
        """The day on which it opens to a tier; a school asks with the agencies where it is not waived."""
        return {PARTNER: self.partner, OTHER: self.other}.get(tier, self.agency)


@dataclass(frozen=True)
class Horizon:
    """How many months ahead rooms open, by tier; permit `periods` say it by days."""

    agency: int = 6
    partner: int = 6
    other: int = 6
    periods: tuple[Period, ...] = ()

    def months(self, tier: str) -> int:
        """How far ahead a tier may ask."""
        return {PARTNER: self.partner, OTHER: self.other}.get(tier, self.agency)

    def period(self, day: date) -> Period | None:
        """The permit term of a wall date, the first that holds it."""
        return next((each for each in self.periods if each.first <= day <= each.last), None)


@dataclass(frozen=True)
class Lengths:
    """How short and how long one date may be, in minutes, set-up and take-down apart; both ends pass."""

    shortest: int = 0
    longest: int = DAY_MINUTES


@dataclass(frozen=True)
class Quotas:
    """What one organization may have at one campus: hours a week (Monday to Sunday, approved and waiting), and dates open at once. None: no limit."""

    hours_a_week: int | None = None
    dates_open: int | None = None


@dataclass(frozen=True)
class Reserved:
    """Rooms of these kinds (of every kind when empty) are only for organizations of some `kinds` or `tiers`, and for some `activities`; an empty list asks
    nothing. With `flag` others may ask, and whoever decides takes an extra look."""

    room_kinds: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    flag: bool = False


@dataclass(frozen=True)
class Admission:
    """Who may book what; nothing is reserved by default."""

    reserved: tuple[Reserved, ...] = ()


@dataclass(frozen=True)
class Opening:
    """Open on one weekday (0 is Monday), wall times; `closes` 00:00 is the midnight that ends the day."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Season:
    """Hours from `since` to `until`, both included, None without an end: they are added to the campus's, or with `instead` take their place. Without a
    window and `instead` the place is shut to visitors."""

    windows: tuple[Opening, ...] = ()
    instead: bool = False
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Hours:
    """What differs from the after-hours windows of the campus's calendar."""

    seasons: tuple[Season, ...] = ()


@dataclass(frozen=True)
class Unverified:
    """How many dates an organization that is not verified holds at most."""

    most_held: int = 12


@dataclass(frozen=True)
class Anyway:
    """Whether those who decide may ask although a rule refuses, with a reason."""

    allowed: bool = True


@dataclass(frozen=True)
class Delegation:
    """Which rules a school's approvers and facilities staff may set for their campus and its rooms; the others are the district administrators'."""

    names: tuple[str, ...] = LOCAL


@dataclass(frozen=True)
class Terms:
    """All of it for one room, on one day. `own` are the names of those that are set for the room itself, by which it may differ from the others of its campus;
    `parts` are rooms within it that have terms of their own, which hold for whoever uses the whole too."""

    notice: Notice = field(default_factory=Notice)
    horizon: Horizon = field(default_factory=Horizon)
    lengths: Lengths = field(default_factory=Lengths)
    quotas: Quotas = field(default_factory=Quotas)
    admission: Admission = field(default_factory=Admission)
    hours: Hours = field(default_factory=Hours)
    unverified: Unverified = field(default_factory=Unverified)
    anyway: Anyway = field(default_factory=Anyway)
    delegation: Delegation = field(default_factory=Delegation)
    own: frozenset[str] = frozenset()
    parts: tuple["Part", ...] = ()

    @property
    def each(self) -> tuple["Terms", ...]:
        """These and those of the parts: a date keeps to all of them."""
        return (self, *(part.terms for part in self.parts))

    @property
    def reserved(self) -> tuple[Reserved, ...]:
        """Whatever is kept for some there, in the whole or in a part."""
        return tuple(kept for terms in self.each for kept in terms.admission.reserved)


@dataclass(frozen=True)
class Part:
    """A room within another that has terms of its own. What it does not set itself is as in the whole, so that only its `own` can be stricter."""

    name: str
    kind: str
    terms: Terms


STANDARD = Terms()
