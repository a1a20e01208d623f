"""The rulebook of a campus: which rows hold on a wall date for a room. Pure; rows come from `reading`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from afterbell.policy.terms import STANDARD, Terms
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


@dataclass
class Book:
    """The rows of one campus, the district's among them, and what was worked out from them."""

    rows: Sequence[RuleRow]
    known: dict[tuple[int | None, date], Terms] = field(default_factory=dict)

    def terms(self, room: int | None, on: date) -> Terms:
        """What holds for a room on a day; rooms without rows of their own share one object."""
        if not self.rows:
            return STANDARD
        own = room if any(row.room_id == room for row in self.rows) else None
        if (own, on) not in self.known:
            if len(self.known) > KEPT_DAYS:
                self.known.clear()
            held = in_force([row for row in self.rows if row.reaches(own)], on)
            self.known[(own, on)] = _terms(held)
        return self.known[(own, on)]


def _terms(held: Mapping[str, RuleRow]) -> Terms:
    own = frozenset(name for name, row in held.items() if row.scope == ROOM)
    return replace(terms_from({name: row.value or {} for name, row in held.items()}), own=own)
