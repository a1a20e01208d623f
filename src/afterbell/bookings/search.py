"""Need first: which rooms are free on all dates of a wish, which on most, and what stands in the way on the others. A few statements, however many rooms."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac import hours
from afterbell.almanac.closures import Closure
from afterbell.almanac.span import Span
from afterbell.bookings.availability import NOTICE_REACH, closures_by_campus
from afterbell.bookings.occupied import asked_by_room, taken_by_room
from afterbell.places.catalog import Near, RoomRow, kilometres, near_box, rooms_where
from afterbell.places.models import Campus, Room, School
from afterbell.policy.ask import Contest, Facts, RoomFacts, Wish
from afterbell.policy.rules import judge_times
from afterbell.policy.verdict import Finding

MOST_ROOMS = 300


@dataclass(frozen=True)
class Need:
    """What the room must be. `features` and `access` are all needed."""

    headcount: int
    kind: str | None = None
    schools: Sequence[str] = ()
    features: frozenset[str] = frozenset()
    access: frozenset[str] = frozenset()
    near: Near | None = None


@dataclass(frozen=True)
class Answer:
    """One room: free on `free` of `of` dates; `conflicts` are the findings on the others. `distance_km` None without a point. `not_held` says where requests
    compete how many others asked for each date that is free; it is empty where a request holds."""

    room: RoomRow
    free: int
    of: int
    conflicts: Sequence[Finding]
    distance_km: float | None
    not_held: Sequence[Finding] = ()


async def search(session: AsyncSession, need: Need, wish: Wish, *, now: datetime) -> list[Answer]:
    """Rooms free on all dates first, then on most; among equals the nearer, then the one that fits closest. Looks at the 300 smallest that fit."""
    fitting = await rooms_where(session, *_conditions(need), most=MOST_ROOMS, smallest_first=True)
    rooms = [room for room in fitting if _suits(room, need)]
    if not rooms:
        return []
    claims = [wish.claim(date) for date in wish.dates]
    reach = Span(min(claim.starts_at for claim in claims), max(claim.ends_at for claim in claims))
    long = Span(min(reach.starts_at, now), max(reach.ends_at, now + NOTICE_REACH))
    closures = await closures_by_campus(session, {room.campus_id for room in rooms}, long)
    ids = [room.id for room in rooms]
    places = await _places(session, rooms)
    contested = {room.campus_id for room in rooms if places[room.school].competing}
    asked = await asked_by_room(session, contested, ids, reach) if contested else {}
    known = _Known(places, closures, await taken_by_room(session, ids, reach), asked)
    answers = [_answer(room, wish, need, known, now) for room in rooms]
    kept = [answer for answer in answers if answer is not None]
    return sorted(
        kept, key=lambda answer: (-answer.free, answer.distance_km or 0.0, answer.room.capacity, answer.room.id)
    )


def _conditions(need: Need) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Room.capacity >= need.headcount]
    if need.kind:
        found.append(Room.kind == need.kind)
    if need.schools:
        found.append(School.slug.in_(need.schools))
    if need.near:
        found.append(near_box(need.near))
    found += [_holds(Room.features, word) for word in sorted(need.features)]
    return found + [_holds(Room.access, word) for word in sorted(need.access)]


def _holds(column: ColumnElement[list[str]] | Any, word: str) -> ColumnElement[bool]:
    """Whether a list kept as JSON may hold a word, by its text, so that the smallest rooms are counted among those that fit; `_suits` has the last word."""
    return cast(column, String).contains(json.dumps(word), autoescape=True)


def _suits(room: RoomRow, need: Need) -> bool:
    return need.features <= set(room.features) and need.access <= set(room.access)


@dataclass(frozen=True)
class _Place:
    competing: bool
    windows: Sequence[hours.Window]
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class _Known:
    """What the rooms are judged by: places by school, closures by campus, taken time and what others ask for by room."""

    places: Mapping[str, _Place]
    closures: Mapping[int, Sequence[Closure]]
    taken: Mapping[int, Sequence[Span]]
    asked: Mapping[int, Sequence[Span]]


async def _places(session: AsyncSession, rooms: Sequence[RoomRow]) -> dict[str, _Place]:
    """By school: whether requests compete there, the hours of its campus, and where it is."""
    columns = (School.slug, Campus.holds, Campus.hours, School.latitude, School.longitude)
    query = select(*columns).join(Campus, Campus.id == School.campus_id)
    rows = await session.execute(query.where(School.slug.in_({room.school for room in rooms})))
    return {row[0]: _Place(row[1] == "on_approval", hours.from_json(row[2]), row[3], row[4]) for row in rows}


def _answer(room: RoomRow, wish: Wish, need: Need, known: _Known, now: datetime) -> Answer | None:
    place = known.places[room.school]
    distance = _distance(place, need.near)
    if need.near is not None and (distance is None or distance > need.near.within_km):
        return None
    closures, taken = known.closures[room.campus_id], known.taken.get(room.id, ())
    asked = known.asked.get(room.id, ())
    facts = Facts(
        room.time_zone,
        {room.id: RoomFacts(room.id, room.name, room.capacity, frozenset({room.id}))},
        place.windows,
        closures,
        {room.id: taken},
        None,
        competing=place.competing,
        asked=[Contest(claim, frozenset({room.id})) for claim in asked],
    )
    verdict = judge_times(replace(wish, rooms=(room.id,)), facts, now)
    found = verdict.reasons
    odd = {finding.occurrence for finding in found}
    notes = [each for each in verdict.findings if each.code == "not_held" and each.occurrence not in odd]
    return Answer(room, len(wish.dates) - len(odd), len(wish.dates), found, distance, notes)


def _distance(place: _Place, near: Near | None) -> float | None:
    if near is None or place.latitude is None or place.longitude is None:
        return None
    return round(kilometres(near, place.latitude, place.longitude), 2)
