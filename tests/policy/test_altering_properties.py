"""What holds for every move of a series: each date goes as far on the wall clock, keeps its length there, and comes back by the opposite move."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.recurrence import Date, Repeat, expand
from afterbell.almanac.span import Span
from afterbell.policy.altering import SCOPES, Shift, asks_for_nothing_new, in_scope, moved, walls
from tests.policy.asking import ZONE

QUARTER = timedelta(minutes=15)
# Starts from four in the morning on, and moves of less than a day: no wall time here is one that a clock change leaves out or repeats.
starts = st.builds(
    lambda day, quarter: datetime(2026, 9, 1) + timedelta(days=day) + quarter * QUARTER,
    st.integers(0, 200),
    st.integers(40, 64),
)
shifts = st.integers(-24, 24).map(lambda quarters: quarters * QUARTER)
lengths = st.integers(1, 24).map(lambda quarters: quarters * QUARTER)


@st.composite
def series(draw: st.DrawFn) -> list[Date]:
    """Weekly, over a clock change more often than not."""
    first = draw(starts)
    return expand(first, first + draw(lengths), ZONE, Repeat(f"FREQ=WEEKLY;COUNT={draw(st.integers(1, 20))}"))


USUAL = timedelta(hours=2)


def put(date: Date, shift: Shift) -> Date:
    return moved(date, shift, ZONE, first=False)


@given(series(), shifts, st.none() | lengths)
def test_every_date_goes_as_far_on_the_wall_clock_and_keeps_its_name(
    dates: list[Date], by: timedelta, length: timedelta | None
) -> None:
    after = [put(date, Shift(by, length, USUAL)) for date in dates]
    told = [(date.original_start, *walls(date.span, ZONE)) for date in after]
    before = [(date.original_start, *walls(date.span, ZONE)) for date in dates]
    assert told == [(name, at + by, at + by + (length or until - at)) for name, at, until in before]


@given(series(), shifts)
def test_the_opposite_move_brings_every_date_back(dates: list[Date], by: timedelta) -> None:
    there = [put(date, Shift(by, None, USUAL)) for date in dates]
    assert [put(date, Shift(-by, None, USUAL)).span for date in there] == [date.span for date in dates]


@given(series())
def test_a_move_by_nothing_is_none(dates: list[Date]) -> None:
    assert [put(date, Shift(timedelta(0), None, USUAL)).span for date in dates] == [date.span for date in dates]


@given(st.sampled_from(SCOPES), st.integers(1, 60), st.data())
def test_a_scope_holds_the_named_date_and_the_wider_holds_the_narrower(
    scope: str, count: int, data: st.DataObject
) -> None:
    begin = datetime.fromisoformat("2026-10-01T18:00+00:00")
    dates = [begin + timedelta(days=number) for number in range(count)]
    named = data.draw(st.integers(0, count - 1))
    found = [set(in_scope(each, dates, named)) for each in SCOPES]
    assert named in in_scope(scope, dates, named)
    assert all(narrow <= wide for narrow, wide in pairwise(found))
    assert found[1] == set(range(named, count))


spans = st.builds(
    lambda at, length: Span(
        datetime.fromisoformat("2026-10-01T00:00+00:00") + at * QUARTER,
        datetime.fromisoformat("2026-10-01T00:00+00:00") + (at + length) * QUARTER,
    ),
    st.integers(0, 95),
    st.integers(1, 40),
)
blocks = st.tuples(spans, st.frozensets(st.integers(1, 4), min_size=1))


@given(blocks, blocks)
def test_nothing_new_is_asked_for_exactly_when_no_space_is_needed_at_a_time_that_is_not_had(
    was: tuple[Span, frozenset[int]], wanted: tuple[Span, frozenset[int]]
) -> None:
    had, needed = (
        {
            (space, span.starts_at + n * QUARTER)
            for space in spaces
            for n in range((span.ends_at - span.starts_at) // QUARTER)
        }
        for span, spaces in (was, wanted)
    )
    assert asks_for_nothing_new(was, wanted) == (needed <= had)
