"""Engines, sessions, the UTC column, the guard's check: the only caller of commit, and the only place that knows both dialects."""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, cast

from sqlalchemy import Connection, DateTime, Dialect, MetaData, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from afterbell.guard import complaints

PATIENCE = 2.0
# SQLSTATE classes and codes: no connection, rolled back for others' sake, out of resources, lock not had in time, starting or stopping.
AWAY = ("08", "40", "53", "55P03", "57P")
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC. A naive value is refused: nobody could say when it is."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite keeps naive UTC text of one width, so that it compares as time does."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The one metadata that every room's tables share."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant}


def public_id() -> str:
    """An opaque id for outsiders: 80 random bits, no order, no meaning."""
    return secrets.token_hex(10)


AfterCommit = Callable[[Mapping[Any, Any]], None]
LOCKED = "locked"


class Database:
    """One district's database. On SQLite the writer's pool of one *is* the write lock: fair, and taken before a connection is checked out."""

    def __init__(self, url: str, *, patience: float = PATIENCE, connections: int = 10) -> None:
        self.dialect = url.split("+", 1)[0]
        self._reader, self._writer = _engines(url, patience, connections)
        self._read = async_sessionmaker(self._reader, expire_on_commit=False, autoflush=False)
        self._write = async_sessionmaker(self._writer, expire_on_commit=False, autoflush=False)
        self.after_commit: list[AfterCommit] = []
        self._locked: set[str] = set()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that cannot write; nothing is checked out before its first statement."""
        async with self._read() as session:
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """A session that cannot write and whose statements all see one moment, however much is written meanwhile. For reports: it keeps PostgreSQL from
        clearing up, and SQLite's write-ahead log from being put away, while it lasts."""
        async with self._read() as session:
            if self.dialect != "sqlite":
                await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session that commits when the block ends well and rolls back when it raises. Raises what `is_away` recognises after `patience`."""
        async with self._write() as session:
            try:
                yield session
                await session.commit()
            finally:
                self._locked -= session.info.get(LOCKED, set())
        for hear in self.after_commit:
            hear(session.info)

    async def try_lock(self, session: AsyncSession, name: str) -> bool:
        """Whether the name could be locked at once, until this writing session ends. On SQLite the lock is this process's, which alone writes for people, and
        is had before the write lock is waited for."""
        if self.dialect != "sqlite":
            key = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
            return bool(await session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key}))
        if name in self._locked:
            return False
        self._locked.add(name)
        session.info.setdefault(LOCKED, set()).add(name)
        return True

    async def verify_guard(self) -> list[str]:
        """What is wrong with the guard against double booking, in sentences; empty when it stands."""
        async with self.reading() as session:
            return await complaints(session, self.dialect)

    async def close(self) -> None:
        """Gives every connection back."""
        await self._reader.dispose()
        await self._writer.dispose()


def _engines(url: str, patience: float, connections: int) -> tuple[AsyncEngine, AsyncEngine]:
    if url.startswith("sqlite"):
        reader = create_async_engine(url, pool_size=4, max_overflow=4, pool_timeout=patience, hide_parameters=True)
        writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=patience, hide_parameters=True)
        _prepare_sqlite(reader, "BEGIN", patience)
        _prepare_sqlite(writer, "BEGIN IMMEDIATE", patience)
        return reader, writer
    readers = {"default_transaction_read_only": "on"}
    reader = _postgres(url, patience, connections // 2, readers, isolation_level="AUTOCOMMIT")
    return reader, _postgres(url, patience, connections, {})


def _postgres(url: str, patience: float, connections: int, said: dict[str, str], **options: Any) -> AsyncEngine:
    """Readers have a pool of their own and never queue behind writers that wait for a lock. They need no BEGIN: each statement sees what is committed.
    Nothing is compiled before it runs (jit): for statements as short as ours that takes longer than running them."""
    said = said | {"lock_timeout": str(int(patience * 1000)), "jit": "off"}
    connect = {"timeout": patience, "server_settings": said}
    pool = {"pool_size": connections, "max_overflow": 0, "pool_timeout": patience, "pool_use_lifo": True}
    return create_async_engine(url, connect_args=connect, hide_parameters=True, **pool, **options)


def _prepare_sqlite(engine: AsyncEngine, begin: str, patience: float) -> None:
    """Readers begin plainly, writers IMMEDIATE: a deferred writer fails at once when it upgrades (STACK.md)."""

    @event.listens_for(engine.sync_engine, "connect")
    def settle(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            f"busy_timeout={int(patience * 1000)}",
            "synchronous=FULL",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def violated(error: IntegrityError) -> str | None:
    """The constraint that refused a statement: its name on PostgreSQL, the trigger's text on SQLite."""
    driver = getattr(error.orig, "__cause__", None)
    name = getattr(driver, "constraint_name", None)
    return str(name) if name else str(error.orig)


def is_away(error: BaseException) -> bool:
    """Whether the database could not be had in time (locked, full, stopped): worth a 503 and another try, never a 500."""
    if isinstance(error, PoolTimeout | OSError | TimeoutError):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = getattr(error, "orig", None)
    if state := getattr(cause, "sqlstate", None):
        return str(state).startswith(AWAY)
    if isinstance(error, OperationalError):
        return "locked" in str(cause) or "busy" in str(cause)
    return isinstance(error, InterfaceError) and "connection" in str(cause) and "closed" in str(cause)


def trouble(error: BaseException) -> str | None:
    """Why the database cannot be used at all, for whoever runs a command; None when that is not what the error says."""
    cause = getattr(error, "orig", None) or error
    words, state = str(cause), str(getattr(cause, "sqlstate", ""))
    if state in ("42P01", "42703") or "no such table" in words or "no such column" in words:
        return "The database lacks tables of this version: run `afterbell migrate` first."
    away = is_away(error) or state[:2] in ("28", "3D") or "unable to open database" in words
    return f"The database of AFTERBELL_DATABASE_URL cannot be used: {words}." if away else None


async def insert_or_skip(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts the rows that break no unique constraint and leaves the others alone, so that a repeat does no harm."""
    if not rows:
        return
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    await session.execute(insert.on_conflict_do_nothing(), list(rows))


async def migrate(url: str, scripts: Path, revision: str = "head") -> None:
    """Brings the schema to `revision`, in one transaction; `scripts` is the folder `alembic/`. A lower revision, or "base", goes down."""
    from alembic.config import Config

    from alembic import command  # only this needs the library, and every start would pay for it

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    engine = create_async_engine(url)
    if url.startswith("sqlite"):
        Path(url.split(":///", 1)[1]).parent.mkdir(parents=True, exist_ok=True)
        _prepare_sqlite(engine, "BEGIN IMMEDIATE", 30.0)

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        down = revision == "base" or revision.startswith("-")
        (command.downgrade if down else command.upgrade)(config, revision)

    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def table(model: type[Base]) -> Table:
    """The model's table, for inserts and updates that need no entity."""
    return cast(Table, model.__table__)
