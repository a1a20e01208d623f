"""What a visitor typed into the search, read without raising: everything that cannot be used becomes a complaint beside its field."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar.datastructures.multi_dicts import MultiDict

from afterbell.almanac.recurrence import Repeat
from afterbell.almanac.rule import WEEKDAYS
from afterbell.places.models import KINDS
from afterbell.places.naming import LAYOUT_NAMES
from afterbell.policy.ask import Ask
from afterbell.policy.verdict import N_, Message
from afterbell.programme.wanted import MILES

MOST_WEEKS = 30
MOST_PEOPLE = 100_000
LONGEST_WORD = 120
MOST_WORDS = 20
WEEK = timedelta(weeks=1)
USUAL = {"from": "17:00", "to": "19:00", "weeks": "1", "until": "", "people": "20", "kind": "", "layout": ""}
FOR = "for"
PLACES = {"school": "", "near": "", "within": "5"}


@dataclass(frozen=True)
class Typed:
    """The fields as they were typed, to be shown again; `asked` when there is something to answer. Of `days`, codes of RFC 5545, those that are none are left
    out."""

    asked: bool
    fields: dict[str, str]
    days: Sequence[str]
    features: Sequence[str]
    access: Sequence[str]

    @classmethod
    def of(cls, query: MultiDict[Any], first: date, whose: str = "") -> "Typed":
        """With what most people want where nothing was typed; `first` is the first date that notice allows, `whose` for which of their
        organizations somebody looks who has several."""
        usual = {"date": first.isoformat(), **USUAL, **PLACES}
        fields = {name: str(query.get(name, otherwise)).strip()[:LONGEST_WORD] for name, otherwise in usual.items()}
        if fields["within"] not in {str(miles) for miles in MILES}:
            fields["within"] = PLACES["within"]
        fields[FOR] = whose
        days = set(_words(query, "weekdays"))
        chosen = [code for code in WEEKDAYS if code in days]
        return cls("date" in query, fields, chosen, _words(query, "features"), _words(query, "access"))


def _words(query: MultiDict[Any], name: str) -> list[str]:
    return [str(word)[:LONGEST_WORD] for word in query.getall(name, [])[:MOST_WORDS]]


@dataclass
class Reading:
    """The values that could be read, and the complaints by field; the values only count when there is no complaint."""

    typed: Typed
    complaints: dict[str, Message] = field(default_factory=dict)

    def ask(self) -> Ask:
        """The dates: the same weekdays and times, week after week. Midnight as an end is the one that ends the day."""
        first, fields = self._date(), self.typed.fields
        starts, ends = self._time("from"), self._time("to")
        weeks, people = self._weeks(), self._people()
        last = self._until(first) if fields["until"] else first + weeks * WEEK - timedelta(days=1)
        self._choices()
        if ends <= starts and ends != time() and not self.complaints:
            self.complaints["to"] = Message(N_("The end must be later than the start."))
        days = self.typed.days or [WEEKDAYS[first.weekday()]]
        begun = _begun(first, days)
        begin, end = datetime.combine(begun, starts), datetime.combine(begun, ends)
        return Ask(
            organization=None,
            title="",
            activity=None,
            rooms=(),
            starts=begin,
            ends=end + timedelta(days=1) if ends == time() else end,
            headcount=people,
            repeat=_weekly(days, begun, last),
            layout=fields["layout"] or None,
        )

    def _choices(self) -> None:
        if self.typed.fields["kind"] and self.typed.fields["kind"] not in KINDS:
            self.complaints["kind"] = Message(N_("Choose a kind of room from the list."))
        if self.typed.fields["layout"] and self.typed.fields["layout"] not in LAYOUT_NAMES:
            self.complaints["layout"] = Message(N_("Choose a layout from the list."))

    def _date(self) -> date:
        found = _day(self.typed.fields["date"])
        if found is None:
            self.complaints["date"] = Message(N_("Choose the first date."))
        return found or date(2000, 1, 1)

    def _until(self, first: date) -> date:
        """The last day on which a date may be: it is itself one. Of a first date that cannot be read nothing follows for it."""
        found, latest = _day(self.typed.fields["until"]), first + MOST_WEEKS * WEEK
        if "date" not in self.complaints and (found is None or not first <= found <= latest):
            message = N_("The last date lies between the first and {latest}. Or leave it out and say how many weeks.")
            self.complaints["until"] = Message(message, {"latest": latest})
        return found or first

    def _weeks(self) -> int:
        message = Message(N_("Weeks are a whole number from 1 to {most}."), {"most": MOST_WEEKS})
        return self._whole("weeks", MOST_WEEKS, message)

    def _people(self) -> int:
        message = Message(N_("Say how many people come: a whole number from 1."))
        return self._whole("people", MOST_PEOPLE, message)

    def _whole(self, name: str, most: int, complaint: Message) -> int:
        text = self.typed.fields[name]
        if text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= most:
            return int(text)
        self.complaints[name] = complaint
        return 1

    def _time(self, name: str) -> time:
        text = self.typed.fields[name]
        try:
            found = time.fromisoformat(text)
        except ValueError:
            found = time(0, 1)
        if found.minute % 15 or found.isoformat("minutes") != text:
            self.complaints[name] = Message(N_("Choose a time from the list."))
            return time()
        return found


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 < found.year < 9000 and found.isoformat() == text else None


def _begun(first: date, days: Sequence[str]) -> date:
    """The first of these weekdays from a date on."""
    return next(day for day in (first + timedelta(days=n) for n in range(7)) if WEEKDAYS[day.weekday()] in days)


def _weekly(days: Sequence[str], first: date, last: date) -> Repeat | None:
    """None for one single date."""
    if last < first + WEEK and len(days) == 1:
        return None
    return Repeat(f"FREQ=WEEKLY;BYDAY={','.join(days)};UNTIL={max(first, last):%Y%m%d}")


def request_link(typed: Typed, room: str, *, only: date | None = None, hours: tuple[str, str] | None = None) -> str:
    """The page that asks for this room on these dates, or on one of them `only`, then also at other `hours`; for fields without complaints."""
    starts, ends = hours or (typed.fields["from"], typed.fields["to"])
    asked = [("room", room), *([("date", only.isoformat())] if only else _when(typed)), ("from", starts), ("to", ends)]
    asked += [("organization", chosen)] if (chosen := typed.fields[FOR]) else []
    return "/bookings/new?" + urlencode([*asked, ("people", typed.fields["people"])])


def _when(typed: Typed) -> list[tuple[str, str]]:
    """As the request form has it (web.repeat_fields), which takes so many weeks as so many dates: on several weekdays the last day says the same."""
    first, weeks, until = date.fromisoformat(typed.fields["date"]), int(typed.fields["weeks"]), typed.fields["until"]
    if not typed.days and not until:
        return [("date", typed.fields["date"]), ("weeks", typed.fields["weeks"])]
    begun = _begun(first, typed.days or [WEEKDAYS[first.weekday()]])
    last = until or (first + weeks * WEEK - timedelta(days=1)).isoformat()
    return [
        ("date", begun.isoformat()),
        ("often", "weekly"),
        *(("weekdays", code) for code in typed.days),
        ("until", last),
    ]
