"""When a place can be used: its hours less its closures, and what is left of that when something is taken."""

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from afterbell.almanac.closures import Closure
from afterbell.almanac.hours import Window, stretches
from afterbell.almanac.span import Span, minus

DAY = timedelta(days=1)


def openings(windows: Iterable[Window], closures: Iterable[Closure], reach: Span, zone: str) -> list[Span]:
    """Every stretch when the place is open and not closed that touches the reach, whole and in order: it may begin before the reach and end after it."""
    there = ZoneInfo(zone)
    first, last = (reach.starts_at - DAY).astimezone(there).date(), (reach.ends_at + DAY).astimezone(there).date()
    cuts = [closure.span for closure in closures]
    return [span for span in minus(stretches(windows, first, last, zone), cuts) if span.overlaps(reach)]


def left_free(opened: Iterable[Span], taken: Iterable[Span], reach: Span) -> list[Span]:
    """The openings less what is taken, cut to the reach."""
    cut = (_within(span, reach) for span in minus(opened, taken))
    return [span for span in cut if span is not None]


def _within(span: Span, reach: Span) -> Span | None:
    if not span.overlaps(reach):
        return None
    return Span(max(span.starts_at, reach.starts_at), min(span.ends_at, reach.ends_at))
