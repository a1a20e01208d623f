"""The days that a rule names, found by walking over days, weeks, months or years (RFC 5545 3.3.10). Knows no hours and no zones, and always ends."""

from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from afterbell.almanac.rule import Rule

YEARS = 12  # beyond any series; in 12 years there is a 29 February, a week 53 and a Friday the 13th
WEEK = 7


def named_days(rule: Rule, first: date) -> Iterator[date]:
    """Every day from `first` on that the rule names, in order, however often; gives up twelve years on. COUNT and UNTIL are not its concern."""
    rule = _completed(rule, first)
    for days in _periods(rule, first):
        named = [day for day in days if _names(rule, day)]
        if rule.by_position:
            named = _at(named, rule.by_position)
        yield from (day for day in named if day >= first)


def _completed(rule: Rule, first: date) -> Rule:
    """What a rule leaves open is as on the first day: its weekday, its day of the month, its month."""
    if rule.freq == "DAILY" or rule.by_day or rule.by_month_day or rule.by_year_day:
        return rule
    if rule.freq == "WEEKLY" or rule.by_week:
        return replace(rule, by_day=((0, first.weekday()),))
    if rule.freq == "YEARLY" and not rule.by_month:
        return replace(rule, by_month=(first.month,), by_month_day=(first.day,))
    return replace(rule, by_month_day=(first.day,))


def _periods(rule: Rule, first: date) -> Iterator[Iterable[date]]:
    """The days of every INTERVALth period, the one that holds the first day whole."""
    last = first.year + YEARS
    if rule.freq in ("DAILY", "WEEKLY"):
        length = 1 if rule.freq == "DAILY" else WEEK
        begins = first - timedelta((first.weekday() - rule.week_begins) % WEEK) if length == WEEK else first
        for number in range(begins.toordinal(), date(last, 1, 1).toordinal(), length * rule.interval):
            yield map(date.fromordinal, range(number, number + length))
    elif rule.freq == "MONTHLY":
        for number in range(first.year * 12 + first.month - 1, last * 12, rule.interval):
            yield _month(number // 12, number % 12 + 1)
    else:
        for year in range(first.year, last, rule.interval):
            yield _year(rule, year)


def _month(year: int, month: int) -> Iterable[date]:
    begins = date(year, month, 1).toordinal()
    return map(date.fromordinal, range(begins, begins + monthrange(year, month)[1]))


def _year(rule: Rule, year: int) -> Iterable[date]:
    """All its days, or only those of the months that the rule names."""
    return (day for month in sorted(rule.by_month) or range(1, 13) for day in _month(year, month))


def _at(days: Sequence[date], positions: Iterable[int]) -> list[date]:
    """The days at those places of a period, counted from 1, or from its end; each once."""
    places = {place - 1 if place > 0 else len(days) + place for place in positions}
    return [days[place] for place in sorted(places) if 0 <= place < len(days)]


def _names(rule: Rule, day: date) -> bool:
    return (
        (not rule.by_month or day.month in rule.by_month)
        and (not rule.by_month_day or _on_month_day(rule, day))
        and (not rule.by_year_day or _on_year_day(rule, day))
        and (not rule.by_day or _on_weekday(rule, day))
        and (not rule.by_week or _in_week(rule, day))
    )


def _on_month_day(rule: Rule, day: date) -> bool:
    return day.day in rule.by_month_day or day.day - monthrange(day.year, day.month)[1] - 1 in rule.by_month_day


def _on_weekday(rule: Rule, day: date) -> bool:
    """On a weekday of the rule; a number before it counts from the front or the end of the month, or of the year where no month is named."""
    weekday = day.weekday()
    if (0, weekday) in rule.by_day:
        return True
    if rule.freq == "MONTHLY" or rule.by_month:
        at, length = day.day, monthrange(day.year, day.month)[1]
    else:
        at, length = _year_day(day)
    return ((at - 1) // WEEK + 1, weekday) in rule.by_day or (-((length - at) // WEEK + 1), weekday) in rule.by_day


def _on_year_day(rule: Rule, day: date) -> bool:
    at, length = _year_day(day)
    return at in rule.by_year_day or at - length - 1 in rule.by_year_day


def _year_day(day: date) -> tuple[int, int]:
    """Which day of the year it is, of how many."""
    return day.timetuple().tm_yday, 366 if isleap(day.year) else 365


def _in_week(rule: Rule, day: date) -> bool:
    """By its week's number, from the front or from the end; the first week of a year is the first that has four days in it (RFC 5545, BYWEEKNO)."""
    begins = day - timedelta((day.weekday() - rule.week_begins) % WEEK)
    year = (begins + timedelta(3)).year
    first = _first_week(year, rule.week_begins)
    number = (begins - first).days // WEEK + 1
    count = (_first_week(year + 1, rule.week_begins) - first).days // WEEK
    return number in rule.by_week or number - count - 1 in rule.by_week


def _first_week(year: int, week_begins: int) -> date:
    """The day on which it begins, at times in the year before."""
    fourth = date(year, 1, 4)
    return fourth - timedelta((fourth.weekday() - week_begins) % WEEK)
