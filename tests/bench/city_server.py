"""The generated district on PostgreSQL: rows are written without the indexes and the guard, which are made again of all rows at once and must then be what they
were. The claims are guarded on one connection while the rest is written on another: nothing takes longer than the guard."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from afterbell.database import Database
from tests.ground import sql

PATIENCE = 3_600
TYPES = {"original_start": "text", "starts_at": "timestamptz", "ends_at": "timestamptz", "at": "timestamptz"}
LARGE = ("bookings", "occurrences", "occurrence_rooms", "claims")
COUNTED_BY = ("bookings", "occurrences", "rooms", "spaces", "campuses", "schools")
# Whatever can be taken away: keys stay, since others refer to them and numbers come in order.
ASIDE = f"""
    SELECT conrelid::regclass::text AS of, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS gone,
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS back
    FROM pg_constraint WHERE conrelid = ANY('{{{", ".join(LARGE)}}}'::regclass[]) AND contype IN ('u', 'x')
    UNION ALL
    SELECT indrelid::regclass::text, format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = ANY('{{{", ".join(LARGE)}}}'::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY 1, 3"""
IN_HASTE = "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'"
Table = tuple[str, Sequence[str], list[tuple[Any, ...]]]


async def to_server(url: str, tables: Sequence[Table], claimed: str, filled: Sequence[str]) -> None:
    """Foreign keys are not looked at again; everything else is as strict as before, which is looked at."""
    async with _connected(url) as first, _connected(url) as second:
        await _copy(first, tables)
        aside = [tuple(row) for row in await first.fetch(ASIDE)]
        for _, gone, _ in aside:
            await first.execute(gone)
        await first.execute(claimed, timeout=PATIENCE)
        async with asyncio.TaskGroup() as both:
            both.create_task(_tell(second, [back for of, _, back in aside if of == "claims"]))
            both.create_task(_tell(first, [*filled, *(back for of, _, back in aside if of != "claims")]))
        assert [tuple(row) for row in await first.fetch(ASIDE)] == aside
        await _tell(first, [_next_number(table) for table in COUNTED_BY])
        await _tell(first, ["VACUUM ANALYZE", "CHECKPOINT"])
    database = Database(url)
    assert await database.verify_guard() == []
    await database.close()


async def _copy(server: Any, tables: Sequence[Table]) -> None:
    for table, columns, rows in tables:
        if table.startswith("city_"):
            kinds = ", ".join(f"{name} {TYPES.get(name, 'integer')}" for name in columns)
            await server.execute(f"CREATE TEMP TABLE {table} ({kinds})")
        await server.copy_records_to_table(table, columns=columns, records=rows)
    await server.execute("ANALYZE city_series; ANALYZE city_weeks")


async def _tell(server: Any, statements: Sequence[str]) -> None:
    for statement in statements:
        await server.execute(statement, timeout=PATIENCE)


def _next_number(table: str) -> str:
    return f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Any]:
    server = await asyncpg.connect(sql.bare(url), timeout=5)
    try:
        await server.execute(IN_HASTE)
        yield server
    finally:
        await server.close(timeout=5)
