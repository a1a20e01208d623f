"""How many statements a booking takes: as PostgreSQL logs them, as SQLite traces them. A run of its own, because telling of statements is not free."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.bench.bookings import requests
from tests.bench.databases import Engine
from tests.bench.figures import Bench, Request
from tests.bench.slots import DATES, Slots
from tests.bench.traced import MARK
from tests.cast import OWL
from tests.ground import sql
from tests.ground.children import ROOT
from tests.ground.processes import Server

LOGGED = re.compile(r"LOG:  (?:statement|execute [^:]+):\s+(\S.*)")
FRAME = re.compile(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE")
ABOUT = re.compile(r"(?:FROM|INTO|UPDATE) (\w+)")
BETWEEN: Request = ("GET", "/readyz", "")
WARM_UP = 3
NEED = {"headcount": 20, "near": "34.05,-118.25", "within_km": 25, "access": ["step_free"]}
TIMES = {"starts_at": "2030-01-08T18:00", "ends_at": "2030-01-08T20:00", "repeat": {"rrule": "FREQ=WEEKLY;COUNT=12"}}
SEARCH: Request = ("POST", "/api/v1/searches", json.dumps(NEED | TIMES))
WEEK: Request = ("GET", f"/api/v1/campuses/{OWL}/week", "")


class Traced(Server):
    """`serve` that prints what SQLite runs."""

    program = (str(ROOT / "tests" / "bench" / "traced.py"),)


async def counted(bench: Bench, url: str, slots: Slots) -> dict[str, Any]:
    """A single date, a series, a search and a week, each between two calls that say SELECT 1; one client, so that one connection does it all."""
    warm_up = [*requests(slots.single, WARM_UP), *requests(slots.series, WARM_UP, DATES)]
    one, twelve = requests(slots.single, 1), requests(slots.series, 1, DATES)
    reads = [SEARCH, BETWEEN, WEEK, BETWEEN]
    asked = [*warm_up, SEARCH, WEEK, BETWEEN, *one, BETWEEN, *twelve, BETWEEN, *reads]
    told = await _statements(bench, url, asked)
    _, single, whole, search, week, _ = _split(told)
    parts = {"single": single, "series": whole, "search": search, "week": week}
    return {name: _sorted_out(part) for name, part in parts.items()}


async def _statements(bench: Bench, url: str, asked: list[Request]) -> list[str]:
    """All that the database was told, in order."""
    if bench.engine.log is None:
        traced = Traced(url, worker=False)
        async with traced:
            await bench.over_http(traced, asked, clients=1)
        told = [line.removeprefix(MARK) for line in traced.log_text().splitlines() if line.startswith(MARK)]
        # Whenever a trigger begins, its statement is told once more, values and all.
        return [each for each, last in zip(told, ["", *told], strict=False) if each != last]
    name = url.rpartition("/")[2]
    await sql.tell(url, f"ALTER DATABASE {name} SET log_statement = 'all'")
    before = bench.engine.log.stat().st_size
    async with Server(url, worker=False) as server:
        await bench.over_http(server, asked, clients=1)
    return list(_logged(bench.engine, before))


def _logged(engine: Engine, before: int) -> Iterator[str]:
    assert engine.log
    for line in engine.log.read_bytes()[before:].decode().replace("\n\t", " ").splitlines():
        found = LOGGED.search(line)
        if found:
            yield found[1]


def _split(told: list[str]) -> list[list[str]]:
    """At every SELECT 1; what frames its own transaction, where it has one, is left out."""
    parts: list[list[str]] = [[]]
    for statement in told:
        if statement.startswith("SELECT 1"):
            if parts[-1] and parts[-1][-1].startswith("BEGIN"):
                parts[-1].pop()
            parts.append([])
        elif parts[-1] or not statement.startswith(("COMMIT", "ROLLBACK")):
            parts[-1].append(statement)
    return parts


def _sorted_out(statements: list[str]) -> dict[str, Any]:
    """What frames a transaction is counted apart; `what` says of each other statement what it does to which table."""
    frames = [each for each in statements if FRAME.match(each)]
    others = [each for each in statements if not FRAME.match(each)]
    what = [f"{each.split()[0]} {found[1] if (found := ABOUT.search(each)) else ''}".strip() for each in others]
    return {"statements": len(others), "transaction": len(frames), "what": what}
