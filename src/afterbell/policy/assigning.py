"""Any room of a kind: which of a school's rooms a wish for "any classroom" is given. One for the whole series where that can be, else one for each date."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.policy.ask import RoomFacts
from afterbell.policy.rooms import blocked

ANY = "any:"


@dataclass(frozen=True)
class Call:
    """A date that needs rooms: the time in the room, for each name that was written the rooms that would do, in the order in which they are tried, and how
    many people they must hold together, set up as asked."""

    date: Date
    claim: Span
    choices: tuple[tuple[int, ...], ...]
    headcount: int = 0
    layout: str | None = None


def any_of(name: str) -> tuple[str, str] | None:
    """("roosevelt-high", "classroom") for "roosevelt-high/any:classroom"; None for a room that has a name of its own."""
    school, _, room = name.partition("/")
    return (school, room.removeprefix(ANY)) if room.startswith(ANY) else None


def fitting(rooms: Iterable[RoomFacts], headcount: int, layout: str | None) -> tuple[int, ...]:
    """The rooms of a kind that hold the people, in the order in which they are tried, the smallest first; the largest alone where none holds them, so that the
    judge can say how many pass, and so for the layout. A room that has it comes before one that has not. `rooms` are not empty."""
    by_size = sorted(rooms, key=lambda room: (room.holds(layout), room.id))
    fits = [room for room in by_size if room.holds(layout) >= headcount] or by_size[-1:]
    if not any(layout in room.layouts for room in fits):
        fits += [room for room in by_size if layout in room.layouts][-1:]
    return tuple(room.id for room in sorted(fits, key=lambda room: bool(layout) and layout not in room.layouts))


def fitting_together(
    names: Sequence[Sequence[int]], rooms: Mapping[int, RoomFacts], headcount: int, layout: str | None
) -> tuple[tuple[int, ...], ...]:
    """For each of several names the rooms that may do: those with which the largest of the others hold the people. `names` are the rooms that each may mean;
    which of them go together is seen when they are chosen, but what shares a space with a room that has a name of its own is no choice, wherever it is
    named."""
    names = [beside_the_named(each, names, rooms) or each for each in names]
    most = [max(rooms[room].holds(layout) for room in each) for each in names]
    return tuple(
        fitting([rooms[room] for room in each], headcount - sum(most) + most[at], layout)
        for at, each in enumerate(names)
    )


def beside_the_named(
    choice: Sequence[int], names: Sequence[Sequence[int]], rooms: Mapping[int, RoomFacts]
) -> tuple[int, ...]:
    """The rooms of a choice that share no space with those that are named themselves; a room without a choice stays."""
    if len(choice) == 1:
        return tuple(choice)
    used = frozenset().union(*(rooms[each[0]].spaces for each in names if len(each) == 1))
    return tuple(room for room in choice if not rooms[room].spaces & used)


def most_at_once(choice: Sequence[int], rooms: Mapping[int, RoomFacts]) -> int:
    """How many of the rooms can be had at the same time: a whole gym counts no more than one of its halves."""
    used: frozenset[int] = frozenset()
    count = 0
    for room in sorted((rooms[each] for each in choice), key=lambda room: len(room.spaces)):
        if not room.spaces & used:
            used, count = used | room.spaces, count + 1
    return count


def assigned(
    calls: Sequence[Call],
    rooms: Mapping[int, RoomFacts],
    taken: Mapping[int, Sequence[Span]],
    barred: Collection[tuple[int, datetime]] = (),
) -> dict[datetime, tuple[int, ...]]:
    """The rooms of each date, by original start, one for each name. A room that is free on every date is taken for all of them; else the one that is free on
    most, and on the others the first that is free. Where none is, the first is named, and the judge says why not. `barred` are rooms with the dates on which
    their own rules rule them out; where all of a choice are, none is. `calls` are not empty."""
    free = {call.date.original_start: _free(call, rooms, taken, barred) for call in calls}
    usual = [_usual(calls, free, at) for at in range(max(len(call.choices) for call in calls))]
    found: dict[datetime, tuple[int, ...]] = {}
    for call in calls:
        given: list[int] = []
        for at in range(len(call.choices)):
            given.append(_choose(call, usual[at], free[call.date.original_start], given, rooms))
        found[call.date.original_start] = tuple(given)
    return found


def _free(
    call: Call,
    rooms: Mapping[int, RoomFacts],
    taken: Mapping[int, Sequence[Span]],
    barred: Collection[tuple[int, datetime]],
) -> frozenset[int]:
    start = call.date.original_start
    open_ = [[room for room in each if (room, start) not in barred] or each for each in call.choices if len(each) > 1]
    choices = {room for choice in open_ for room in choice}
    return frozenset(room for room in choices if blocked(rooms[room].spaces, call.claim, taken) is None)


def _usual(calls: Sequence[Call], free: Mapping[datetime, frozenset[int]], at: int) -> tuple[int, ...]:
    """The rooms for the name at that place, the one that is free on most dates first; ties keep their order."""
    like = [call for call in calls if at < len(call.choices)]
    order = dict.fromkeys(room for call in like for room in call.choices[at])
    count = {room: sum(room in free[call.date.original_start] for call in like) for room in order}
    return tuple(sorted(order, key=lambda room: -count[room]))


def _choose(
    call: Call, usual: tuple[int, ...], free: frozenset[int], given: Sequence[int], rooms: Mapping[int, RoomFacts]
) -> int:
    """The room for the next name: one that is free and, with those given and the best of what is still to choose, can be set up as asked and holds the
    people. Where one can be set up so, another is not given because it is free."""
    choice = call.choices[len(given)]
    if len(choice) == 1:
        return choice[0]
    used = frozenset().union(*(rooms[room].spaces for room in given))
    able = [room for room in usual if room in choice and not rooms[room].spaces & used]
    enough = {room for room in able if _at_best(call, [*given, room], rooms, free) >= call.headcount}
    set_up = {room for room in able if _can_be_set_up(call, [*given, room], rooms)}
    return min(able, key=lambda room: (room not in set_up, room not in enough, room not in free), default=choice[0])


def _can_be_set_up(call: Call, given: Sequence[int], rooms: Mapping[int, RoomFacts]) -> bool:
    """Whether one of the rooms has the layout, or one that is still to choose may."""
    used = frozenset().union(*(rooms[room].spaces for room in given))
    left = (room for choice in call.choices[len(given) :] for room in choice if not rooms[room].spaces & used)
    return any(call.layout in rooms[room].layouts for room in (*given, *left))


def _at_best(call: Call, given: Sequence[int], rooms: Mapping[int, RoomFacts], free: frozenset[int]) -> int:
    """How many people the rooms hold when the largest that is free is chosen for each name that is left."""
    chosen = list(given)
    for choice in call.choices[len(given) :]:
        used = frozenset().union(*(rooms[room].spaces for room in chosen))
        able = [room for room in choice if len(choice) == 1 or (room in free and not rooms[room].spaces & used)]
        chosen += sorted(able, key=lambda room: rooms[room].holds(call.layout))[-1:]
    return sum(rooms[room].holds(call.layout) for room in chosen)
