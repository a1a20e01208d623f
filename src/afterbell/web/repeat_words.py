"""A rule in plain words: "Every 2 weeks on Tuesday and Thursday, 12 dates". What has no plain words is told as its rule."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list

from afterbell.almanac.refusals import RepeatRefused
from afterbell.almanac.rule import Rule, read_rule
from afterbell.policy.verdict import N_
from afterbell.web.dates import LOCALES, day, weekday
from afterbell.web.words import say, say_many

LEAP_YEAR = 2028
MOST_ITEMS = 7
NTH = {
    1: N_("the first {day}"),
    2: N_("the second {day}"),
    3: N_("the third {day}"),
    4: N_("the fourth {day}"),
    5: N_("the fifth {day}"),
    -1: N_("the last {day}"),
    -2: N_("the last {day} but one"),
    0: N_("every {day}"),
}


def rule_words(rrule: str, first: date, language: str, *, hours: str = "", later: int = 0) -> str:
    """A rule alone, with its end; what it leaves open is taken from its first date. `hours` stand before the end; of a weekly rule every day lies so many
    days `later`."""
    try:
        rule = read_rule(rrule)
    except RepeatRefused:
        return ", ".join(filter(None, (rrule, hours)))
    rule, first = _later(rule, later), first + timedelta(days=later)
    pattern = _pattern(rule, first, language) or say(N_("By the rule {rule}"), language, rule=_without_end(rrule))
    return ", ".join(filter(None, (pattern, hours, _end(rule, language))))


def weekly(rrule: str) -> bool:
    """Whether all its dates may be told some days later than it says."""
    try:
        rule = read_rule(rrule)
    except RepeatRefused:
        return False
    return rule.freq == "WEEKLY" and not rule.by_month and not rule.by_position


def _later(rule: Rule, days: int) -> Rule:
    if not days:
        return rule
    until = rule.until and f"{datetime.strptime(rule.until[:8], '%Y%m%d') + timedelta(days=days):%Y%m%d}"
    return replace(rule, by_day=tuple((nth, (on + days) % 7) for nth, on in rule.by_day), until=until)


def _end(rule: Rule, language: str) -> str:
    if rule.count:
        return say_many("{count} date", "{count} dates", rule.count, language)
    return say(N_("until {day}"), language, day=day(datetime.strptime(rule.until[:8], "%Y%m%d").date(), language))


def _without_end(rrule: str) -> str:
    return ";".join(part for part in rrule.split(";") if not part.startswith(("COUNT=", "UNTIL=")))


def _pattern(rule: Rule, first: date, language: str) -> str:
    """The words for the usual kinds, "" for the others."""
    if rule.by_position or rule.by_week or rule.by_year_day or (rule.by_day and rule.by_month_day):
        return ""
    if rule.freq == "YEARLY":
        return _yearly(rule, first, language)
    if rule.by_month:
        return ""
    return {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly}[rule.freq](rule, first, language)


def _daily(rule: Rule, first: date, language: str) -> str:
    if rule.by_day or rule.by_month_day:
        return _weekly(rule, first, language) if rule.interval == 1 and not rule.by_month_day else ""
    return say_many("Every day", "Every {count} days", rule.interval, language)


def _weekly(rule: Rule, first: date, language: str) -> str:
    days = sorted({on for _, on in rule.by_day} or {first.weekday()})
    named = _listed((weekday(on, language) for on in days), language)
    return say_many("Every week on {days}", "Every {count} weeks on {days}", rule.interval, language, days=named)


def _monthly(rule: Rule, first: date, language: str) -> str:
    numbers = rule.by_month_day or (first.day,)
    items = _nth(rule, language) if rule.by_day else [_month_day(number, language) for number in numbers]
    if not 0 < len(items) <= MOST_ITEMS:
        return ""
    named = _listed(items, language)
    return say_many("Every month on {days}", "Every {count} months on {days}", rule.interval, language, days=named)


def _yearly(rule: Rule, first: date, language: str) -> str:
    months = sorted(rule.by_month) or [first.month]
    if rule.by_day and rule.by_month:
        of = Locale.parse(LOCALES.get(language, "en_US")).months["stand-alone"]["wide"]
        text = N_("{nth} of {month}")
        pairs = product(_nth(rule, language), months)
        items = [say(text, language, nth=nth, month=of[month]) for nth, month in pairs]
    elif rule.by_day or (rule.by_month_day and not rule.by_month):
        return ""
    else:
        items = [_date(month, number, language) for month in months for number in rule.by_month_day or (first.day,)]
    if not all(items) or not 0 < len(items) <= MOST_ITEMS:
        return ""
    named = _listed(items, language)
    return say_many("Every year on {days}", "Every {count} years on {days}", rule.interval, language, days=named)


def _nth(rule: Rule, language: str) -> list[str]:
    """ "the second Tuesday"; nothing when a number has no word."""
    if any(number not in NTH for number, _ in rule.by_day):
        return []
    return [say(NTH[number], language, day=weekday(on, language)) for number, on in rule.by_day]


def _month_day(number: int, language: str) -> str:
    if number == -1:
        return say(N_("the last day"), language)
    if number < 0:
        return say(N_("day {number} from the end"), language, number=-number)
    return say(N_("day {number}"), language, number=number)


def _date(month: int, number: int, language: str) -> str:
    """ "March 4"; "" for a day that is counted from the end or does not exist."""
    try:
        on = date(LEAP_YEAR, month, number)
    except ValueError:
        return ""
    return format_skeleton("MMMMd", on, locale=LOCALES.get(language, "en_US"))


def _listed(items: Iterable[str], language: str) -> str:
    return format_list(list(items), locale=LOCALES.get(language, "en_US"))
