"""Repeats: RFC 5545's own examples, a judge who walks from day to day, and the wall clock across every change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.almanac.recurrence import WEEKDAYS, EndsBeforeStart, MalformedRepeat, NoSuchTime, Repeat, expand

ZONE = "America/Los_Angeles"
DAY = timedelta(days=1)


def starts_of(starts: datetime, repeat: Repeat | None, zone: str = ZONE) -> list[datetime]:
    return [each.original_start for each in expand(starts, starts + timedelta(hours=2), zone, repeat)]


def days(year: int, months: dict[int, list[int]]) -> list[datetime]:
    """Nine o'clock on those days."""
    return [datetime(year, month, day, 9) for month, listed in months.items() for day in listed]


TUESDAY, MONDAY, AUGUST = datetime(1997, 9, 2, 9), datetime(1997, 9, 1, 9), datetime(1997, 8, 5, 9)
OTHER_WEEKS = {
    9: [1, 3, 5, 15, 17, 19, 29],
    10: [1, 3, 13, 15, 17, 27, 29, 31],
    11: [10, 12, 14, 24, 26, 28],
    12: [8, 10, 12, 22],
}


@pytest.mark.parametrize(
    ("starts", "rule", "expected"),
    [
        (TUESDAY, "FREQ=DAILY;COUNT=10", {9: list(range(2, 12))}),
        (TUESDAY, "FREQ=DAILY;INTERVAL=10;COUNT=5", {9: [2, 12, 22], 10: [2, 12]}),
        (TUESDAY, "FREQ=WEEKLY;COUNT=10", {9: [2, 9, 16, 23, 30], 10: [7, 14, 21, 28], 11: [4]}),
        (
            TUESDAY,
            "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
            {9: [2, 4, 9, 11, 16, 18, 23, 25, 30], 10: [2]},
        ),
        (TUESDAY, "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", {9: [2, 4, 9, 11, 16, 18, 23, 25, 30], 10: [2]}),
        (MONDAY, "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", OTHER_WEEKS),
        (TUESDAY, "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", {9: [2, 4, 16, 18, 30], 10: [2, 14, 16]}),
        (AUGUST, "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", {8: [5, 10, 19, 24]}),
        (AUGUST, "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", {8: [5, 17, 19, 31]}),
    ],
)
def test_the_examples_of_rfc_5545_3_8_5_3(starts: datetime, rule: str, expected: dict[int, list[int]]) -> None:
    assert starts_of(starts, Repeat(rule), "America/New_York") == days(1997, expected)


def test_the_example_of_113_days_until_christmas_eve() -> None:
    found = starts_of(TUESDAY, Repeat("FREQ=DAILY;UNTIL=19971224T000000Z"), "America/New_York")
    assert found == [TUESDAY + number * DAY for number in range(113)]


@dataclass(frozen=True)
class Rule:
    """A rule as a person would explain it."""

    weekly: bool
    interval: int
    weekdays: frozenset[int]
    week_begins: int
    count: int | None
    until: date

    def text(self) -> str:
        parts = [f"FREQ={'WEEKLY' if self.weekly else 'DAILY'}", f"INTERVAL={self.interval}"]
        parts += [f"BYDAY={','.join(WEEKDAYS[day] for day in sorted(self.weekdays))}"] if self.weekdays else []
        parts += [f"WKST={WEEKDAYS[self.week_begins]}"]
        return ";".join([*parts, f"COUNT={self.count}" if self.count else f"UNTIL={self.until:%Y%m%d}"])

    def names(self, day: date, first: date) -> bool:
        """Whether the rule names a day, walking from the first."""
        weekdays = self.weekdays or ({first.weekday()} if self.weekly else range(7))
        apart = (self._week(day) - self._week(first)).days // 7 if self.weekly else (day - first).days
        return apart % self.interval == 0 and day.weekday() in weekdays

    def _week(self, day: date) -> date:
        return day - (day.weekday() - self.week_begins) % 7 * DAY


@st.composite
def rules(draw: st.DrawFn, first: date) -> Rule:
    return Rule(
        weekly=draw(st.booleans()),
        interval=draw(st.integers(1, 9)),
        weekdays=draw(st.frozensets(st.integers(0, 6), max_size=7)),
        week_begins=draw(st.integers(0, 6)),
        count=draw(st.none() | st.integers(1, 30)),
        until=first + draw(st.integers(0, 300)) * DAY,
    )


def walked(rule: Rule, first: date) -> Iterator[date]:
    """The first day always counts; then day after day, as the rule says: thirty dates of every ninth Tuesday lie within 1,900 days."""
    yield first
    for day in (first + number * DAY for number in range(1, 2000)):
        if rule.names(day, first) and (rule.count or day <= rule.until):
            yield day


first_days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@settings(max_examples=150)
@given(data=st.data(), first=first_days)
def test_every_rule_gives_the_days_of_somebody_who_walks(data: st.DataObject, first: date) -> None:
    rule = data.draw(rules(first))
    expected = islice(walked(rule, first), rule.count)
    found = starts_of(datetime.combine(first, time(18)), Repeat(rule.text()))
    assert found == [datetime.combine(day, time(18)) for day in expected]


zones = st.sampled_from([ZONE, "America/New_York", "Europe/Madrid", "America/Phoenix"])


@settings(max_examples=80)
@given(first=first_days, hour=st.integers(0, 23), minute=st.sampled_from([0, 15, 30]), zone=zones)
def test_the_wall_clock_is_the_same_across_every_change(first: date, hour: int, minute: int, zone: str) -> None:
    starts = datetime.combine(first, time(hour, minute))
    there = ZoneInfo(zone)
    try:
        dates = expand(starts, starts + timedelta(hours=2), zone, Repeat("FREQ=DAILY;COUNT=370"))
    except NoSuchTime:
        return
    shown = {each.span.starts_at.astimezone(there).time() for each in dates if not each.shifted}
    assert (shown, sum(each.shifted for each in dates) <= 2) == ({time(hour, minute)}, True)


@settings(max_examples=80)
@given(first=first_days, hour=st.integers(3, 21), zone=zones)
def test_the_end_keeps_its_wall_clock_too(first: date, hour: int, zone: str) -> None:
    starts = datetime.combine(first, time(hour))
    dates = expand(starts, starts + timedelta(hours=2), zone, Repeat("FREQ=DAILY;COUNT=370"))
    assert {each.span.ends_at.astimezone(ZoneInfo(zone)).time() for each in dates} == {time(hour + 2)}


@settings(max_examples=80)
@given(data=st.data(), first=first_days)
def test_a_series_and_the_list_of_its_dates_are_the_same_dates(data: st.DataObject, first: date) -> None:
    starts = datetime.combine(first, time(18))
    ends = starts + timedelta(hours=2)
    ruled = expand(starts, ends, ZONE, Repeat(data.draw(rules(first)).text()))
    listed = Repeat(also=tuple(data.draw(st.permutations([each.original_start for each in ruled]))))
    assert expand(starts, ends, ZONE, listed) == ruled


def test_dates_left_out_are_gone_and_further_starts_are_added_in_order() -> None:
    starts = datetime(2026, 12, 1, 18)
    repeat = Repeat("FREQ=WEEKLY;COUNT=4", frozenset({date(2026, 12, 8), date(2026, 12, 1)}))
    added = replace(repeat, also=(datetime(2026, 12, 5, 10), datetime(2026, 12, 15, 18)))
    assert starts_of(starts, added) == [
        datetime(2026, 12, 5, 10),
        datetime(2026, 12, 15, 18),
        datetime(2026, 12, 22, 18),
    ]


def test_a_first_date_off_the_rule_counts() -> None:
    """RFC 5545 3.3.10: DTSTART always counts as the first of COUNT."""
    monday = datetime(2026, 11, 30, 18)
    assert starts_of(monday, Repeat("FREQ=WEEKLY;BYDAY=TU;COUNT=3")) == [monday, monday + DAY, monday + 8 * DAY]


@pytest.mark.parametrize(
    ("until", "count"),
    [("20261215", 3), ("20261215T180000", 3), ("20261215T175959", 2), ("20261216T020000Z", 3), ("20261216T015959Z", 2)],
)
def test_until_is_a_whole_day_a_wall_time_or_an_instant(until: str, count: int) -> None:
    assert len(starts_of(datetime(2026, 12, 1, 18), Repeat(f"FREQ=WEEKLY;UNTIL={until}"))) == count


def test_a_later_date_in_the_spring_gap_is_moved_forward_and_says_so() -> None:
    saturday = datetime(2026, 3, 7, 2, 30)
    dates = expand(saturday, saturday + timedelta(minutes=30), ZONE, Repeat("FREQ=DAILY;COUNT=3"))
    told = [(each.original_start.hour, each.span.starts_at, each.span.length, each.shifted) for each in dates]
    half = timedelta(minutes=30)
    assert told == [
        (2, datetime(2026, 3, 7, 10, 30, tzinfo=UTC), half, False),
        (2, datetime(2026, 3, 8, 10, 30, tzinfo=UTC), half, True),
        (2, datetime(2026, 3, 9, 9, 30, tzinfo=UTC), half, False),
    ]


def test_a_first_start_in_the_gap_is_refused_with_the_time_that_would_pass() -> None:
    with pytest.raises(NoSuchTime) as refused:
        expand(datetime(2026, 3, 8, 2, 30), datetime(2026, 3, 8, 4), ZONE, None)
    assert (refused.value.code, refused.value.would_pass) == ("no_such_time", datetime(2026, 3, 8, 3, 30))


def test_a_time_that_exists_twice_is_the_first() -> None:
    (only,) = expand(datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 3), ZONE, None)
    assert (only.span.starts_at, only.span.length) == (
        datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
        timedelta(hours=2, minutes=30),
    )


def test_an_end_that_is_not_later_is_refused() -> None:
    noon = datetime(2026, 12, 1, 12)
    with pytest.raises(EndsBeforeStart):
        expand(noon, noon, ZONE, None)


def test_a_series_with_every_date_left_out_is_refused() -> None:
    noon = datetime(2026, 12, 1, 12)
    with pytest.raises(MalformedRepeat, match="every date is left out"):
        expand(noon, noon + DAY / 8, ZONE, Repeat(skip=frozenset({noon.date()})))
