"""Business days against a calendar that is read day by day."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.closures import Closure
from afterbell.policy.business import after_business_days, is_business_day
from tests.policy.asking import ZONE, closed, span

DAY = timedelta(days=1)
some_days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(some_days, st.integers(0, 20), st.sets(some_days, max_size=20))
def test_the_count_is_somebodys_who_crosses_out_days(start: date, count: int, holidays: set[date]) -> None:
    closures = [closed(day) for day in sorted(holidays)]
    day = start
    for _ in range(count):
        day += DAY
        while day.weekday() > 4 or day in holidays:
            day += DAY
    assert after_business_days(start, count, closures, ZONE) == day


@pytest.mark.parametrize(
    ("first_hour", "last_hour", "works"), [(8, 12, True), (12, 13, False), (13, 18, True), (0, 23, False)]
)
def test_a_day_is_closed_when_its_noon_is(first_hour: int, last_hour: int, works: bool) -> None:

    monday = datetime(2026, 10, 12)
    part = Closure(span(monday.replace(hour=first_hour), monday.replace(hour=last_hour)), "Inspection")
    assert is_business_day(monday.date(), [part], ZONE) == works


def test_a_district_that_is_closed_for_good_does_not_count_for_ever() -> None:
    for_good = closed(date(2026, 1, 1), date(2030, 1, 1))
    assert after_business_days(date(2026, 10, 5), 15, [for_good], ZONE) == date(2026, 10, 5) + 366 * DAY
