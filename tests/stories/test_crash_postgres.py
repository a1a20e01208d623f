"""`kill -9` of PostgreSQL itself in a burst of bookings: acknowledged ones survive, nobody is told of a fault, and service resumes by itself."""

import asyncio
import json
import time
from pathlib import Path

import pytest

from afterbell.database import migrate
from tests.conftest import District
from tests.ground import postgres
from tests.ground.children import ROOT
from tests.ground.client import client
from tests.ground.patience import until
from tests.ground.processes import Server
from tests.ground.sown import sow
from tests.ground.tally import share, told
from tests.stories.bursts import Burst
from tests.stories.racing import SEED
from tests.stories.standing import WELL, examined, lost, parts

KILLS = 5
pytestmark = [pytest.mark.story, pytest.mark.crash]


def seeded(server: postgres.OwnServer, folder: Path) -> District:
    """The cast in a new database there."""
    url = server.place.create("afterbell_crash")
    postgres.apart(migrate(url, ROOT / "alembic"))
    sow(url, folder / "cards.json")
    return District("postgresql", url, json.loads((folder / "cards.json").read_text()))


async def kill_and_start(burst: Burst, server: Server, database: postgres.OwnServer) -> float:
    """How long it took, once PostgreSQL answered again after its kill in a burst, until the server was ready by itself."""

    async def strike() -> None:
        await asyncio.to_thread(database.kill)

    async def ready() -> bool:
        async with client(server.base_url) as visitor:
            return (await visitor.get("/readyz")).status_code == 200

    await burst.until(server.base_url, 40, strike)
    await asyncio.to_thread(database.start)
    began = time.perf_counter()
    assert await until(ready)
    return time.perf_counter() - began


async def test_what_postgresql_acknowledged_survives_its_own_kill(tmp_path: Path) -> None:
    with postgres.own_server() as database:
        burst = Burst(seeded(database, tmp_path))
        url = burst.district.url
        async with Server(url) as server:
            back = [await kill_and_start(burst, server, database) for _ in range(share(soak=10, test=2))]
            await burst.until(server.base_url, 40, server.kill)
        missing = await lost(url, burst.acknowledged)
        told("crash postgresql bookings", "postgresql", burst.seconds, failures=len(missing), seed=SEED)
        told("crash postgresql back", "postgresql", back, failures=0, seed=SEED)
        assert (missing, {status for _, status in burst.others} - {503}) == ([], set())
        standing = await parts(url)
        stored = {title: standing[title] for title in burst.unsure if title in standing}
        assert stored == dict.fromkeys(stored, (1, 1, 1))
        assert examined(url) == WELL


async def test_control_a_postgresql_that_answers_before_it_has_written_loses_bookings(tmp_path: Path) -> None:
    """This server commits asynchronously, and its writer is told to take its time; where a kill finds all written by luck another one follows."""
    with postgres.own_server(fsync=False) as database:
        burst = Burst(seeded(database, tmp_path))
        database.place.tell("ALTER SYSTEM SET wal_writer_delay = '10s'")
        database.place.tell("SELECT pg_reload_conf()")
        missing: list[str] = []
        async with Server(burst.district.url) as server:
            for _ in range(KILLS):
                await kill_and_start(burst, server, database)
                missing = missing or await lost(burst.district.url, burst.acknowledged)
                if missing:
                    break
        assert missing != []
