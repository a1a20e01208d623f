"""Business days: Monday to Friday, less the days on which the district is closed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from afterbell.almanac.closures import Closure

FAR = 366


def is_business_day(day: date, closures: Sequence[Closure], zone: str) -> bool:
    """Whether the district works on that wall date: a weekday on which noon is in no closure."""
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return day.weekday() < 5 and not any(c.span.starts_at <= noon < c.span.ends_at for c in closures)


def after_business_days(start: date, days: int, closures: Sequence[Closure], zone: str) -> date:
    """The `days`-th business day after `start`, which itself does not count; gives up a year on."""
    day = start
    for _ in range(FAR):
        if days <= 0:
            break
        day += timedelta(days=1)
        days -= is_business_day(day, closures, zone)
    return day


def business_days_later(moment: datetime, days: int, closures: Sequence[Closure], zone: str) -> datetime:
    """The instant `days` business days later at the same wall hour there."""
    there = moment.astimezone(ZoneInfo(zone))
    day = after_business_days(there.date(), days, closures, zone)
    return datetime.combine(day, there.time(), ZoneInfo(zone)).astimezone(moment.tzinfo)
