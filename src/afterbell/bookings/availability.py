"""What stands in the way of an ask: the rooms it names and the facts it is judged by, in a few statements. For an act they are read under the lock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac import hours
from afterbell.almanac.closures import Closure
from afterbell.almanac.span import Span
from afterbell.bookings.models import Activity, Claim
from afterbell.bookings.occupied import LOOK_BACK, asked_for
from afterbell.bookings.queries import ROOM_COLUMNS, RoomName, room_name
from afterbell.partners.models import Organization
from afterbell.places.models import Campus, ClosureRow, Room, RoomSpace, School, Space
from afterbell.policy.ask import Ask, Facts
from afterbell.policy.projection import Viewer

NOTICE_REACH = timedelta(days=90)


@dataclass(frozen=True)
class Place:
    """The campus an ask is about and the rooms it names there. `organization_id` and `activity_id` are None when unknown; `its_campus_id` is where the
    organization is a school, None for a partner; `school_id` is the rooms' school."""

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


_organization = (
    select(Organization.id, Organization.name, Organization.slug, Organization.verified, School.campus_id)
    .outerjoin(School, School.id == Organization.school_id)
    .where(Organization.slug == bindparam("organization"))
    .subquery()
)
_activity = (
    select(Activity.id, Activity.name, Activity.visibility).where(Activity.slug == bindparam("activity")).subquery()
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
        _organization.c.id,
        _organization.c.name,
        _activity.c.id,
        _activity.c.name,
        _activity.c.visibility,
        *ROOM_COLUMNS,
        _organization.c.slug,
        _organization.c.verified,
        _organization.c.campus_id,
        Campus.enters_approved,
        School.id,
    )
    .join(Room, Room.campus_id == Campus.id)
    .join(School, School.id == Room.school_id)
    .outerjoin(_organization, true())
    .outerjoin(_activity, true())
    .order_by(Room.id)
)


async def find_place(session: AsyncSession, ask: Ask, *, lock: bool) -> Place | None:
    """The rooms of an ask with their campus, whose row is locked (FOR SHARE) when `lock`; None when a room is unknown or they lie on several campuses."""
    wanted = _PLACES.where(or_(*[_named(name) for name in ask.rooms]))
    named = {"organization": ask.organization, "activity": ask.activity}
    rows = (await session.execute(wanted.with_for_update(read=True, of=Campus) if lock else wanted, named)).all()
    if len(rows) != len(set(ask.rooms)) or len({row[0] for row in rows}) != 1:
        return None
    return _place(rows)


def _named(name: str) -> ColumnElement[bool]:
    """A room by `school-slug/room-slug` or by its opaque id."""
    school, slash, room = name.partition("/")
    return and_(School.slug == school, Room.slug == room) if slash else Room.public_id == name


def _place(rows: Sequence[Row[*tuple[Any, ...]]]) -> Place:
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
    )


@dataclass(frozen=True)
class Spaces:
    """The spaces that some rooms block, in the order in which they are locked, and how many people fit the smallest room."""

    ids: tuple[int, ...]
    capacity: int


_SPACES = (
    select(Space.id, Room.capacity)
    .join(RoomSpace, RoomSpace.space_id == Space.id)
    .join(Room, Room.id == RoomSpace.room_id)
    .where(RoomSpace.room_id.in_(bindparam("rooms", expanding=True)))
    .order_by(Space.id)
)
_LOCKED_SPACES = _SPACES.with_for_update(key_share=True, of=Space)


async def find_spaces(session: AsyncSession, rooms: Sequence[RoomName], *, lock: bool) -> Spaces:
    """Locks the spaces in the order of their ids when `lock`, so that two asks for the same place queue and never deadlock."""
    wanted = {"rooms": [room.id for room in rooms]}
    rows = (await session.execute(_LOCKED_SPACES if lock else _SPACES, wanted)).all()
    return Spaces(tuple(dict.fromkeys(row[0] for row in rows)), min(row[1] for row in rows))


async def gather_facts(
    session: AsyncSession, place: Place, spaces: Spaces, reach: Span, *, by: Viewer, now: datetime
) -> Facts:
    """What holds for a reach of time: closures (back to `now` and some way on, for notice in business days), what is taken, and what others
    ask for where requests compete. Two statements, or three."""
    competing = place.holds == "on_approval"
    member = None if place.organization_id is None else place.organization_id in by.organizations
    return Facts(
        zone=place.zone,
        capacity=spaces.capacity,
        windows=place.windows,
        closures=await closures_of(
            session, place.campus_id, Span(min(reach.starts_at, now), max(reach.ends_at, now + NOTICE_REACH))
        ),
        taken=await taken(session, spaces.ids, reach),
        member=member,
        competing=competing,
        asked=[each.claim for each in await asked_for(session, place.campus_id, spaces.ids, reach)]
        if competing
        else (),
    )


async def hours_of(session: AsyncSession, campus_id: int) -> list[dict[str, Any]]:
    """The campus's after-hours windows, as kept."""
    return list((await session.execute(select(Campus.hours).where(Campus.id == campus_id))).scalar_one())


async def closures_of(session: AsyncSession, campus_id: int, reach: Span) -> list[Closure]:
    """The campus's and the district's closures that touch a reach of time."""
    return (await closures_by_campus(session, [campus_id], reach))[campus_id]


_CLOSURES = (
    select(ClosureRow.campus_id, ClosureRow.starts_at, ClosureRow.ends_at, ClosureRow.reason)
    .where(or_(ClosureRow.campus_id.in_(bindparam("campuses", expanding=True)), ClosureRow.campus_id.is_(None)))
    .where(ClosureRow.starts_at < bindparam("until"), ClosureRow.ends_at > bindparam("since"))
    .order_by(ClosureRow.starts_at, ClosureRow.id)
)


async def closures_by_campus(session: AsyncSession, campuses: Collection[int], reach: Span) -> dict[int, list[Closure]]:
    """The closures of each campus that touch a reach of time, in order, the district's included. One statement."""
    wanted = {"campuses": list(campuses), "since": reach.starts_at, "until": reach.ends_at}
    rows = await session.execute(_CLOSURES, wanted)
    found: dict[int, list[Closure]] = {campus: [] for campus in campuses}
    for campus, starts_at, ends_at, reason in rows:
        for each in campuses if campus is None else (campus,):
            found[each].append(Closure(Span(starts_at, ends_at), reason))
    return found


_TAKEN = (
    select(Claim.starts_at, Claim.ends_at)
    .where(Claim.space_id.in_(bindparam("spaces", expanding=True)))
    .where(
        Claim.starts_at > bindparam("back"), Claim.starts_at < bindparam("until"), Claim.ends_at > bindparam("since")
    )
    .order_by(Claim.starts_at)
)


async def taken(session: AsyncSession, spaces: Sequence[int], reach: Span) -> list[Span]:
    """What blocks any of the spaces in a reach of time, in order; a claim is never longer than 24 hours, so the look-up is bounded."""
    wanted = {"spaces": spaces, "since": reach.starts_at, "until": reach.ends_at}
    rows = await session.execute(_TAKEN, wanted | {"back": reach.starts_at - LOOK_BACK})
    return [Span(starts_at, ends_at) for starts_at, ends_at in rows]
