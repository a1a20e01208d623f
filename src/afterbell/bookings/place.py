"""Where an ask wants to be: the campus, the rooms that it names there, its organization and its activity, read in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac import hours
from afterbell.bookings.models import Activity, Booking
from afterbell.bookings.room_names import ROOM_COLUMNS, RoomName, room_name
from afterbell.database import Instant
from afterbell.partners.models import Organization
from afterbell.places.models import Campus, Room, School
from afterbell.policy.ask import Ask
from afterbell.policy.assigning import any_of
from afterbell.policy.terms import LOW_RISK
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, malformed

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Place:
    """The campus an ask is about and the rooms it names there. `organization_id` and `activity_id` are None when unknown; `its_campus_id` is where the
    organization is a school, None for a partner; `school_id` is the rooms' school. `rules_mark` is for
    rules.reading, `renewal` whether it would be one of low risk. `named` are the ids of the rooms that would do for each name of the ask:
    one, or every room of the kind."""

    campus_id: int
    campus: str
    campus_name: str
    zone: str
    holds: str
    windows: Sequence[hours.Window]
    rooms: tuple[RoomName, ...]
    organization_id: int | None
    organization_name: str
    activity_id: int | None
    activity_name: dict[str, str]
    visibility: str
    organization: str = ""
    verified: bool = True
    its_campus_id: int | None = None
    enters_approved: bool = False
    school_id: int = 0
    rules_mark: int = 0
    organization_kind: str | None = None
    renewal: bool = False
    activity: str | None = None
    named: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def room(self, id_: int) -> RoomName:
        """One of its rooms."""
        return next(room for room in self.rooms if room.id == id_)


_renews = exists().where(
    Booking.organization_id == Organization.id,
    Booking.state == "approved",
    Booking.last_ends_at > bindparam("year_ago", type_=Instant()),
)
# One row for a slug (`organization`), with whether a request of theirs would be a renewal (`year_ago`).
ORGANIZATION = (
    select(
        Organization.id,
        Organization.name,
        Organization.slug,
        Organization.verified,
        School.campus_id,
        Organization.kind,
        _renews.label("renews"),
    )
    .outerjoin(School, School.id == Organization.school_id)
    .where(Organization.slug == bindparam("organization"))
    .subquery()
)
ACTIVITY = (
    select(Activity.id, Activity.name, Activity.visibility, Activity.insurance, Activity.slug)
    .where(Activity.slug == bindparam("activity"))
    .subquery()
)
# Statements of the hot path are put together once, here: that costs more than their look-up.
_PLACES = (
    select(
        Campus.id,
        Campus.slug,
        Campus.name,
        Campus.time_zone,
        Campus.holds,
        Campus.hours,
        ORGANIZATION.c.id,
        ORGANIZATION.c.name,
        ACTIVITY.c.id,
        ACTIVITY.c.name,
        ACTIVITY.c.visibility,
        *ROOM_COLUMNS,
        ORGANIZATION.c.slug,
        ORGANIZATION.c.verified,
        ORGANIZATION.c.campus_id,
        Campus.enters_approved,
        School.id,
        Room.public_id,
        Room.kind,
        Campus.rules_mark,
        ORGANIZATION.c.kind,
        ORGANIZATION.c.renews,
        ACTIVITY.c.insurance,
        ACTIVITY.c.slug,
    )
    .join(Room, Room.campus_id == Campus.id)
    .join(School, School.id == Room.school_id)
    .outerjoin(ORGANIZATION, true())
    .outerjoin(ACTIVITY, true())
    .order_by(Room.id)
)


async def find_place(session: AsyncSession, ask: Ask, *, now: datetime, lock: bool) -> Place | None:
    """The rooms of an ask with their campus, whose row is locked (FOR SHARE) when `lock`; None when a name fits no room or they lie on several campuses."""
    wanted = _PLACES.where(or_(*[_named(name) for name in ask.names]))
    named = {"organization": ask.organization, "activity": ask.activity, "year_ago": now - YEAR}
    rows = (await session.execute(wanted.with_for_update(read=True, of=Campus) if lock else wanted, named)).all()
    found = {name: tuple(row[11] for row in rows if _answers(row, name)) for name in ask.names}
    if not all(found.values()) or len({row[0] for row in rows}) != 1:
        return None
    return _place(rows, found)


def unknown_activity(slug: str) -> Problem:
    """What to raise for an activity that there is not."""
    text = N_("The activity {activity} is unknown; GET /api/v1/activities lists them.")
    return malformed(Message(text, {"activity": slug[:80]}))


def _named(name: str) -> ColumnElement[bool]:
    """A room by `school-slug/room-slug`, any of a kind by `school-slug/any:kind`, or one by its opaque id."""
    school, slash, room = name.partition("/")
    if (kind := any_of(name)) is not None:
        return and_(School.slug == kind[0], Room.kind == kind[1])
    return and_(School.slug == school, Room.slug == room) if slash else Room.public_id == name


def _answers(row: Row[*tuple[Any, ...]], name: str) -> bool:
    """Whether that room is one that the name means."""
    slug, school, public_id, kind = row[12], row[15], row[26], row[27]
    return name in (f"{school}/{slug}", public_id) or any_of(name) == (school, kind)


def _place(rows: Sequence[Row[*tuple[Any, ...]]], named: Mapping[str, tuple[int, ...]]) -> Place:
    first = rows[0]
    return Place(
        campus_id=first[0],
        campus=first[1],
        campus_name=first[2],
        zone=first[3],
        holds=first[4],
        windows=hours.from_json(first[5]),
        rooms=tuple(room_name(row[11:21]) for row in rows),
        organization_id=first[6],
        organization_name=first[7] or "",
        activity_id=first[8],
        activity_name=first[9] or {},
        visibility=first[10] or "busy_only",
        organization=first[21] or "",
        verified=first[22] is not False and first[22] != 0,
        its_campus_id=first[23],
        enters_approved=first[24],
        school_id=first[25],
        rules_mark=first[28],
        organization_kind=first[29],
        renewal=bool(first[30]) and first[31] in LOW_RISK,
        activity=first[32],
        named=named,
    )
