"""What holds for every repeat: order, bounds, the wall clock, what is left out and added, COUNT and UNTIL."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.almanac.recurrence import MOST_MONTHS, Date, Repeat, expand, months_later
from tests.almanac.random_repeats import DAY, KINDS, ZONES, Series, random_series

series = st.builds(
    lambda seed, kind, zone: random_series(random.Random(seed), kind, zone),
    st.integers(0, 2**32),
    st.sampled_from(KINDS),
    st.sampled_from(ZONES),
)
lengths = st.integers(1, 96).map(lambda quarters: quarters * timedelta(minutes=15))


def walls(dates: list[Date]) -> list[datetime]:
    return [each.original_start for each in dates]


def ruled(given: Series) -> list[datetime]:
    """The rule alone."""
    return walls(expand(given.starts, given.starts + DAY, given.zone, Repeat(given.repeat.rrule)))


@settings(max_examples=150)
@given(series, lengths)
def test_dates_are_in_order_each_once_and_within_the_bounds(given: Series, length: timedelta) -> None:
    dates = expand(given.starts, given.starts + length, given.zone, given.repeat)
    found = walls(dates)
    assert found == sorted(set(found))
    assert (len(found) <= 400, found[-1].date() <= months_later(found[0].date(), MOST_MONTHS)) == (True, True)


@settings(max_examples=150)
@given(series, lengths)
def test_both_ends_keep_their_wall_clock_wherever_that_time_exists_once(given: Series, length: timedelta) -> None:
    there = ZoneInfo(given.zone)
    for each in expand(given.starts, given.starts + length, given.zone, given.repeat):
        for wall, instant in (
            (each.original_start, each.span.starts_at),
            (each.original_start + length, each.span.ends_at),
        ):
            offsets = {wall.replace(tzinfo=there, fold=fold).utcoffset() for fold in (0, 1)}
            if len(offsets) == 1:
                assert instant.astimezone(there).replace(tzinfo=None) == wall
        assert each.span.starts_at < each.span.ends_at


@settings(max_examples=150)
@given(series)
def test_what_is_left_out_is_gone_and_what_is_added_is_there(given: Series) -> None:
    kept = {wall for wall in ruled(given) if wall.date() not in given.repeat.skip}
    assert set(walls(given.dates)) == kept | set(given.repeat.also)


@settings(max_examples=100)
@given(series, st.integers(1, 12))
def test_count_counts_what_is_left_out_too_and_nothing_that_is_added(given: Series, count: int) -> None:
    """RFC 5545 3.8.5.1: EXDATE takes from the dates that COUNT has counted."""
    first = ruled(given)[:count]
    rule = given.repeat.rrule.partition(";COUNT=")[0].partition(";UNTIL=")[0]
    shorter = replace(given.repeat, rrule=f"{rule};COUNT={len(first)}", skip=frozenset(), also=())
    assert walls(expand(given.starts, given.starts + DAY, given.zone, shorter)) == first


@settings(max_examples=100)
@given(series, st.integers(0, 500))
def test_an_earlier_until_keeps_the_dates_up_to_that_day(given: Series, days: int) -> None:
    last = given.starts.date() + days * DAY
    found = ruled(given)
    rule = given.repeat.rrule.partition(";COUNT=")[0].partition(";UNTIL=")[0]
    until = min(last, found[-1].date())
    shorter = expand(given.starts, given.starts + DAY, given.zone, Repeat(f"{rule};UNTIL={until:%Y%m%d}"))
    assert walls(shorter) == [wall for wall in found if wall.date() <= until]


@settings(max_examples=100)
@given(series)
def test_spans_are_half_open_one_that_ends_when_another_begins_does_not_overlap_it(given: Series) -> None:
    """Two bookings in a row, 18 to 20 and 20 to 22, share the instant and no time."""
    two = timedelta(hours=2)
    earlier = expand(given.starts, given.starts + two, given.zone, Repeat(given.repeat.rrule))
    later = expand(given.starts + two, given.starts + 2 * two, given.zone, None)
    assert later[0].span.starts_at - earlier[0].span.ends_at == timedelta(0)
    assert not later[0].span.overlaps(earlier[0].span)


@given(st.dates(date(1950, 1, 1), date(2400, 1, 1)), st.integers(0, 60))
def test_months_later_is_the_same_day_or_the_last_that_the_month_has(day: date, months: int) -> None:
    found = months_later(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + DAY).day == 1)
