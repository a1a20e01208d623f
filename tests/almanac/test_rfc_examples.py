"""Every RRULE example of RFC 5545 3.8.5.3: followed exactly where it fits our limits, refused by name where it does not, and then followed as far as we go."""

from collections import Counter
from datetime import timedelta

import pytest

from afterbell.almanac.recurrence import MOST_MONTHS, Repeat, RepeatRefused, expand, months_later
from tests.almanac.rfc_examples import EXAMPLES, ZONE, Example

FITS = [each for each in EXAMPLES if not each.code]
LISTED = [each for each in EXAMPLES if each.code and each.days]


def answer(example: Example, rrule: str | None = None) -> object:
    """The dates, or the code of the refusal."""
    repeat = Repeat(rrule or example.rrule, example.skip)
    try:
        dates = expand(example.starts, example.starts + timedelta(hours=1), ZONE, repeat)
    except RepeatRefused as refused:
        return refused.code
    return [each.original_start for each in dates]


def test_there_are_all_42_and_this_is_what_becomes_of_them() -> None:
    told = Counter(each.code or "followed" for each in EXAMPLES)
    assert told == {"followed": 19, "endless_repeat": 12, "too_long_series": 6, "too_frequent": 5}
    assert len({(each.starts, each.rrule) for each in EXAMPLES}) == 42


@pytest.mark.parametrize("example", FITS, ids=lambda each: each.rrule)
def test_an_example_within_our_limits_is_followed_exactly(example: Example) -> None:
    assert answer(example) == example.dates


@pytest.mark.parametrize("example", [each for each in EXAMPLES if each.code], ids=lambda each: each.rrule)
def test_an_example_beyond_our_limits_is_refused_by_name(example: Example) -> None:
    assert answer(example) == example.code


@pytest.mark.parametrize("example", LISTED, ids=lambda each: each.rrule)
def test_an_example_without_end_is_followed_as_far_as_a_series_goes(example: Example) -> None:
    """The same rule until the last day that the RFC lists and that a series may reach."""
    latest = months_later(example.dates[0].date(), MOST_MONTHS)
    within = [each for each in example.dates if each.date() <= latest]
    parts = [part for part in example.rrule.split(";") if not part.startswith(("UNTIL", "COUNT"))]
    assert answer(example, ";".join([*parts, f"UNTIL={within[-1]:%Y%m%d}"])) == within


@pytest.mark.parametrize("example", FITS, ids=lambda each: each.rrule)
def test_control_an_example_from_the_next_day_on_has_other_dates(example: Example) -> None:
    later = Example(example.starts + timedelta(days=1), example.rrule, {})
    assert answer(later) != example.dates
