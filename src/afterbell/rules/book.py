"""The rulebook of a campus: which rows hold on a wall date for a room. Pure; rows come from `reading`."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from afterbell.policy.terms import STANDARD, Part, Terms
from afterbell.rules.shapes import CAMPUS, DISTRICT, ROOM, terms_from

KEPT_DAYS = 2_000


@dataclass(frozen=True)
class RuleRow:
    """One row: see rules.models."""

    id: int
    name: str
    campus_id: int | None
    room_id: int | None
    value: Mapping[str, Any] | None
    effective_from: date
    set_by_id: int

    @property
    def scope(self) -> str:
        """How far it reaches."""
        return DISTRICT if self.campus_id is None else CAMPUS if self.room_id is None else ROOM

    def reaches(self, room: int | None) -> bool:
        """Whether it could hold for a room of its campus; None is the campus itself."""
        return self.room_id is None or self.room_id == room


def in_force(rows: Iterable[RuleRow], on: date) -> dict[str, RuleRow]:
    """By name, the row that holds on a day, of rows that all reach the place: the narrowest scope first, in it the row that came into force last. A row
    without a value gives way to what holds more widely."""
    latest: dict[tuple[str, str], RuleRow] = {}
    for row in sorted(rows, key=lambda row: (row.effective_from, row.id)):
        if row.effective_from <= on:
            latest[(row.name, row.scope)] = row
    found: dict[str, RuleRow] = {}
    for scope in (DISTRICT, CAMPUS, ROOM):
        found |= {name: row for (name, at), row in latest.items() if at == scope and row.value is not None}
    return found


def coming(rows: Iterable[RuleRow], on: date) -> list[RuleRow]:
    """What comes into force after a day, in order; of two rows for the same day and scope only the later."""
    later = {(row.name, row.scope, row.effective_from): row for row in sorted(rows, key=lambda row: row.id)}
    return sorted(
        (row for row in later.values() if row.effective_from > on), key=lambda row: (row.effective_from, row.id)
    )


@dataclass(frozen=True)
class Within:
    """A room that is part of another."""

    id: int
    name: str
    kind: str


def parts_among(rooms: Mapping[Within, Set[int]], ruled: Collection[int]) -> dict[int, tuple[Within, ...]]:
    """The parts that are `ruled`, by the id of each whole: it has all their spaces, and more. `rooms` are those of a campus, with their spaces, in order."""
    parts = {room: spaces for room, spaces in rooms.items() if room.id in ruled}
    found = {whole.id: tuple(part for part in parts if parts[part] < spaces) for whole, spaces in rooms.items()}
    return {whole: within for whole, within in found.items() if within}


@dataclass
class Book:
    """The rows of one campus, the district's among them, the `parts` of its rooms that have rows (by the id of the whole), and what was worked out from
    them."""

    rows: Sequence[RuleRow]
    parts: Mapping[int, Sequence[Within]] = field(default_factory=dict)
    known: dict[tuple[int | None, date], Terms] = field(default_factory=dict)

    @cached_property
    def apart(self) -> frozenset[int]:
        """The rooms whose terms may differ from the campus's: those with rows of their own, and with parts that have some."""
        return frozenset(row.room_id for row in self.rows if row.room_id is not None) | frozenset(self.parts)

    def terms(self, room: int | None, on: date) -> Terms:
        """What holds for a room on a day; rooms without rows of their own, or of a part, share one object."""
        if not self.rows:
            return STANDARD
        own = room if room in self.apart else None
        if (own, on) not in self.known:
            if len(self.known) > KEPT_DAYS:
                self.known.clear()
            held = self._held(own, on)
            parts = [each for within in self.parts.get(own or 0, ()) if (each := self._part(within, held, on))]
            self.known[(own, on)] = replace(_terms(held, _own(held)), parts=tuple(parts))
        return self.known[(own, on)]

    def _held(self, room: int | None, on: date) -> dict[str, RuleRow]:
        return in_force([row for row in self.rows if row.reaches(room)], on)

    def _part(self, within: Within, whole: Mapping[str, RuleRow], on: date) -> Part | None:
        """None where it sets nothing itself on that day."""
        own = _own(self._held(within.id, on))
        return Part(within.name, within.kind, _terms({**whole, **own}, own)) if own else None


def _own(held: Mapping[str, RuleRow]) -> dict[str, RuleRow]:
    return {name: row for name, row in held.items() if row.scope == ROOM}


def _terms(held: Mapping[str, RuleRow], own: Collection[str]) -> Terms:
    return replace(terms_from({name: row.value or {} for name, row in held.items()}), own=frozenset(own))
