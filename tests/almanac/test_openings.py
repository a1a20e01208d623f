"""Hours less closures less what is taken: an instant is free exactly when some window holds it and nothing else does."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.closures import Closure
from afterbell.almanac.hours import Window
from afterbell.almanac.openings import left_free, openings
from afterbell.almanac.span import Span

ZONE = "America/Los_Angeles"
THERE = ZoneInfo(ZONE)
FIRST = date(2026, 10, 26)  # the clocks change on the Sunday
REACH = Span(datetime.combine(FIRST, time(), THERE), datetime.combine(FIRST + timedelta(days=9), time(), THERE))
QUARTER = timedelta(minutes=15)

quarters = st.integers(0, 95).map(lambda number: time(number // 4, number % 4 * 15))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    opens, closes = sorted([draw(quarters), draw(quarters)])
    return Window(draw(st.integers(0, 6)), opens, time() if opens == closes else closes)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    starts = REACH.starts_at + draw(st.integers(-8, 9 * 96)) * QUARTER
    return Span(starts, starts + draw(st.integers(1, 120)) * QUARTER)


closures = spans().map(lambda span: Closure(span, "Repairs"))


@given(st.lists(windows(), max_size=10), st.lists(closures, max_size=4), st.lists(spans(), max_size=8))
def test_a_quarter_hour_is_free_when_a_window_holds_it_and_nothing_else_does(
    open_: list[Window], closed: list[Closure], taken: list[Span]
) -> None:
    free = left_free(openings(open_, closed, REACH, ZONE), taken, REACH)
    wrong = [at for at in quarters_of(REACH) if by_hand(at, open_, closed, taken) != any(s.contains(at) for s in free)]
    assert wrong == []
    assert free == sorted(free)
    assert all(REACH.contains(span) for span in free)
    assert all(one.ends_at <= other.starts_at for one, other in itertools.pairwise(free))


def quarters_of(reach: Span) -> list[Span]:
    count = int(reach.length / QUARTER)
    return [Span(reach.starts_at + n * QUARTER, reach.starts_at + (n + 1) * QUARTER) for n in range(count)]


def by_hand(at: Span, open_: list[Window], closed: list[Closure], taken: list[Span]) -> bool:
    """By the clock on the wall; every hour that is shown twice counts as often."""
    wall = at.starts_at.astimezone(THERE)
    held = [w for w in open_ if w.weekday == wall.weekday()]
    if (
        wall.date() == date(2026, 11, 1) and wall.hour <= 1
    ):  # an opening or closing within the hour shown twice is its first
        return any(span.contains(at) for span in openings(open_, (), REACH, ZONE)) and not blocked(at, closed, taken)
    inside = any(w.opens <= wall.time() and (w.closes == time() or wall.time() < w.closes) for w in held)
    return inside and not blocked(at, closed, taken)


def blocked(at: Span, closed: list[Closure], taken: list[Span]) -> bool:
    return any(c.span.overlaps(at) for c in closed) or any(span.overlaps(at) for span in taken)


def test_openings_are_whole_and_what_is_free_is_cut_to_the_reach() -> None:
    always = [Window(day, time(), time()) for day in range(7)]
    reach = Span(datetime(2026, 10, 27, 12, tzinfo=UTC), datetime(2026, 10, 27, 13, tzinfo=UTC))
    (opened,) = openings(always, (), reach, ZONE)
    assert opened.contains(reach.padded(timedelta(hours=3), timedelta(hours=3)))
    assert left_free([opened], (), reach) == [reach]
    assert left_free([opened], [reach], reach) == []
