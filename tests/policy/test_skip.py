"""Leaving out what cannot be had: which dates go, why, and what still refuses the whole."""

from dataclasses import replace
from datetime import datetime, timedelta

from afterbell.almanac.recurrence import Repeat
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.skip import judge_without
from tests.policy.asking import NOW, SPACE, School, closed, codes, span, wish

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
