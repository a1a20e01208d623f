"""Bookings over HTTP beside the bare driver writing the same rows: eight clients each, single dates and series of twelve."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from tests.bench.cpu import Spent, Trees, tree
from tests.bench.figures import Bench, Figures, Request
from tests.bench.slots import DATES, Slot, Slots
from tests.ground import sql
from tests.ground.patience import until
from tests.ground.processes import Server

OF_DATES = """
    SELECT max(reference) FROM bookings WHERE title = 'Evening class' AND
    (SELECT count(*) FROM occurrences WHERE booking_id = bookings.id) = {}"""
# The cast's own series is asked for later than today, so its events wait for their day.
UNSETTLED = """
    SELECT (SELECT count(*) FROM events JOIN bookings ON bookings.id = booking_id WHERE title = 'Evening class' AND handled_at IS NULL)
    + (SELECT count(*) FROM deliveries WHERE state = 'waiting')"""


def requests(slots: Iterator[Slot], count: int, dates: int = 1) -> list[Request]:
    """The next so many slots, asked for."""
    return [("POST", "/api/v1/bookings", slot.body(dates)) for slot in islice(slots, count)]


async def alone(bench: Bench, server: Server, slots: Slots) -> dict[str, Any]:
    """Single dates and series, with nothing else to do for the server."""
    size = bench.size
    warm_up = [*requests(slots.single, size.warm_up), *requests(slots.series, size.warm_up // 4 + 1, DATES)]
    await bench.over_http(server, warm_up)
    single = await bench.over_http(server, requests(slots.single, size.bookings))
    twelve = await bench.over_http(server, requests(slots.series, size.series, DATES))
    return {"single": single.as_json(), "series": twelve.as_json()}


async def with_worker(bench: Bench, server: Server, url: str, slots: Slots) -> dict[str, Any]:
    """Single dates while the worker in the same process writes letters and reminders; `settled_cpu_ms` holds all that follows a booking too."""
    await bench.over_http(server, requests(slots.single, bench.size.warm_up))
    await settled(url, bench.size.seconds * 3)
    trees = Trees(server.pid, bench.engine.server)
    before = trees.spent()
    found = await bench.over_http(server, requests(slots.single, bench.size.bookings))
    done = await settled(url, bench.size.seconds * 3)
    whole = trees.spent().since(before).each(len(found.answers))
    return found.as_json() | {"settled": done, "settled_cpu_ms": whole}


async def settled(url: str, seconds: float) -> bool:
    """Whether the worker came to an end of what bookings caused."""

    async def nothing_waits() -> bool:
        return await sql.rows(url, UNSETTLED) == [(0,)]

    return await until(nothing_waits, seconds)


async def by_bare_driver(bench: Bench, pattern_url: str) -> dict[str, Any]:
    """The rows that a single date and a series left at `pattern_url`, written again and again on a copy of the district."""
    url, slots = bench.engine.copy(), Slots(bench.engine.closed)
    single, twelve = list(islice(slots.single, bench.size.bare)), list(islice(slots.series, bench.size.bare_series))
    return {
        "single": await written(bench, url, pattern_url, single, 1),
        "series": await written(bench, url, pattern_url, twelve, DATES),
    }


async def written(bench: Bench, url: str, pattern_url: str, slots: list[Slot], dates: int) -> dict[str, Any]:
    """One transaction each; the service's part of `cpu_ms` is the driver's process."""
    plan = await _plan(bench, url, pattern_url, slots, dates) | {"together": 1, "clients": bench.size.clients}
    server = bench.engine.server
    before = tree(server) if server else 0.0
    told = await bench.bare.ask(plan)
    spent = Spent(told["cpu_ms"], tree(server) - before if server else None)
    answers = [(201, 0, milliseconds) for milliseconds in told["milliseconds"]]
    return Figures(answers, told["seconds"], spent).as_json()


async def fill(bench: Bench, url: str, pattern_url: str, slots: list[Slot]) -> None:
    """Writes single dates by the hundred, as if the relay had handled them."""
    plan = await _plan(bench, url, pattern_url, slots, 1) | {"together": 100, "clients": 1}
    await bench.bare.ask(plan)
    if bench.engine.server:
        await sql.tell(url, "ANALYZE")  # as autovacuum does within a minute


async def _plan(bench: Bench, url: str, pattern_url: str, slots: list[Slot], dates: int) -> dict[str, Any]:
    ((reference,),) = await sql.rows(pattern_url, OF_DATES.format(dates))
    named = [(slot.hall, slot.starts.isoformat()) for slot in slots]
    return {
        "url": url,
        "pattern_url": pattern_url,
        "reference": reference,
        "slots": named,
        "seconds": bench.size.seconds,
    }


async def growth(bench: Bench, server: Server, url: str, slots: Slots) -> tuple[dict[str, Any], Figures]:
    """What a request costs when there are 1,000 bookings, and when there are 10,000; the latter as it was measured too."""
    found = []
    for most in bench.size.grown:
        ((there,),) = await sql.rows(url, "SELECT count(*) FROM bookings")
        bench.say(f"fill up to {most:,} bookings, ask for {bench.size.asked} more")
        await fill(bench, url, url, list(islice(slots.single, max(0, most - there))))
        await bench.over_http(server, requests(slots.single, bench.size.warm_up))
        found.append(await bench.over_http(server, requests(slots.single, bench.size.asked)))
    few, many = found
    ratio = round(many.cpu / few.cpu, 2) if few.cpu else None
    told = {"bookings": list(bench.size.grown), "few": few.as_json(), "many": many.as_json(), "cpu_ratio": ratio}
    return told, many
