"""Leaving out what cannot be had: which dates go, why, and what still refuses the whole."""

from dataclasses import replace
from datetime import datetime, timedelta

from afterbell.almanac.recurrence import Repeat
from afterbell.policy.ask import Asker, Facts, Wish
from afterbell.policy.skip import judge_without
from afterbell.policy.terms import Quotas, Terms
from tests.policy.asking import NOW, ROOM, SPACE, School, closed, codes, span, wish

TUE = datetime(2026, 11, 3, 16)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
SERIES = wish(TUE, repeat=Repeat("FREQ=WEEKLY;COUNT=4"))
HALF_SHUT = School(closures=[closed((TUE + WEEK).date())], taken=[span(TUE + 2 * WEEK, TUE + 2 * WEEK + HOUR)])


def outcome(asked: Wish, facts: Facts) -> tuple[list[str], dict[datetime, list[str]]]:
    """Why the whole is refused, and why each date is left out."""
    verdict, left = judge_without(asked, facts, NOW)
    return codes(verdict), {start: [finding.code for finding in findings] for start, findings in left.items()}


def test_dates_that_cannot_be_had_are_left_out_with_their_reasons_and_no_longer_refuse() -> None:
    expected = {TUE + WEEK: ["closed"], TUE + 2 * WEEK: ["room_taken"]}
    assert outcome(SERIES, HALF_SHUT.facts) == ([], expected)
    verdict, _ = judge_without(SERIES, HALF_SHUT.facts, NOW)
    told = [(finding.severity.value, finding.code, finding.occurrence) for finding in verdict.findings]
    assert told == [("note", "closed", TUE + WEEK), ("note", "room_taken", TUE + 2 * WEEK)]


def test_one_date_may_be_left_out_for_several_reasons() -> None:
    soon = wish(TUE - 4 * WEEK, repeat=Repeat("FREQ=WEEKLY;COUNT=4", also=(TUE + 2 * HOUR,)))
    shut = School(closures=[closed((TUE - 4 * WEEK).date())])
    expected = {TUE - 4 * WEEK: ["short_notice", "closed"]} | {TUE - n * WEEK: ["short_notice"] for n in (3, 2)}
    assert outcome(soon, shut.facts) == ([], expected)


def test_what_concerns_the_whole_ask_still_refuses_it() -> None:
    stranger = replace(HALF_SHUT, capacity=10, member=False)
    assert outcome(SERIES, stranger.facts)[0] == ["not_a_member", "too_many_people"]


def limited(limit: Quotas, minutes: int = 0, dates_open: int = 0) -> Facts:
    """The school of these tests with limits, for somebody who has so much in the week of the first date."""
    asker = Asker("clinic", minutes={TUE.date() - timedelta(days=1): minutes}, dates_open=dates_open)
    return replace(HALF_SHUT.facts, terms={ROOM: Terms(quotas=limit)}, asker=asker)


def test_dates_that_would_break_the_quota_of_a_week_are_left_out() -> None:
    """Three evenings of two hours, four hours a week: the third goes, and in the week in which two hours are used the second too."""
    asked = wish(TUE, repeat=Repeat("FREQ=DAILY;COUNT=3"))
    shut = replace(limited(Quotas(hours_a_week=4)), closures=())
    third, day = TUE + timedelta(days=2), timedelta(days=1)
    assert outcome(asked, shut) == ([], {third: ["quota"]})
    assert outcome(asked, replace(limited(Quotas(hours_a_week=4), 120), closures=())) == (
        [],
        {TUE + day: ["quota"], third: ["quota"]},
    )
    verdict, left = judge_without(asked, shut, NOW)
    assert [(str(each.message), each.would_pass) for each in left[third]] == [
        (
            "One organization has at most 4 h a week here. With this date it would be 6 h in the week of 2026-11-02.",
            "0",
        )
    ]
    assert [each.severity.value for each in verdict.about(third)] == ["note"]


def test_of_dates_open_at_once_the_later_are_left_out_and_what_is_gone_anyway_takes_no_place() -> None:
    both = {TUE + WEEK: ["closed"], TUE + 2 * WEEK: ["room_taken"]}
    most = Quotas(dates_open=2)
    assert outcome(SERIES, limited(most)) == ([], both)
    assert outcome(SERIES, limited(most, dates_open=1)) == ([], {**both, TUE + 3 * WEEK: ["quota"]})
    assert outcome(SERIES, limited(most, dates_open=2)) == (["closed", "quota", "room_taken"], {})


def test_staff_who_ask_anyway_leave_nothing_out_for_a_quota() -> None:
    known = replace(limited(Quotas(dates_open=1)), anyway=True)
    verdict, left = judge_without(SERIES, known, NOW)
    assert (sorted(left), [each.code for each in verdict.flags]) == ([TUE + WEEK, TUE + 2 * WEEK], ["quota"])


def test_only_the_dates_that_are_kept_count_against_a_limit() -> None:
    ten_held = replace(HALF_SHUT.facts, held=10)
    assert outcome(SERIES, ten_held)[0] == []
    assert outcome(SERIES, replace(ten_held, held=11))[0] == ["held_too_much"]


def test_a_date_that_overlaps_one_that_is_left_out_can_be_had() -> None:
    chain = wish(TUE, repeat=Repeat("", also=(TUE + HOUR, TUE + 2 * HOUR)))
    taken = replace(School().facts, taken={SPACE: [span(TUE, TUE + HOUR)]})
    assert outcome(chain, School().facts) == ([], {TUE + HOUR: ["room_taken"]})
    assert outcome(chain, taken) == ([], {TUE: ["room_taken"], TUE + 2 * HOUR: ["room_taken"]})


def test_when_no_date_is_left_all_reasons_refuse_as_without_leaving_out() -> None:
    shut = School(closures=[closed(TUE.date(), (TUE + 5 * WEEK).date())])
    assert outcome(SERIES, shut.facts) == (["closed"] * 4, {})


def test_for_the_school_itself_what_is_waived_leaves_nothing_out() -> None:
    soon = wish(TUE - 2 * WEEK, repeat=Repeat("FREQ=WEEKLY;COUNT=2"))
    own = replace(School().facts, school_use=True)
    assert outcome(soon, own) == ([], {})
    assert outcome(soon, School().facts) == ([], {TUE - 2 * WEEK: ["short_notice"]})
