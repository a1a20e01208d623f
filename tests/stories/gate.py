"""Two acts that meet for certain: each goes as far as its own locks let it while no event can be recorded, then both are let go. PostgreSQL only: on SQLite
the write lock is the file's own, and nothing can be taken away."""

import asyncio
from collections.abc import Awaitable

import httpx2

from tests.ground import sql
from tests.ground.tamper import unlocked_yet_kept

# What acts change of a booking.
CHANGED = (
    "state",
    "version",
    "changed_at",
    "decide_by",
    "answer_by",
    "warnings",
    "step_at",
    "free_until",
    "first_starts_at",
    "last_ends_at",
)
UNLOCKED_BOOKINGS = unlocked_yet_kept("bookings", CHANGED)


async def together(url: str, *acts: Awaitable[httpx2.Response]) -> list[httpx2.Response]:
    """The answers in the order of the acts; the second is sent when the first has nothing left to do but to announce itself."""
    tasks: list[asyncio.Future[httpx2.Response]] = []
    async with sql.held(url) as gate:
        await gate.tell("LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE")
        for act in acts:
            tasks.append(asyncio.ensure_future(act))
            await sql.until_blocked(url, len(tasks))
        await gate.commit()
    return [await task for task in tasks]
