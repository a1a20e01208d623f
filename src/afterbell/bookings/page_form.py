"""The request form as people fill it in: what stands in its fields, what is wrong with it, and the body of API.md that it makes. Knows no page."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from unicodedata import category

from litestar.datastructures import FormMultiDict, MultiDict

from afterbell.bookings.forms import MOST_ROOMS, NOTE, REASON, TITLE, BookingForm, CallerForm, RepeatForm
from afterbell.bookings.other_dates import OtherDate, others, with_others
from afterbell.bookings.page_listing import LISTING, about_listing, listing_of
from afterbell.bookings.repeats import SENTENCES
from afterbell.people.join import is_address
from afterbell.policy.verdict import N_, Message
from afterbell.web.repeat_fields import REPEAT, SEVERAL, about_repeat, day_of, further_days, rule_of, usual

EMPTY = {  # in the order of the page
    "room": "",
    "more": "",
    "layout": "",
    "date": "",
    **REPEAT,
    "from": "",
    "to": "",
    "setup": "0",
    "takedown": "0",
    "organization": "",
    "title": "",
    "activity": "",
    "program": "",
    "people": "",
    "contact": "",
    "phone": "",
    "note": "",
    **LISTING,
    "caller": "",
    "caller_email": "",
    "caller_phone": "",
    "anyway": "",
}
CALLER = {"name": "caller", "email": "caller_email", "phone": "caller_phone"}
QUARTER = re.compile(r"([01]\d|2[0-3]):(00|15|30|45)\Z", re.ASCII)
MIDNIGHT = "00:00"
MOST_MINUTES, MOST_PEOPLE, LINE, PROGRAM, LAYOUT = 480, 100_000, 200, 120, 60
Complaint = tuple[str, Message]


@dataclass(frozen=True)
class Typed:
    """What stands in the fields, kept as typed. `left_out` are the days (ISO) ticked to be left out, `odd` those of them that the last check ticked by
    itself, `changed` the dates that are otherwise, by day, and `token` what that check showed (page_promise); with `skips` whatever cannot be had is left out
    when the request is sent."""

    fields: Mapping[str, str]
    private: bool = False
    left_out: frozenset[str] = frozenset()
    odd: frozenset[str] = frozenset()
    token: str = ""
    skips: bool = False
    changed: Mapping[str, OtherDate] = field(default_factory=dict)

    @property
    def rooms(self) -> list[str]:
        """Every room that is named, each once; the further ones may leave out the school, which is that of the first."""
        school = self.fields["room"].partition("/")[0]
        more = (each if "/" in each else f"{school}/{each}" for each in self.fields["more"].split())
        return list(dict.fromkeys(filter(None, [self.fields["room"], *more])))

    @property
    def kept_out(self) -> frozenset[str]:
        """The days that are not asked for: with `skips` those that a check ticked are tried all the same."""
        return self.left_out - self.odd if self.skips else self.left_out

    @property
    def is_series(self) -> bool:
        """More than one date; only of a series dates can be left out."""
        return bool(further_days(self.fields) or rule_of(self.fields, day_of(self.fields["date"]) or date.min))


def typed(given: MultiDict[Any] | FormMultiDict) -> Typed:
    """From a posted form, or from the query that a search leads here with; what is missing is as in an empty form. The button that takes a way out of an odd
    date (`take`), or puts the date back (`back`), has done so already."""
    fields = {name: words(given.get(name)) or empty for name, empty in EMPTY.items()}
    for name in ("listing_languages", "more", *SEVERAL):
        fields[name] = " ".join(filter(None, map(words, given.getall(name, []))))
    filled = Typed(
        usual(fields),
        private=given.get("private") == "on",
        skips=given.get("skip") == "on",
        left_out=frozenset(map(words, given.getall("leave_out", []))),
        odd=frozenset(map(words, given.getall("odd", []))),
        token=words(given.get("token")),
        changed=others(map(words, given.getall("change", []))),
    )
    back = words(given.get("back"))
    kept = {day: each for day, each in filled.changed.items() if day != back}
    way = OtherDate.read(words(given.get("take")))
    return _with_way(replace(filled, changed=kept), way) if way else replace(filled, changed=kept)


def _with_way(filled: Typed, way: OtherDate) -> Typed:
    """A single date is simply asked for otherwise, where the fields can say it; a date of a series becomes one that is otherwise."""
    fields = filled.fields
    starts, ends = way.starts[11:] or fields["from"], way.ends[11:] or fields["to"]
    fits = bool(QUARTER.match(starts) and QUARTER.match(ends)) and (ends > starts or ends == MIDNIGHT)
    if not filled.is_series and fits:
        room, *more = way.rooms or filled.rooms or [""]
        return replace(
            filled, fields={**fields, "from": starts, "to": ends, "room": room, "more": " ".join(more)}, changed={}
        )
    return replace(
        filled,
        left_out=filled.left_out - {way.day},
        odd=filled.odd - {way.day},
        changed={**filled.changed, way.day: way},
    )


def words(value: object) -> str:
    """A field's text: line ends as one character, since browsers count them so, and no control characters. A file is no text."""
    if not isinstance(value, str):
        return ""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or category(c) not in ("Cc", "Cs")).strip()


def complaints(filled: Typed, activities: Collection[str] | None = None) -> dict[str, Message]:
    """What is wrong, by field and in the order of the page. A check of dates asks only for room and dates; a request, which knows the `activities`, for the
    whole form."""
    found = [*_about_when(filled.fields), *_about_rooms(filled.fields), *_about_numbers(filled.fields)]
    found += about_repeat(filled.fields, day_of(filled.fields["date"]))
    if activities is not None:
        found += [*_about_what(filled.fields, activities), *about_listing(filled.fields)]
        found += _about_caller(filled.fields)
    first = dict(reversed(found))
    return {name: first[name] for name in EMPTY if name in first}


def _about_when(fields: Mapping[str, str]) -> Iterator[Complaint]:
    if not fields["room"]:
        yield "room", Message(N_("Choose a room."))
    if day_of(fields["date"]) is None:
        yield "date", Message(N_("Choose the first date."))
    begins, ends = (bool(QUARTER.match(fields[name])) for name in ("from", "to"))
    if not begins:
        yield "from", Message(N_("Choose when it begins."))
    if not ends:
        yield "to", Message(N_("Choose when it ends."))
    if begins and ends and MIDNIGHT != fields["to"] <= fields["from"]:
        yield "to", Message(SENTENCES["ends_before_start"])


def _about_rooms(fields: Mapping[str, str]) -> Iterator[Complaint]:
    if len(fields["more"].split()) >= MOST_ROOMS:
        yield "more", Message(N_("At most {most} rooms fit into one request."), {"most": MOST_ROOMS})
    if len(fields["layout"]) > LAYOUT:
        yield "layout", Message(N_("Choose one of the ways in the list."))
    if len(fields["anyway"]) > REASON:
        message = N_("At most {most} characters fit here; these are {count}.")
        yield "anyway", Message(message, {"most": REASON, "count": len(fields["anyway"])})


def _about_numbers(fields: Mapping[str, str]) -> Iterator[Complaint]:
    if fields["people"] and not 1 <= _number(fields["people"]) <= MOST_PEOPLE:
        yield "people", Message(N_("Write a whole number of people, from 1."))
    for name in ("setup", "takedown"):
        if not 0 <= _number(fields[name]) <= MOST_MINUTES:
            yield name, Message(N_("Choose one of the times in the list."))


def _about_what(fields: Mapping[str, str], activities: Collection[str]) -> Iterator[Complaint]:
    if not fields["organization"] and not fields["caller"]:
        yield "organization", Message(N_("Choose the organization that asks."))
    if not fields["title"]:
        yield "title", Message(N_("Write what it is called."))
    if fields["activity"] not in activities:
        yield "activity", Message(N_("Choose what kind of activity it is."))
    if not fields["people"]:
        yield "people", Message(N_("Write how many people you expect."))
    lines = ((name, LINE) for name in ("contact", "phone", *CALLER.values()))
    for name, most in (("title", TITLE), ("note", NOTE), ("program", PROGRAM), *lines):
        if len(fields[name]) > most:
            message = N_("At most {most} characters fit here; these are {count}.")
            yield name, Message(message, {"most": most, "count": len(fields[name])})


def _about_caller(fields: Mapping[str, str]) -> Iterator[Complaint]:
    if fields["caller_email"] and not is_address(fields["caller_email"]):
        yield "caller_email", Message(N_("Write an e-mail address, such as ana@clinic.example."))
    if not fields["caller"] and (fields["caller_email"] or fields["caller_phone"]):
        yield "caller", Message(N_("Write the name of whoever asked."))


def as_body(filled: Typed, *, every: bool) -> BookingForm:
    """The body of a booking without complaints; with `every` the dates that are ticked to be left out are in it too. An end at midnight is the day's end."""
    fields = filled.fields
    day = day_of(fields["date"]) or date.min
    last = day + timedelta(days=1) if fields["to"] == MIDNIGHT else day
    skip = [] if every else [text for text in sorted(filled.kept_out) if day_of(text)]
    also = [f"{text}T{fields['from']}" for text in further_days(fields) if text not in skip]
    contact = {"name": fields["contact"], "phone": fields["phone"]}
    caller = {name: fields[at] for name, at in CALLER.items() if fields[at]}
    form = BookingForm(
        rooms=filled.rooms,
        starts_at=f"{day}T{fields['from']}",
        ends_at=f"{last}T{fields['to']}",
        headcount=_number(fields["people"]) if fields["people"] else 1,
        organization=fields["organization"] or None,
        title=fields["title"],
        activity=fields["activity"] or None,
        visibility="busy_only" if filled.private else None,
        repeat=RepeatForm(rule_of(fields, day), skip, also) if filled.is_series else None,
        setup_minutes=_number(fields["setup"]),
        takedown_minutes=_number(fields["takedown"]),
        contact={name: value for name, value in contact.items() if value},
        note=fields["note"],
        listing=None if every else listing_of(fields),
        on_conflict="skip" if filled.skips and not every else "refuse",
        on_behalf_of=CallerForm(**caller) if fields["caller"] else None,
        program=None if every else fields["program"] or None,
        layout=fields["layout"] or None,
        anyway=fields["anyway"] or None,
    )
    return with_others(form, filled.changed)


def _number(text: str) -> int:
    """A whole number, or -1."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1
