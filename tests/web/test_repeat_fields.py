"""What people choose as how often: the rule that it makes, and what is said of fields that do not go together. Tuesday, December 29, 2026 is the last of its
month, and Tuesday, December 1 the first."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.recurrence import Repeat, expand
from afterbell.policy.verdict import Message
from afterbell.web.repeat_fields import (
    OFTEN,
    REPEAT,
    about_repeat,
    further_days,
    rule_of,
    usual,
    weekday_choices,
)

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 29)


def fields(**typed: str) -> dict[str, str]:
    return usual({**REPEAT, **typed})


RULES = [
    (FIRST, {}, ""),
    (FIRST, {"weeks": "4"}, "FREQ=WEEKLY;COUNT=4"),
    (FIRST, {"often": "once"}, ""),
    (FIRST, {"often": "once", "every": "x", "until": "x"}, ""),
    (FIRST, {"often": "weekly", "weeks": "1"}, ""),
    (FIRST, {"often": "weekly", "weeks": "04", "weekdays": "TU"}, "FREQ=WEEKLY;COUNT=4"),
    (
        FIRST,
        {"often": "weekly", "weeks": "4", "weekdays": "TH TU", "every": "2"},
        "FREQ=WEEKLY;BYDAY=TU,TH;INTERVAL=2;COUNT=4",
    ),
    (FIRST, {"often": "daily", "weeks": "5", "weekdays": "MO"}, "FREQ=DAILY;COUNT=5"),
    (FIRST, {"often": "daily", "until": "2026-12-05"}, "FREQ=DAILY;UNTIL=20261205"),
    (FIRST, {"often": "daily", "until": "2026-12-05", "weeks": "many"}, "FREQ=DAILY;UNTIL=20261205"),
    (FIRST, {"often": "monthly", "weeks": "3"}, "FREQ=MONTHLY;COUNT=3"),
    (FIRST, {"often": "nth", "weeks": "3"}, "FREQ=MONTHLY;BYDAY=1TU;COUNT=3"),
    (LAST, {"often": "nth", "weeks": "3"}, "FREQ=MONTHLY;BYDAY=5TU;COUNT=3"),
    (LAST, {"often": "last", "weeks": "3"}, "FREQ=MONTHLY;BYDAY=-1TU;COUNT=3"),
    (FIRST, {"often": "yearly", "weeks": "2"}, "FREQ=YEARLY;COUNT=2"),
]


@pytest.mark.parametrize(("first", "typed", "rule"), RULES)
def test_a_choice_makes_its_rule(first: date, typed: dict[str, str], rule: str) -> None:
    filled = fields(**typed)
    assert (list(about_repeat(filled, first)), rule_of(filled, first)) == ([], rule)


WRONG = [
    ({"often": "hourly"}, "often"),
    ({"often": "once", "weeks": "3"}, "often"),
    ({"often": "weekly", "weeks": "0"}, "weeks"),
    ({"often": "weekly", "weeks": "401"}, "weeks"),
    ({"often": "weekly", "weeks": "٣"}, "weeks"),
    ({"often": "weekly", "every": "0"}, "every"),
    ({"often": "weekly", "every": "100"}, "every"),
    ({"often": "weekly", "until": "2026-11-30"}, "until"),
    ({"often": "weekly", "until": "soon"}, "until"),
    ({"often": "weekly", "weekdays": "MO WE"}, "weekdays"),
    ({"often": "last"}, "often"),
    ({"also": "2026-13-01"}, "also"),
    ({"also": " ".join(["2026-12-05"] * 21)}, "also"),
]


@pytest.mark.parametrize(("typed", "field"), WRONG)
def test_a_choice_that_does_not_go_is_complained_about_at_its_field(typed: dict[str, str], field: str) -> None:
    assert [name for name, _ in about_repeat(fields(**typed), FIRST)] == [field]


def test_a_last_day_that_is_too_late_is_not_called_too_early() -> None:
    late = Message("Choose a last day, at most {months} months after the first.", {"months": 18})
    early = Message("Choose a last day that is not before the first date.")
    found = [dict(about_repeat(fields(often="weekly", until=day), FIRST)) for day in ("9999-12-31", "2026-11-30")]
    assert found == [{"until": late}, {"until": early}]


def test_a_weekday_that_is_not_ticked_is_told_with_the_first_date() -> None:
    text = "The first date is {day}. Tick that weekday too, or choose another first date."
    found = list(about_repeat(fields(often="weekly", weekdays="MO"), FIRST))
    assert found == [("weekdays", Message(text, {"day": FIRST}))]


def test_further_days_are_taken_once_and_weekdays_have_names() -> None:
    assert further_days(fields(also="2026-12-05 2026-12-19 2026-12-05")) == ["2026-12-05", "2026-12-19"]
    assert weekday_choices("es")[:2] == [("MO", "lunes"), ("TU", "martes")]


@given(st.sampled_from(OFTEN[1:]), st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(1, 3))
def test_a_choice_without_complaints_has_dates_of_which_the_first_is_the_first(
    often: str, first: date, every: int
) -> None:
    """Whatever the day: a rule of ours is never refused as malformed or contradictory."""
    filled = fields(often=often, every=str(every), until=f"{first + timedelta(days=390)}")
    if not list(about_repeat(filled, first)):
        starts = datetime.combine(first, time(12))
        dates = expand(starts, starts + timedelta(hours=1), "America/Los_Angeles", Repeat(rule_of(filled, first)))
        assert dates[0].original_start == starts
