"""A booking's events handed to the listeners of letters again and again, with no receipt between: what the relay does at its worst."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from afterbell.database import Database
from afterbell.notices.compose import DECISION_DUE
from afterbell.outbox.models import EventRow
from afterbell.outbox.record import Event
from afterbell.subscribers import subscribers
from tests.ground import sql

MINUTE = timedelta(seconds=60)
LETTERS = "SELECT kind, text FROM deliveries ORDER BY id"


async def announced(database: Database, booking_id: int, *, due: bool = False) -> list[Event]:
    """What was announced about a booking in order: the acts, or the decisions that fall due."""
    query = select(
        EventRow.kind,
        EventRow.happened_at,
        EventRow.facts,
        EventRow.campus_id,
        EventRow.booking_id,
        EventRow.actor_id,
        EventRow.id,
    ).where(EventRow.booking_id == booking_id, (EventRow.kind == DECISION_DUE) == due)
    async with database.reading() as session:
        return [Event(*row) for row in await session.execute(query.order_by(EventRow.id))]


async def hand(database: Database, events: Sequence[Event], *, now: datetime) -> None:
    """Each to its listeners that write letters, in this order."""
    table = subscribers("http://127.0.0.1", MINUTE)
    for event in events:
        for name, listener in table[event.kind]:
            if name.startswith("notices."):
                async with database.writing() as session:
                    await listener(session, event, now)


async def written(url: str) -> list[tuple[str, int]]:
    """The kind of each letter, and how many dates its lists name."""
    return [(kind, sum(map(named, text.splitlines()))) for kind, text in await sql.rows(url, LETTERS)]


def named(line: str) -> int:
    """How many dates, with their hours, a line of a list names."""
    return line.count(" – ") if line.startswith("  - ") else 0
