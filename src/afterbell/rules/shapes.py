"""What a rule's value may be, by its name: bodies as Structs, whose limits stand in every complaint, and the terms that they become."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from afterbell.places.models import KINDS
from afterbell.policy.admission import GROUP_NAMES
from afterbell.policy.terms import (
    LOCAL,
    TIERS,
    Admission,
    Anyway,
    Delegation,
    Horizon,
    Hours,
    Lengths,
    Notice,
    Opening,
    Period,
    Quotas,
    Reserved,
    Season,
    Terms,
    Unverified,
)

DISTRICT, CAMPUS, ROOM = SCOPES = ("district", "campus", "room")
Days = Annotated[int, Meta(ge=0, le=60)]
Months = Annotated[int, Meta(ge=1, le=18)]
Minutes = Annotated[int, Meta(ge=0, le=1440)]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Slug = Annotated[str, Meta(min_length=1, max_length=120)]
RoomKind = Annotated[str, Meta(pattern=f"^({'|'.join(KINDS)})$")]
Group = Annotated[str, Meta(pattern=f"^({'|'.join(GROUP_NAMES)})$")]
TierName = Annotated[str, Meta(pattern=f"^({'|'.join(TIERS)})$")]
LocalName = Annotated[str, Meta(pattern=f"^({'|'.join(LOCAL)})$")]


class NoticeShape(Struct, forbid_unknown_fields=True):
    """Business days, by tier and class."""

    agency: Days = 15
    partner: Days = 15
    other: Days = 15
    renewal: Days = 5
    large: Days = 30
    large_from: Annotated[int, Meta(ge=1, le=100_000)] = 500


class PeriodShape(Struct, forbid_unknown_fields=True):
    """A permit term, and the days on which it opens."""

    first: date
    last: date
    agency: date
    partner: date
    other: date


class HorizonShape(Struct, forbid_unknown_fields=True):
    """Months ahead by tier, and permit terms."""

    agency: Months = 6
    partner: Months = 6
    other: Months = 6
    periods: Annotated[list[PeriodShape], Meta(max_length=20)] = []


class LengthsShape(Struct, forbid_unknown_fields=True):
    """Minutes of one date."""

    shortest: Minutes = 0
    longest: Annotated[int, Meta(ge=15, le=1440)] = 1440


class QuotasShape(Struct, forbid_unknown_fields=True):
    """For one organization at one campus; null is no limit."""

    hours_a_week: Annotated[int, Meta(ge=1, le=168)] | None = None
    dates_open: Annotated[int, Meta(ge=1, le=10_000)] | None = None


class ReservedShape(Struct, forbid_unknown_fields=True):
    """For whom, and for what, rooms of these kinds are; an empty list asks nothing."""

    room_kinds: list[RoomKind] = []
    kinds: list[Group] = []
    tiers: list[TierName] = []
    activities: Annotated[list[Slug], Meta(max_length=50)] = []
    flag: bool = False


class AdmissionShape(Struct, forbid_unknown_fields=True):
    """Every reservation counts."""

    reserved: Annotated[list[ReservedShape], Meta(max_length=20)] = []


class OpeningShape(Struct, forbid_unknown_fields=True):
    """A weekly window; weekday 0 is Monday, `closes` 00:00 the midnight that ends the day."""

    weekday: Annotated[int, Meta(ge=0, le=6)]
    opens: Clock
    closes: Clock


class SeasonShape(Struct, forbid_unknown_fields=True):
    """Hours that are added for a while, or with `instead` take the others' place."""

    windows: Annotated[list[OpeningShape], Meta(max_length=50)] = []
    instead: bool = False
    since: date | None = None
    until: date | None = None


class HoursShape(Struct, forbid_unknown_fields=True):
    """Seasons in their order; a later one that takes the place of others does so of earlier ones too."""

    seasons: Annotated[list[SeasonShape], Meta(max_length=20)] = []


class UnverifiedShape(Struct, forbid_unknown_fields=True):
    """Dates held at once."""

    most_held: Annotated[int, Meta(ge=0, le=400)] = 12


class AnywayShape(Struct, forbid_unknown_fields=True):
    """Whether staff may ask although a rule refuses."""

    allowed: bool = True


class DelegationShape(Struct, forbid_unknown_fields=True):
    """The rules that campuses set for themselves."""

    names: list[LocalName] = msgspec.field(default_factory=lambda: list(LOCAL))


@dataclass(frozen=True)
class Kind:
    """One rule: what its value looks like, the terms it becomes, and where it may be set."""

    shape: type[Struct]
    terms: Callable[[Any], Any]
    scopes: tuple[str, ...] = SCOPES


def _notice(shape: NoticeShape) -> Notice:
    return Notice(**msgspec.structs.asdict(shape))


def _horizon(shape: HorizonShape) -> Horizon:
    periods = tuple(Period(**msgspec.structs.asdict(each)) for each in shape.periods)
    return Horizon(shape.agency, shape.partner, shape.other, periods)


def _admission(shape: AdmissionShape) -> Admission:
    return Admission(tuple(_reserved(each) for each in shape.reserved))


def _reserved(shape: ReservedShape) -> Reserved:
    return Reserved(
        tuple(shape.room_kinds), tuple(shape.kinds), tuple(shape.tiers), tuple(shape.activities), shape.flag
    )


def _hours(shape: HoursShape) -> Hours:
    return Hours(tuple(_season(each) for each in shape.seasons))


def _season(shape: SeasonShape) -> Season:
    windows = tuple(
        Opening(each.weekday, time.fromisoformat(each.opens), time.fromisoformat(each.closes)) for each in shape.windows
    )
    return Season(windows, shape.instead, shape.since, shape.until)


RULES: Mapping[str, Kind] = {
    "notice": Kind(NoticeShape, _notice),
    "horizon": Kind(HorizonShape, _horizon),
    "lengths": Kind(LengthsShape, lambda shape: Lengths(shape.shortest, shape.longest)),
    "quotas": Kind(QuotasShape, lambda shape: Quotas(shape.hours_a_week, shape.dates_open), (DISTRICT, CAMPUS)),
    "admission": Kind(AdmissionShape, _admission),
    "hours": Kind(HoursShape, _hours),
    "unverified": Kind(UnverifiedShape, lambda shape: Unverified(shape.most_held), (DISTRICT,)),
    "anyway": Kind(AnywayShape, lambda shape: Anyway(shape.allowed), (DISTRICT, CAMPUS)),
    "delegation": Kind(DelegationShape, lambda shape: Delegation(tuple(shape.names)), (DISTRICT,)),
}


def terms_from(values: Mapping[str, Mapping[str, Any]]) -> Terms:
    """The terms of some rules' kept values; the defaults where a name is missing."""
    return Terms(
        **{name: RULES[name].terms(msgspec.convert(value, RULES[name].shape)) for name, value in values.items()}
    )
