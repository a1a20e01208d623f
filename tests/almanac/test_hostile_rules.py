"""Rules that would never end, or end the calendar: refused by name, and with little work. Work is counted in calls, not in seconds."""

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import FrameType
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.almanac.recurrence import Repeat, RepeatRefused, expand
from afterbell.almanac.refusals import TooManyDates
from afterbell.almanac.rule import LISTS

ZONE = "America/Los_Angeles"
MONDAY = datetime(2026, 11, 30, 18)
LITTLE = 100_000
END = datetime(9999, 12, 31, 23, 59)


def code_of(rule: str, starts: datetime = MONDAY, ends: datetime | None = None, **more: Any) -> str:
    """What the repeat is refused with, or how many dates it has."""
    try:
        return str(len(expand(starts, ends or starts + timedelta(hours=2), ZONE, Repeat(rule, **more))))
    except RepeatRefused as refused:
        return refused.code


def calls(act: Callable[[], object]) -> int:
    """How many functions are called until it is done."""
    count = 0

    def hear(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(hear)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count


REFUSED = [
    ("FREQ=WEEKLY", "endless_repeat"),
    ("FREQ=DAILY;INTERVAL=2", "endless_repeat"),
    ("FREQ=SECONDLY;COUNT=1", "too_frequent"),
    ("FREQ=MINUTELY;UNTIL=20270101", "too_frequent"),
    ("FREQ=HOURLY;COUNT=2", "too_frequent"),
    ("FREQ=DAILY;COUNT=2;BYHOUR=1,2,3", "too_frequent"),
    ("FREQ=DAILY;COUNT=2;BYSECOND=1", "too_frequent"),
    ("FREQ=DAILY;COUNT=401", "too_many_dates"),
    ("FREQ=DAILY;COUNT=999999999999999999999", "too_many_dates"),
    ("FREQ=DAILY;UNTIL=99991231T235959Z", "too_many_dates"),
    ("FREQ=WEEKLY;COUNT=401", "too_many_dates"),
    ("FREQ=YEARLY;COUNT=400", "too_long_series"),
    ("FREQ=WEEKLY;INTERVAL=99;COUNT=400", "too_long_series"),
    ("FREQ=DAILY;INTERVAL=99;UNTIL=99991231", "too_long_series"),
    ("FREQ=YEARLY;INTERVAL=999;UNTIL=99991231", "too_long_series"),
    ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=2", "contradictory_repeat"),
    ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "contradictory_repeat"),
    ("FREQ=FORTNIGHTLY;COUNT=2", "malformed"),
    ("FREQ=WEEKLY;BYMONTHDAY=13;COUNT=2", "malformed"),
    ("FREQ=MONTHLY;BYWEEKNO=13;COUNT=2", "malformed"),
    ("FREQ=MONTHLY;BYYEARDAY=13;COUNT=2", "malformed"),
    ("FREQ=YEARLY;BYEASTER=0;COUNT=2", "malformed"),
    ("FREQ=YEARLY;BYMONTH=13;COUNT=2", "malformed"),
    ("FREQ=YEARLY;BYMONTH=-1;COUNT=2", "malformed"),
    ("FREQ=YEARLY;BYMONTH=0;COUNT=2", "malformed"),
    ("FREQ=YEARLY;BYMONTH=1,,2;COUNT=2", "malformed"),
    ("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2", "malformed"),
    ("FREQ=YEARLY;BYYEARDAY=-367;COUNT=2", "malformed"),
    ("FREQ=YEARLY;BYWEEKNO=54;COUNT=2", "malformed"),
    ("FREQ=YEARLY;BYWEEKNO=4;BYDAY=2TU;COUNT=2", "malformed"),
    ("FREQ=MONTHLY;BYSETPOS=1;COUNT=2", "malformed"),
    ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=0;COUNT=2", "malformed"),
    ("FREQ=MONTHLY;BYDAY=100TU;COUNT=2", "malformed"),
    ("FREQ=MONTHLY;BYDAY=\u0662TU;COUNT=2", "malformed"),
    ("FREQ=DAILY;COUNT=2;COUNT=3", "malformed"),
    ("FREQ=DAILY;COUNT=0", "malformed"),
    ("FREQ=DAILY;COUNT=-1", "malformed"),
    ("FREQ=DAILY;COUNT=\u0663", "malformed"),
    ("FREQ=DAILY;COUNT=1e3", "malformed"),
    ("FREQ=DAILY;INTERVAL=0;COUNT=2", "malformed"),
    ("FREQ=DAILY;INTERVAL=9999;UNTIL=99991231", "malformed"),
    ("FREQ=DAILY;UNTIL=20261301", "malformed"),
    ("FREQ=DAILY;UNTIL=tomorrow", "malformed"),
    ("FREQ=WEEKLY;BYDAY=1MO;COUNT=2", "malformed"),
    ("FREQ=WEEKLY;BYDAY=;COUNT=2", "malformed"),
    ("FREQ=WEEKLY;WKST=MO,TU;COUNT=2", "malformed"),
    ("FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=DAILY;COUNT=2", "malformed"),
    ("FREQ=WEEKLY;COUNT=2;X=" + "1" * 600, "malformed"),
    ("COUNT=2", "malformed"),
    ("every Tuesday", "malformed"),
    (";;;", "malformed"),
    ("   ", "malformed"),
]


@pytest.mark.parametrize(("rule", "code"), REFUSED)
def test_a_rule_that_cannot_be_followed_is_refused_by_name_and_at_once(rule: str, code: str) -> None:
    told: list[str] = []
    work = calls(lambda: told.append(code_of(rule)))
    assert (told, work < LITTLE) == ([code], True)


EVERY_WEEK = ",".join(str(number) for number in range(1, 54))
EVERY_MONDAY = ",".join(f"{number}MO" for number in range(1, 54))
HEAVY = [
    ("FREQ=DAILY;INTERVAL=7;BYDAY=TU;COUNT=400", "contradictory_repeat"),
    ("FREQ=DAILY;INTERVAL=77;BYDAY=TU,WE,TH,FR,SA,SU;UNTIL=99991231", "contradictory_repeat"),
    ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;COUNT=2", "contradictory_repeat"),
    ("FREQ=WEEKLY;INTERVAL=99;BYDAY=SU;WKST=SU;COUNT=400", "too_long_series"),
    ("FREQ=YEARLY;BYYEARDAY=366;BYDAY=MO;UNTIL=99991231", "contradictory_repeat"),
    (f"FREQ=YEARLY;BYDAY={EVERY_MONDAY};BYYEARDAY=2,4;BYSETPOS=300;COUNT=2", "contradictory_repeat"),
    (f"FREQ=YEARLY;BYWEEKNO={EVERY_WEEK};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366;UNTIL=99991231", "too_long_series"),
    (f"FREQ=YEARLY;BYDAY={EVERY_MONDAY};COUNT=78", "78"),
    ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=391", "391"),
]


@pytest.mark.parametrize(("rule", "answer"), HEAVY)
def test_a_rule_that_hardly_ever_matches_is_little_work(rule: str, answer: str) -> None:
    told: list[str] = []
    work = calls(lambda: told.append(code_of(rule)))
    assert (told, work < LITTLE) == ([answer], True)


def test_control_the_library_alone_would_follow_such_a_rule_to_the_end_of_the_calendar() -> None:
    rule = rrulestr("FREQ=DAILY;INTERVAL=7;BYDAY=TU;COUNT=400", dtstart=MONDAY)
    assert calls(lambda: list(rule)) > LITTLE


def test_400_dates_pass_and_401_do_not_whatever_they_consist_of() -> None:
    many = tuple(MONDAY + timedelta(days=number, hours=1) for number in range(401))
    left_out = frozenset({date(2026, 12, 1)})
    assert (
        code_of("FREQ=DAILY;COUNT=400"),
        code_of("FREQ=DAILY;COUNT=401", skip=left_out),
        code_of("FREQ=DAILY;COUNT=402", skip=left_out),
        code_of("FREQ=WEEKLY;COUNT=401", skip=left_out),
        code_of("FREQ=DAILY;COUNT=399", also=many[:1]),
        code_of("FREQ=DAILY;COUNT=400", also=many[:1]),
        code_of("", also=many[:399]),
        code_of("", also=many[:400]),
    ) == ("400", "400", "too_many_dates", "too_long_series", "400", "too_many_dates", "400", "too_many_dates")


def test_too_many_dates_says_how_many_pass() -> None:
    with pytest.raises(TooManyDates) as refused:
        expand(MONDAY, MONDAY + timedelta(hours=1), ZONE, Repeat("FREQ=DAILY;COUNT=9"), most=8)
    assert refused.value.most == 8


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (datetime(9999, 12, 31, 20), datetime(9999, 12, 31, 22)),
        (datetime(1, 1, 1), datetime(1, 1, 2)),
        (MONDAY, datetime(9999, 12, 31)),
    ],
)
def test_a_date_at_the_end_of_the_calendar_is_no_date_for_a_booking(starts: datetime, ends: datetime) -> None:
    assert code_of("FREQ=WEEKLY;COUNT=2", starts, ends) == "malformed"


def test_a_long_date_that_repeats_does_not_leave_the_calendar() -> None:
    ends = datetime(9899, 1, 1)
    assert (
        code_of("FREQ=WEEKLY;INTERVAL=99;COUNT=400", ends=ends),
        code_of("", ends=ends, also=(datetime(8999, 1, 1),)),
        code_of("", also=(datetime(9999, 12, 31, 23),)),
    ) == ("too_long_series", "malformed", "malformed")


names = st.sampled_from(["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", "RRULE:FREQ", "EXDATE", *LISTS])
values = st.sampled_from(
    [
        "DAILY",
        "WEEKLY",
        "MONTHLY",
        "YEARLY",
        "7",
        "99",
        "0",
        "-1",
        "1,29",
        "MO",
        "-1MO,5TU",
        "20270101",
        "20270101T000000Z",
    ]
)
parts = st.tuples(names, values | st.text(max_size=8)).map("=".join)


@settings(max_examples=300)
@given(st.lists(parts, max_size=6).map(";".join) | st.text(max_size=40))
def test_whatever_is_written_is_followed_or_refused_and_nothing_else(rule: str) -> None:
    """RepeatRefused is the only way out but dates; `code_of` lets any other error through."""
    assert code_of(rule)


@given(
    st.datetimes(max_value=END - timedelta(hours=1)),
    st.timedeltas(timedelta(minutes=1)),
    st.lists(st.datetimes(), max_size=3),
)
def test_whatever_the_dates_they_are_followed_or_refused(
    starts: datetime, length: timedelta, also: list[datetime]
) -> None:
    ends = starts + min(length, END - starts)
    assert code_of("FREQ=WEEKLY;INTERVAL=99;COUNT=3", starts, ends, also=tuple(also))
