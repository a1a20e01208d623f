"""Which spaces are taken when, asked of the database for many spaces and dates at once: one statement each, a look-up in an index for each pair. One of the few
places where the two dialects show, because lists of pairs are written differently."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import ARRAY, DateTime, Integer, bindparam, column, text
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.occupied import LOOK_BACK
from afterbell.database import Instant

# Claims of one space never overlap, so the last that begins before a span ends is the only one to look at.
_BUSY = {
    "sqlite": text("""
        WITH dates AS MATERIALIZED (
            SELECT CAST(key AS INTEGER) AS k, json_extract(value, '$[0]') AS since, json_extract(value, '$[1]') AS until FROM json_each(:dates))
        SELECT wanted.value, (SELECT group_concat(k) FROM dates
            WHERE (SELECT ends_at FROM claims WHERE space_id = wanted.value AND starts_at < dates.until
                   ORDER BY starts_at DESC LIMIT 1) > dates.since) FROM json_each(:spaces) AS wanted"""),
    "postgresql": text("""
        SELECT wanted.space, string_agg(dates.k::text, ',') FROM unnest(:spaces) AS wanted (space)
        CROSS JOIN unnest(:numbers, :since, :until) AS dates (k, since, until)
        CROSS JOIN LATERAL (SELECT ends_at FROM claims WHERE space_id = wanted.space AND starts_at < dates.until
                            ORDER BY starts_at DESC LIMIT 1) AS last
        WHERE last.ends_at > dates.since GROUP BY wanted.space""").bindparams(
        *(bindparam(name, type_=ARRAY(Integer)) for name in ("spaces", "numbers")),
        *(bindparam(name, type_=ARRAY(DateTime(timezone=True))) for name in ("since", "until")),
    ),
}
_FOUND = (column("space", Integer), column("starts_at", Instant), column("ends_at", Instant))
_AROUND = {
    "sqlite": text("""
        WITH wanted AS MATERIALIZED (
            SELECT json_extract(value, '$[0]') AS space, json_extract(value, '$[1]') AS k FROM json_each(:pairs)),
        dates AS MATERIALIZED (
            SELECT CAST(key AS INTEGER) AS k, json_extract(value, '$[0]') AS back, json_extract(value, '$[1]') AS since,
                   json_extract(value, '$[2]') AS until FROM json_each(:dates))
        SELECT DISTINCT space_id AS space, starts_at, ends_at FROM wanted JOIN dates ON dates.k = wanted.k
        CROSS JOIN claims ON space_id = space AND starts_at > back AND starts_at < until AND ends_at > since
        ORDER BY space_id, starts_at""").columns(*_FOUND),
    "postgresql": text("""
        SELECT DISTINCT space_id AS space, starts_at, ends_at FROM unnest(:spaces, :ks) AS wanted (space, k)
        JOIN unnest(:numbers, :back, :since, :until) AS dates (k, back, since, until) ON dates.k = wanted.k
        JOIN claims ON space_id = space AND starts_at > back AND starts_at < until AND ends_at > since
        ORDER BY space_id, starts_at""")
    .bindparams(
        *(bindparam(name, type_=ARRAY(Integer)) for name in ("spaces", "ks", "numbers")),
        *(bindparam(name, type_=ARRAY(DateTime(timezone=True))) for name in ("back", "since", "until")),
    )
    .columns(*_FOUND),
}


async def busy(session: AsyncSession, spaces: Sequence[int], spans: Mapping[int, Span]) -> dict[int, int]:
    """By space, the numbers of the spans in which it is taken, as bits; a space that is free in all of them is left out. One statement."""
    if not spaces or not spans:
        return {}
    dialect = session.get_bind().dialect.name
    rows = await session.execute(_BUSY[dialect], _dates(dialect, spaces, spans))
    return {space: _bits(numbers) for space, numbers in rows if numbers}


@lru_cache(4096)
def _bits(numbers: str) -> int:
    """ "0,3" as 0b1001; evenings are booked in series, so that few texts come again and again."""
    return sum(1 << int(number) for number in numbers.split(","))


def _dates(dialect: str, spaces: Sequence[int], spans: Mapping[int, Span]) -> dict[str, object]:
    if dialect == "sqlite":
        dates = {k: [kept(span.starts_at), kept(span.ends_at)] for k, span in spans.items()}
        return {"spaces": json.dumps(list(spaces)), "dates": json.dumps(dates)}
    return {
        "spaces": list(spaces),
        "numbers": list(spans),
        "since": [span.starts_at for span in spans.values()],
        "until": [span.ends_at for span in spans.values()],
    }


async def taken_around(
    session: AsyncSession, pairs: Collection[tuple[int, int]], reaches: Mapping[int, Span]
) -> dict[int, list[Span]]:
    """What blocks each space in the reaches of time whose numbers are paired with it, in order. One statement; none without a pair."""
    if not pairs:
        return {}
    dialect = session.get_bind().dialect.name
    found: dict[int, list[Span]] = {}
    for space, starts_at, ends_at in await session.execute(_AROUND[dialect], _pairs(dialect, pairs, reaches)):
        found.setdefault(space, []).append(Span(starts_at, ends_at))
    return found


def _pairs(dialect: str, pairs: Collection[tuple[int, int]], reaches: Mapping[int, Span]) -> dict[str, object]:
    dates = {k: (span.starts_at - LOOK_BACK, span.starts_at, span.ends_at) for k, span in reaches.items()}
    if dialect == "sqlite":
        told = {k: [kept(moment) for moment in moments] for k, moments in dates.items()}
        return {"pairs": json.dumps(list(pairs)), "dates": json.dumps(told)}
    spaces, ks = (list(each) for each in zip(*pairs, strict=True))
    back, since, until = (list(each) for each in zip(*dates.values(), strict=True))
    return {"spaces": spaces, "ks": ks, "numbers": list(dates), "back": back, "since": since, "until": until}


def kept(moment: datetime) -> str:
    """An instant as SQLite keeps it: text of one width, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
