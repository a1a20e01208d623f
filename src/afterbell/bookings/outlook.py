"""What a preview answers: each date with its outcome, and for the odd ones what could be had instead. Nothing is held by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings.availability import closures_of, taken, terms_there
from afterbell.bookings.present import instant
from afterbell.bookings.survey import Survey, reach_of
from afterbell.places.models import Room, RoomSpace, School
from afterbell.policy.ask import Facts, RoomFacts
from afterbell.policy.verdict import Severity
from afterbell.policy.ways_out import Offered, Way, as_good, needed_of, replaceable, ways_of
from afterbell.web.errors import reason_json

MOST_ODD = 60
DAYS_AROUND = timedelta(days=8)
# No room and no hour of the day helps against these.
HOPELESS = frozenset({"too_far", "in_past"})


@dataclass(frozen=True)
class Instead:
    """A way out as people name it: `rooms` are the keys of all rooms of the date then, `name` says those that matter. At a school nearby, `school` names it and
    `km` says how far it is: such a date is a booking of its own."""

    rooms: Sequence[str]
    room: str
    name: str
    span: Span
    school: str = ""
    km: float = 0.0


def odd_dates(found: Survey) -> list[Date]:
    """The dates that cannot be had as asked."""
    refused = {each.occurrence for each in found.verdict.reasons}
    return [day for day in found.wish.dates if day.original_start in refused or day.original_start in found.left]


def helped(found: Survey) -> list[Date]:
    """The first sixty odd dates, without those against which no room and no hour helps."""
    return [day for day in odd_dates(found) if not _hopeless(found, day)][:MOST_ODD]


async def ways_out(session: AsyncSession, found: Survey, *, now: datetime) -> dict[datetime, list[Instead]]:
    """For the odd dates that can be helped up to three ways out each, by original start: a room as good on the same campus, the same rooms at another time
    that day or on a day close by. Three statements however many dates, none when no date is odd."""
    odd = helped(found)
    if not odd:
        return {}
    offered, names = await _offered(session, found.place.campus_id)
    instead = {day.original_start: _instead(day, found, offered, now) for day in odd}
    rooms = {each.room.id: each.room for several in instead.values() for each in several}
    facts = await _wider(session, found, odd, rooms, now=now)
    stay = replace(found.wish, dates=[day for day in found.wish.dates if day.original_start not in found.left])
    ways: dict[datetime, list[Way]] = {}
    for day in odd:
        others = [way for each in ways.values() for way in each]
        ways[day.original_start] = ways_of(day, stay, facts, instead[day.original_start], now, others)
    return {start: [_named(way, names) for way in each] for start, each in ways.items()}


def _hopeless(found: Survey, day: Date) -> bool:
    told = [*found.verdict.about(day.original_start), *found.left.get(day.original_start, ())]
    return any(each.code in HOPELESS and each.severity is Severity.REFUSE for each in told)


def _instead(day: Date, found: Survey, offered: Mapping[int, Offered], now: datetime) -> list[Offered]:
    room = replaceable(day, found.wish, found.facts, now)
    if room is None:
        return []
    needed = needed_of(room, day, found.wish, found.facts)
    others = [each for id_, each in offered.items() if id_ not in found.wish.rooms_of(day)]
    return as_good(offered[room], others, needed, found.wish.layout)


_OFFERED = (
    select(
        Room.id,
        School.slug,
        Room.slug,
        Room.name,
        Room.kind,
        Room.capacity,
        Room.layouts,
        Room.features,
        Room.access,
        RoomSpace.space_id,
    )
    .join(School, School.id == Room.school_id)
    .join(RoomSpace, RoomSpace.room_id == Room.id)
    .where(Room.campus_id == bindparam("campus"))
    .order_by(Room.id)
)


async def _offered(session: AsyncSession, campus_id: int) -> tuple[dict[int, Offered], dict[int, tuple[str, str]]]:
    """Every room of the campus, and its key and name, by id."""
    rows = (await session.execute(_OFFERED, {"campus": campus_id})).all()
    spaces: dict[int, set[int]] = {}
    for row in rows:
        spaces.setdefault(row[0], set()).add(row[9])
    offered = {
        row[0]: Offered(
            RoomFacts(row[0], row[3], row[5], frozenset(spaces[row[0]]), row[6] or {}, row[4]),
            row[1],
            row[4],
            frozenset([*row[7], *row[8]]),
        )
        for row in rows
    }
    return offered, {row[0]: (f"{row[1]}/{row[2]}", row[3]) for row in rows}


async def _wider(
    session: AsyncSession, found: Survey, odd: Sequence[Date], rooms: Mapping[int, RoomFacts], *, now: datetime
) -> Facts:
    """The facts for the days around, and for the rooms that are offered too, with the terms on which they are lent."""
    asked = reach_of([found.wish.claim(day) for day in odd])
    reach = asked.padded(DAYS_AROUND, DAYS_AROUND)
    known = {**rooms, **found.facts.rooms}
    spaces = sorted(frozenset().union(*(room.spaces for room in known.values())))
    at = found.place
    return replace(
        found.facts,
        rooms=known,
        terms=await terms_there(session, at.campus_id, at.rules_mark, known, zone=at.zone, now=now),
        taken=await taken(session, spaces, reach),
        closures=[
            *found.facts.closures,
            *await closures_of(session, found.place.campus_id, reach),
        ],
    )


def _named(way: Way, names: Mapping[int, tuple[str, str]]) -> Instead:
    rooms = [names[room] for room in way.rooms]
    key, name = (rooms[0][0], ", ".join(name for _, name in rooms)) if way.new is None else names[way.new]
    return Instead([each for each, _ in rooms], key, name, way.span)


def foreseen(
    found: Survey, ways: Mapping[datetime, Sequence[Instead]], token: str | None, language: str
) -> dict[str, Any]:
    """The answer of a preview. `state` is what a date would be in once asked for; None while the whole would be refused."""
    reasons = [reason_json(finding, language) for finding in found.verdict.findings]
    return {
        "verdict": {"allowed": not found.verdict.refused, "reasons": reasons},
        "time_zone": found.place.zone,
        "occurrences": [
            _date_json(found, day, language)
            | {"alternatives": [_way_json(way) for way in ways.get(day.original_start, ())]}
            for day in found.wish.dates
        ],
        "price": None,
        "price_status": "not_set",
        "preview_token": token,
    }


def _date_json(found: Survey, day: Date, language: str) -> dict[str, Any]:
    claim = found.wish.claim(day)
    return {
        "original_start": day.original_start.isoformat(timespec="minutes"),
        "starts_at": instant(day.span.starts_at),
        "ends_at": instant(day.span.ends_at),
        "claim_starts_at": instant(claim.starts_at),
        "claim_ends_at": instant(claim.ends_at),
        "rooms": [found.place.room(id_).key for id_ in sorted(found.wish.rooms_of(day))],
        "shifted": day.shifted,
        "state": _state(found, day),
        "reasons": [reason_json(finding, language) for finding in found.verdict.about(day.original_start)],
    }


def _state(found: Survey, day: Date) -> str | None:
    if found.verdict.refused:
        return None
    asked = "held" if found.place.holds == "on_request" else "requested"
    return "skipped" if day.original_start in found.left else asked


def _way_json(way: Instead) -> dict[str, Any]:
    """`rooms` only where there are several: what to send in `changes` for that date. `distance_km` is 0 on the same campus."""
    told: dict[str, Any] = {
        "room": way.room,
        "name": way.name,
        "starts_at": instant(way.span.starts_at),
        "ends_at": instant(way.span.ends_at),
        "distance_km": way.km,
    }
    return told | ({"rooms": list(way.rooms)} if len(way.rooms) > 1 else {})
