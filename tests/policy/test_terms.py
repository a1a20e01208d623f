"""Terms that differ: each rule at its edge, where equal is fine; several rooms keep to the strictest; and stricter terms never turn a no into a yes."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.hours import Window
from afterbell.almanac.recurrence import Repeat
from afterbell.almanac.seasons import cleared
from afterbell.policy.anyway import OVERRIDABLE
from afterbell.policy.ask import Asker, Facts, RoomFacts, Wish
from afterbell.policy.notice import latest_date
from afterbell.policy.opening import opened
from afterbell.policy.rules import judge, judge_again, judge_times
from afterbell.policy.terms import (
    Admission,
    Anyway,
    Horizon,
    Hours,
    Lengths,
    Notice,
    Opening,
    Period,
    Quotas,
    Reserved,
    Season,
    Terms,
    Unverified,
    tier_of,
)
from afterbell.policy.verdict import Finding, Severity
from tests.policy.asking import ALWAYS, NOW, ROOM, SPACE, School, codes, wish

FAR = datetime(2026, 11, 17, 18)
OTHER, OTHER_SPACE = 2, 12
CLINIC = Asker(kind="clinic", activity="community-clinic")


def facts(terms: Terms, **more: Any) -> Facts:
    """A school that is always open, with these terms in both of its rooms."""
    school = School(windows=ALWAYS).facts
    rooms = {**school.rooms, OTHER: RoomFacts(OTHER, "Pool", 30, frozenset({OTHER_SPACE}), kind="pool")}
    given_here: dict[str, Any] = {"terms": {ROOM: terms, OTHER: terms}, "asker": CLINIC} | more
    return replace(school, rooms=rooms, **given_here)


def told(asked: Wish, known: Facts) -> list[tuple[str, str | None, str | None]]:
    """Code, policy and what would pass of each refusal."""
    return [(each.code, each.policy, each.would_pass) for each in judge(asked, known, NOW).reasons]


# 5 October 2026 is a Monday: the 12th is the fifth business day after it.
@pytest.mark.parametrize(
    ("days", "on", "passes"),
    [(5, date(2026, 10, 12), None), (5, date(2026, 10, 11), "2026-10-12"), (0, date(2026, 10, 5), None)],
)
def test_notice_counts_business_days_and_the_last_is_enough(days: int, on: date, passes: str | None) -> None:
    asked = wish(datetime.combine(on, time(18)))
    expected = [("short_notice", "notice", passes)] if passes else []
    assert told(asked, facts(Terms(notice=Notice(partner=days)))) == expected


@pytest.mark.parametrize(
    ("people", "renewal", "kind", "days"),
    [
        (20, False, "clinic", 2),
        (20, False, "public_agency", 1),
        (20, False, "business", 11),
        (20, False, None, 11),
        (20, True, "clinic", 0),
        (25, True, "clinic", 9),
        (24, False, "clinic", 2),
        (25, False, "business", 11),
        (25, True, "business", 11),
    ],
)
def test_notice_is_by_tier_and_class_and_a_large_event_is_no_renewal(
    people: int, renewal: bool, kind: str | None, days: int
) -> None:
    """Nor does it need less notice than a small one."""
    terms = Notice(agency=1, partner=2, other=11, renewal=0, large=9, large_from=25)
    assert terms.days(tier_of(kind), people, renewal=renewal) == days


def test_of_several_rooms_the_strictest_counts_and_is_told_once() -> None:
    each = {ROOM: Terms(notice=Notice(partner=5)), OTHER: Terms(notice=Notice(partner=6))}
    known = replace(facts(Terms()), terms=each)
    both = replace(wish(datetime(2026, 10, 12, 18)), rooms=(ROOM, OTHER))
    assert told(both, known) == [("short_notice", "notice", "2026-10-13")]
    assert told(replace(both, rooms=(ROOM,)), known) == []


def test_the_horizon_is_by_tier_and_its_last_day_counts() -> None:
    known = facts(Terms(horizon=Horizon(partner=2, other=1)))
    last = latest_date(known, NOW, 2)
    assert told(wish(datetime.combine(last, time(18))), known) == []
    beyond = wish(datetime.combine(last + timedelta(days=1), time(18)))
    assert told(beyond, known) == [("too_far", "horizon", last.isoformat())]
    others = replace(known, asker=Asker(kind="business"))
    assert told(wish(datetime.combine(last, time(18))), others)[0][2] == latest_date(known, NOW, 1).isoformat()


def test_a_permit_term_opens_by_tier_and_takes_the_place_of_the_months() -> None:
    """Both its days count; on the day on which it opens it is open."""
    term = Period(date(2027, 7, 7), date(2027, 12, 15), date(2026, 10, 5), date(2026, 10, 6), date(2026, 11, 1))
    known = facts(Terms(horizon=Horizon(periods=(term,))))
    first, last = (wish(datetime.combine(day, time(18))) for day in (term.first, term.last))
    agency = replace(known, asker=Asker(kind="public_agency"))
    assert (told(first, agency), told(last, agency)) == ([], [])
    assert told(first, known) == [("too_far", "horizon", "2026-10-06")]
    assert told(wish(datetime(2027, 12, 16, 18)), agency)[0][0] == "too_far"


@pytest.mark.parametrize(
    ("shortest", "longest", "expected"), [(120, 120, []), (121, 1440, ["too_short"]), (0, 119, ["too_long"])]
)
def test_lengths_are_without_set_up_and_their_edges_pass(shortest: int, longest: int, expected: list[str]) -> None:
    known = facts(Terms(lengths=Lengths(shortest, longest)))
    asked = wish(FAR, hours=2, pad=timedelta(minutes=30))
    assert codes(judge(asked, known, NOW)) == codes(judge_times(asked, known, NOW)) == expected


def test_more_than_a_day_is_no_question_of_terms() -> None:
    known = facts(Terms(lengths=Lengths(longest=60)), anyway=True)
    assert told(wish(FAR, hours=24.5), known) == [("too_long", "longest", "60")]


def test_a_quota_counts_what_there_is_and_says_what_is_left() -> None:
    two_weeks = wish(FAR, repeat=Repeat("FREQ=DAILY;COUNT=8"))
    monday = date(2026, 11, 16)
    had = replace(CLINIC, minutes={monday: 120}, dates_open=2)
    at_most = Terms(quotas=Quotas(hours_a_week=14, dates_open=10))
    assert told(two_weeks, facts(at_most, asker=had)) == []
    less = Terms(quotas=Quotas(hours_a_week=13, dates_open=9))
    found = judge(two_weeks, facts(less, asker=had), NOW).reasons
    assert [(each.policy, each.would_pass) for each in found] == [("dates_open", "7"), ("hours_a_week", "11")]
    assert found[1].occurrence == datetime(2026, 11, 22, 18), "the first date that goes beyond"
    assert told(two_weeks, facts(less, asker=had, school_use=True)) == []


@pytest.mark.parametrize(
    ("reserved", "asker", "expected"),
    [
        (Reserved(tiers=("agency",)), CLINIC, ["not_for_you"]),
        (Reserved(tiers=("agency",)), Asker(kind="public_agency"), []),
        (Reserved(tiers=("agency",), kinds=("clinic",)), CLINIC, []),
        (Reserved(room_kinds=("pool",), tiers=("agency",)), CLINIC, []),
        (Reserved(activities=("adult-esl",)), CLINIC, ["not_for_you"]),
        (Reserved(activities=("adult-esl", "community-clinic")), CLINIC, []),
        (Reserved(activities=("adult-esl",)), Asker(kind="clinic"), []),
        (Reserved(kinds=("youth",), activities=("adult-esl",)), CLINIC, ["not_for_you", "not_for_you"]),
    ],
)
def test_who_may_book_what(reserved: Reserved, asker: Asker, expected: list[str]) -> None:
    known = facts(Terms(admission=Admission((reserved,))), asker=asker)
    assert codes(judge(wish(FAR), known, NOW)) == expected
    assert codes(judge(wish(FAR), replace(known, school_use=True), NOW)) == []


def test_a_reservation_may_only_flag_and_is_a_note_while_nobody_is_named() -> None:
    terms = Terms(admission=Admission((Reserved(tiers=("agency",), flag=True),)))
    assert [each.code for each in judge(wish(FAR), facts(terms), NOW).flags] == ["not_for_you"]
    strict = facts(Terms(admission=Admission((Reserved(tiers=("agency",)),))), member=None, asker=Asker())
    found = judge(wish(FAR), strict, NOW)
    assert (found.refused, {each.code: each.severity for each in found.findings}) == (
        False,
        {"not_a_member": Severity.NOTE, "not_for_you": Severity.NOTE},
    )


TUESDAY = Window(1, time(15), time(22))


def test_a_season_takes_the_place_of_hours_on_its_days_only() -> None:
    summer = Season((Opening(1, time(9), time(12)),), True, date(2026, 6, 1), date(2026, 8, 31))
    found = opened([TUESDAY], Terms(hours=Hours((summer,))))
    assert found == [
        replace(TUESDAY, until=date(2026, 5, 31)),
        replace(TUESDAY, since=date(2026, 9, 1)),
        Window(1, time(9), time(12), date(2026, 6, 1), date(2026, 8, 31)),
    ]
    assert opened([TUESDAY], Terms(hours=Hours((replace(summer, instead=False),)))) == [TUESDAY, found[-1]]
    assert cleared([replace(TUESDAY, since=date(2026, 7, 1))], None, None) == []


def test_hours_of_a_room_are_told_with_its_name_and_count_again_at_approval() -> None:
    shut = Hours((Season((Opening(1, time(18), time(19)),), instead=True),))
    known = replace(facts(Terms()), terms={OTHER: Terms(hours=shut, own=frozenset({"hours"}))})
    both = replace(wish(FAR), rooms=(ROOM, OTHER))
    (found,) = judge(both, known, NOW).reasons
    assert (found.code, found.message.plain(), found.would_pass) == (
        "outside_hours",
        "Pool is not open then. It is open 18:00-19:00.",
        "18:00-19:00",
    )
    assert codes(judge_again(both, known, NOW)) == ["outside_hours"]
    assert codes(judge_again(both, replace(known, anyway=True), NOW)) == []


STRICT = Terms(
    notice=Notice(partner=60),
    horizon=Horizon(partner=1),
    lengths=Lengths(180, 240),
    quotas=Quotas(dates_open=1, hours_a_week=1),
    admission=Admission((Reserved(kinds=("youth",)),)),
    hours=Hours((Season(instead=True),)),
    unverified=Unverified(0),
)


def test_staff_may_ask_against_some_rules_and_never_against_others() -> None:
    asked = replace(wish(FAR, people=99), rooms=(ROOM, ROOM))
    full = facts(STRICT, held=0, taken={SPACE: [asked.claim(asked.dates[0])]})
    plain = judge(asked, full, NOW)
    may, does = (judge(asked, replace(full, anyway=value), NOW) for value in (False, True))
    never = {"too_many_people", "room_twice", "room_taken"}
    gives_way = {"short_notice", "quota", "too_short", "not_for_you", "held_too_much", "outside_hours", "too_far"}
    assert set(codes(plain)) == never | gives_way
    assert gives_way <= OVERRIDABLE
    assert {each.code for each in may.reasons if each.anyway} == gives_way
    assert (set(codes(does)), {each.code for each in does.flags}) == (never, gives_way)
    forbidden = replace(full, anyway=True, terms={ROOM: replace(STRICT, anyway=Anyway(False))})
    assert codes(judge(asked, forbidden, NOW)) == codes(plain)


def test_what_staff_move_needs_no_notice_and_makes_no_quota_worse() -> None:
    """A room that was admitted before is settled, and so is as much as there was."""
    asked, monday = wish(FAR, repeat=Repeat("FREQ=DAILY;COUNT=2")), date(2026, 11, 16)
    terms = replace(
        Terms(), notice=STRICT.notice, horizon=STRICT.horizon, quotas=STRICT.quotas, admission=STRICT.admission
    )
    staff = facts(terms, by_staff=True)
    had, less = Asker(minutes={monday: 240}, dates_open=2), Asker(minutes={monday: 180}, dates_open=2)
    for_others = ("not_for_you", "admission", "youth")
    assert told(asked, staff) == [for_others, ("quota", "dates_open", "1"), ("quota", "hours_a_week", "1")]
    assert told(asked, replace(staff, before=less)) == [for_others, ("quota", "hours_a_week", "3")]
    assert told(asked, replace(staff, before=had, admitted={ROOM})) == []
    assert {"short_notice", "too_far"} < set(codes(judge(asked, replace(staff, by_staff=False), NOW)))


TERMS = st.builds(
    Terms,
    notice=st.builds(
        Notice,
        partner=st.integers(0, 40),
        renewal=st.integers(0, 9),
        large=st.integers(0, 60),
        large_from=st.integers(1, 60),
    ),
    horizon=st.builds(Horizon, partner=st.integers(1, 9)),
    lengths=st.builds(Lengths, st.integers(0, 300), st.integers(15, 1440)),
    quotas=st.builds(Quotas, st.none() | st.integers(1, 30), st.none() | st.integers(1, 9)),
    unverified=st.builds(Unverified, st.integers(0, 12)),
)
WISHES = st.builds(
    lambda days, hours, people, count: wish(
        datetime(2026, 10, 6, 18) + timedelta(days=days),
        hours=hours,
        people=people,
        repeat=Repeat(f"FREQ=WEEKLY;COUNT={count}"),
    ),
    st.integers(0, 200),
    st.sampled_from([0.5, 1, 2, 5]),
    st.integers(1, 30),
    st.integers(1, 4),
)


def stricter(terms: Terms, by: int) -> Terms:
    """In every rule."""
    notice, quotas, lengths = terms.notice, terms.quotas, terms.lengths
    return replace(
        terms,
        notice=replace(
            notice,
            partner=notice.partner + by,
            renewal=notice.renewal + by,
            large=notice.large + by,
        ),
        horizon=replace(terms.horizon, partner=max(terms.horizon.partner - by, 0)),
        lengths=Lengths(lengths.shortest + by, lengths.longest - by),
        quotas=Quotas(max((quotas.hours_a_week or 40) - by, 0), max((quotas.dates_open or 40) - by, 0)),
        unverified=Unverified(terms.unverified.most_held - by),
        hours=Hours((Season((Opening(1, time(10), time(20)),), instead=True),)),
    )


@given(TERMS, WISHES, st.integers(0, 9), st.booleans())
def test_stricter_terms_never_turn_a_no_into_a_yes(terms: Terms, asked: Wish, by: int, renewal: bool) -> None:
    asker = replace(CLINIC, renewal=renewal, dates_open=1, minutes={date(2026, 11, 16): 60})
    loose, tight = (judge(asked, facts(each, asker=asker, held=3), NOW) for each in (terms, stricter(terms, by)))
    assert not (loose.refused and not tight.refused)
    assert {_about(each) for each in loose.reasons} <= {_about(each) for each in tight.reasons}


def _about(finding: Finding) -> tuple[str, str | None, datetime | None]:
    """The reason without its numbers; in a full week another date may be the first that goes beyond."""
    return finding.code, finding.policy, None if finding.code == "quota" else finding.occurrence


@given(TERMS, WISHES)
def test_asking_anyway_never_adds_a_refusal_and_leaves_no_rule_untold(terms: Terms, asked: Wish) -> None:
    known = facts(terms, held=3)
    plain, does = judge(asked, known, NOW), judge(asked, replace(known, anyway=True), NOW)
    assert set(codes(does)) <= set(codes(plain))
    assert [each.code for each in plain.findings] == [each.code for each in does.findings]
