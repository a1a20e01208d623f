"""Repeats: a judge who walks from day to day, what contradicts itself, how long a series may be, and the wall clock across every change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.almanac.recurrence import Repeat, expand
from afterbell.almanac.refusals import ContradictoryRepeat, EndsBeforeStart, NoSuchTime, TooLongSeries
from afterbell.almanac.rule import WEEKDAYS

ZONE = "America/Los_Angeles"
DAY = timedelta(days=1)


def starts_of(starts: datetime, repeat: Repeat | None, zone: str = ZONE) -> list[datetime]:
    return [each.original_start for each in expand(starts, starts + timedelta(hours=2), zone, repeat)]


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
        interval=draw(st.integers(1, 5)),
        weekdays=draw(st.frozensets(st.integers(0, 6), max_size=7)),
        week_begins=draw(st.integers(0, 6)),
        count=draw(st.none() | st.integers(1, 14)),
        until=first + draw(st.integers(0, 300)) * DAY,
    )


def walked(rule: Rule, first: date) -> Iterator[date]:
    """The first day always counts; then day after day, as the rule says: fourteen dates of every fifth Tuesday lie within 500 days."""
    yield first
    for day in (first + number * DAY for number in range(1, 540)):
        if rule.names(day, first) and (rule.count or day <= rule.until):
            yield day


first_days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@settings(max_examples=150)
@given(data=st.data(), first=first_days)
def test_every_rule_gives_the_days_of_somebody_who_walks(data: st.DataObject, first: date) -> None:
    rule = data.draw(rules(first))
    expected = list(islice(walked(rule, first), rule.count))
    names_one = rule.count == 1 or any(rule.names(day, first) for day in expected)
    starts = datetime.combine(first, time(18))
    if not names_one:
        with pytest.raises(ContradictoryRepeat, match="never"):
            starts_of(starts, Repeat(rule.text()))
    else:
        assert starts_of(starts, Repeat(rule.text())) == [datetime.combine(day, time(18)) for day in expected]


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
    rule = data.draw(rules(first).filter(lambda rule: rule.names(first, first)))
    ruled = expand(starts, ends, ZONE, Repeat(rule.text()))
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


def test_days_with_and_without_a_number_stand_side_by_side() -> None:
    starts = datetime(2026, 12, 7, 18)
    found = starts_of(starts, Repeat("FREQ=MONTHLY;BYDAY=MO,3WE;COUNT=6"))
    assert [each.day for each in found] == [7, 14, 16, 21, 28, 4]


CONTRADICTIONS = [
    ("FREQ=DAILY;COUNT=2;UNTIL=20270101", ("count_and_until", "FREQ=DAILY;COUNT=2")),
    ("FREQ=WEEKLY;UNTIL=20261130", ("until_before_start", "UNTIL=20261201")),
    ("FREQ=WEEKLY;UNTIL=20261201T175900", ("until_before_start", "UNTIL=20261201")),
    ("FREQ=DAILY;UNTIL=00010101", ("until_before_start", "UNTIL=20261201")),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", ("no_such_day", "BYMONTHDAY=29")),
    ("FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31,-31;COUNT=3", ("no_such_day", "BYMONTHDAY=30")),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=WE;COUNT=400", ("never", None)),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=WE;UNTIL=99991231", ("never", None)),
    ("FREQ=MONTHLY;BYDAY=6TU;COUNT=2", ("never", None)),
    ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=2;COUNT=2", ("never", None)),
    ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261206", ("never", None)),
    ("FREQ=DAILY;BYMONTHDAY=1;BYSETPOS=2;COUNT=2", ("never", None)),
    ("FREQ=YEARLY;BYWEEKNO=2;BYYEARDAY=100;COUNT=2", ("never", None)),
]


@pytest.mark.parametrize(("rule", "expected"), CONTRADICTIONS)
def test_a_rule_that_contradicts_itself_is_refused_with_what_would_pass(rule: str, expected: tuple[str, str]) -> None:
    with pytest.raises(ContradictoryRepeat) as refused:
        starts_of(datetime(2026, 12, 1, 18), Repeat(rule))
    assert (refused.value.code, refused.value.why, refused.value.would_pass) == ("contradictory_repeat", *expected)


@pytest.mark.parametrize("rule", ["", "FREQ=DAILY;COUNT=2", "FREQ=WEEKLY;BYDAY=WE;COUNT=2"])
def test_a_series_with_every_date_left_out_is_refused(rule: str) -> None:
    noon = datetime(2026, 12, 1, 12)
    with pytest.raises(ContradictoryRepeat, match="all_left_out"):
        starts_of(noon, Repeat(rule, frozenset({noon.date(), noon.date() + DAY})))


@pytest.mark.parametrize(
    ("rule", "skip", "also", "expected"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=19", (), (), 19),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=20", (), (), date(2028, 2, 29)),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=99991231", (), (), date(2028, 2, 29)),
        ("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=20", (date(2026, 8, 31),), (), 19),
        ("FREQ=YEARLY;COUNT=3", (), (), date(2028, 2, 29)),
        ("FREQ=YEARLY;INTERVAL=99;UNTIL=99991231", (), (), date(2028, 2, 29)),
        ("", (), (datetime(2028, 2, 29, 23),), 2),
        ("", (), (datetime(2028, 3, 1),), date(2028, 2, 29)),
        ("", (), (datetime(2025, 2, 27),), date(2026, 8, 27)),
        ("FREQ=WEEKLY;COUNT=2", (), (datetime(2025, 3, 7),), 3),
        ("FREQ=WEEKLY;COUNT=3", (), (datetime(2025, 3, 7),), date(2026, 9, 7)),
    ],
)
def test_a_series_reaches_18_months_from_its_first_date_and_no_further(
    rule: str, skip: tuple[date, ...], also: tuple[datetime, ...], expected: int | date
) -> None:
    """From the last of August the 18th month ends on leap day; a first date that is left out does not count, a further one before it does."""
    try:
        found: int | date = len(starts_of(datetime(2026, 8, 31, 18), Repeat(rule, frozenset(skip), also)))
    except TooLongSeries as refused:
        found = refused.would_pass
    assert found == expected
