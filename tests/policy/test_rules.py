"""Each rule at its edge, with the numbers of DOMAIN.md."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from afterbell.almanac.closures import Closure
from afterbell.almanac.hours import Window
from afterbell.almanac.recurrence import Repeat
from afterbell.policy.rules import judge, judge_again, judge_times
from afterbell.policy.verdict import Finding, Message, Severity
from tests.policy.asking import AFTERNOONS, ALWAYS, HALF_HOUR, NOW, ZONE, School, closed, codes, span, wish

GOOD = datetime(2026, 11, 10, 16)


def told(starts: datetime, school: School | None = None, now: datetime = NOW, **more: Any) -> list[str]:
    return codes(judge(wish(starts, **more), (school or School()).facts, now))


def test_a_wish_without_fault_has_no_finding() -> None:
    assert judge(wish(GOOD), School().facts, NOW).findings == []


@pytest.mark.parametrize(("people", "reasons"), [(30, []), (31, ["too_many_people"])])
def test_as_many_people_as_the_room_holds_are_fine(people: int, reasons: list[str]) -> None:
    assert told(GOOD, people=people) == reasons


@pytest.mark.parametrize(
    ("day", "closures", "reasons"),
    [
        (date(2026, 10, 23), [], ["short_notice"]),
        (date(2026, 10, 24), [], ["short_notice"]),
        (date(2026, 10, 26), [], []),
        (date(2026, 10, 26), [closed(date(2026, 10, 12))], ["short_notice"]),
        (date(2026, 10, 27), [closed(date(2026, 10, 12))], []),
        (date(2026, 10, 26), [closed(date(2026, 10, 10))], []),
        (date(2026, 11, 2), [closed(date(2026, 10, 12), date(2026, 10, 17))], []),
        (date(2026, 10, 30), [closed(date(2026, 10, 12), date(2026, 10, 17))], ["short_notice"]),
    ],
)
def test_notice_is_fifteen_business_days_and_closed_days_do_not_count(
    day: date, closures: list[Closure], reasons: list[str]
) -> None:
    """The 26th is the fifteenth business day after Monday the 5th; a closed Saturday takes none away."""
    school = School(closures=closures)
    assert told(datetime(day.year, day.month, day.day, 16), school) == reasons


def test_short_notice_says_which_date_would_pass() -> None:
    (finding,) = judge(wish(datetime(2026, 10, 20, 16)), School().facts, NOW).findings
    message = Message(
        "The school needs {days} business days' notice. The first date that passes is {earliest}.",
        {"days": 15, "earliest": date(2026, 10, 26)},
    )
    assert finding == Finding(
        Severity.REFUSE, "short_notice", message, "notice", datetime(2026, 10, 20, 16), "2026-10-26"
    )


@pytest.mark.parametrize(
    ("now", "day", "reasons"),
    [
        (NOW, date(2027, 4, 5), []),
        (NOW, date(2027, 4, 6), ["too_far"]),
        (datetime(2026, 8, 31, 17, tzinfo=UTC), date(2027, 2, 28), []),
        (datetime(2026, 8, 31, 17, tzinfo=UTC), date(2027, 3, 1), ["too_far"]),
        (datetime(2027, 8, 31, 17, tzinfo=UTC), date(2028, 2, 29), []),
        (datetime(2027, 8, 31, 17, tzinfo=UTC), date(2028, 3, 1), ["too_far"]),
        (datetime(2026, 10, 6, 6, 59, tzinfo=UTC), date(2027, 4, 6), ["too_far"]),
        (datetime(2026, 10, 6, 7, tzinfo=UTC), date(2027, 4, 6), []),
    ],
)
def test_the_last_day_of_the_six_months_counts(now: datetime, day: date, reasons: list[str]) -> None:
    """Today is the wall date at the school, which begins at 07:00 UTC in October."""
    assert told(datetime(day.year, day.month, day.day, 16), now=now) == reasons


def test_a_date_that_has_begun_is_past_and_not_also_short_of_notice() -> None:
    begins = datetime(2026, 10, 5, 16)
    instant = datetime(2026, 10, 5, 23, tzinfo=UTC)
    assert (
        told(begins, now=instant - timedelta(seconds=1)),
        told(begins, now=instant),
        told(begins, now=instant + timedelta(days=9)),
    ) == (["short_notice"], ["in_past"], ["in_past"])


@pytest.mark.parametrize(
    ("starts", "hours", "pad", "reasons"),
    [
        (GOOD.replace(hour=15), 7, 0, []),
        (GOOD.replace(hour=15), 7.25, 0, ["outside_hours"]),
        (GOOD.replace(hour=15), 2, 30, ["outside_hours"]),
        (GOOD.replace(hour=15, minute=30), 6, 30, []),
        (GOOD.replace(hour=15, minute=30), 6.25, 30, ["outside_hours"]),
    ],
)
def test_set_up_and_take_down_lie_in_the_open_hours_too(
    starts: datetime, hours: float, pad: int, reasons: list[str]
) -> None:
    assert told(starts, hours=hours, pad=timedelta(minutes=pad)) == reasons


@pytest.mark.parametrize(
    ("windows", "would_pass"),
    [
        (AFTERNOONS, "15:00-22:00"),
        ((*AFTERNOONS, Window(1, time(8), time(9))), "15:00-22:00, 08:00-09:00"),
        (AFTERNOONS[2:], None),
        ((), None),
    ],
)
def test_outside_hours_says_when_the_school_is_open_that_day(windows: Sequence[Window], would_pass: str | None) -> None:
    school = School(windows=windows)
    (finding,) = judge(wish(GOOD.replace(hour=11)), school.facts, NOW).findings
    assert (finding.code, finding.would_pass) == ("outside_hours", would_pass)


@pytest.mark.parametrize(
    ("closure", "reasons"),
    [
        (closed(date(2026, 11, 10)), ["closed"]),
        (closed(date(2026, 11, 9)), []),
        (closed(date(2026, 11, 11)), []),
        (replace(closed(date(2026, 11, 9)), span=span(GOOD - timedelta(hours=3), GOOD - HALF_HOUR)), []),
        (replace(closed(date(2026, 11, 9)), span=span(GOOD - timedelta(hours=3), GOOD - HALF_HOUR / 2)), ["closed"]),
    ],
)
def test_a_closure_that_touches_the_time_in_the_room_refuses(closure: Closure, reasons: list[str]) -> None:
    assert told(GOOD, School(closures=[closure]), pad=HALF_HOUR) == reasons


def test_whoever_has_the_room_takes_it_and_touching_ends_are_fine() -> None:
    """The claim is 15:30 to 18:30: two hours from four, with half an hour on both sides."""
    before = span(GOOD.replace(hour=14), GOOD.replace(hour=15, minute=30))
    after = span(GOOD.replace(hour=18, minute=30), GOOD.replace(hour=20))
    inside = span(GOOD.replace(hour=18), GOOD.replace(hour=20))
    found = judge(wish(GOOD, pad=HALF_HOUR), School(taken=[before, inside, after]).facts, NOW).findings
    times = {"starts": inside.starts_at, "ends": inside.ends_at}
    assert found == [
        Finding(Severity.REFUSE, "room_taken", Message("Taken {starts} to {ends}.", times, ZONE), None, GOOD, None)
    ]
    assert told(GOOD, School(taken=[before, after]), pad=HALF_HOUR) == []


def test_two_dates_of_one_series_may_not_need_the_room_at_once() -> None:
    """Two hours from four and two hours from six touch; with set-up and take-down they overlap."""
    repeat = Repeat(also=(GOOD.replace(hour=18),))
    assert (told(GOOD, repeat=repeat), told(GOOD, repeat=repeat, pad=HALF_HOUR)) == ([], ["room_taken"])


def test_a_day_in_the_room_is_the_longest() -> None:
    school = School(windows=ALWAYS)
    found = judge(wish(GOOD, hours=24.25), school.facts, NOW).findings
    assert (told(GOOD, school, hours=24), told(GOOD, school, hours=23, pad=HALF_HOUR)) == ([], [])
    assert [(finding.code, finding.policy) for finding in found] == [("too_long", "longest")]


def test_a_day_by_the_clock_is_too_long_when_the_clocks_go_back_and_is_told_why() -> None:
    noon, school = datetime(2026, 10, 31, 12), School(windows=ALWAYS)
    text = "One date may take at most 24 hours, set-up and take-down included, and the clocks go back that night. {length} by the clock would pass."
    said = Message(text, {"length": "23 h"})
    assert judge(wish(noon, hours=24), school.facts, NOW).findings == [
        Finding(Severity.REFUSE, "too_long", said, "longest", noon, "1380")
    ]
    assert told(noon, school, hours=23) == []


@pytest.mark.parametrize(
    ("member", "refused", "severity"),
    [(True, False, None), (None, False, Severity.NOTE), (False, True, Severity.REFUSE)],
)
def test_only_members_book_but_anybody_may_preview(
    member: bool | None, refused: bool, severity: Severity | None
) -> None:
    verdict = judge(wish(GOOD), School(member=member).facts, NOW)
    assert (verdict.refused, [finding.severity for finding in verdict.findings]) == (
        refused,
        [severity] if severity else [],
    )


def test_every_reason_is_told_at_once_and_by_date() -> None:
    """Too many people of no member, on four dates: past, without notice at a closed hour, taken on a closed day, and too far ahead."""
    also = (datetime(2026, 10, 9, 9), datetime(2026, 11, 10, 16), datetime(2027, 6, 1, 16))
    asked = wish(datetime(2026, 10, 1, 16), people=31, repeat=Repeat(also=also))
    school = School(
        closures=[closed(date(2026, 11, 10))], taken=[span(also[1], also[1] + timedelta(hours=1))], member=False
    )
    assert [(finding.code, finding.occurrence) for finding in judge(asked, school.facts, NOW).findings] == [
        ("not_a_member", None),
        ("too_many_people", None),
        ("in_past", datetime(2026, 10, 1, 16)),
        ("short_notice", also[0]),
        ("too_far", also[2]),
        ("outside_hours", also[0]),
        ("closed", also[1]),
        ("room_taken", also[1]),
    ]


def test_a_decision_asks_again_only_what_may_have_changed() -> None:
    """Notice, horizon and membership were settled when the request was made."""
    asked = wish(datetime(2026, 10, 6, 16), people=31)
    school = School(closures=[closed(date(2026, 10, 6))], member=False)
    assert codes(judge_again(asked, school.facts, NOW)) == ["too_many_people", "closed"]


def test_a_search_asks_of_a_room_only_what_concerns_dates() -> None:
    asked = wish(datetime(2026, 10, 6, 16), people=31)
    assert codes(judge_times(asked, School(member=False).facts, NOW)) == ["short_notice"]
