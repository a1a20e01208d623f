"""The rooms that a need could be met in, before anybody looks at a date: all of them, at every school, in two statements."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, cast, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.places.catalog import Near, kilometres, near_box
from afterbell.places.models import Room, RoomSpace, School

MOST_READ = 4096


@dataclass(frozen=True)
class Need:
    """What the room must be. `features` and `access` are all needed; with a `layout` the room can be set up like that and holds the people then."""

    headcount: int
    kind: str | None = None
    schools: Sequence[str] = ()
    features: frozenset[str] = frozenset()
    access: frozenset[str] = frozenset()
    near: Near | None = None
    layout: str | None = None


class Candidate(NamedTuple):
    """A room that would do. `spare` is how many more people it holds than are expected, `spaces` what it blocks, `kind` what admission may ask for."""

    id: int
    campus: int
    school: int
    spare: int
    spaces: tuple[int, ...]
    kind: str


class Spot(NamedTuple):
    """Where a school is, in degrees, and how far from the point of the need, None without one."""

    latitude: float | None
    longitude: float | None
    km: float | None


@dataclass(frozen=True)
class Pool:
    """The candidates, and where their schools are, by id."""

    rooms: Sequence[Candidate] = ()
    spots: Mapping[int, Spot] = field(default_factory=dict)

    def km(self, room: Candidate) -> float | None:
        """How far from the point of the need."""
        return self.spots[room.school].km


async def candidates(session: AsyncSession, need: Need) -> Pool:
    """Every room that is large enough, of the kind, has what is needed and lies where it should; none is left out however many there are."""
    conditions = _of_school(need)
    columns = select(School.id, School.latitude, School.longitude)
    places = await session.execute(columns.where(*conditions))
    near = need.near
    spots = {row[0]: _spot(row[1], row[2], near) for row in places if near is None or _within(row[1], row[2], near)}
    if not spots:
        return Pool()
    query = _rooms(need).join(School, School.id == Room.school_id).where(*conditions)
    rows = (await session.execute(query.where(*_of_room(need)))).all()
    return Pool(_grouped([row for row in rows if row[2] in spots], need), spots)


def _rooms(need: Need) -> Any:
    """One row a room and space; its lists as text, and empty where nothing is asked of them."""
    asked = ((Room.features, need.features), (Room.access, need.access), (Room.layouts, need.layout))
    text = [cast(column, String) if wanted else literal("") for column, wanted in asked]
    columns = (Room.id, Room.campus_id, Room.school_id, Room.capacity, RoomSpace.space_id, Room.kind, *text)
    return select(*columns).join(RoomSpace, RoomSpace.room_id == Room.id)


def _of_school(need: Need) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if need.schools:
        found.append(School.slug.in_(need.schools))
    if need.near:
        found.append(near_box(need.near))
    return found


def _of_room(need: Need) -> list[ColumnElement[bool]]:
    """Where a layout is asked for it decides how many fit, so that the room's own number says nothing."""
    found = [_holds(Room.layouts, need.layout) if need.layout else Room.capacity >= need.headcount]
    if need.kind:
        found.append(Room.kind == need.kind)
    found += [_holds(Room.features, word) for word in sorted(need.features)]
    return found + [_holds(Room.access, word) for word in sorted(need.access)]


def _holds(column: Any, word: str) -> ColumnElement[bool]:
    """Whether a list kept as JSON may hold a word, by its text; LIKE takes capitals for small letters on SQLite, so `_has` has the last word."""
    return cast(column, String).contains(json.dumps(word), autoescape=True)


def _has(text: str, words: frozenset[str]) -> bool:
    return not words or words <= _read_list(text)


@lru_cache(MOST_READ)
def _read_list(text: str) -> frozenset[str]:
    """Lists of features repeat: a district has some hundred different ones."""
    return frozenset(json.loads(text))


def _grouped(rows: Sequence[Any], need: Need) -> list[Candidate]:
    found: dict[int, Candidate] = {}
    for id_, campus, school, capacity, space, kind, features, access, layouts in rows:
        if id_ in found:
            found[id_] = found[id_]._replace(spaces=(*found[id_].spaces, space))
            continue
        spare = (_seats(layouts, need.layout) if need.layout else capacity) - need.headcount
        if spare >= 0 and _has(features, need.features) and _has(access, need.access):
            found[id_] = Candidate(id_, campus, school, spare, (space,), kind)
    return list(found.values())


def _seats(layouts: str | None, layout: str) -> int:
    """A room that does not say that it can be set up like that holds nobody so (policy.rooms.set_up_as_asked refuses it)."""
    return _read_numbers(layouts).get(layout, -1) if layouts else -1


@lru_cache(MOST_READ)
def _read_numbers(text: str) -> dict[str, int]:
    return dict(json.loads(text) or {})


def _within(latitude: float | None, longitude: float | None, near: Near) -> bool:
    """By the distance itself, not by what is shown of it."""
    if latitude is None or longitude is None:
        return False
    return kilometres(near, latitude, longitude) <= near.within_km


def _spot(latitude: float | None, longitude: float | None, near: Near | None) -> Spot:
    if near is None or latitude is None or longitude is None:
        return Spot(latitude, longitude, None)
    return Spot(latitude, longitude, round(kilometres(near, latitude, longitude), 2))
