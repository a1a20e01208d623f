"""Many dates on the page of a change: by month and folded. Of a preview what is odd stands first, and what is alike is told once. Plain
values, reads nothing."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from afterbell.bookings.page_change_preview import Step, When
from afterbell.web.dates import month

FEW = 12
Item = TypeVar("Item")


@dataclass(frozen=True)
class Alike:
    """A long list of steps: `like` stands for the `count` that differ from it only in their day and are listed in `months`; `odd` are the others."""

    like: Step
    count: int
    odd: Sequence[Step]
    months: Sequence[tuple[str, Sequence[Step]]]


def months_of(items: Iterable[Item], at: Callable[[Item], datetime], language: str) -> list[tuple[str, list[Item]]]:
    """By month, under its name, in the order in which they come; `at` gives the wall time."""
    found: dict[tuple[int, int], tuple[str, list[Item]]] = {}
    for item in items:
        when = at(item)
        _, listed = found.setdefault((when.year, when.month), (month(when, language), []))
        listed.append(item)
    return list(found.values())


def alike(steps: Sequence[Step], zone: str, language: str) -> Alike | None:
    """The steps folded; None for so few that each is told whole."""
    if len(steps) <= FEW:
        return None
    there = ZoneInfo(zone)
    shapes = [_shape(each, there) for each in steps]
    usual, count = Counter(shapes).most_common(1)[0]
    same = [each for each, shape in zip(steps, shapes, strict=True) if shape == usual]
    odd = [each for each, shape in zip(steps, shapes, strict=True) if shape != usual]
    return Alike(same[0], count, odd, months_of(same, lambda each: _starts(each, there), language))


def _shape(each: Step, there: ZoneInfo) -> Hashable:
    """All that is told of it but its day."""
    before, after = (_hours(when, there) for when in (each.before, each.after))
    days = (after[0] - before[0]).days if before and after else 0
    return days, before and before[1:], after and after[1:], each.kind, each.label, each.rooms, each.shifted


def _hours(when: When | None, there: ZoneInfo) -> tuple[datetime, str, str, str] | None:
    if when is None:
        return None
    starts, ends = (moment.astimezone(there) for moment in (when.starts_at, when.ends_at))
    return starts.replace(hour=0, minute=0, tzinfo=None), f"{starts:%H:%M}", f"{ends:%H:%M}", when.rooms


def _starts(each: Step, there: ZoneInfo) -> datetime:
    when = each.before or each.after
    assert when is not None
    return when.starts_at.astimezone(there)
