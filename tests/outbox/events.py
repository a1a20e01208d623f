"""Events for tests, and listeners with an effect that can be counted: an organization each time one is called."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database, table
from afterbell.outbox.record import Event, record
from afterbell.outbox.relay import Listener
from afterbell.partners.models import Organization
from tests.conftest import Ground
from tests.ground.sql import rows

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)


class Broken(RuntimeError):
    """What a listener raises that cannot do its work."""


@asynccontextmanager
async def opened(ground: Ground) -> AsyncIterator[Database]:
    database = Database(ground.url)
    try:
        yield database
    finally:
        await database.close()


async def announce(database: Database, *kinds: str, at: datetime = NOW) -> None:
    """One event each, in one transaction."""
    async with database.writing() as session:
        for kind in kinds:
            await record(session, Event(kind, at, {"n": 1}))


def counting(name: str, *, broken: int = 0) -> Listener:
    """Leaves an organization for each event it hears; fails the first `broken` times, after it has written."""
    failures = [broken]

    async def hear(session: AsyncSession, event: Event, now: datetime) -> None:
        slug = f"{name}-{event.kind}-{event.id}"
        await session.execute(insert(table(Organization)).values(slug=slug, name=slug, kind="x", verified=False))
        if failures[0]:
            failures[0] -= 1
            raise Broken(name)

    return hear


async def effects(ground: Ground) -> Sequence[str]:
    """What the listeners left, in order."""
    return [row[0] for row in await rows(ground.url, "SELECT slug FROM organizations ORDER BY id")]


async def receipts(ground: Ground) -> Sequence[tuple[object, ...]]:
    """Who has handled which event."""
    return await rows(ground.url, "SELECT event_id, listener FROM receipts ORDER BY event_id, listener")
