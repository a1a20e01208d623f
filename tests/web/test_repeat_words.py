"""A repeat as people read it, in both languages; what has no plain words stands as its rule."""

from datetime import date

import pytest

from afterbell.web.repeat_words import rule_words, weekly

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


def test_hours_stand_before_the_end_and_a_weekly_rule_is_told_later_with_its_last_day() -> None:
    said = [
        rule_words("FREQ=WEEKLY;BYDAY=TU,SU;COUNT=4", FIRST, language, hours="6 – 8", later=1)
        for language in ("en", "es")
    ]
    assert said == [
        "Every week on Monday and Wednesday, 6 – 8, 4 dates",
        "Cada semana: lunes y miércoles, 6 – 8, 4 fechas",
    ]
    assert (
        rule_words("FREQ=WEEKLY;UNTIL=20261229", FIRST, "en", later=-1)
        == "Every week on Monday, until Monday, December 28, 2026"
    )
    rules = ("FREQ=WEEKLY;COUNT=2", "FREQ=WEEKLY;BYMONTH=12;COUNT=2", "FREQ=DAILY;COUNT=2", "a rule of long ago")
    assert [weekly(rule) for rule in rules] == [True, False, False, False]
