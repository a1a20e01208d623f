"""The calendar of closures: whole days as days, the rest with its hours. What is closed takes nobody's time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.vtimezone import vtimezone
from afterbell.feeds.events import known_uid
from afterbell.feeds.lines import escaped, fold, utc, when
from afterbell.feeds.publish import About, window, wrapped
from afterbell.places.models import Campus, ClosureRow, District
from afterbell.policy.verdict import N_
from afterbell.web.words import say


@dataclass(frozen=True)
class Shut:
    """A closure; `campus` is empty when the whole district is closed."""

    public_id: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    sequence: int
    changed_at: datetime
    campus: str
    zone: str


async def closures(session: AsyncSession, *, now: datetime) -> list[Shut]:
    """Those of the window, the district's and every campus's; one statement."""
    since, before = window(now)
    zone = func.coalesce(Campus.time_zone, select(District.time_zone).scalar_subquery(), "America/Los_Angeles")
    columns = [getattr(ClosureRow, name) for name in ("public_id", "starts_at", "ends_at", "reason", "sequence")]
    query = select(
        *columns, func.coalesce(ClosureRow.changed_at, ClosureRow.starts_at), func.coalesce(Campus.name, ""), zone
    ).outerjoin(Campus, Campus.id == ClosureRow.campus_id)
    within = query.where(ClosureRow.ends_at > since, ClosureRow.starts_at < before)
    rows: Iterable[Any] = await session.execute(within.order_by(ClosureRow.starts_at, ClosureRow.id))
    return [Shut(*row) for row in rows]


def closures_calendar(found: Sequence[Shut], about: About) -> bytes:
    """Zones are told only where some closure has hours."""
    zones = sorted({each.zone for each in found if not whole_days(each)} or ({about.zone} if not found else set()))
    return wrapped(about, [*map(vtimezone, zones), *(_component(each, about.language) for each in found)])


def whole_days(each: Shut) -> bool:
    """Whether it begins and ends at midnight there."""
    there = ZoneInfo(each.zone)
    return all(moment.astimezone(there).time() == time() for moment in (each.starts_at, each.ends_at))


def _component(each: Shut, language: str) -> str:
    summary = say(N_("Closed: {reason}"), language, reason=each.reason)
    stamp = utc(each.changed_at)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{known_uid(each.public_id)}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"SEQUENCE:{each.sequence}",
        f"DTSTART{_when(each, each.starts_at)}",
        f"DTEND{_when(each, each.ends_at)}",
        f"SUMMARY:{escaped(summary)}",
        *([f"LOCATION:{escaped(each.campus)}"] if each.campus else []),
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
    return fold(lines)


def _when(each: Shut, moment: datetime) -> str:
    there = ZoneInfo(each.zone)
    return f";VALUE=DATE:{moment.astimezone(there):%Y%m%d}" if whole_days(each) else when(moment, there)
