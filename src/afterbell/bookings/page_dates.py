"""The card with the dates beside the request form: each one free, or what stands in its way, what would pass and what could be had instead. Plain values from a
Look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from afterbell.almanac.recurrence import Date
from afterbell.bookings.other_dates import OtherDate
from afterbell.bookings.outlook import Instead
from afterbell.bookings.page_cards import request_of
from afterbell.bookings.page_form import Typed
from afterbell.bookings.page_promise import Look
from afterbell.bookings.survey import Survey
from afterbell.places.catalog import in_miles
from afterbell.policy.assigning import any_of
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


Told = Mapping[datetime, Message]


@dataclass(frozen=True)
class WayOut:
    """What could be had instead of an odd date: `value` takes it; `room` names another room, "" where only the time is another. At another school it is
    asked for by itself, on the page of `link`. `day` when it is on another."""

    value: str
    room: str
    starts_at: datetime
    ends_at: datetime
    link: str = ""
    day: bool = False


@dataclass(frozen=True)
class DateLine:
    """One date. `kind` is the shape and colour of its `label`; `left_out` whether its box is ticked; `others` says who else asked, where nothing is held, and
    `told` what changed since it was shown. `rooms` names its rooms where they are not everybody's, `moved` says that its time is its own."""

    day: str
    starts_at: datetime
    ends_at: datetime
    kind: str
    label: str
    shifted: bool
    left_out: bool
    others: str = ""
    told: str = ""
    rooms: str = ""
    moved: bool = False
    changed: bool = False
    ways: Sequence[WayOut] = field(default_factory=tuple)

    @property
    def free(self) -> bool:
        """Nothing stands in its way."""
        return self.kind == "ok"


@dataclass(frozen=True)
class DatesCard:
    """Every date with what would pass for those that are refused, and the findings about the whole ask. `competes`: nothing is held until it is decided.
    `flags` is what whoever decides looks at twice, `anyway` whether the viewer could ask against what
    refuses. `rooms` are those that any of a kind came to, `usual` is a date at the time that most have, and `token` what all this was."""

    zone: str
    competes: bool
    lines: Sequence[DateLine]
    remedies: Sequence[str]
    whole: Sequence[Finding]
    flags: Sequence[str]
    anyway: bool
    usual: DateLine
    rooms: str = ""
    token: str = ""

    @property
    def free(self) -> int:
        """How many dates can be had."""
        return sum(line.free for line in self.lines)

    @property
    def odd(self) -> int:
        """How many cannot."""
        return len(self.lines) - self.free

    @property
    def offers(self) -> bool:
        """Whether something could be had instead of a date."""
        return any(line.ways for line in self.lines)

    @property
    def asked(self) -> int:
        """How many a request would ask for: those that are not left out."""
        return sum(not line.left_out for line in self.lines)


def dates_card(look: Look, filled: Typed, language: str, told: Told) -> DatesCard:
    """Dates that cannot be had are ticked to be left out, for this check only: `odd` lets the next one untick what has become free."""
    outlook = look.survey
    found = {date.original_start: _refusals(outlook, date) for date in outlook.wish.dates}
    lines = [_line(look, filled, date, language, told) for date in outlook.wish.dates]
    unsaid = [finding for findings in found.values() for finding in findings if finding.code not in SAYS_ALL]
    return DatesCard(
        zone=outlook.place.zone,
        competes=outlook.place.holds == "on_approval",
        lines=lines,
        remedies=list(dict.fromkeys(say_message(finding.message, language) for finding in unsaid)),
        whole=[finding for finding in outlook.verdict.findings if finding.occurrence is None],
        flags=list(dict.fromkeys(say_message(finding.message, language) for finding in outlook.verdict.flags)),
        anyway=any(finding.anyway for finding in outlook.verdict.reasons),
        usual=next((line for line in lines if not line.moved), lines[0]),
        rooms=_names(outlook, outlook.wish.rooms) if any(any_of(name) for name in outlook.ask.rooms) else "",
        token=look.token,
    )


def _names(outlook: Survey, rooms: Sequence[int]) -> str:
    return ", ".join(outlook.place.room(id_).name for id_ in rooms)


def _refusals(outlook: Survey, date: Date) -> list[Finding]:
    return [finding for finding in outlook.verdict.about(date.original_start) if finding.severity is Severity.REFUSE]


def _others(outlook: Survey, date: Date, language: str) -> str:
    notes = [each for each in outlook.verdict.about(date.original_start) if each.code == "not_held"]
    return " ".join(say_message(each.message, language) for each in notes if each.message.values["count"])


def _line(look: Look, filled: Typed, date: Date, language: str, told: Told) -> DateLine:
    outlook, start = look.survey, date.original_start
    day, findings = start.date().isoformat(), _refusals(look.survey, date)
    kind, label = in_short(findings[0], language) if findings else ("ok", say(FREE, language))
    rooms, own = outlook.wish.rooms_of(date), filled.changed.get(day)
    said = told.get(start)
    return DateLine(
        day,
        date.span.starts_at,
        date.span.ends_at,
        kind,
        label,
        date.shifted,
        bool(findings) or day in filled.left_out - filled.odd,
        others=_others(outlook, date, language),
        told=say_message(said, language) if said else "",
        rooms=_names(outlook, rooms) if rooms != outlook.wish.rooms else "",
        moved=bool(own and own.starts),
        changed=own is not None,
        ways=[_way(way, date, outlook, own, language) for way in look.ways.get(start, ())],
    )


def _way(way: Instead, date: Date, outlook: Survey, own: OtherDate | None, language: str) -> WayOut:
    """It changes only what has to be otherwise, so that the rest still follows the series."""
    if way.school:
        away = say("{miles} miles away", language, miles=in_miles(way.km))
        link = request_of(way.room, way.span, outlook.place.zone, outlook.wish.headcount)
        return WayOut("", f"{way.name}, {way.school}, {away}", way.span.starts_at, way.span.ends_at, link)
    rooms = [outlook.place.room(id_).key for id_ in outlook.wish.rooms]
    there = [moment.astimezone(ZoneInfo(outlook.place.zone)) for moment in (way.span.starts_at, way.span.ends_at)]
    times = [f"{moment:%Y-%m-%dT%H:%M}" for moment in there]
    moved, another = way.span != date.span, set(way.rooms) != set(rooms)
    starts, ends = times if moved else (own.starts, own.ends) if own else ("", "")
    other = OtherDate(date.original_start.date().isoformat(), starts, ends, tuple(way.rooms) if another else ())
    on_another = times[0][:10] != f"{date.span.starts_at.astimezone(ZoneInfo(outlook.place.zone)):%Y-%m-%d}"
    return WayOut(str(other), "" if moved else way.name, way.span.starts_at, way.span.ends_at, day=on_another)


def in_short(finding: Finding, language: str) -> tuple[str, str]:
    """Kind (colour and shape) and a few words that fit beside the date; a finding without such words says its whole sentence."""
    kind, text = SHORT.get(finding.code, ("error", finding.message.text))
    message = finding.message
    if finding.code == "room_taken" and "starts" not in message.values:
        text = message.text
    return kind, say_message(Message(text, message.values, message.zone), language)
