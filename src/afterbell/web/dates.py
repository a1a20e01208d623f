"""Dates and times as people read them: never numeric dates (1/12 reads two ways), always wall time at the school."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time

LOCALES = {"en": "en_US", "es": "es_US"}


def day(value: date, language: str) -> str:
    """ "Tuesday, December 1, 2026"; the wall date of a datetime is the one it carries."""
    return _day(date(value.year, value.month, value.day), language)


@lru_cache(4096)
def _day(value: date, language: str) -> str:
    return format_date(value, "full", locale=LOCALES.get(language, "en_US"))


def short_day(value: date, language: str) -> str:
    """ "Tue, Dec 1", without the year: only beside a heading that has it."""
    return format_skeleton("MMMEd", value, locale=LOCALES.get(language, "en_US"))


def dated(value: date, language: str) -> str:
    """ "Tue, Dec 1, 2026": short, and still clear without anything beside it."""
    return format_skeleton("yMMMEd", value, locale=LOCALES.get(language, "en_US"))


def month(value: date, language: str) -> str:
    """ "December 2026"."""
    return format_skeleton("yMMMM", value, locale=LOCALES.get(language, "en_US"))


def hour(value: datetime, language: str) -> str:
    """ "6:00 PM" (with a narrow no-break space, U+202F) of the wall time that the value carries."""
    return clock_time(value.time(), language)


@lru_cache(4096)
def clock_time(value: time, language: str) -> str:
    """ "6:00 PM" of a wall time."""
    return format_time(value, "short", locale=LOCALES.get(language, "en_US"))


def weekday(number: int, language: str) -> str:
    """ "Monday" for 0."""
    names: Mapping[int, str] = Locale.parse(LOCALES.get(language, "en_US")).days["stand-alone"]["wide"]
    return names[number]


@cache
def quarters(language: str, also: str = "") -> list[tuple[str, str]]:
    """Every quarter-hour of a day, as ("18:15", "6:15 PM") pairs for a select; `also` is one more time that stands there already, if it is one."""
    clock = {time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 15)}
    with suppress(ValueError):
        clock.add(time.fromisoformat(also))
    return [(at.isoformat("minutes"), clock_time(at, language)) for at in sorted(clock)]


def times(starts_at: datetime, ends_at: datetime, zone: str, language: str) -> str:
    """ "6:00 PM – 8:00 PM" at the school, from two instants."""
    there = ZoneInfo(zone)
    return f"{hour(starts_at.astimezone(there), language)} – {hour(ends_at.astimezone(there), language)}"
