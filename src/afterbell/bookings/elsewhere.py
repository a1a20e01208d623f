"""Ways out beyond the campus: where it leaves fewer than three, a room as good at a school nearby. Such a date is a booking of its own, since each has one
campus."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.bookings.nearby import MOVABLE, NEARBY_KM
from afterbell.bookings.outlook import Instead, helped, ways_out
from afterbell.bookings.pool import Need
from afterbell.bookings.search import Answer, search
from afterbell.bookings.searcher import Searcher
from afterbell.bookings.survey import Survey
from afterbell.bookings.usage import who_asks
from afterbell.places.catalog import Near
from afterbell.places.models import Room, School
from afterbell.policy.verdict import Severity
from afterbell.policy.ways_out import MOST

LOOKED_AT = 40


async def every_way_out(session: AsyncSession, found: Survey, *, now: datetime) -> dict[datetime, list[Instead]]:
    """Those of the campus first, three a date at most. Where a date has fewer, and one room, all schools within five kilometres are searched once for all such
    dates."""
    ways = await ways_out(session, found, now=now)
    short = [day for day in helped(found) if len(ways.get(day.original_start, ())) < MOST and _movable(found, day)]
    if not short or len(found.wish.rooms) != 1:
        return ways
    beyond = dict(await _beyond(session, found, short, now=now))
    return {
        start: [*ways.get(start, ()), *([beyond[start]] if start in beyond else [])] for start in {**ways, **beyond}
    }


def _movable(found: Survey, day: Date) -> bool:
    """Refused only for what another room may not have against it, and in the room of the others."""
    told = [*found.verdict.about(day.original_start), *found.left.get(day.original_start, ())]
    codes = {each.code for each in told if each.severity is Severity.REFUSE}
    return found.wish.rooms_of(day) == found.wish.rooms and codes <= MOVABLE


_ROOM = (
    select(Room.features, Room.access, School.latitude, School.longitude)
    .join(School, School.id == Room.school_id)
    .where(Room.id == bindparam("room"))
)


async def _beyond(
    session: AsyncSession, found: Survey, days: Sequence[Date], *, now: datetime
) -> Iterator[tuple[datetime, Instead]]:
    """The same room for as many of the dates as can be: what free rooms there are comes in the order of a search."""
    room = (await session.execute(_ROOM, {"room": found.wish.rooms[0]})).one()
    if room.latitude is None or room.longitude is None:
        return iter(())
    wish = replace(found.wish, dates=days, rooms=(), elsewhere={})
    seen = await search(session, _need(room, found), wish, now=now, most=LOOKED_AT, who=_who(found))
    others = [answer for answer in seen.answers if _lent(answer, found)]
    return ((day.original_start, each) for day in days if (each := _first(others, day)) is not None)


def _who(found: Survey) -> Searcher:
    """Whoever asks, with nothing yet: what they have elsewhere is read there. Where staff ask for a caller, any school may be the one that is named."""
    asker, place = who_asks(found.place), found.place
    if found.ask.on_behalf_of and place.its_campus_id is not None:
        return Searcher(asker)
    return Searcher(asker, place.organization_id, place.its_campus_id)


def _lent(answer: Answer, found: Survey) -> bool:
    """Whether the room is at another campus, and for who asks."""
    refused = any(each.severity is Severity.REFUSE for each in answer.only_for)
    return answer.room.campus_id != found.place.campus_id and not refused


def _need(room: Row[*tuple[Any, ...]], found: Survey) -> Need:
    """All that the room has, and room for the people."""
    features, access, latitude, longitude = room
    near = Near(latitude or 0.0, longitude or 0.0, NEARBY_KM)
    has = (frozenset(features), frozenset(access))
    return Need(found.wish.headcount, None, (), *has, near, found.wish.layout)


def _first(answers: Sequence[Answer], day: Date) -> Instead | None:
    for answer in answers:
        if all(each.occurrence != day.original_start for each in answer.conflicts):
            key = f"{answer.room.school}/{answer.room.slug}"
            return Instead([key], key, answer.room.name, day.span, answer.room.school_name, answer.distance_km or 0.0)
    return None
