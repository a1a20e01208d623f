"""Closures: whole wall days as instants, and which of them touches a span."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.closures import Closure, closed_on, days
from afterbell.almanac.span import Span

ZONE = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("first", "starts_at", "hours"),
    [
        (date(2026, 3, 8), datetime(2026, 3, 8, 8, tzinfo=UTC), 23),
        (date(2026, 6, 16), datetime(2026, 6, 16, 7, tzinfo=UTC), 24),
        (date(2026, 11, 1), datetime(2026, 11, 1, 7, tzinfo=UTC), 25),
        (date(2028, 2, 29), datetime(2028, 2, 29, 8, tzinfo=UTC), 24),
    ],
)
def test_a_closed_day_lasts_from_midnight_to_midnight_at_the_school(
    first: date, starts_at: datetime, hours: int
) -> None:
    span = days(first, first + timedelta(days=1), ZONE)
    assert (span.starts_at, span.length) == (starts_at, timedelta(hours=hours))


@given(st.dates(date(2007, 1, 1), date(2037, 12, 1)), st.integers(1, 20))
def test_days_in_a_row_are_one_stretch_without_a_gap(first: date, count: int) -> None:
    each = [days(first + timedelta(days=number), first + timedelta(days=number + 1), ZONE) for number in range(count)]
    whole = days(first, first + timedelta(days=count), ZONE)
    assert (each[0].starts_at, each[-1].ends_at) == (whole.starts_at, whole.ends_at)
    assert all(before.ends_at == after.starts_at for before, after in pairwise(each))


def test_the_first_closure_that_touches_is_the_answer_and_touching_ends_do_not() -> None:
    noon = datetime(2026, 11, 11, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    closures = [
        Closure(Span(noon + number * hour, noon + (number + 1) * hour), f"reason {number}") for number in range(3)
    ]
    assert (
        closed_on(Span(noon + hour, noon + 3 * hour), closures),
        closed_on(Span(noon - hour, noon), closures),
        closed_on(Span(noon - hour, noon + hour / 60), closures),
    ) == (closures[1], None, closures[0])
