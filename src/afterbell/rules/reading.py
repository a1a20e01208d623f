"""Reading the rules. A process remembers each campus's rows by `campuses.rules_mark`, which every change raises: whoever has the mark, which costs nothing
beside the campus's other columns, reads rows only after a change."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from afterbell.places.catalog import district_zone
from afterbell.places.models import Campus, Room, RoomSpace
from afterbell.policy.terms import Terms
from afterbell.rules.book import Book, RuleRow, Within, parts_among
from afterbell.rules.models import Rule

_REMEMBERED: WeakKeyDictionary[Any, dict[int, tuple[int, Book]]] = WeakKeyDictionary()
COLUMNS = (Rule.id, Rule.name, Rule.campus_id, Rule.room_id, Rule.value, Rule.effective_from, Rule.set_by_id)
_ROWS = (
    select(*COLUMNS)
    .where(or_(Rule.campus_id.is_(None), Rule.campus_id.in_(bindparam("campuses", expanding=True))))
    .order_by(Rule.id)
)

_RULED, _BESIDE = aliased(RoomSpace), aliased(RoomSpace)
_SHARING = (
    select(Room.campus_id, RoomSpace.space_id, Room.id, Room.name, Room.kind)
    .join(RoomSpace, RoomSpace.room_id == Room.id)
    .where(
        Room.id.in_(
            select(_BESIDE.room_id)
            .join(_RULED, _RULED.space_id == _BESIDE.space_id)
            .join(Rule, Rule.room_id == _RULED.room_id)
            .where(Rule.campus_id.in_(bindparam("campuses", expanding=True)))
        )
    )
    .order_by(Room.id)
)


async def terms_of(
    session: AsyncSession, marks: Mapping[int, int], rooms: Mapping[int, int], on: date
) -> dict[int, Terms]:
    """The terms of rooms on a wall date. `rooms` are campus ids by room id, `marks` the `Campus.rules_mark` of each of these campuses, read in the same
    transaction. No statement while nothing has changed, else one, or two where rooms have rules of their own, however many campuses."""
    books = await books_of(session, marks)
    return {room: books[campus].terms(room, on) for room, campus in rooms.items()}


async def books_of(session: AsyncSession, marks: Mapping[int, int]) -> dict[int, Book]:
    """The rulebook of each campus, by its id."""
    known = _REMEMBERED.setdefault(session.get_bind().engine, {})
    stale = [campus for campus, mark in marks.items() if campus not in known or known[campus][0] != mark]
    if stale:
        rows = await rows_of(session, stale)
        ruled = {row.room_id for row in rows if row.room_id is not None}
        sharing = await _sharing(session, stale) if ruled else {}
        for campus in stale:
            here = [row for row in rows if row.campus_id in (None, campus)]
            known[campus] = (marks[campus], Book(here, parts_among(sharing.get(campus, {}), ruled)))
    return {campus: known[campus][1] for campus in marks}


async def _sharing(session: AsyncSession, campuses: Collection[int]) -> dict[int, dict[Within, set[int]]]:
    """By campus, the rooms that share a space with one that has rules, those among them, with their spaces."""
    found: dict[int, dict[Within, set[int]]] = {}
    for campus, space, id_, name, kind in await session.execute(_SHARING, {"campuses": list(campuses)}):
        found.setdefault(campus, {}).setdefault(Within(id_, name, kind), set()).add(space)
    return found


async def rows_of(session: AsyncSession, campuses: Collection[int]) -> list[RuleRow]:
    """Every row of some campuses and of the district, in the order in which they were set."""
    return [RuleRow(*row) for row in await session.execute(_ROWS, {"campuses": list(campuses)})]


async def marks_of(session: AsyncSession, campuses: Collection[int]) -> dict[int, int]:
    """The marks by campus, for whoever does not read the campuses anyway."""
    rows = await session.execute(select(Campus.id, Campus.rules_mark).where(Campus.id.in_(campuses)))
    return {id_: mark for id_, mark in rows}


async def district_terms(session: AsyncSession, on: date) -> Terms:
    """What holds where neither a campus nor a room differs. One statement."""
    return Book(await rows_of(session, ())).terms(None, on)


async def most_held(session: AsyncSession, *, now: datetime) -> int:
    """How many dates an organization that is not verified holds at most. Two statements."""
    today = now.astimezone(ZoneInfo(await district_zone(session))).date()
    return (await district_terms(session, today)).unverified.most_held
