"""Waiting for a condition: one look after the other, bounded, never a pause that is hoped to be long enough."""

import asyncio
from collections.abc import Awaitable, Callable

BETWEEN_LOOKS = 0.1


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 30.0) -> bool:
    """Whether it held within so many seconds; it is looked at once at least."""
    try:
        async with asyncio.timeout(seconds):
            while not await holds():
                await asyncio.sleep(BETWEEN_LOOKS)
    except TimeoutError:
        return False
    return True
