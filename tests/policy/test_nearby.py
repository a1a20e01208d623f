"""Another time close by, and the order of rooms."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.span import Span
from afterbell.policy.nearby import FURTHEST, STEP, other_time
from afterbell.policy.ranking import rank

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
CLAIM = Span(NOON, NOON + timedelta(hours=2))


def hours(since: float, until: float) -> Span:
    """From noon."""
    return Span(NOON + timedelta(hours=since), NOON + timedelta(hours=until))


def test_the_nearest_time_is_taken_and_the_later_of_two_as_near() -> None:
    told = {
        "free as it is": other_time(CLAIM, [hours(0, 2)]),
        "later": other_time(CLAIM, [hours(-6, -2), hours(1.5, 5)]),
        "earlier": other_time(CLAIM, [hours(-3, 1)]),
        "both as near": other_time(CLAIM, [hours(-2, 1), hours(1, 4)]),
        "three hours, the last": other_time(CLAIM, [hours(3, 5)]),
        "beyond": other_time(CLAIM, [hours(3.25, 9)]),
        "too short": other_time(CLAIM, [hours(1, 2.75)]),
        "between two quarters": other_time(CLAIM, [hours(1.1, 4)]),
        "nothing": other_time(CLAIM, []),
    }
    assert told == {
        "free as it is": None,
        "later": timedelta(hours=1.5),
        "earlier": timedelta(hours=-1),
        "both as near": timedelta(hours=1),
        "three hours, the last": timedelta(hours=3),
        "beyond": None,
        "too short": None,
        "between two quarters": timedelta(hours=1.25),
        "nothing": None,
    }


@st.composite
def free(draw: st.DrawFn) -> list[Span]:
    starts = draw(st.lists(st.integers(-30, 30), max_size=5, unique=True))
    return [Span(NOON + n * STEP, NOON + (n + draw(st.integers(1, 20))) * STEP) for n in starts]


@given(free())
def test_whatever_is_found_is_free_and_nothing_nearer_is(spans: list[Span]) -> None:
    found = other_time(CLAIM, spans)
    steps = range(-int(FURTHEST / STEP), int(FURTHEST / STEP) + 1)
    fitting = [n * STEP for n in steps if any(span.contains(moved(n * STEP)) for span in spans)]
    if timedelta() in fitting or not fitting:
        assert found is None
    else:
        assert found in fitting
        assert abs(found) == min(abs(by) for by in fitting)


def moved(by: timedelta) -> Span:
    return Span(CLAIM.starts_at + by, CLAIM.ends_at + by)


def test_rooms_come_by_free_dates_then_whole_kilometres_then_open_buildings_then_fit_then_distance() -> None:
    worse = [
        rank(12, 3, 0, 1.9, 1),
        rank(12, 3, 0, 1.95, 1),
        rank(12, 3, 0, 1.95, 2),
        rank(12, 3, 5, 1.1, 1),
        rank(12, 2, 0, 1.0, 1),
        rank(12, 12, 0, 2.0, 1),
        rank(11, 12, 0, 0.1, 1),
    ]
    assert sorted(worse) == worse
    assert rank(3, 0, 7, None, 5) == rank(3, 0, 7, 0.0, 5)
