"""What is said of the rooms that a search shows: why each odd date is odd, what could be had instead, and who else asked where nothing is held. Read only for
those that are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.availability import activity_names
from afterbell.bookings.lent import Lent, is_for_everybody, kept_for
from afterbell.bookings.nearby import Instead, Neighbours, another_day, another_time, days_around, movable
from afterbell.bookings.occupied import asked_by_room
from afterbell.bookings.pool import Candidate
from afterbell.bookings.situations import Situation, Situations
from afterbell.bookings.vacancy import taken_around
from afterbell.places.catalog import RoomRow, rooms_where
from afterbell.places.models import Room
from afterbell.policy.ask import Contest, RoomFacts
from afterbell.policy.rules import judge_the_room
from afterbell.policy.verdict import Finding

HELD = "held_too_much"


@dataclass(frozen=True)
class Details:
    """By the id of a room; `rows` has the rooms that are offered instead too."""

    rows: Mapping[int, RoomRow]
    conflicts: Mapping[int, Sequence[Finding]]
    instead: Mapping[int, Mapping[datetime, Sequence[Instead]]]
    not_held: Mapping[int, Sequence[Finding]] = field(default_factory=dict)
    only_for: Mapping[int, Sequence[Finding]] = field(default_factory=dict)


async def details_of(
    session: AsyncSession,
    shown: Sequence[Candidate],
    to_them: Lent,
    free: Mapping[int, int],
    neighbours: Neighbours,
) -> Details:
    """Three statements; one more where requests compete, and one where something is left without a way out, and one where rooms are
    kept for some activities."""
    at = to_them.at
    some = at.of(shown[0])
    wish = some.wish
    odd = {room.id: _odd(room, to_them, free[room.id]) for room in shown}
    around = {k: some.reach(k) for k in range(len(wish.dates))}
    pairs = {(space, k) for room in shown for k in odd[room.id] for space in room.spaces}
    taken = await taken_around(session, pairs, around)
    conflicts = {room.id: _conflicts(room, to_them, odd[room.id], free[room.id], taken) for room in shown}
    instead = {room.id: _instead(room, to_them, odd[room.id], taken, neighbours) for room in shown}
    await _on_other_days(session, shown, to_them, free, odd, instead)
    ids = {room.id for room in shown} | {each.room for of in instead.values() for two in of.values() for each in two}
    rows = await rooms_where(session, Room.id.in_(sorted(ids)), most=len(ids))
    names = {row.id: row for row in rows}
    named = {id_: [_named(each, names[id_].name) for each in found] for id_, found in conflicts.items()}
    not_held = await _not_held(session, shown, at, free)
    return Details(names, named, instead, not_held, await _only_for(session, shown, at, names))


async def _only_for(
    session: AsyncSession, shown: Sequence[Candidate], at: Situations, rows: Mapping[int, RoomRow]
) -> dict[int, list[Finding]]:
    """For whom each room is, where it is not for everybody."""
    kept = [room for room in shown if not is_for_everybody(at.of(room))]
    names = await activity_names(session, (at.of(room).terms for room in kept)) if kept else {}
    return {room.id: _admitted(rows[room.id], at.of(room), names) for room in kept}


def _admitted(row: RoomRow, at: Situation, names: Mapping[str, Mapping[str, str]]) -> list[Finding]:
    return kept_for(at, RoomFacts(row.id, row.name, row.capacity, frozenset(), kind=row.kind), names)


def _odd(room: Candidate, to_them: Lent, free: int) -> list[int]:
    """The numbers of the dates that something is said of: those that are not free, and none where the room is for others."""
    dates = to_them.at.of(room).wish.dates if to_them.is_for_them(room) else ()
    return [k for k in range(len(dates)) if not free >> k & 1]


def _named(finding: Finding, room: str) -> Finding:
    """A finding about hours of a room's own names the room, which nobody knew when all that share them were judged at once."""
    values = finding.message.values
    if values.get("room") != "":
        return finding
    return replace(finding, message=replace(finding.message, values={**values, "room": room}))


def _conflicts(
    room: Candidate, to_them: Lent, odd: Sequence[int], free: int, taken: Mapping[int, Sequence[Span]]
) -> list[Finding]:
    """Date by date: what is wrong there for every room, then who has this one; where nothing is, what makes it too much for who looks."""
    at = to_them.at.of(room)
    told = {k: _wrong(room, at, k, taken) for k in odd}
    left = sum(1 << k for k, found in told.items() if not found)
    for each in to_them.beyond(room, free | left) if left else ():
        told[next(k for k in odd if at.wish.dates[k].original_start == each.occurrence)].append(each)
    return [each for found in told.values() for each in found]


def _wrong(room: Candidate, at: Situation, k: int, taken: Mapping[int, Sequence[Span]]) -> list[Finding]:
    date = at.wish.dates[k]
    alone = replace(at.wish, dates=(date,), rooms=(room.id,), elsewhere={})
    facts = at.facts(RoomFacts(room.id, "", 0, frozenset(room.spaces)), taken)
    return [*at.refused.get(date.original_start, ()), *judge_the_room(alone, facts, at.now).reasons]


def _instead(
    room: Candidate, to_them: Lent, odd: Sequence[int], taken: Mapping[int, Sequence[Span]], neighbours: Neighbours
) -> dict[datetime, list[Instead]]:
    """At most three a date: a room of the same school, one nearby, another time in the same room that day. Where a further date would be too much, none of that
    campus, and none at all where it would be anywhere."""
    at = to_them.at.of(room)
    found: dict[datetime, list[Instead]] = {}
    for k in odd:
        date = at.wish.dates[k]
        full = to_them.full(room, neighbours.free[room.id], k)
        if any(each.code == HELD for each in full):
            continue
        offers = list(neighbours.instead(room, k, date.span, room.campus if full else None))
        if not full and (later := another_time(at, room, k, taken)) is not None:
            offers.append(later)
        if offers:
            found[date.original_start] = offers
    return found


async def _on_other_days(
    session: AsyncSession,
    shown: Sequence[Candidate],
    to_them: Lent,
    free: Mapping[int, int],
    odd: Mapping[int, Sequence[int]],
    instead: Mapping[int, dict[datetime, list[Instead]]],
) -> None:
    """Adds a day close by where a date has nothing else, as on a day on which every school is closed."""
    at = to_them.at
    wish = at.of(shown[0]).wish
    bare = [
        (room, k)
        for room in shown
        for k in odd[room.id]
        if wish.dates[k].original_start not in instead[room.id]
        and movable(at.of(room), k)
        and at.of(room).other_days(k)
        and not to_them.full(room, free[room.id], k)
    ]
    reaches = {k: days_around(at.of(room), k) for room, k in bare}
    taken = await taken_around(session, {(space, k) for room, k in bare for space in room.spaces}, reaches)
    for room, k in bare:
        if (day := another_day(at.of(room), room, k, taken)) is not None:
            instead[room.id][wish.dates[k].original_start] = [day]


async def _not_held(
    session: AsyncSession, shown: Sequence[Candidate], at: Situations, free: Mapping[int, int]
) -> dict[int, list[Finding]]:
    """The notes on the dates that are free, where requests compete."""
    contested = [room for room in shown if at.of(room).competing]
    if not contested:
        return {}
    wish = at.of(contested[0]).wish
    claims = [wish.claim(date) for date in wish.dates]
    reach = Span(min(claim.starts_at for claim in claims), max(claim.ends_at for claim in claims))
    asked = await asked_by_room(session, {room.campus for room in contested}, [room.id for room in contested], reach)
    return {room.id: _notes(room, at.of(room), free[room.id], asked.get(room.id, ())) for room in contested}


def _notes(room: Candidate, at: Situation, free: int, asked: Sequence[Span]) -> list[Finding]:
    spaces = frozenset(room.spaces)
    dates = [date for k, date in enumerate(at.wish.dates) if free >> k & 1]
    facts = at.facts(RoomFacts(room.id, "", 0, spaces), {}, [Contest(claim, spaces) for claim in asked])
    wish = replace(at.wish, dates=dates, rooms=(room.id,), elsewhere={})
    return [each for each in judge_the_room(wish, facts, at.now).findings if each.code == "not_held"]
