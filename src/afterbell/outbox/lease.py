"""One lease for everything that must be done once by one of many: events to relay, letters to send. Portable: a CTE that skips locked rows feeds an UPDATE."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database, is_away

BEATS = 3  # renewals in the length of a lease


class Leased(Protocol):
    """A model with the lease's columns."""

    id: Any
    next_at: Any
    leased_until: Any
    lease: Any


@dataclass(frozen=True)
class Lease:
    """Rows that are this holder's until the lease runs out. `token` fences every later mark: a stale holder writes nothing."""

    token: str
    ids: Sequence[int]


async def lease(
    session: AsyncSession, model: type[Leased], due: ColumnElement[bool], *, most: int, seconds: int, now: datetime
) -> Lease:
    """Takes at most `most` due rows that nobody holds, oldest first. Commit before working on them."""
    token = secrets.token_hex(8)
    free = or_(model.leased_until.is_(None), model.leased_until <= now)
    candidates = (
        select(model.id)
        .where(due, free, model.next_at <= now)
        .order_by(model.next_at, model.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("candidates")
    )
    taken = (
        update(model)
        .where(model.id.in_(select(candidates.c.id)))
        .values(lease=token, leased_until=now + timedelta(seconds=seconds))
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    ids = sorted((await session.execute(taken)).scalars().all())
    return Lease(token, ids)


@asynccontextmanager
async def renewed(
    database: Database, model: type[Leased], held: Lease, *, seconds: int, now: datetime
) -> AsyncIterator[None]:
    """The lease stands as long as its holder works, however slow the world is; one that froze and lost it renews nothing. `now` is when it was taken."""
    done = asyncio.Event()
    beating = asyncio.create_task(_beat(database, model, held, seconds=seconds, now=now, done=done))
    try:
        yield
    finally:
        done.set()
        await beating


async def _beat(
    database: Database, model: type[Leased], held: Lease, *, seconds: int, now: datetime, done: asyncio.Event
) -> None:
    """A database that is away is asked again at the next beat."""
    began = time.monotonic()
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), seconds / BEATS)
            return
        until = now + timedelta(seconds=time.monotonic() - began + seconds)
        try:
            async with database.writing() as session:
                await session.execute(update(model).where(model.lease == held.token).values(leased_until=until))
        except Exception as error:
            if not is_away(error):
                raise
