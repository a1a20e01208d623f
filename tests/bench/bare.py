"""The bare driver at work, in a process of its own: the rows of bookings, one transaction each, or many together to fill a database.
`python -m tests.bench.bare`, by tests.bench.child.

A plan is `{"url", "pattern_url", "reference", "slots": [[hall, wall time]], "clients", "seconds", "together"}`: the booking `reference` at `pattern_url`
is the pattern. With `together` above one the database is filled, and what is written counts as handled by the relay.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.bench.child import answer_lines
from tests.bench.drivers import Driver, connected
from tests.bench.rows import Copy, Pattern, write
from tests.bench.slots import Slot


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Writes what the plan says; the rows are ready before the clock starts, and `cpu_ms` is this process's own from then on."""
    batches = await prepared(plan)
    drivers = await connected(plan["url"], plan["clients"])
    began, spent = time.perf_counter(), time.process_time()
    milliseconds = await _written(drivers, batches, began + plan["seconds"])
    seconds, spent = time.perf_counter() - began, time.process_time() - spent
    for driver in drivers:
        await driver.close()
    return {"seconds": seconds, "milliseconds": milliseconds, "cpu_ms": spent * 1000}


async def prepared(plan: dict[str, Any]) -> list[list[Copy]]:
    """The copies in batches of `together`."""
    (source,) = await connected(plan["pattern_url"], 1)
    pattern = await Pattern.read(source, plan["reference"])
    await source.close()
    together = plan["together"]
    slots = [Slot(hall, datetime.fromisoformat(starts)) for hall, starts in plan["slots"]]
    copies = [pattern.moved(slot, handled=together > 1) for slot in slots]
    return [copies[start : start + together] for start in range(0, len(copies), together)]


async def _written(drivers: Sequence[Driver], batches: list[list[Copy]], until: float) -> list[float]:
    """How long each transaction took, the wait for its turn included."""
    milliseconds: list[float] = []
    waiting = iter(batches)

    async def client(driver: Driver) -> None:
        for batch in waiting:
            sent = time.perf_counter()
            if sent > until:
                return
            await write(driver, batch)
            milliseconds.append(round((time.perf_counter() - sent) * 1000, 3))

    await asyncio.gather(*(client(driver) for driver in drivers))
    return milliseconds


if __name__ == "__main__":
    answer_lines(run)
