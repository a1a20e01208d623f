"""What a family looks for in the programme, read from the address without raising: what cannot be used becomes a complaint beside its field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar.datastructures.multi_dicts import MultiDict

from afterbell.almanac.span import Span
from afterbell.bookings.announced import OnDate
from afterbell.places.catalog import Near, kilometres
from afterbell.policy.verdict import N_, Message

MILES = (1, 2, 5, 10, 25)
DAYS = {"day": 1, "week": 7}
LONGEST_WORD = 120
ZIP = re.compile(r"\d{5}", re.ASCII)
POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,9})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,9})?)", re.ASCII)
FURTHEST = timedelta(days=550)
FIELDS = {"date": "", "show": "week", "near": "", "within": "5", "school": "", "kind": "", "language": ""}


@dataclass(frozen=True)
class Looked:
    """The fields as they were typed, to be shown again; `first` is the wall date on which the page begins, never before today."""

    fields: Mapping[str, str]
    first: date
    today: date
    complaints: dict[str, Message] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """One day or seven."""
        return DAYS.get(self.fields["show"], 7)

    @property
    def filters(self) -> Sequence[str]:
        """The fields that leave something out."""
        return [name for name in ("near", "school", "kind", "language") if self.fields[name]]

    def span(self, zone: str, *, now: datetime) -> Span:
        """From that day's midnight, or from now, to the end of the last day."""
        last = datetime.combine(self.first + timedelta(days=self.days), time(), ZoneInfo(zone))
        return Span(max(now, datetime.combine(self.first, time(), ZoneInfo(zone))), last)

    def link(self, **other: str) -> str:
        """This page's address with other values; what is as usual is left out, so that one page has one address."""
        given = {**self.fields, **other}
        usual = {**FIELDS, "within": given["within"] if not given["near"] else FIELDS["within"]}
        kept = {name: value for name, value in given.items() if value != usual[name]}
        return "/programme" + (f"?{urlencode(kept)}" if kept else "")


def looked(query: MultiDict[Any], today: date) -> Looked:
    """The address as a wish. A date that has passed is today: old links lead to what is on now."""
    typed = {name: str(query.get(name, usual)).strip()[:LONGEST_WORD] for name, usual in FIELDS.items()}
    complaints: dict[str, Message] = {}
    first = today
    try:
        first = max(today, date.fromisoformat(typed["date"])) if typed["date"] else today
    except ValueError:
        complaints["date"] = Message(N_("Choose a date."))
    if first > today + FURTHEST:
        complaints["date"] = Message(N_("Nothing is planned that far ahead. Choose an earlier date."))
        first = today
    for name, known in (("show", DAYS), ("within", {str(miles) for miles in MILES})):
        typed[name] = typed[name] if typed[name] in known else FIELDS[name]
    return Looked(typed, first, today, complaints)


def point(text: str) -> tuple[float, float] | None:
    """ "34.03,-118.31" in degrees; None for anything else, numbers that lie on no globe included."""
    found = POINT.fullmatch(text)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def distance_between(near: Near, date_: OnDate) -> float | None:
    """Kilometres from the point to the school, as the crow flies; None where the school's place is not known."""
    if date_.school.latitude is None or date_.school.longitude is None:
        return None
    return kilometres(near, date_.school.latitude, date_.school.longitude)


def fits(date_: OnDate, wanted: Looked, near: Near | None) -> bool:
    """Whether a date is what they look for, as far as its language and distance go: the rest is asked of the database."""
    if not date_.speaks(wanted.fields["language"]):
        return False
    if near is None:
        return True
    km = distance_between(near, date_)
    return km is not None and km <= near.within_km
