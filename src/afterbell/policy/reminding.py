"""When a reminder falls due, and what becomes of one when its date moves or goes. Pure wall-clock sums in the campus's zone."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

REMIND_AT = time(10)
DECENT_FROM, DECENT_UNTIL = time(8), time(20)
AT_LEAST = timedelta(hours=2)


@dataclass(frozen=True)
class Planned:
    """A reminder: `state` is planned, sent or dropped, `starts_at` the start of the date that it is planned for, `sent_for` the one it was last sent for."""

    state: str
    due_at: datetime
    starts_at: datetime | None
    sent_for: datetime | None = None


def as_planned(was: Planned | None, starts_at: datetime | None, zone: str, now: datetime) -> Planned | None:
    """What a reminder should be now that its date begins then, or with None deserves none. One that was sent goes again only for a later start; one that is
    planned for the same start stays, whenever it is asked, so that a late one is never put off. None where there never was one and none is due."""
    sent_for = was.sent_for if was else None
    deserved = starts_at is not None and starts_at > now and (sent_for is None or starts_at > sent_for)
    if was and deserved and was.state == "planned" and was.starts_at == starts_at:
        return was
    due = due_at(starts_at, zone, now) if starts_at is not None and deserved else None
    if due is not None:
        return Planned("planned", due, starts_at, sent_for)
    return replace(was, state="dropped") if was and was.state == "planned" else was


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
