"""When reminders fall due: ten o'clock on the day before, later for late decisions, never at night and never after the start."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.policy.reminding import due_at
from tests.policy.asking import THERE, ZONE

MINUTE = timedelta(minutes=1)


def wall(day: int, hour: int, minute: int = 0) -> datetime:
    """In UTC, from wall time in November 2026; clocks go back on Sunday the 1st."""
    return datetime(2026, 11, day, hour, minute, tzinfo=THERE).astimezone(UTC)


LONG_AGO = wall(1, 0) - timedelta(days=40)


@pytest.mark.parametrize(
    ("starts", "decided", "due"),
    [
        (wall(10, 18), LONG_AGO, wall(9, 10)),
        (wall(2, 8), LONG_AGO, wall(1, 10)),
        (wall(10, 18), wall(9, 10), wall(9, 10)),
        (wall(10, 18), wall(9, 10, 1), wall(9, 10, 1)),
        (wall(10, 18), wall(9, 19, 59), wall(9, 19, 59)),
        (wall(10, 18), wall(9, 20), wall(10, 8)),
        (wall(10, 18), wall(10, 7, 59), wall(10, 8)),
        (wall(10, 18), wall(10, 16), wall(10, 16)),
        (wall(10, 18), wall(10, 16, 1), None),
        (wall(10, 9, 30), wall(9, 21), None),
        (wall(10, 10), wall(9, 21), wall(10, 8)),
        (wall(10, 18), wall(10, 19), None),
        (wall(10, 23), wall(10, 21), None),
    ],
)
def test_a_reminder_is_due_at_a_decent_hour_that_leaves_two(
    starts: datetime, decided: datetime, due: datetime | None
) -> None:
    assert due_at(starts, ZONE, decided) == due


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        (datetime(2026, 3, 8, 18, tzinfo=UTC), datetime(2026, 3, 7, 18, tzinfo=UTC)),
        (datetime(2026, 3, 9, 17, tzinfo=UTC), datetime(2026, 3, 8, 17, tzinfo=UTC)),
        (datetime(2026, 11, 1, 19, tzinfo=UTC), datetime(2026, 10, 31, 17, tzinfo=UTC)),
        (datetime(2026, 11, 2, 19, tzinfo=UTC), datetime(2026, 11, 1, 18, tzinfo=UTC)),
    ],
)
def test_ten_is_ten_on_the_wall_on_both_sides_of_a_change(starts: datetime, due: datetime) -> None:
    assert due_at(starts, ZONE, LONG_AGO - timedelta(days=300)) == due


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)
zones = st.sampled_from([ZONE, "America/New_York", "Europe/Madrid"])


def decent(moment: datetime, zone: str) -> bool:
    return time(8) <= moment.astimezone(ZoneInfo(zone)).time() < time(20)


@given(moments, st.integers(-3000, 6000), zones)
def test_it_is_never_due_before_the_decision_at_night_or_within_two_hours_of_the_start(
    starts: datetime, minutes_before: int, zone: str
) -> None:
    decided = starts - minutes_before * MINUTE
    due = due_at(starts, zone, decided)
    assert due is None or (decided <= due <= starts - timedelta(hours=2) and decent(due, zone))


@given(moments, st.integers(0, 2000), zones)
def test_there_is_none_only_when_no_decent_minute_is_left(starts: datetime, minutes_before: int, zone: str) -> None:
    decided = starts - minutes_before * MINUTE
    left = (decided + number * MINUTE for number in range(max(0, minutes_before - 120) + 1))
    possible = minutes_before >= 120 and any(decent(moment, zone) for moment in left)
    assert (due_at(starts, zone, decided) is not None) == possible


@given(moments, st.integers(2880, 100_000), zones)
def test_a_decision_two_days_before_is_reminded_at_ten_on_the_day_before(
    starts: datetime, minutes_before: int, zone: str
) -> None:
    due = due_at(starts, zone, starts - minutes_before * MINUTE)
    assert due is not None
    there = due.astimezone(ZoneInfo(zone))
    assert (there.time(), there.date()) == (time(10), starts.astimezone(ZoneInfo(zone)).date() - timedelta(days=1))
