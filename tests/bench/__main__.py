"""`make bench`: measures both engines, prints a table, keeps JSON in var/bench/. SIZE=full for the large district, SIZE=tiny for a glance."""

import asyncio
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from afterbell import clock
from afterbell.database import Database
from afterbell.doctor.examine import examine
from tests.bench import bookings, feeds, searching
from tests.bench.child import Child
from tests.bench.cpu import PROC
from tests.bench.databases import ENGINES, engine
from tests.bench.figures import Bench
from tests.bench.sizes import SEED, SIZES, Size
from tests.bench.slots import Slots
from tests.bench.statements import counted
from tests.bench.table import table
from tests.ground.children import ROOT
from tests.ground.once import Run, folder
from tests.ground.processes import Server

Say = Callable[[str], None]


async def measured(size: Size, say: Say, engines: Sequence[str] = ENGINES) -> dict[str, Any]:
    """Everything, as it is kept."""
    at = clock.now()
    found: dict[str, Any] = {}
    async with Child("tests.bench.load") as load, Child("tests.bench.bare") as bare:
        for name in engines:
            say(f"{name}: sow a district")
            with engine(name) as ground:
                told = await on_engine(Bench(ground, size, load, bare, say))
                found[name] = {"about": ground.about, **told}
    return {"at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "size": size.name, "seed": SEED, "machine": machine(), "engines": found}


async def on_engine(bench: Bench) -> dict[str, Any]:
    """Two servers on two databases: one with nothing but requests to answer, one as people run it."""
    lone, whole, slots = bench.engine.copy(), bench.engine.copy(), Slots(bench.engine.closed)
    async with Server(lone, worker=False) as server:
        bench.say(f"{bench.size.clients} clients book over HTTP, no worker")
        alone = await bookings.alone(bench, server, slots)
        bench.say("the bare driver writes the same rows")
        bare = await bookings.by_bare_driver(bench, lone)
        growth, small = await bookings.growth(bench, server, lone, slots)
    bench.say("count statements")
    statements = await counted(bench, lone, slots)
    async with Server(whole, RATE_LIMIT="off") as server:
        slots = Slots(bench.engine.closed)
        bench.say(f"{bench.size.clients} clients book over HTTP, beside the worker")
        both = await bookings.with_worker(bench, server, whole, slots)
        feed = await feeds.polled(bench, server, (whole, lone), slots)
    ratios = {
        "single": round(bare["single"]["a_second"] / alone["single"]["a_second"], 2),
        "single_with_worker": round(bare["single"]["a_second"] / both["a_second"], 2),
        "series": round(bare["series"]["a_second"] / alone["series"]["a_second"], 2),
    }
    return {
        "bookings": {**alone, "with_worker": both, "bare": bare, "bare_to_service": ratios, "statements": statements},
        "feed": feed,
        "growth": growth,
        "city": await searching.in_the_city(bench, small),
        "doctor": [complaint for url in (lone, whole) for complaint in await examined(url)],
    }


async def examined(url: str) -> list[str]:
    """What `afterbell doctor` finds wrong after all this; nothing, unless the figures are worth nothing."""
    database = Database(url)
    found = await examine(database, now=clock.now())
    await database.close()
    return [f"{finding.what}: {finding.count}" for finding in found]


def machine() -> dict[str, Any]:
    """Where it ran; the load at the end tells of neighbours."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.machine(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "disk": disk(folder()),
        "load": [round(each, 2) for each in os.getloadavg()],
    }


def disk(path: Path) -> str:
    """The file system that every commit is forced to; a tmpfs would make that free."""
    mounts = [line.split()[1:3] for line in Path("/proc/self/mounts").read_text().splitlines()]
    holding = [(where, kind) for where, kind in mounts if path.is_relative_to(where)]
    return max(holding, key=lambda mount: len(mount[0]))[1]


def keep(found: dict[str, Any]) -> Path:
    """In var/bench, by its date."""
    kept = ROOT / "var" / "bench" / f"{found['at'].replace(':', '')}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(found, indent=1) + "\n")
    return kept


def main() -> None:
    """Progress on the error stream, the table on the output."""
    size = SIZES.get(os.environ.get("SIZE", ""))
    if size is None:
        raise SystemExit(f"SIZE is one of: {', '.join(name for name in SIZES if name)}")
    if not (PROC / "self" / "stat").exists():
        raise SystemExit("The bench reads CPU times from /proc: run it on Linux.")
    began = time.perf_counter()

    def say(what: str) -> None:
        print(f"{time.perf_counter() - began:6.1f} s  {what}", file=sys.stderr, flush=True)

    with Run():
        found = asyncio.run(measured(size, say))
    print(table(found))
    say(f"kept in {keep(found).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
