"""Dates and times as people read them: never numeric dates (1/12 reads two ways), always wall time at the school."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time

LOCALES = {"en": "en_US", "es": "es_US"}


def day(value: date, language: str) -> str:
    """ "Tuesday, December 1, 2026"; the wall date of a datetime is the one it carries."""
    return format_date(value, "full", locale=LOCALES.get(language, "en_US"))


def short_day(value: date, language: str) -> str:
    """ "Tue, Dec 1", without the year: only beside a heading that has it."""
    return format_skeleton("MMMEd", value, locale=LOCALES.get(language, "en_US"))


def hour(value: datetime, language: str) -> str:
    """ "6:00 PM" (with a narrow no-break space, U+202F) of the wall time that the value carries."""
    return format_time(value.time(), "short", locale=LOCALES.get(language, "en_US"))


def times(starts_at: datetime, ends_at: datetime, zone: str, language: str) -> str:
    """ "6:00 PM – 8:00 PM" at the school, from two instants."""
    there = ZoneInfo(zone)
    return f"{hour(starts_at.astimezone(there), language)} – {hour(ends_at.astimezone(there), language)}"
