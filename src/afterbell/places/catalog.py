"""The catalogue of schools and rooms: columns, constant numbers of statements, distances in plain SQL-free sums."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import asin, cos, radians, sin, sqrt
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.places.models import Campus, District, Room, RoomSpace, School, Space
from afterbell.web.paging import number

EARTH_KM = 6371.0088
KM_A_DEGREE = 111.1  # a little less than there are, so that a rectangle holds its circle
KM_A_MILE = 1.609344


@dataclass(frozen=True)
class SchoolRow:
    """A school with its campus."""

    id: int
    slug: str
    name: str
    level: str
    street: str
    city: str
    zip: str
    latitude: float | None
    longitude: float | None
    phone: str
    campus_id: int
    campus: str
    time_zone: str
    hours: list[dict[str, Any]]


@dataclass(frozen=True)
class RoomRow:
    """A room with the names of its school and campus. `spaces` are what it blocks, `layouts` how many it holds set up in some way (None: not said)."""

    id: int
    public_id: str
    slug: str
    name: str
    kind: str
    capacity: int
    features: list[str]
    access: list[str]
    entrance: str
    on_site_phone: str
    campus_id: int
    campus: str
    time_zone: str
    school: str
    school_name: str
    layouts: dict[str, int] | None = None
    spaces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Near:
    """A point, in degrees, and how far from it."""

    latitude: float
    longitude: float
    within_km: float


def kilometres(near: Near, latitude: float, longitude: float) -> float:
    """Along the surface of the earth (haversine)."""
    half_lat, half_lon = radians(latitude - near.latitude) / 2, radians(longitude - near.longitude) / 2
    chord = sin(half_lat) ** 2 + cos(radians(near.latitude)) * cos(radians(latitude)) * sin(half_lon) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def in_miles(km: float) -> str:
    """As people read it; a school is never nowhere from its own ZIP."""
    return f"{max(km / KM_A_MILE, 0.1):.1f}"


def _schools() -> Select[*tuple[Any, ...]]:
    columns = [
        getattr(School, name)
        for name in ("id", "slug", "name", "level", "street", "city", "zip", "latitude", "longitude", "phone")
    ]
    query: Select[*tuple[Any, ...]] = select(*columns, Campus.id, Campus.slug, Campus.time_zone, Campus.hours)
    return query.join(Campus, Campus.id == School.campus_id)


async def schools(
    session: AsyncSession, *, q: str = "", near: Near | None = None, after: str | None = None, most: int = 50
) -> list[SchoolRow]:
    """By slug, or by distance when a point is given (then all that are near, nearest first, without cursor)."""
    query = _schools().order_by(School.slug)
    if q:
        pattern = "%" + q.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(func.lower(School.name).like(pattern, escape="\\"))
    if near is not None:
        found = [SchoolRow(*row) for row in await session.execute(query.where(near_box(near)))]
        return _nearest(found, near)[:most]
    if after is not None:
        query = query.where(School.slug > after)
    return [SchoolRow(*row) for row in await session.execute(query.limit(most))]


def near_box(near: Near) -> ColumnElement[bool]:
    """A rectangle that holds the circle, so that an index can help."""
    tall = near.within_km / KM_A_DEGREE
    wide = tall / max(0.01, cos(radians(min(89.0, abs(near.latitude) + tall))))
    return and_(
        School.latitude.between(near.latitude - tall, near.latitude + tall),
        School.longitude.between(near.longitude - wide, near.longitude + wide),
    )


def _nearest(found: Sequence[SchoolRow], near: Near) -> list[SchoolRow]:
    measured = [
        (kilometres(near, row.latitude, row.longitude), row)
        for row in found
        if row.latitude is not None and row.longitude is not None
    ]
    return [
        row
        for distance, row in sorted(measured, key=lambda pair: (pair[0], pair[1].slug))
        if distance <= near.within_km
    ]


async def school(session: AsyncSession, slug: str) -> SchoolRow | None:
    """One school."""
    row = (await session.execute(_schools().where(School.slug == slug))).first()
    return SchoolRow(*row) if row else None


def _rooms() -> Select[*tuple[Any, ...]]:
    names = ("id", "public_id", "slug", "name", "kind", "capacity", "features", "access", "entrance", "on_site_phone")
    query: Select[*tuple[Any, ...]] = select(
        *[getattr(Room, name) for name in names],
        Campus.id,
        Campus.slug,
        Campus.time_zone,
        School.slug,
        School.name,
        Room.layouts,
    )
    return query.join(School, School.id == Room.school_id).join(Campus, Campus.id == Room.campus_id)


async def rooms_where(
    session: AsyncSession, *conditions: ColumnElement[bool], most: int = 200, smallest_first: bool = False
) -> list[RoomRow]:
    """Rooms by school and name, or the smallest first, with their spaces: two statements."""
    order = (Room.capacity, Room.id) if smallest_first else (School.slug, Room.name, Room.id)
    rows = (await session.execute(_rooms().where(*conditions).order_by(*order).limit(most))).all()
    spaces: dict[int, list[str]] = {}
    of = (
        select(RoomSpace.room_id, Space.slug)
        .join(Space, Space.id == RoomSpace.space_id)
        .where(RoomSpace.room_id.in_([row[0] for row in rows]))
    )
    for room_id, slug in await session.execute(of.order_by(Space.id)):
        spaces.setdefault(room_id, []).append(slug)
    return [replace(RoomRow(*row), spaces=tuple(spaces.get(row[0], ()))) for row in rows]


async def rooms_of(
    session: AsyncSession, school_slug: str, *, after: str | None = None, most: int = 200
) -> list[RoomRow]:
    """The rooms of a school."""
    conditions = [School.slug == school_slug]
    if after is not None:
        name, _, id_ = after.rpartition("|")
        conditions.append(or_(Room.name > name, and_(Room.name == name, Room.id > number(id_))))
    return await rooms_where(session, *conditions, most=most)


async def room(session: AsyncSession, key: str) -> RoomRow | None:
    """One room, by id or `school-slug/room-slug`."""
    at, slash, slug = key.partition("/")
    found = await rooms_where(
        session, and_(School.slug == at, Room.slug == slug) if slash else Room.public_id == key, most=1
    )
    return found[0] if found else None


async def district_zone(session: AsyncSession) -> str:
    """The zone in which the district's wall times are meant when no campus is named."""
    return (await session.execute(select(District.time_zone))).scalar_one_or_none() or "America/Los_Angeles"


async def centre_of_zip(session: AsyncSession, code: str) -> tuple[float, float] | None:
    """The middle of a ZIP code in degrees: the mean of the schools there, so that no map has to be asked; None where no school is."""
    middle = select(func.avg(School.latitude), func.avg(School.longitude)).where(School.zip == code)
    latitude, longitude = (await session.execute(middle)).one()
    return (float(latitude), float(longitude)) if latitude is not None and longitude is not None else None
