"""`afterbell doctor`: the invariants that live in the database, each a query that must find nothing."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database, trouble

CHECKS: dict[str, str] = {
    "two claims overlap in one space": """
        SELECT a.id FROM claims a JOIN claims b ON a.space_id = b.space_id AND a.id < b.id
        AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at""",
    "a held or approved date lacks a claim on one of its rooms' spaces": """
        SELECT o.id FROM occurrences o JOIN occurrence_rooms r ON r.occurrence_id = o.id
        JOIN room_spaces s ON s.room_id = r.room_id
        WHERE o.state IN ('held', 'approved') AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.occurrence_id = o.id
        AND c.space_id = s.space_id AND c.starts_at = o.claim_starts_at AND c.ends_at = o.claim_ends_at)""",
    "a claim belongs to a date that does not block": """
        SELECT c.id FROM claims c JOIN occurrences o ON o.id = c.occurrence_id WHERE o.state NOT IN ('held', 'approved')""",
    "a claim blocks a space that its date's rooms do not have": """
        SELECT c.id FROM claims c WHERE NOT EXISTS (SELECT 1 FROM occurrence_rooms r JOIN room_spaces s ON s.room_id = r.room_id
        WHERE r.occurrence_id = c.occurrence_id AND s.space_id = c.space_id)""",
    "a booking has no date": "SELECT b.id FROM bookings b WHERE NOT EXISTS (SELECT 1 FROM occurrences o WHERE o.booking_id = b.id)",
    "a booking's events are not one for each version": """
        SELECT b.id FROM bookings b WHERE b.version <> (SELECT count(*) FROM events e WHERE e.booking_id = b.id
        AND e.kind LIKE 'booking.%')""",
    "a booking's state does not follow from its dates": """
        SELECT b.id FROM bookings b WHERE b.state <> CASE
        WHEN EXISTS (SELECT 1 FROM occurrences o WHERE o.booking_id = b.id AND o.state IN ('requested', 'held')) THEN 'requested'
        WHEN EXISTS (SELECT 1 FROM occurrences o WHERE o.booking_id = b.id AND o.state = 'approved') THEN 'approved'
        ELSE coalesce((SELECT o.state FROM occurrences o WHERE o.booking_id = b.id AND o.state <> 'skipped'
        ORDER BY o.starts_at DESC, o.id DESC LIMIT 1), (SELECT min(o.state) FROM occurrences o WHERE o.booking_id = b.id)) END""",
    "a room has no space": "SELECT r.id FROM rooms r WHERE NOT EXISTS (SELECT 1 FROM room_spaces s WHERE s.room_id = r.id)",
}


@dataclass(frozen=True)
class Finding:
    """What is wrong, how often, and the first few ids."""

    what: str
    count: int
    examples: list[int]


async def examine(database: Database) -> list[Finding]:
    """Everything that is wrong; empty when all is well. The guard comes first."""
    found = [Finding(complaint, 1, []) for complaint in await database.verify_guard()]
    try:
        async with database.reading() as session:
            for what, query in CHECKS.items():
                found.extend(await _run(session, what, query))
    except DBAPIError as error:
        if (sentence := trouble(error)) is None:
            raise
        found.append(Finding(sentence, 1, []))
    return found


async def _run(session: AsyncSession, what: str, query: str) -> list[Finding]:
    ids = [row[0] for row in await session.execute(text(query))]
    return [Finding(what, len(ids), ids[:5])] if ids else []
