"""What a change comes to, as its page shows it: every date from where to where with what stands in its way, and the new values of the whole. Plain values
from an Outcome; reads nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.page_dates import FREE, SAYS_ALL, in_short
from afterbell.bookings.preview_change import Outcome
from afterbell.bookings.rewriting import Further, Rewrite
from afterbell.bookings.room_names import names_of
from afterbell.places.naming import layout_words
from afterbell.policy.lifecycle import WAITING
from afterbell.policy.verdict import N_, Finding, Severity
from afterbell.web.words import say, say_message

COLUMN_NAMES = {
    "title": N_("Title"),
    "headcount": N_("People expected"),
    "layout": N_("Set up as"),
    "contact": N_("On the day"),
    "note": N_("Note to the school"),
    "listing": N_("What families read"),
}


@dataclass(frozen=True)
class When:
    """Where a date is, was or is to be."""

    starts_at: datetime
    ends_at: datetime
    rooms: str


@dataclass(frozen=True)
class Step:
    """One date, from where to where; `before` is None for a further one, `after` for one that is given back. `rooms` when they change or are to be told.
    `kind` is the shape and colour of its `label`, which is empty where nothing has to be said."""

    before: When | None
    after: When | None
    rooms: bool
    kind: str
    label: str
    shifted: bool = False


@dataclass(frozen=True)
class Preview:
    """What is so `at_once`, what goes into the request that waits anyway, what is to be decided while the old time `waits`, which dates are `further` and
    which `back`, moves that are given up (`stays`); `now` and `later` are new values of the whole, as (name, old, new). `flags` is what whoever decides looks
    at twice, `anyway` whether the viewer could ask against what refuses."""

    at_once: Sequence[Step] = ()
    asked: Sequence[Step] = ()
    waits: Sequence[Step] = ()
    further: Sequence[Step] = ()
    back: Sequence[Step] = ()
    stays: Sequence[Step] = ()
    now: Sequence[tuple[str, str, str]] = ()
    later: Sequence[tuple[str, str, str]] = ()
    remedies: Sequence[str] = ()
    flags: Sequence[str] = ()
    anyway: bool = False
    refused: bool = False
    decides: bool = False
    competes: bool = False

    @property
    def empty(self) -> bool:
        """Whether everything is so already."""
        return not (self.dates or self.now or self.later)

    @property
    def dates(self) -> list[Step]:
        """Every date that it is about."""
        return [*self.at_once, *self.asked, *self.waits, *self.further, *self.back, *self.stays]

    @property
    def undecided(self) -> bool:
        """Whether somebody has to decide about some of it."""
        return bool(self.waits or self.later or (self.further and not self.decides))


def preview_of(outcome: Outcome, language: str) -> Preview:
    """The change as its page shows it."""
    plan, verdict = outcome.plan, outcome.verdict
    refusals = [each for each in verdict.findings if each.severity is Severity.REFUSE]
    said = _Said(refusals, language)
    waiting = {each.date.id for each in plan.rewrites if not plan.at_once and each.date.state in WAITING}
    direct = [each for each in plan.direct if each.changes]
    unsaid = [each for each in refusals if each.occurrence is None or each.code not in SAYS_ALL]
    columns = {name: (getattr(plan.found, name), value) for name, value in plan.columns.items()}
    return Preview(
        at_once=[said.step(each, new=not plan.has(each)) for each in direct if each.date.id not in waiting],
        asked=[said.step(each, new=not plan.has(each)) for each in direct if each.date.id in waiting],
        waits=[said.step(each, new=True) for each in plan.asked],
        further=[said.further(each) for each in plan.further],
        back=[Step(_when(each), None, False, "over", say(N_("Given back"), language)) for each in plan.fewer],
        stays=[Step(None, _when(each.date), False, "ok", say(N_("Stays"), language)) for each in plan.back],
        now=[_column(name, *columns[name], language) for name in columns if name not in plan.waits],
        later=[_column(name, *columns[name], language) for name in columns if name in plan.waits],
        remedies=list(dict.fromkeys(say_message(each.message, language) for each in unsaid)),
        flags=list(dict.fromkeys(say_message(each.message, language) for each in verdict.flags)),
        anyway=any(each.anyway for each in verdict.reasons),
        refused=verdict.refused,
        decides=plan.at_once,
        competes=outcome.competes,
    )


@dataclass(frozen=True)
class _Said:
    """The refusals of a change, told beside the dates that they are about."""

    refusals: Sequence[Finding]
    language: str

    def step(self, each: Rewrite, *, new: bool) -> Step:
        before, after = _when(each.date), _after(each)
        kind, label = self._short(each.day.original_start, new=new)
        return Step(before, after, before.rooms != after.rooms, kind, label, each.day.shifted)

    def further(self, each: Further) -> Step:
        after = When(each.day.span.starts_at, each.day.span.ends_at, names_of(each.rooms))
        kind, label = self._short(each.day.original_start, new=True)
        return Step(None, after, True, kind, label, each.day.shifted)

    def _short(self, start: datetime, *, new: bool) -> tuple[str, str]:
        found = [each for each in self.refusals if each.occurrence == start]
        if found:
            return in_short(found[0], self.language)
        return ("ok", say(FREE, self.language)) if new else ("ok", "")


def _when(date: DateRow) -> When:
    return When(date.starts_at, date.ends_at, names_of(date.rooms))


def _after(each: Rewrite) -> When:
    return When(each.day.span.starts_at, each.day.span.ends_at, names_of(each.rooms))


def _column(name: str, old: Any, new: Any, language: str) -> tuple[str, str, str]:
    label = say(COLUMN_NAMES[name], language) if name in COLUMN_NAMES else name
    if name == "layout":
        old, new = map(layout_words(language), (old, new))
    return label, _plain(old), _plain(new)


def _plain(value: Any) -> str:
    """A value in one line; of what is long the beginning."""
    text = ", ".join(map(str, value.values())) if isinstance(value, dict) else str("" if value is None else value)
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79] + "…"
