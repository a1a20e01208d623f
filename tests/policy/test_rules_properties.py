"""What holds for every wish: closing more, taking more or opening less never turns a no into a yes, and every finding can be read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.almanac.closures import Closure
from afterbell.almanac.hours import Window
from afterbell.almanac.recurrence import Repeat
from afterbell.almanac.span import Span
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.rules import RULES, judge, judge_again, judge_times
from tests.policy.asking import NOW, School, closed, span, wish

FIRST, LAST = date(2026, 9, 20), date(2027, 4, 20)
QUARTER = timedelta(minutes=15)

days_near = st.dates(FIRST, LAST)
quarters = st.integers(0, 95).map(lambda number: time(number // 4, number % 4 * 15))


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    starts = datetime.combine(draw(days_near), draw(quarters.filter(lambda at: at.hour >= 3)))
    also = tuple(datetime.combine(day, time(17)) for day in draw(st.lists(days_near, max_size=4)))
    return wish(
        starts,
        hours=draw(st.integers(1, 110)) / 4,
        people=draw(st.integers(1, 40)),
        repeat=Repeat(also=also),
        pad=draw(st.sampled_from([0, 1, 2])) * QUARTER,
    )


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    first = draw(days_near)
    return closed(first, first + timedelta(days=draw(st.integers(1, 20))))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    begins = datetime.combine(draw(days_near), draw(quarters))
    return span(begins, begins + draw(st.integers(1, 20)) * QUARTER)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    opens, closes = sorted([draw(quarters), draw(quarters)])
    return Window(draw(st.integers(0, 6)), opens, time() if opens == closes else closes)


schools = st.builds(
    School,
    capacity=st.integers(1, 40),
    windows=st.lists(windows(), max_size=14),
    closures=st.lists(closures(), max_size=3),
    taken=st.lists(spans(), max_size=3),
    member=st.none() | st.booleans(),
)


def reasons(asked: Wish, facts: Facts) -> set[tuple[str, datetime | None]]:
    """Each code with the date it concerns."""
    return {(finding.code, finding.occurrence) for finding in judge(asked, facts, NOW).reasons}


@settings(max_examples=150)
@given(wishes(), schools, st.lists(closures(), max_size=3), st.lists(spans(), max_size=3))
def test_closing_or_taking_more_never_takes_a_reason_away(
    asked: Wish, school: School, more: Sequence[Closure], taken: Sequence[Span]
) -> None:
    fuller = replace(school, closures=[*school.closures, *more], taken=[*school.taken, *taken])
    assert reasons(asked, school.facts) <= reasons(asked, fuller.facts)


@settings(max_examples=150)
@given(wishes(), schools, st.lists(windows(), max_size=7), st.integers(0, 20))
def test_opening_longer_in_a_larger_room_never_adds_a_reason(
    asked: Wish, school: School, more: Sequence[Window], larger: int
) -> None:
    freer = replace(school, windows=[*school.windows, *more], capacity=school.capacity + larger)
    assert reasons(asked, freer.facts) <= reasons(asked, school.facts)


@settings(max_examples=100)
@given(wishes(), schools)
def test_every_rule_is_asked_whatever_the_others_say(asked: Wish, school: School) -> None:
    alone = [finding for rule in RULES for finding in rule(asked, school.facts, NOW)]
    assert judge(asked, school.facts, NOW).findings == alone


@settings(max_examples=100)
@given(wishes(), schools)
def test_narrower_questions_find_nothing_that_the_whole_does_not(asked: Wish, school: School) -> None:
    whole = judge(asked, school.facts, NOW).findings
    narrower = (judge_again(asked, school.facts, NOW), judge_times(asked, school.facts, NOW))
    assert all(finding in whole for verdict in narrower for finding in verdict.findings)


@settings(max_examples=100)
@given(wishes(), schools)
def test_every_finding_can_be_read_and_names_a_date_of_the_wish(asked: Wish, school: School) -> None:
    starts = {day.original_start for day in asked.dates}
    for finding in judge(asked, school.facts, NOW).findings:
        assert "{" not in finding.message.plain()
        assert finding.occurrence is None or finding.occurrence in starts


@settings(max_examples=60)
@given(wishes(), schools, st.randoms())
def test_the_order_in_which_closures_and_claims_are_told_does_not_matter(
    asked: Wish, school: School, any_order: Random
) -> None:
    shuffled = replace(
        school,
        closures=any_order.sample(school.closures, len(school.closures)),
        taken=any_order.sample(school.taken, len(school.taken)),
        windows=any_order.sample(school.windows, len(school.windows)),
    )
    assert reasons(asked, school.facts) == reasons(asked, shuffled.facts)
