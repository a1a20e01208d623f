"""Hours minus closures: a wish passes what a school says of its hours and of its closed days exactly when the time in the room lies in one piece of what is
left of the hours, and closing more never makes such a piece."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.almanac.closures import Closure
from afterbell.almanac.hours import Window, stretches
from afterbell.almanac.span import Span, minus
from afterbell.policy.ask import Wish
from afterbell.policy.rules import judge
from tests.policy.asking import ALWAYS, NOW, ZONE, School
from tests.policy.test_rules_properties import FIRST, LAST, closures, windows, wishes

SAID = ("outside_hours", "too_long", "closed")
DAY = timedelta(days=1)
hours = st.just(ALWAYS) | st.lists(windows(), max_size=14)


def open_time(some: Sequence[Window], shut: Sequence[Closure]) -> list[Span]:
    """When somebody may be in the building, in as few pieces as there are."""
    return minus(stretches(some, FIRST - 2 * DAY, LAST + 3 * DAY, ZONE), [closure.span for closure in shut])


def fits(wish: Wish, pieces: Sequence[Span]) -> list[bool]:
    return [any(piece.contains(wish.claim(date)) for piece in pieces) for date in wish.dates]


def passes(wish: Wish, school: School) -> list[bool]:
    """Of each date, whether neither hours nor closures refuse it."""
    found = judge(wish, school.facts, NOW).findings
    refused = {finding.occurrence for finding in found if finding.code in SAID}
    return [date.original_start not in refused for date in wish.dates]


@settings(max_examples=150)
@given(wishes(), hours, st.lists(closures(), max_size=4))
def test_a_date_passes_when_it_lies_in_one_piece_of_the_open_time(
    wish: Wish, some: Sequence[Window], shut: Sequence[Closure]
) -> None:
    school = School(windows=some, closures=shut)
    short = [wish.claim(date).length <= DAY for date in wish.dates]
    pieces = fits(wish, open_time(some, shut))
    assert passes(wish, school) == [inside and fine for inside, fine in zip(pieces, short, strict=True)]


@settings(max_examples=150)
@given(wishes(), hours, st.lists(closures(), max_size=3), st.lists(closures(), max_size=3))
def test_closing_more_never_turns_a_no_into_a_yes(
    wish: Wish, some: Sequence[Window], shut: Sequence[Closure], more: Sequence[Closure]
) -> None:
    before, after = (School(windows=some, closures=each) for each in (shut, [*shut, *more]))
    assert all(was or not is_ for was, is_ in zip(passes(wish, before), passes(wish, after), strict=True))
    assert not judge(wish, before.facts, NOW).refused or judge(wish, after.facts, NOW).refused
