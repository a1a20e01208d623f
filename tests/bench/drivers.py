"""The bare drivers, aiosqlite and asyncpg, with the settings under which the service uses them: WAL and synchronous=FULL, READ COMMITTED."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import Any, Protocol

import aiosqlite
import asyncpg

from tests.ground import sql

Rows = Sequence[dict[str, Any]]


class Driver(Protocol):
    """One connection."""

    async def select(self, query: str) -> list[dict[str, Any]]:
        """Rows by column; instants are text on SQLite."""

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """One that commits at the end of the block."""

    async def insert(self, table: str, rows: Rows, id_: str = "") -> list[int]:
        """One statement; answers the ids, in the order of the rows, when their column is named."""

    async def close(self) -> None:
        """Hangs up."""


async def connected(url: str, count: int) -> Sequence[Driver]:
    """So many connections. Those to one file take turns at an asyncio lock: waiting at SQLite's own is polling, and slower."""
    if url.startswith("postgresql"):
        return [ToServer(await asyncpg.connect(sql.bare(url), timeout=5)) for _ in range(count)]
    turn = asyncio.Lock()
    return [ToFile(await _opened(sql.bare(url)), turn) for _ in range(count)]


async def _opened(path: str) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None, timeout=10)
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        await connection.execute_fetchall(f"PRAGMA {pragma}")
    return connection


class ToFile:
    """SQLite."""

    def __init__(self, connection: aiosqlite.Connection, turn: asyncio.Lock) -> None:
        self._connection = connection
        self._turn = turn

    async def select(self, query: str) -> list[dict[str, Any]]:
        async with self._connection.execute(query) as cursor:
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in await cursor.fetchall()]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        async with self._turn:
            await self._connection.execute_fetchall("BEGIN IMMEDIATE")
            yield
            await self._connection.execute_fetchall("COMMIT")

    async def insert(self, table: str, rows: Rows, id_: str = "") -> list[int]:
        statement = written(table, tuple(rows[0]), len(rows), "?", id_)
        found = await self._connection.execute_fetchall(statement, _values(rows))
        return sorted(row[0] for row in found)

    async def close(self) -> None:
        await self._connection.close()


class ToServer:
    """PostgreSQL."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def select(self, query: str) -> list[dict[str, Any]]:
        return [dict(row) for row in await self._connection.fetch(query)]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        async with self._connection.transaction():
            yield

    async def insert(self, table: str, rows: Rows, id_: str = "") -> list[int]:
        statement = written(table, tuple(rows[0]), len(rows), "$", id_)
        return sorted(row[0] for row in await self._connection.fetch(statement, *_values(rows)))

    async def close(self) -> None:
        await self._connection.close(timeout=5)


@cache
def written(table: str, columns: tuple[str, ...], count: int, mark: str, id_: str) -> str:
    """INSERT of so many rows; `mark` is how the driver writes a parameter."""
    width = len(columns)
    marks = [
        [f"${row * width + column + 1}" if mark == "$" else "?" for column in range(width)] for row in range(count)
    ]
    values = ", ".join(f"({', '.join(each)})" for each in marks)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}" + (f" RETURNING {id_}" if id_ else "")


def _values(rows: Rows) -> list[Any]:
    return [value for row in rows for value in row.values()]
