"""python-dateutil as a judge of our walk: the same rules, the same dates. It knows no zones and no limits, so it judges wall times only."""

import random
from collections import Counter
from datetime import datetime

import pytest
from dateutil.rrule import rrulestr

from afterbell.almanac.recurrence import MOST_MONTHS, Repeat, expand, months_later
from tests.almanac.random_repeats import DAY, HOUR, KINDS, random_series, rule_of
from tests.almanac.rfc_examples import EXAMPLES, Example

ZONE = "America/Los_Angeles"


def judged(rrule: str, starts: datetime) -> list[datetime]:
    """What dateutil makes of it; UNTIL as a date counts whole with us, and means midnight there."""
    parts = dict(part.split("=") for part in rrule.split(";"))
    if len(parts.get("UNTIL", "")) == 8:
        parts["UNTIL"] += "T235959"
    return list(rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=starts, ignoretz=True))


@pytest.mark.parametrize("kind", KINDS)
def test_random_rules_of_every_kind_have_the_dates_that_dateutil_gives(kind: str) -> None:
    dice = random.Random(f"dateutil {kind}")
    series = [random_series(dice, kind, ZONE) for _ in range(40)]
    expected = []
    for each in series:
        ruled = {wall for wall in judged(each.repeat.rrule, each.starts) if wall.date() not in each.repeat.skip}
        expected.append(sorted(ruled | set(each.repeat.also)))
    assert [[date.original_start for date in each.dates] for each in series] == expected
    assert Counter(each.kind for each in series) == {kind: 40}


# Left out: BYDAY=MO,3WE, days with and without a number together, which dateutil reads as both at once and so finds nothing.
DEFAULTS = [
    "FREQ=WEEKLY;BYMONTH=1,5,12",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTH=2,3,7",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=1,6",
    "FREQ=YEARLY;BYMONTHDAY=13",
    "FREQ=YEARLY;BYDAY=FR;BYMONTHDAY=13",
    "FREQ=YEARLY;BYDAY=1MO,-1SU,20TH",
    "FREQ=YEARLY;BYDAY=TU;BYSETPOS=1,20,-1",
    "FREQ=YEARLY;BYWEEKNO=1,52,53,-1;BYDAY=MO,SU",
    "FREQ=YEARLY;BYWEEKNO=1,20;BYDAY=MO,SA;WKST=SU",
    "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=-1,1;BYSETPOS=-1",
    "FREQ=YEARLY;BYYEARDAY=1,-1,100,366",
    "FREQ=DAILY;BYMONTHDAY=-1,1;BYDAY=MO,TU,WE",
    "FREQ=MONTHLY;BYDAY=1MO,2TU,-1FR",
    "FREQ=MONTHLY;BYDAY=1MO,3WE;BYMONTHDAY=15,16,17,18,19,20,21",
]


@pytest.mark.parametrize("rule", DEFAULTS)
def test_what_a_rule_leaves_open_is_taken_from_the_first_date_as_dateutil_does(rule: str) -> None:
    """Our first date counts even off the rule; dateutil leaves it out."""
    dice = random.Random(rule)
    for starts in (datetime(2024, 1, 1, 18) + dice.randrange(2_600) * DAY for _ in range(12)):
        until = f"UNTIL={months_later(starts.date(), MOST_MONTHS):%Y%m%d}"
        expected = {starts, *judged(f"{rule};{until}", starts)}
        found = [each.original_start for each in expand(starts, starts + HOUR, ZONE, Repeat(f"{rule};{until}"))]
        assert (starts, found) == (starts, sorted(expected))


@pytest.mark.parametrize("example", [each for each in EXAMPLES if each.days], ids=lambda each: each.rrule)
def test_the_examples_of_the_rfc_are_written_down_right(example: Example) -> None:
    """The judge is judged too: what stands in the table is what dateutil gives, from the first of them to the last."""
    last = example.dates[-1]
    parts = [part for part in example.rrule.split(";") if not part.startswith("UNTIL")]
    bounded = ";".join(parts if "COUNT=" in example.rrule else [*parts, f"UNTIL={last:%Y%m%d}"])
    assert judged(bounded, example.starts) == example.dates


@pytest.mark.parametrize("kind", KINDS)
def test_control_the_judge_notices_a_day_too_late(kind: str) -> None:
    dice = random.Random(f"control {kind}")
    rule = rule_of(kind, dice)
    starts = datetime(2026, 3, 3, 18)
    until = "UNTIL=20280101"
    assert judged(f"{rule};{until}", starts) != [each + DAY for each in judged(f"{rule};{until}", starts)]
