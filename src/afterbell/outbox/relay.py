"""The relay hands committed events to their listeners, each in a transaction of its own with a receipt, again and again until all have it."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database, table
from afterbell.outbox.lease import Lease, lease
from afterbell.outbox.models import EventRow, Receipt
from afterbell.outbox.record import Event
from afterbell.policy.backoff import next_try

BATCH = 20
STUBBORN = timedelta(hours=2)

Listener = Callable[[AsyncSession, Event, datetime], Awaitable[None]]
Listeners = Mapping[str, Sequence[tuple[str, Listener]]]
log = structlog.get_logger()


@dataclass(frozen=True)
class _Held:
    event: Event
    attempts: int


async def relay(database: Database, listeners: Listeners, *, lease_seconds: int, now: datetime) -> int:
    """Handles a batch of events that nobody has handled yet, found by flag (never by id: commits do not come in order). Answers how many were taken."""
    async with database.writing() as session:
        held = await lease(session, EventRow, EventRow.handled_at.is_(None), most=BATCH, seconds=lease_seconds, now=now)
        events = await _read(session, held)
    for each in events:
        failed = await _hand_out(database, each.event, listeners.get(each.event.kind, ()), now)
        await _mark(database, held, each, failed=failed, now=now)
    return len(events)


async def _read(session: AsyncSession, held: Lease) -> list[_Held]:
    if not held.ids:
        return []
    rows = await session.execute(
        select(
            EventRow.kind,
            EventRow.happened_at,
            EventRow.facts,
            EventRow.campus_id,
            EventRow.booking_id,
            EventRow.actor_id,
            EventRow.id,
            EventRow.attempts,
        )
        .where(EventRow.id.in_(held.ids))
        .order_by(EventRow.id)
    )
    return [_Held(Event(row[0], row[1], row[2], row[3], row[4], row[5], row[6]), row[7]) for row in rows]


async def _hand_out(database: Database, event: Event, listeners: Sequence[tuple[str, Listener]], now: datetime) -> bool:
    """Whether some listener failed; the others have done their work all the same."""
    failed = False
    for name, listener in listeners:
        try:
            await _once(database, event, name, listener, now)
        except Exception:
            log.exception("listener failed", listener=name, event_id=event.id, kind=event.kind)
            failed = True
    return failed


async def _once(database: Database, event: Event, name: str, listener: Listener, now: datetime) -> None:
    async with database.writing() as session:
        done = select(Receipt.listener).where(Receipt.event_id == event.id, Receipt.listener == name)
        if await session.scalar(done) is not None:
            return
        await session.execute(insert(table(Receipt)).values(event_id=event.id, listener=name, at=now))
        await listener(session, event, now)


async def _mark(database: Database, held: Lease, each: _Held, *, failed: bool, now: datetime) -> None:
    """Handled, or to be tried again later: never given up. Fenced by the lease's token."""
    values: dict[str, object] = {"lease": None, "leased_until": None}
    if failed:
        again = next_try(
            each.attempts + 1, first_at=each.event.happened_at, now=now, until=None, jitter=random.random()
        )
        values |= {"attempts": each.attempts + 1, "next_at": again or now + STUBBORN}
    else:
        values |= {"handled_at": now}
    async with database.writing() as session:
        await session.execute(
            update(EventRow).where(EventRow.id == each.event.id, EventRow.lease == held.token).values(values)
        )
