"""What a visitor typed into the search, read without raising: everything that cannot be used becomes a complaint beside its field."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar.datastructures.multi_dicts import MultiDict

from afterbell.almanac.recurrence import Repeat
from afterbell.places.models import KINDS
from afterbell.policy.ask import Ask
from afterbell.policy.verdict import N_, Message

MOST_WEEKS = 30
MOST_PEOPLE = 100_000
LONGEST_WORD = 120
MOST_WORDS = 20


@dataclass(frozen=True)
class Typed:
    """The fields as they were typed, to be shown again; `asked` when there is something to answer."""

    asked: bool
    day: str
    starts: str
    ends: str
    weeks: str
    people: str
    kind: str
    school: str
    features: Sequence[str]
    access: Sequence[str]

    @classmethod
    def of(cls, query: MultiDict[Any], first: date) -> "Typed":
        """With what most people want where nothing was typed; `first` is the first date that notice allows."""
        return cls(
            asked="date" in query,
            day=_line(query, "date", first.isoformat()),
            starts=_line(query, "from", "17:00"),
            ends=_line(query, "to", "19:00"),
            weeks=_line(query, "weeks", "1"),
            people=_line(query, "people", "20"),
            kind=_line(query, "kind", ""),
            school=_line(query, "school", ""),
            features=_words(query, "features"),
            access=_words(query, "access"),
        )


def _line(query: MultiDict[Any], name: str, otherwise: str) -> str:
    return str(query.get(name, otherwise)).strip()[:LONGEST_WORD]


def _words(query: MultiDict[Any], name: str) -> list[str]:
    return [str(word)[:LONGEST_WORD] for word in query.getall(name, [])[:MOST_WORDS]]


@dataclass
class Reading:
    """The values that could be read, and the complaints by field; the values only count when there is no complaint."""

    typed: Typed
    complaints: dict[str, Message] = field(default_factory=dict)

    def ask(self) -> Ask:
        """The dates: the same weekday and times, week after week. Midnight as an end is the one that ends the day."""
        first = self._date()
        starts, ends = self._time("from", self.typed.starts), self._time("to", self.typed.ends)
        weeks, people = self._weeks(), self._people()
        if self.typed.kind and self.typed.kind not in KINDS:
            self.complaints["kind"] = Message(N_("Choose a kind of room from the list."))
        if ends <= starts and ends != time() and not self.complaints:
            self.complaints["to"] = Message(N_("The end must be later than the start."))
        begin, end = datetime.combine(first, starts), datetime.combine(first, ends)
        return Ask(
            organization=None,
            title="",
            activity=None,
            rooms=(),
            starts=begin,
            ends=end + timedelta(days=1) if ends == time() else end,
            headcount=people,
            repeat=Repeat(f"FREQ=WEEKLY;COUNT={weeks}") if weeks > 1 else None,
        )

    def _date(self) -> date:
        try:
            found = date.fromisoformat(self.typed.day)
            if not 1900 < found.year < 9000 or found.isoformat() != self.typed.day:
                raise ValueError(self.typed.day)
        except ValueError:
            self.complaints["date"] = Message(N_("Choose the first date."))
            return date(2000, 1, 1)
        return found

    def _weeks(self) -> int:
        message = Message(N_("Weeks are a whole number from 1 to {most}."), {"most": MOST_WEEKS})
        return self._whole("weeks", self.typed.weeks, MOST_WEEKS, message)

    def _people(self) -> int:
        message = Message(N_("Say how many people come: a whole number from 1."))
        return self._whole("people", self.typed.people, MOST_PEOPLE, message)

    def _whole(self, name: str, text: str, most: int, complaint: Message) -> int:
        if text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= most:
            return int(text)
        self.complaints[name] = complaint
        return 1

    def _time(self, name: str, text: str) -> time:
        try:
            found = time.fromisoformat(text)
        except ValueError:
            found = time(0, 1)
        if found.minute % 15 or found.isoformat("minutes") != text:
            self.complaints[name] = Message(N_("Choose a time from the list."))
            return time()
        return found


def request_link(typed: Typed, room: str, *, only: date | None = None) -> str:
    """The page that asks for this room on these dates, or on one of them `only`."""
    asked = {
        "room": room,
        "date": only.isoformat() if only else typed.day,
        "from": typed.starts,
        "to": typed.ends,
        "weeks": "1" if only else typed.weeks,
        "people": typed.people,
    }
    return "/bookings/new?" + urlencode(asked)
