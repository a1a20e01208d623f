"""A repeat as people read it, in both languages; what has no plain words stands as its rule."""

from datetime import date, datetime

import pytest

from afterbell.web.repeat_words import repeat_words, rule_words

FIRST = date(2026, 12, 1)
SAID = {
    "FREQ=DAILY;COUNT=1": ("Every day, 1 date", "Cada día, 1 fecha"),
    "FREQ=DAILY;INTERVAL=3;UNTIL=20270304": (
        "Every 3 days, until Thursday, March 4, 2027",
        "Cada 3 días, hasta el jueves, 4 de marzo de 2027",
    ),
    "FREQ=DAILY;BYDAY=MO,FR;COUNT=2": (
        "Every week on Monday and Friday, 2 dates",
        "Cada semana: lunes y viernes, 2 fechas",
    ),
    "FREQ=WEEKLY;COUNT=12": ("Every week on Tuesday, 12 dates", "Cada semana: martes, 12 fechas"),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,TU;COUNT=12": (
        "Every 2 weeks on Tuesday and Thursday, 12 dates",
        "Cada 2 semanas: martes y jueves, 12 fechas",
    ),
    "FREQ=MONTHLY;BYDAY=2TU;COUNT=9": (
        "Every month on the second Tuesday, 9 dates",
        "Cada mes: el segundo martes, 9 fechas",
    ),
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR,1MO;COUNT=4": (
        "Every 2 months on the last Friday and the first Monday, 4 dates",
        "Cada 2 meses: el último viernes y el primer lunes, 4 fechas",
    ),
    "FREQ=MONTHLY;COUNT=3": ("Every month on day 1, 3 dates", "Cada mes: el día 1, 3 fechas"),
    "FREQ=MONTHLY;BYMONTHDAY=-1,-3;COUNT=4": (
        "Every month on the last day and day 3 from the end, 4 dates",
        "Cada mes: el último día y el día 3 contando desde el final, 4 fechas",
    ),
    "FREQ=YEARLY;COUNT=2": ("Every year on December 1, 2 dates", "Cada año: 1 de diciembre, 2 fechas"),
    "FREQ=YEARLY;BYMONTH=3;BYDAY=2TU;COUNT=2": (
        "Every year on the second Tuesday of March, 2 dates",
        "Cada año: el segundo martes de marzo, 2 fechas",
    ),
    "FREQ=YEARLY;BYWEEKNO=3;BYDAY=MO;COUNT=2": (
        "By the rule FREQ=YEARLY;BYWEEKNO=3;BYDAY=MO, 2 dates",
        "Según la regla FREQ=YEARLY;BYWEEKNO=3;BYDAY=MO, 2 fechas",
    ),
    "FREQ=YEARLY;BYDAY=20MO;COUNT=2": (
        "By the rule FREQ=YEARLY;BYDAY=20MO, 2 dates",
        "Según la regla FREQ=YEARLY;BYDAY=20MO, 2 fechas",
    ),
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2": (
        "By the rule FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1, 2 dates",
        "Según la regla FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1, 2 fechas",
    ),
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1;COUNT=2": (
        "By the rule FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1, 2 dates",
        "Según la regla FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1, 2 fechas",
    ),
    "a rule of long ago": ("a rule of long ago", "a rule of long ago"),
}


@pytest.mark.parametrize("rule", SAID)
def test_a_rule_is_said_in_plain_words(rule: str) -> None:
    assert (rule_words(rule, FIRST, "en"), rule_words(rule, FIRST, "es")) == SAID[rule]


def test_what_is_left_out_and_added_is_counted_and_a_further_date_is_not_the_first() -> None:
    """The weekday is the first date's: a Tuesday, although a Monday before it was added."""
    starts = [datetime(2026, 11, 30, 18), *(datetime(2026, 12, on, 18) for on in (1, 15))]
    kept = {"rrule": "FREQ=WEEKLY;COUNT=3", "except": ["2026-12-08"], "also": ["2026-11-30T18:00"]}
    said = [repeat_words(kept, starts, language) for language in ("en", "es")]
    assert said == [
        "Every week on Tuesday, 3 dates, 1 left out, 1 further date",
        "Cada semana: martes, 3 fechas, 1 omitida, 1 fecha más",
    ]


def test_dates_without_a_rule_are_counted_and_an_old_booking_has_the_rule_alone() -> None:
    starts = [datetime(2026, 12, on, 18) for on in (1, 15)]
    assert (
        repeat_words({"rrule": "", "except": [], "also": ["2026-12-15T18:00"]}, starts, "en"),
        repeat_words({"rrule": "FREQ=WEEKLY;INTERVAL=2;COUNT=2"}, starts, "en"),
    ) == ("2 single dates", "Every 2 weeks on Tuesday, 2 dates")
