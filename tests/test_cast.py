"""The cast is the same on every day of the year: what it sows never meets what it closes."""

from datetime import UTC, datetime, timedelta

from tests.cast import ACROSS_ON, CLOSED_ON, changes, closed_day


def test_on_no_day_of_four_years_is_the_closed_day_a_day_of_the_series_across_the_changes() -> None:
    days = [datetime(2026, 1, 1, 4, tzinfo=UTC) + timedelta(days=n) for n in range(4 * 366)]
    series = {(change - timedelta(days=10)).weekday() for now in days for change in changes(now)}
    assert (series, {closed_day(now).weekday() for now in days}) == ({ACROSS_ON}, {CLOSED_ON})
