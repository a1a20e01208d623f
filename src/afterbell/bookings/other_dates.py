"""Single dates that are otherwise, as the request form carries them: a hidden field each. A button beside an odd date makes one, another takes it back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from afterbell.almanac.recurrence import RepeatRefused, expand
from afterbell.bookings.forms import MOST_ROOMS, AlteredForm, BookingForm, moment, repeat_of
from afterbell.policy.ask import MOST_DATES

WALL = r"\d{4}-\d\d-\d\dT\d\d:\d\d"
SHAPE = re.compile(rf"(\d{{4}}-\d\d-\d\d)\|({WALL})?\|({WALL})?\|([^|\s]{{0,4000}})\Z", re.ASCII)


@dataclass(frozen=True)
class OtherDate:
    """A date of the series, by its day (ISO), that is to be at another wall time or in other rooms; what is empty is as the series has it."""

    day: str
    starts: str = ""
    ends: str = ""
    rooms: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> "OtherDate | None":
        """From its field; None for what no page has written, such as one that changes nothing."""
        found = SHAPE.match(text)
        if (
            found is None
            or not any(found.groups()[1:])
            or not all(map(_is_moment, filter(None, (f"{found[1]}T00:00", found[2], found[3]))))
        ):
            return None
        rooms = tuple(dict.fromkeys(filter(None, found[4].split(","))))[:MOST_ROOMS]
        return cls(found[1], found[2] or "", found[3] or "", rooms)

    def __str__(self) -> str:
        return "|".join((self.day, self.starts, self.ends, ",".join(self.rooms)))


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def others(fields: Iterable[str]) -> dict[str, OtherDate]:
    """By day; of two for one day the later counts."""
    found = (OtherDate.read(text) for text in fields)
    return {each.day: each for each in list(filter(None, found))[:MOST_DATES]}


def with_others(form: BookingForm, changed: Mapping[str, OtherDate]) -> BookingForm:
    """The body with the changes of dates that it has, and leaving out only such: those of other dates wait on the page until their dates are back."""
    if form.repeat and form.repeat.except_:
        whole = _days(replace(form, repeat=replace(form.repeat, except_=[])))
        form.repeat.except_ = [day for day in form.repeat.except_ if day in whole or not whole]
    days = _days(form) if changed else frozenset()
    at = form.starts_at.partition("T")[2]
    form.changes = [
        AlteredForm(f"{each.day}T{at}", list(each.rooms) or None, each.starts or None, each.ends or None)
        for day, each in sorted(changed.items())
        if day in days
    ]
    return form


def _days(form: BookingForm) -> frozenset[str]:
    """The days of the series; none where it cannot be spelled out, which the check of the dates says."""
    starts, ends = moment(form.starts_at, "starts_at"), moment(form.ends_at, "ends_at")
    try:
        dates = expand(starts, ends, "UTC", repeat_of(form.repeat) if form.repeat else None, MOST_DATES)
    except RepeatRefused:
        return frozenset()
    return frozenset(each.original_start.date().isoformat() for each in dates)
