"""Delivering: lease what is due, hand it to SMTP, mark it. A crash between the two sends the same Message-ID again, never another."""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database, is_away
from afterbell.letters.models import Delivery
from afterbell.letters.smtp import Envelope, Outcome, send_all
from afterbell.outbox.lease import Lease, lease, renewed
from afterbell.policy.backoff import next_try

BATCH = 20
PAUSES = (0.2, 1, 3, 5)  # seconds
TOO_LATE = "It could not be sent while it was of use."


async def deliver(database: Database, *, smtp_url: str | None, base_url: str, lease_seconds: int, now: datetime) -> int:
    """Sends at most twenty letters and marks them in one commit; without an SMTP server they are kept, to be read at /messages. What is past its use is
    not sent at all: no reminder after the event. Answers how many."""
    async with database.writing() as session:
        await _drop_the_late(session, now)
        held = await lease(session, Delivery, Delivery.state == "waiting", most=BATCH, seconds=lease_seconds, now=now)
        if held.ids and smtp_url is None:
            await _keep(session, held, now)
    if held.ids and smtp_url is not None:
        async with renewed(database, Delivery, held, seconds=lease_seconds, now=now):
            envelopes = await _read(database, held, f"no-reply@{urlsplit(base_url).hostname}")
            await _mark_at_last(database, held, await send_all(smtp_url, envelopes), now)
    return len(held.ids)


async def _drop_the_late(session: AsyncSession, now: datetime) -> None:
    """One that a holder may be sending this very moment is left to it."""
    free = or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now)
    late = update(Delivery).where(Delivery.state == "waiting", Delivery.until <= now, free)
    await session.execute(late.values(state="failed", trouble=TOO_LATE, lease=None, leased_until=None))


async def _keep(session: AsyncSession, held: Lease, now: datetime) -> None:
    values = {"state": "kept", "lease": None, "leased_until": None}
    await session.execute(update(Delivery).where(Delivery.lease == held.token).values(values))


async def _read(database: Database, held: Lease, sender: str) -> list[Envelope]:
    columns = (Delivery.id, Delivery.recipient, Delivery.subject, Delivery.text, Delivery.html, Delivery.language)
    query = (
        select(*columns, Delivery.message_id, Delivery.created_at)
        .where(Delivery.id.in_(held.ids))
        .order_by(Delivery.id)
    )
    async with database.reading() as session:
        return [Envelope(row[0], row[1], sender, *row[2:]) for row in await session.execute(query)]


async def _mark_at_last(database: Database, held: Lease, outcomes: Sequence[Outcome], now: datetime) -> None:
    """What was sent and not marked would be sent again, so a busy database is asked a few times before that."""
    for pause in PAUSES:
        try:
            return await _mark(database, held, outcomes, now)
        except Exception as error:
            if not is_away(error):
                raise
            await asyncio.sleep(pause)
    return await _mark(database, held, outcomes, now)


async def _mark(database: Database, held: Lease, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Fenced by the lease's token: a holder that froze past its lease writes nothing."""
    async with database.writing() as session:
        sent = [outcome.id for outcome in outcomes if outcome.trouble is None]
        done = {
            "state": "sent",
            "sent_at": now,
            "attempts": Delivery.attempts + 1,
            "lease": None,
            "leased_until": None,
            "trouble": None,
        }
        await session.execute(update(Delivery).where(Delivery.id.in_(sent), Delivery.lease == held.token).values(done))
        for outcome in outcomes:
            if outcome.trouble is not None:
                await _put_off(session, held, outcome, now)


async def _put_off(session: AsyncSession, held: Lease, outcome: Outcome, now: datetime) -> None:
    """Tried again while it is of use; else it failed for good, and staff see why."""
    row = (
        await session.execute(
            select(Delivery.attempts, Delivery.created_at, Delivery.until).where(Delivery.id == outcome.id)
        )
    ).one()
    again = None
    if not outcome.final:
        again = next_try(row.attempts + 1, first_at=row.created_at, now=now, until=row.until, jitter=random.random())
    values: dict[str, object] = {
        "attempts": row.attempts + 1,
        "trouble": outcome.trouble,
        "lease": None,
        "leased_until": None,
    }
    values |= {"next_at": again} if again else {"state": "failed"}
    await session.execute(
        update(Delivery).where(Delivery.id == outcome.id, Delivery.lease == held.token).values(values)
    )
