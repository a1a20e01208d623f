"""The card with the dates beside the request form: each one free, or what stands in its way and what would pass. Plain values from an Survey."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from afterbell.almanac.recurrence import Date
from afterbell.bookings.page_form import Typed
from afterbell.bookings.survey import Survey
from afterbell.policy.verdict import N_, Finding, Message, Severity
from afterbell.web.words import say, say_message

FREE = N_("Free")
SHORT: dict[str, tuple[str, str]] = {
    "room_taken": ("error", N_("Taken {starts} – {ends}")),
    "closed": ("closed", N_("School closed: {reason}")),
    "outside_hours": ("closed", N_("School not open then")),
    "short_notice": ("warning", N_("Too soon")),
    "too_far": ("warning", N_("Too far ahead")),
    "in_past": ("warning", N_("Has passed")),
}
SAYS_ALL = frozenset({"room_taken", "closed"})


@dataclass(frozen=True)
class DateLine:
    """One date. `kind` is the shape and colour of its `label`; `left_out` whether its box is ticked; `others` says who else asked, where nothing is held."""

    day: str
    starts_at: datetime
    ends_at: datetime
    kind: str
    label: str
    shifted: bool
    left_out: bool
    others: str = ""

    @property
    def free(self) -> bool:
        """Nothing stands in its way."""
        return self.kind == "ok"


@dataclass(frozen=True)
class DatesCard:
    """Every date with what would pass for those that are refused, and the findings about the whole ask. `competes`: nothing is held until it is decided."""

    zone: str
    competes: bool
    lines: Sequence[DateLine]
    remedies: Sequence[str]
    whole: Sequence[Finding]

    @property
    def free(self) -> int:
        """How many dates can be had."""
        return sum(line.free for line in self.lines)

    @property
    def odd(self) -> int:
        """How many cannot."""
        return len(self.lines) - self.free

    @property
    def asked(self) -> int:
        """How many a request would ask for: those that are not left out."""
        return sum(not line.left_out for line in self.lines)


def dates_card(outlook: Survey, filled: Typed, language: str) -> DatesCard:
    """Dates that cannot be had are ticked to be left out, for this check only: `odd` lets the next one untick what has become free."""
    own = filled.left_out - filled.odd
    found = {date.original_start: _refusals(outlook, date) for date in outlook.wish.dates}
    lines = [
        replace(_line(date, found[date.original_start], own, language), others=_others(outlook, date, language))
        for date in outlook.wish.dates
    ]
    unsaid = [finding for findings in found.values() for finding in findings if finding.code not in SAYS_ALL]
    return DatesCard(
        zone=outlook.place.zone,
        competes=outlook.place.holds == "on_approval",
        lines=lines,
        remedies=list(dict.fromkeys(say_message(finding.message, language) for finding in unsaid)),
        whole=[finding for finding in outlook.verdict.findings if finding.occurrence is None],
    )


def _refusals(outlook: Survey, date: Date) -> list[Finding]:
    return [finding for finding in outlook.verdict.about(date.original_start) if finding.severity is Severity.REFUSE]


def _others(outlook: Survey, date: Date, language: str) -> str:
    notes = [each for each in outlook.verdict.about(date.original_start) if each.code == "not_held"]
    return " ".join(say_message(each.message, language) for each in notes if each.message.values["count"])


def _line(date: Date, findings: Sequence[Finding], own: frozenset[str], language: str) -> DateLine:
    day = date.original_start.date().isoformat()
    kind, label = in_short(findings[0], language) if findings else ("ok", say(FREE, language))
    starts_at, ends_at = date.span.starts_at, date.span.ends_at
    return DateLine(day, starts_at, ends_at, kind, label, date.shifted, bool(findings) or day in own)


def in_short(finding: Finding, language: str) -> tuple[str, str]:
    """Kind (colour and shape) and a few words that fit beside the date; a finding without such words says its whole sentence."""
    kind, text = SHORT.get(finding.code, ("error", finding.message.text))
    message = finding.message
    if finding.code == "room_taken" and "starts" not in message.values:
        text = message.text
    return kind, say_message(Message(text, message.values, message.zone), language)
