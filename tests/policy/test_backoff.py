"""When to try again: 1, 5, 15, 30 minutes, an hour, then every two; never past its use, never after three days."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.policy.backoff import next_try
from tests.policy.asking import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("attempts", "pause"),
    [(1, 1 * MINUTE), (2, 5 * MINUTE), (3, 15 * MINUTE), (4, 30 * MINUTE), (5, HOUR), (6, 2 * HOUR), (30, 2 * HOUR)],
)
@pytest.mark.parametrize(("jitter", "longer"), [(0.0, 1.0), (0.5, 1.05), (1.0, 1.1)])
def test_pauses_grow_and_jitter_adds_up_to_a_tenth(
    attempts: int, pause: timedelta, jitter: float, longer: float
) -> None:
    at = next_try(attempts, first_at=NOW, now=NOW, until=None, jitter=jitter)
    assert at is not None
    assert abs(at - NOW - pause * longer) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("until", "again"), [(None, True), (NOW + 61 * MINUTE, True), (NOW + HOUR, False), (NOW - HOUR, False)]
)
def test_what_stops_being_of_use_is_not_tried_again(until: datetime | None, again: bool) -> None:
    at = next_try(5, first_at=NOW, now=NOW, until=until, jitter=0)
    assert at == (NOW + HOUR if again else None)


def test_three_days_after_the_first_it_is_given_up_however_long_it_would_be_of_use() -> None:
    year = NOW + timedelta(days=365)
    tries = [next_try(40, first_at=NOW, now=NOW + hours * HOUR, until=year, jitter=0) for hours in (69, 70, 72)]
    assert tries == [NOW + 71 * HOUR, None, None]


@given(st.lists(st.floats(0, 1), min_size=60, max_size=60), st.none() | st.integers(1, 100))
def test_a_letter_that_never_arrives_is_tried_some_forty_times_and_in_time(
    jitter: list[float], hours: int | None
) -> None:
    until = NOW + hours * HOUR if hours else None
    at = NOW
    tried: list[datetime] = []
    while (again := next_try(len(tried) + 1, first_at=NOW, now=at, until=until, jitter=jitter[len(tried)])) is not None:
        tried.append(again)
        at = again
    assert tried == sorted(tried)
    assert len(tried) <= 41
    assert all(each < min(until or NOW + 72 * HOUR, NOW + 72 * HOUR) for each in tried)
