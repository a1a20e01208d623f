"""The form that changes a booking, as people fill it in: what stands in its fields, what is wrong with it, and the change that it makes. Whatever is left
empty stays as it is, so that no date is moved because a field showed another's time. Knows no page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from litestar.datastructures import FormMultiDict, MultiDict

from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.forms import NOTE, REASON, TITLE
from afterbell.bookings.forms_change import ChangeForm, as_alteration
from afterbell.bookings.moves import starts as names_in
from afterbell.bookings.page_form import LINE, MIDNIGHT, MOST_PEOPLE, QUARTER, words
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.repeats import SENTENCES
from afterbell.policy.altering import SCOPES, Alteration, walls
from afterbell.policy.lifecycle import LIVE
from afterbell.policy.verdict import N_, Message
from afterbell.web.repeat_fields import day_of

WHEN = ("occurrence", "scope", "day", "from", "to")
OWN = ("people", "layout", "title", "contact", "phone", "note")
WHY = ("reason", "anyway")
FIELDS = (*WHEN, "rooms", "also", "back", *OWN, *WHY)  # in the order of the page
MOST_ROOMS, MOST_FURTHER = 20, 40
Complaint = tuple[str, Message]


@dataclass(frozen=True)
class Typed:
    """What stands in the fields, kept as typed. `rooms` are keys, `also` days (ISO), `back` names of dates, as `date_name` gives them or public ids; `seen` is
    what the last preview was about."""

    fields: Mapping[str, str]
    rooms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    seen: str = ""

    @property
    def about(self) -> str:
        """All that a preview judges, in one line, to notice that it was changed since. Title, contact, note and reasons may be mended meanwhile; that rules
        are asked against may not come or go unseen."""
        judged = [self.fields[name] for name in (*WHEN, "people", "layout")]
        anyway = ["anyway"] if self.fields["anyway"].strip() else []
        return "|".join([*judged, *self.rooms, *self.also, *self.back, *anyway])


def date_name(date: DateRow) -> str:
    """What the form calls a date: its original start, since 400 public ids do not shrink on the way."""
    return next(iter(names_in([date])))


def as_it_stands(row: BookingRow, named: str = "") -> Typed:
    """The form of a booking before anything is typed; `named` is the date that it begins with, by name or public id."""
    first = next((date_name(date) for date in row.dates if named in (date.public_id, date_name(date))), "")
    own = {
        "people": str(row.headcount),
        "layout": row.layout or "",
        "title": row.title,
        "contact": row.contact.get("name", ""),
        "phone": row.contact.get("phone", ""),
        "note": words(row.note),
    }
    return Typed(dict.fromkeys((*WHEN, *WHY), "") | own | {"occurrence": first, "scope": "this"})


def typed(form: MultiDict[Any] | FormMultiDict, row: BookingRow) -> Typed:
    """From a posted form; a field that it lacks is as the booking has it."""
    usual = as_it_stands(row)
    fields = {name: words(form.get(name)) if name in form else usual.fields[name] for name in (*WHEN, *OWN, *WHY)}
    lists = [
        tuple(dict.fromkeys(filter(None, map(words, form.getall(name, []))))) for name in ("rooms", "also", "back")
    ]
    rooms, also, back = lists
    return Typed(fields, rooms, also, back, words(form.get("seen")))


def ahead_of(row: BookingRow, now: datetime) -> list[DateRow]:
    """The dates that can still be changed."""
    return [date for date in row.dates if date.state in LIVE and date.starts_at > now]


def complaints(filled: Typed, row: BookingRow, now: datetime) -> dict[str, Message]:
    """What is wrong, by field and in the order of the page; "" is about the whole."""
    found = [*_about_when(filled, row, now), *_about_lists(filled), *_about_words(filled.fields)]
    first = dict(reversed(found))
    return {name: first[name] for name in FIELDS if name in first}


def _about_when(filled: Typed, row: BookingRow, now: datetime) -> Iterator[Complaint]:
    fields, ahead = filled.fields, ahead_of(row, now)
    if fields["occurrence"] and _named(filled, ahead) is None and moves(filled):
        yield "occurrence", Message(N_("This date has begun, is over or was given back meanwhile. Choose another."))
    if fields["scope"] not in SCOPES:
        yield "scope", Message(N_("Choose which dates the change is for."))
    if fields["day"] and day_of(fields["day"]) is None:
        yield "day", Message(N_("Choose a date, or leave it empty to keep the day."))
    for name in ("from", "to"):
        if fields[name] and not QUARTER.match(fields[name]):
            yield name, Message(N_("Choose one of the times in the list."))
    chosen = _named(filled, ahead)
    if chosen and all(not fields[name] or QUARTER.match(fields[name]) for name in ("from", "to")):
        starts, ends = _wanted(filled, chosen, row.zone)
        if starts and ends and ends <= starts:
            yield "to", Message(SENTENCES["ends_before_start"])


def _about_lists(filled: Typed) -> Iterator[Complaint]:
    if len(filled.rooms) > MOST_ROOMS:
        yield "rooms", Message(N_("Tick at most {most} rooms."), {"most": MOST_ROOMS})
    if any(day_of(day) is None for day in filled.also):
        yield "also", Message(N_("Choose a date, or leave the field empty."))
    if len(filled.also) > MOST_FURTHER:
        yield "also", Message(N_("At most {most} further dates at a time."), {"most": MOST_FURTHER})


def _about_words(fields: Mapping[str, str]) -> Iterator[Complaint]:
    if not 1 <= number_in(fields["people"]) <= MOST_PEOPLE:
        yield "people", Message(N_("Write a whole number of people, from 1."))
    if not " ".join(fields["title"].split()):
        yield "title", Message(N_("Write what it is called."))
    for name, most in (
        ("title", TITLE),
        ("contact", LINE),
        ("phone", LINE),
        ("note", NOTE),
        ("reason", REASON),
        ("anyway", REASON),
    ):
        if len(fields[name]) > most:
            message = N_("At most {most} characters fit here; these are {count}.")
            yield name, Message(message, {"most": most, "count": len(fields[name])})


def moves(filled: Typed) -> bool:
    """Whether dates are to go elsewhere in time or space."""
    return bool(filled.rooms or any(filled.fields[name] for name in ("day", "from", "to")))


def alteration(filled: Typed, row: BookingRow, now: datetime) -> Alteration | None:
    """The change, for a form without complaints; None when nothing is to be otherwise."""
    ahead = ahead_of(row, now)
    chosen = _named(filled, ahead)
    ids = {date_name(each): each.public_id for each in row.dates}
    back = [ids.get(name, name) for name in filled.back]
    form = ChangeForm(except_=back or None, **_own(filled.fields, row))
    if chosen and moves(filled):
        starts, ends = _wanted(filled, chosen, row.zone)
        form.scope = "all" if len(ahead) == 1 else _scope(filled.fields["scope"])
        form.occurrence = chosen.public_id
        form.starts_at, form.ends_at = _text(starts), _text(ends)
        form.rooms = list(filled.rooms) or None
    form.also = [_text(start) or "" for start in _further(filled, row, form)]
    if form == ChangeForm():
        return None
    form.anyway, form.reason = (filled.fields[name].strip() or None for name in ("anyway", "reason"))
    return as_alteration(form)


def _scope(text: str) -> Any:
    return text if text in SCOPES else "this"


def _named(filled: Typed, ahead: Sequence[DateRow]) -> DateRow | None:
    """The date that the new time is of: the chosen one, else the first."""
    name = filled.fields["occurrence"]
    return next((each for each in ahead if not name or name in (each.public_id, date_name(each))), None)


def _wanted(filled: Typed, named: DateRow, zone: str) -> tuple[datetime | None, datetime | None]:
    """Its new wall times. A new day alone keeps the lengths of all dates; a new beginning alone keeps the hour at which it ends. What is left empty of one date
    alone is that of a move that waits."""
    stands = named.move if named.move and filled.fields["scope"] == "this" else named
    starts, ends = walls(stands.span, zone)
    day, from_, to = day_of(filled.fields["day"]), filled.fields["from"], filled.fields["to"]
    if day is None and not from_ and not to:
        return None, None
    by = (day - starts.date()) if day else timedelta(0)
    begins = _at((starts + by).date(), from_) if from_ else starts + by
    if not from_ and not to:
        return begins, None
    if not to:
        return begins, ends + by
    late = to == MIDNIGHT or (ends.date() > starts.date() and to <= f"{begins:%H:%M}")
    return begins, _at(begins.date() + timedelta(days=late), to)


def _at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}")


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None


def _further(filled: Typed, row: BookingRow, form: ChangeForm) -> list[datetime]:
    """Further dates begin when the first live date does, or is to."""
    like = next((each for each in row.dates if each.state in LIVE), row.dates[0])
    starts = walls(like.span, row.zone)[0]
    meant = form.occurrence == like.public_id or form.scope == "all"
    clock = filled.fields["from"] if meant and filled.fields["from"] else f"{starts:%H:%M}"
    return [_at(day, clock) for day in map(day_of, filled.also) if day]


def _own(fields: Mapping[str, str], row: BookingRow) -> dict[str, Any]:
    """What is to be otherwise about the whole, and nothing else."""
    now_so = as_it_stands(row).fields
    changed = {name: fields[name] for name in OWN if fields[name] != now_so[name]}
    found: dict[str, Any] = {name: changed[name] for name in ("title", "note") if name in changed}
    if "people" in changed:
        found["headcount"] = number_in(changed["people"])
    if "layout" in changed:
        found["layout"] = changed["layout"]
    if {"contact", "phone"} & set(changed):
        contact = {**row.contact, "name": fields["contact"], "phone": fields["phone"]}
        found["contact"] = {name: value for name, value in contact.items() if value}
    return found


def number_in(text: str) -> int:
    """A whole number, or -1."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1
