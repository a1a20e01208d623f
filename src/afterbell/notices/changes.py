"""What there is to tell of changes: what a date or the whole booking is now, against what the partner knows. Pure; the words lie in change_words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.moves import starts
from afterbell.bookings.queries import BookingRow
from afterbell.notices.told import Known, Where, Whole
from afterbell.policy.lifecycle import BLOCKING, WAITING

LIVE = WAITING | BLOCKING
VALUES = ("title", "headcount", "layout")
Facts = Mapping[str, Any]
Decisions = Sequence[tuple[datetime, Facts]]


@dataclass(frozen=True)
class Value:
    """A value of the whole booking: what the partner knows, and what it is now or is to be."""

    name: str
    was: Any
    now: Any


@dataclass(frozen=True)
class Changes:
    """News about dates that moved (with where the partner knows them), were `asked` to move, `stayed` where they were although asked, came or went; and about
    values that changed, wait, or were `kept`. `lost` are the ids of those that stayed because somebody else was given the room;
    `dropped` says that one that moved was asked to go elsewhere, which waits no more."""

    moved: Sequence[tuple[Where, DateRow]] = ()
    asked: Sequence[DateRow] = ()
    stayed: Sequence[DateRow] = ()
    added: Sequence[DateRow] = ()
    gone: Sequence[DateRow] = ()
    values: Sequence[Value] = ()
    waiting: Sequence[Value] = ()
    kept: Sequence[Value] = ()
    lost: Collection[int] = ()
    dropped: bool = False

    @property
    def dates(self) -> list[DateRow]:
        """The dates that are told as they stand."""
        return [*(date for _, date in self.moved), *self.stayed, *self.added, *self.gone]

    @property
    def says(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.dates or self.asked or self.values or self.waiting or self.kept)

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide about some of it."""
        return bool(self.asked or self.waiting or any(date.state in WAITING for date in self.added))


def of_act(found: BookingRow, known: Known, facts: Facts) -> Changes:
    """What one act changed, as far as it is still so and was not told. Before the first letter only what that letter could not tell."""
    dates = {name: _named(found, facts.get(name, ())) for name in ("dates", "moved", "asked", "added")}
    gone = _named(found, [*facts.get("withdrawn", ()), *facts.get("cancelled", ())])
    waits = facts.get("waits", ())
    columns = [name for name in facts.get("columns", ()) if name not in waits]
    elsewhere = _named(found, [*facts.get("moved", ()), *facts.get("asked", ())])
    moved = _moved(dates["moved"], known, LIVE)
    return Changes(
        moved=moved,
        asked=[date for date in dates["asked"] if date.move and _asked(known, date) != Where.of(date.move)],
        stayed=_stayed([date for date in dates["dates"] if date not in elsewhere], known),
        added=_added(dates["added"], known, at_once=bool(facts.get("at_once"))),
        gone=[date for date in gone if date.state not in LIVE and known.state(date) != date.state],
        values=[each for each in _values(found, known) if each.name in columns],
        waiting=[each for each in _waiting(found, known) if each.name in waits],
        dropped=any(date.move is None and _asked(known, date) not in (None, Where.of(date)) for _, date in moved),
    )


def of_decision(found: BookingRow, known: Known, decided: Decisions) -> Changes:
    """What was decided about changes: approved dates that are elsewhere now, and those that stay. `decided` are the decisions with their times, for moves that
    were settled before it was told that they wait."""
    approved = [date for date in found.dates if date.state == "approved" and known.state(date) == "approved"]
    moved = _moved(approved, known, {"approved"})
    named = {date.id for _, date in moved} | {date.id for date in _stayed(approved, known)}
    quick = [date for date in approved if date.id not in named and date.move is None and _ruled(date, known, decided)]
    told_at = known.whole.at if known.whole else None
    ruled = {name for at, facts in decided if told_at and at > told_at for name in facts.get("kept", ())}
    stayed = [*_stayed(approved, known), *quick]
    return Changes(
        moved=moved,
        stayed=stayed,
        values=_values(found, known),
        kept=_kept(found, known, ruled),
        lost={date.id for date in stayed if _ruled(date, known, decided, "lost")},
    )


def of_taking_back(found: BookingRow, known: Known, facts: Facts) -> Changes:
    """What waits no more because the partner took it back, or time did; nothing of which it was never told that it waits."""
    stayed = _stayed(_named(found, facts.get("dates", ())), known)
    return Changes(stayed=stayed, kept=_kept(found, known, ()))


def whole_after(found: BookingRow, known: Known, changes: Changes, now: datetime) -> Whole:
    """What the partner knows of the whole once these changes are told: nothing else becomes known by it."""
    told, waiting = (known.whole.proposed if known.whole else None) or {}, found.proposed or {}
    still = {name: to for name, to in told.items() if waiting.get(name) == to}
    proposed = still | {each.name: each.now for each in changes.waiting}
    values = {each.name: each.now for each in changes.values}
    return replace(known.whole or Whole.of(found, now), at=now, proposed=proposed or None, **values)


def _named(found: BookingRow, names: Collection[str]) -> list[DateRow]:
    return [date for date in found.dates if starts([date])[0] in names]


def _added(dates: Sequence[DateRow], known: Known, *, at_once: bool) -> list[DateRow]:
    """As the act left them, also where they were approved meanwhile: that is news of the decision's letter."""
    added = [date for date in dates if known.dates and date.state in LIVE and known.state(date) not in LIVE]
    return [date if at_once or date.state in WAITING else replace(date, state="requested") for date in added]


def _asked(known: Known, date: DateRow) -> Where | None:
    was = known.dates.get(date.id)
    return was.asked if was else None


def _moved(dates: Sequence[DateRow], known: Known, states: Collection[str]) -> list[tuple[Where, DateRow]]:
    pairs = [(was.stands, date) for date in dates if date.state in states and (was := known.dates.get(date.id))]
    return [(where, date) for where, date in pairs if where is not None and where != Where.of(date)]


def _stayed(dates: Sequence[DateRow], known: Known) -> list[DateRow]:
    """A move waits no more of which it was told, and its date is where it was."""
    found = []
    for date in dates:
        was = known.dates.get(date.id)
        if was and was.asked and date.move is None and date.state in LIVE and was.stands == Where.of(date):
            found.append(date)
    return found


def _ruled(date: DateRow, known: Known, decided: Decisions, name: str = "stayed") -> bool:
    """Whether it was decided that a date stays, or that it `lost`, since the partner last read of it."""
    was = known.dates[date.id]
    return any(at > was.at and starts([date])[0] in facts.get(name, ()) for at, facts in decided)


def _values(found: BookingRow, known: Known) -> list[Value]:
    values = [Value(name, getattr(known.whole, name, None), getattr(found, name)) for name in VALUES]
    return [each for each in values if known.whole and each.was != each.now]


def proposed(found: BookingRow) -> list[Value]:
    """The new values of the whole that wait, told or not."""
    return [Value(name, getattr(found, name), to) for name, to in (found.proposed or {}).items()]


def _waiting(found: BookingRow, known: Known) -> list[Value]:
    told = (known.whole.proposed if known.whole else None) or {}
    return [each for each in proposed(found) if each.name not in told or told[each.name] != each.now]


def _kept(found: BookingRow, known: Known, ruled: Collection[str]) -> list[Value]:
    """Values that were told to wait, or were `ruled` on before that, and are what they were."""
    told, waiting = (known.whole.proposed if known.whole else None) or {}, found.proposed or {}
    asked = {name: to for name, to in told.items() if name not in waiting and to != getattr(found, name)}
    return [Value(name, asked.get(name), getattr(found, name)) for name in dict.fromkeys([*asked, *ruled])]
