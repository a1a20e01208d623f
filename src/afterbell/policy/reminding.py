"""When a reminder falls due. Pure wall-clock sums in the campus's zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

REMIND_AT = time(10)
DECENT_FROM, DECENT_UNTIL = time(8), time(20)
AT_LEAST = timedelta(hours=2)


def due_at(starts_at: datetime, zone: str, decided_at: datetime) -> datetime | None:
    """Ten o'clock at the school on the day before; when that is past at `decided_at`, the next decent hour (08:00-20:00) that leaves two hours; else None."""
    there = ZoneInfo(zone)
    eve = starts_at.astimezone(there).date() - timedelta(days=1)
    usual = datetime.combine(eve, REMIND_AT, there)
    if usual.timestamp() >= decided_at.timestamp():
        return usual.astimezone(starts_at.tzinfo)
    late = _next_decent(decided_at.astimezone(there), there)
    return late.astimezone(starts_at.tzinfo) if late.timestamp() <= (starts_at - AT_LEAST).timestamp() else None


def _next_decent(moment: datetime, there: ZoneInfo) -> datetime:
    if moment.time() < DECENT_FROM:
        return datetime.combine(moment.date(), DECENT_FROM, there)
    if moment.time() < DECENT_UNTIL:
        return moment
    return datetime.combine(moment.date() + timedelta(days=1), DECENT_FROM, there)
