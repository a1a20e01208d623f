"""The rules about rooms: that they hold the people, that nobody has them, and that one booking does not stand in its own way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.policy.ask import Facts, RoomFacts, Wish
from afterbell.policy.layouts import layouts_named
from afterbell.policy.verdict import N_, Finding, Message, Value, refuse

NOT_SO = N_("{room} cannot be set up as {layout}. It can be set up as: {choices}.")
NO_LAYOUT = N_("{room} cannot be set up as {layout}: it is always set up in the same way. Leave layout out.")
NONE_SO = N_("None of these rooms can be set up as {layout}. They can be set up as: {choices}.")
NO_LAYOUTS = N_(
    "None of these rooms can be set up as {layout}: they are always set up in the same way. Leave layout out."
)


def fits_the_rooms(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """More people than the rooms hold together, set up as asked, are refused; equal is fine. Said once for the series, and for each date elsewhere."""
    for day, occurrence in _usual_and_elsewhere(wish):
        yield from _too_many(wish, facts, day, occurrence)


def _usual_and_elsewhere(wish: Wish) -> Iterator[tuple[Date, datetime | None]]:
    """What is to be said of rooms: of one date for all of the series, then of each that is elsewhere, with its original start."""
    usual = [day for day in wish.dates if day.original_start not in wish.elsewhere]
    yield from ((day, None) for day in usual[:1])
    yield from ((day, day.original_start) for day in wish.dates if day.original_start in wish.elsewhere)


def _too_many(wish: Wish, facts: Facts, day: Date, occurrence: datetime | None) -> Iterator[Finding]:
    rooms = _rooms(wish, facts, day)
    capacity = sum(room.holds(wish.layout) for room in rooms)
    if wish.headcount > capacity:
        one, many = (
            N_("The room holds {capacity} people; you said {headcount}."),
            N_("The rooms hold {capacity} people together; you said {headcount}."),
        )
        values: dict[str, Value] = {"capacity": capacity, "headcount": wish.headcount}
        if wish.layout and any(wish.layout in room.layouts for room in rooms):
            one, many = (
                N_("Set up as {layout}, the room holds {capacity} people; you said {headcount}."),
                N_("Set up as {layout}, the rooms hold {capacity} people together; you said {headcount}."),
            )
            values["layout"] = layouts_named(wish.layout)
        said = Message(one if len(rooms) == 1 else many, values)
        yield refuse("too_many_people", said, policy="capacity", occurrence=occurrence, would_pass=str(capacity))


def set_up_as_asked(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """A layout that none of the rooms of a date has is refused, with those that they have; beside a room that has it another counts with its own number. Said
    once where nothing that is asked for has it. What is set up like that already is not judged again."""
    layout = wish.layout
    if layout is None:
        return
    told = [(_rooms(wish, facts, day), occurrence) for day, occurrence in _usual_and_elsewhere(wish)]
    odd = [each for each in told if not _one_has(layout, each[0]) and _ids(each[0]) not in facts.laid_out]
    if odd and not _one_has(layout, facts.rooms.values()):
        odd = [(list(facts.rooms.values()), None)]
    for rooms, occurrence in odd:
        yield _not_so(layout, rooms, occurrence)


def _one_has(layout: str, rooms: Iterable[RoomFacts]) -> bool:
    return any(layout in room.layouts for room in rooms)


def _ids(rooms: Iterable[RoomFacts]) -> frozenset[int]:
    return frozenset(room.id for room in rooms)


def _not_so(layout: str, rooms: Sequence[RoomFacts], occurrence: datetime | None) -> Finding:
    known = sorted({each for room in rooms for each in room.layouts})
    text = (NOT_SO if known else NO_LAYOUT) if len(rooms) == 1 else NONE_SO if known else NO_LAYOUTS
    values: dict[str, Value] = {"layout": layouts_named(layout), "choices": layouts_named(*known)}
    said = Message(text, {**values, "room": ", ".join(room.name for room in rooms)})
    return refuse("unknown_layout", said, policy="layout", occurrence=occurrence, would_pass=", ".join(known) or None)


def each_room_once(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """A room and a part of it, or the same room twice, cannot both be had."""
    told: set[tuple[int, ...]] = set()
    for day in wish.dates:
        rooms = wish.rooms_of(day)
        if rooms not in told:
            told.add(rooms)
            yield from _twice(wish, facts, day)


def _twice(wish: Wish, facts: Facts, day: Date) -> Iterator[Finding]:
    """The whole booking is meant unless the date is elsewhere."""
    found = told_twice(_rooms(wish, facts, day))
    if found is not None:
        yield replace(found, occurrence=day.original_start if day.original_start in wish.elsewhere else None)


def told_twice(rooms: Sequence[RoomFacts]) -> Finding | None:
    """The first pair of rooms that share a space, or are the same."""
    pair = next(((one, other) for one, other in combinations(rooms, 2) if one.spaces & other.spaces), None)
    if pair is None:
        return None
    said = N_("{one} and {other} share the same space. Choose one of them.")
    if pair[0].id == pair[1].id:
        said = N_("{one} is named twice. Name each room once.")
    return refuse("room_twice", Message(said, {"one": pair[0].name, "other": pair[1].name}))


def while_nobody_has_them(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """Whatever blocks one of the rooms' spaces, set-up and take-down included, takes the room; touching ends are fine. One finding a room and date."""
    for day in wish.dates:
        claim = wish.claim(day)
        rooms = _rooms(wish, facts, day)
        for room in rooms:
            hit = blocked(room.spaces, claim, facts.taken)
            if hit is not None:
                yield room_taken(day, hit, facts.zone, room.name if len(rooms) > 1 else None)


def blocked(spaces: frozenset[int], claim: Span, taken: Mapping[int, Sequence[Span]]) -> Span | None:
    """The earliest of what is taken that stands in the way; None when all of the spaces are free then."""
    hits = (span for space in spaces for span in taken.get(space, ()) if span.overlaps(claim))
    return min(hits, default=None)


def without_overlapping_itself(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """Two dates of one booking may not need the same space at once: the later is told, and then is in nobody's way itself; beside one that stays the other."""
    ordered = sorted(((wish.claim(day), day) for day in wish.dates), key=lambda pair: pair[0].starts_at)
    open_ones: list[tuple[Span, frozenset[int]]] = []
    for claim, day in ordered:
        spaces = wish.spaces(day, facts)
        open_ones = [(before, theirs) for before, theirs in open_ones if before.ends_at > claim.starts_at]
        if any(spaces & theirs for _, theirs in open_ones) or blocked(spaces, claim, facts.own):
            said = N_("Two of your own dates overlap here, counting set-up and take-down.")
            yield refuse("room_taken", Message(said), occurrence=day.original_start)
        else:
            open_ones.append((claim, spaces))


def room_taken(day: Date, taken: Span, zone: str, room: str | None = None) -> Finding:
    """Somebody has the room, which is named where a date has several; `taken` is the time in the room, which anyone may see in its calendar."""
    values = {"starts": taken.starts_at, "ends": taken.ends_at}
    if room is None:
        message = Message(N_("Taken {starts} to {ends}."), values, zone)
    else:
        message = Message(N_("{room}: taken {starts} to {ends}."), {**values, "room": room}, zone)
    return refuse("room_taken", message, occurrence=day.original_start)


def _rooms(wish: Wish, facts: Facts, day: Date) -> list[RoomFacts]:
    return [facts.rooms[room] for room in wish.rooms_of(day)]
