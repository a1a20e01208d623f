"""Where the building is open anyway: campuses at which another booking is held or approved at the time that is asked for, so that somebody is there already."""

import json
from collections.abc import Collection, Mapping

from sqlalchemy import ARRAY, DateTime, Integer, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.occupied import LOOK_BACK
from afterbell.bookings.vacancy import kept

# Most evenings something begins while the room is wanted, which the index finds at once; only where nothing does it is looked for further back.
_STAFFED = {
    "sqlite": text("""
        WITH dates AS MATERIALIZED (
            SELECT CAST(key AS INTEGER) AS k, json_extract(value, '$[0]') AS back, json_extract(value, '$[1]') AS since,
                   json_extract(value, '$[2]') AS until FROM json_each(:dates)),
        wanted AS MATERIALIZED (SELECT value AS campus FROM json_each(:campuses))
        SELECT campus, k FROM wanted CROSS JOIN dates
        WHERE EXISTS (SELECT 1 FROM occurrences AS o WHERE o.campus_id = campus AND o.starts_at >= since AND o.starts_at < until
                      AND o.state IN ('held', 'approved'))
        OR EXISTS (SELECT 1 FROM occurrences AS o WHERE o.campus_id = campus AND o.starts_at > back AND o.starts_at < since AND o.ends_at > since
                   AND o.state IN ('held', 'approved'))"""),
    "postgresql": text("""
        SELECT campus, k FROM unnest(:campuses) AS wanted (campus) CROSS JOIN unnest(:numbers, :back, :since, :until) AS dates (k, back, since, until)
        WHERE EXISTS (SELECT 1 FROM occurrences AS o WHERE o.campus_id = campus AND o.starts_at >= since AND o.starts_at < until
                      AND o.state IN ('held', 'approved'))
        OR EXISTS (SELECT 1 FROM occurrences AS o WHERE o.campus_id = campus AND o.starts_at > back AND o.starts_at < since AND o.ends_at > since
                   AND o.state IN ('held', 'approved'))""").bindparams(
        *(bindparam(name, type_=ARRAY(Integer)) for name in ("campuses", "numbers")),
        *(bindparam(name, type_=ARRAY(DateTime(timezone=True))) for name in ("back", "since", "until")),
    ),
}


async def staffed(session: AsyncSession, campuses: Collection[int], spans: Mapping[int, Span]) -> dict[int, int]:
    """By campus, the numbers of the spans in which some booking has the building open, as bits. One statement."""
    if not campuses or not spans:
        return {}
    dialect = session.get_bind().dialect.name
    found: dict[int, int] = {}
    for campus, k in await session.execute(_STAFFED[dialect], _wanted(dialect, campuses, spans)):
        found[campus] = found.get(campus, 0) | 1 << k
    return found


def _wanted(dialect: str, campuses: Collection[int], spans: Mapping[int, Span]) -> dict[str, object]:
    dates = {k: (span.starts_at - LOOK_BACK, span.starts_at, span.ends_at) for k, span in spans.items()}
    if dialect == "sqlite":
        told = {k: [kept(moment) for moment in moments] for k, moments in dates.items()}
        return {"campuses": json.dumps(list(campuses)), "dates": json.dumps(told)}
    back, since, until = (list(each) for each in zip(*dates.values(), strict=True))
    return {"campuses": list(campuses), "numbers": list(dates), "back": back, "since": since, "until": until}
