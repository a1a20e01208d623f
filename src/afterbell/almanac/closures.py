"""Closures: spans when nobody may come, with the reason that people read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from afterbell.almanac.span import Span


@dataclass(frozen=True)
class Closure:
    """A half-open span that is closed. `uid` is the calendar's, empty for one that staff entered."""

    span: Span
    reason: str
    uid: str = ""


def closed_on(span: Span, closures: Iterable[Closure]) -> Closure | None:
    """The first closure that touches the span, or None."""
    return next((closure for closure in closures if closure.span.overlaps(span)), None)


def days(first: date, last_exclusive: date, zone: str) -> Span:
    """Whole wall days at a place, as instants: 23 or 25 hours long when the clock changes."""
    there = ZoneInfo(zone)
    return Span(datetime.combine(first, time(), there), datetime.combine(last_exclusive, time(), there))
