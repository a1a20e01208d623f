"""Spans against a model: the set of minutes that lie in them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.span import Span, merged, minus

START = datetime(2026, 10, 31, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = 24 * 60


def at(minute: int) -> datetime:
    return START + minute * MINUTE


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first = draw(st.integers(0, DAY - 1))
    return Span(at(first), at(draw(st.integers(first + 1, DAY))))


many = st.lists(spans(), max_size=8)


def minutes(found: Iterable[Span]) -> set[int]:
    """Which minutes of the day lie in some of them."""
    return {
        minute
        for span in found
        for minute in range((span.starts_at - START) // MINUTE, (span.ends_at - START) // MINUTE)
    }


@given(many)
def test_merging_keeps_every_minute_and_leaves_gaps_between(some: list[Span]) -> None:
    whole = merged(some)
    assert minutes(whole) == minutes(some)
    assert all(before.ends_at < after.starts_at for before, after in pairwise(whole))


@given(many)
def test_merging_twice_changes_nothing(some: list[Span]) -> None:
    assert merged(merged(some)) == merged(some)


@given(many, many)
def test_cutting_takes_exactly_the_minutes_of_the_cuts(some: list[Span], cuts: list[Span]) -> None:
    assert minutes(minus(some, cuts)) == minutes(some) - minutes(cuts)


@given(many, many)
def test_what_is_cut_is_in_order_and_apart(some: list[Span], cuts: list[Span]) -> None:
    left = minus(some, cuts)
    assert all(before.ends_at <= after.starts_at for before, after in pairwise(left))


@given(spans(), spans())
def test_two_overlap_when_they_share_a_minute(one: Span, other: Span) -> None:
    shared = bool(minutes([one]) & minutes([other]))
    assert (one.overlaps(other), other.overlaps(one)) == (shared, shared)


@given(spans(), spans())
def test_one_contains_the_other_when_it_has_all_its_minutes(one: Span, other: Span) -> None:
    assert one.contains(other) == (minutes([other]) <= minutes([one]))


@given(spans(), st.integers(0, 600), st.integers(0, 600))
def test_padding_lengthens_by_set_up_and_take_down(span: Span, before: int, after: int) -> None:
    padded = span.padded(before * MINUTE, after * MINUTE)
    assert padded.contains(span)
    assert padded.length == span.length + (before + after) * MINUTE


def test_touching_ends_do_not_overlap_and_are_merged() -> None:
    morning, noon = Span(at(0), at(60)), Span(at(60), at(120))
    assert (morning.overlaps(noon), merged([noon, morning])) == (False, [Span(at(0), at(120))])


def test_padded_neighbours_add_up() -> None:
    """Fifteen minutes of take-down and fifteen of set-up need half an hour between them."""
    pause = timedelta(minutes=15)
    first, tight, loose = Span(at(0), at(60)), Span(at(89), at(120)), Span(at(90), at(120))
    claims = [span.padded(pause, pause) for span in (first, tight, loose)]
    assert (claims[0].overlaps(claims[1]), claims[0].overlaps(claims[2])) == (True, False)


def test_a_span_is_compared_as_instants_whatever_the_zone_it_was_given_in() -> None:
    west = timezone(timedelta(hours=-8))
    assert Span(START.astimezone(west), at(60).astimezone(west)) == Span(START, at(60))


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (datetime(2026, 1, 1), at(1), "aware"),
        (at(0), datetime(2027, 1, 1), "aware"),
        (at(1), at(1), "after it starts"),
        (at(2), at(1), "after it starts"),
    ],
)
def test_naive_empty_and_backward_spans_are_refused(starts: datetime, ends: datetime, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Span(starts, ends)
