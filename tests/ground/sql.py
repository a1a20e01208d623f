"""Looking into a test's database, and meddling with it, by the bare driver: nothing of Afterbell lies between."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from typing import Any, Protocol

import asyncpg

from tests.ground.patience import until

BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Held(Protocol):
    """An open transaction of the test's own, and what it may do."""

    async def tell(self, statement: str) -> None:
        """Runs one statement in it."""

    async def commit(self) -> None:
        """Ends it; whoever waited for its locks goes on."""


def bare(url: str) -> str:
    """The address as asyncpg takes it, or the file's path on SQLite."""
    return url.split(":///", 1)[1] if url.startswith("sqlite") else url.replace("+asyncpg", "")


def moment(url: str, at: datetime) -> str:
    """An aware instant as a literal in a statement, of the form in which Afterbell keeps it."""
    return f"'{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'" + (
        "" if url.startswith("sqlite") else "::timestamp AT TIME ZONE 'UTC'"
    )


async def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """What the query finds; times are text on SQLite."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(bare(url), timeout=10)) as connection:
            return [tuple(row) for row in connection.execute(query)]
    connection = await asyncpg.connect(bare(url), timeout=5)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close(timeout=5)


async def tell(url: str, *statements: str) -> None:
    """Runs the statements in one transaction."""
    async with held(url) as transaction:
        for statement in statements:
            await transaction.tell(statement)
        await transaction.commit()


async def until_blocked(url: str, count: int = 1) -> None:
    """Returns once so many sessions of this PostgreSQL database wait for a lock that somebody holds."""

    async def blocked() -> bool:
        return bool((await rows(url, BLOCKED))[0][0] >= count)

    assert await until(blocked), "nobody waited for a lock"


@asynccontextmanager
async def held(url: str) -> AsyncIterator[Held]:
    """A transaction that stays open until it is committed; rolled back when it was not. On SQLite it holds the write lock from the start."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(bare(url), timeout=10, isolation_level=None)) as file:
            file.execute("BEGIN IMMEDIATE")
            yield _OnFile(file)
        return
    connection = await asyncpg.connect(bare(url), timeout=5)
    try:
        await connection.execute("BEGIN")
        yield _OnServer(connection)
    finally:
        await connection.close(timeout=5)


class _OnFile:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def tell(self, statement: str) -> None:
        self._connection.execute(statement)

    async def commit(self) -> None:
        self._connection.execute("COMMIT")


class _OnServer:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def tell(self, statement: str) -> None:
        await self._connection.execute(statement)

    async def commit(self) -> None:
        await self._connection.execute("COMMIT")
