"""Claims: taking and releasing the spaces that a date blocks. The database has the last word; this file only asks it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.models import Claim
from afterbell.database import table, violated
from afterbell.guard import GUARD


class SpaceTaken(Exception):
    """The guard refused: somebody else blocks one of the spaces. The savepoint is rolled back, nothing is half taken."""


@dataclass(frozen=True)
class Block:
    """What one date blocks: some spaces for a span, set-up and take-down included."""

    occurrence_id: int
    span: Span
    spaces: frozenset[int]


async def take(session: AsyncSession, campus_id: int, blocks: Sequence[Block]) -> None:
    """Blocks every space of every date in one statement and one savepoint; raises SpaceTaken when the guard refuses."""
    rows = [
        {
            "campus_id": campus_id,
            "occurrence_id": block.occurrence_id,
            "space_id": space,
            "starts_at": block.span.starts_at,
            "ends_at": block.span.ends_at,
        }
        for block in blocks
        for space in sorted(block.spaces)
    ]
    claims = table(Claim)
    try:
        async with session.begin_nested():
            # RETURNING makes it one statement; without it PostgreSQL is asked row by row.
            await session.execute(insert(claims).returning(claims.c.id), rows)
    except IntegrityError as error:
        if GUARD in (violated(error) or ""):
            raise SpaceTaken from error
        raise


async def release(session: AsyncSession, occurrences: Sequence[int]) -> None:
    """Frees whatever these dates blocked."""
    await session.execute(delete(Claim).where(Claim.occurrence_id.in_(occurrences)))
