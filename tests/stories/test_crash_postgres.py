"""`kill -9` of PostgreSQL itself in a burst of bookings: acknowledged ones survive, nobody is told of a fault, and service resumes by itself."""

import asyncio
import json
import time
from collections.abc import Iterator
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

pytestmark = [pytest.mark.story, pytest.mark.crash]


@pytest.fixture
def durable() -> Iterator[postgres.OwnServer]:
    """A PostgreSQL of the test's own that syncs what it commits, with a database for the district."""
    with postgres.own_server() as server:
        yield server


def seeded(server: postgres.OwnServer, cards: Path) -> District:
    """The cast in a new database there."""
    url = server.place.create("afterbell_crash")
    postgres.apart(migrate(url, ROOT / "alembic"))
    sow(url, cards)
    return District("postgresql", url, json.loads(cards.read_text()))


async def ready(server: Server) -> bool:
    """Whether it says that it can work."""
    async with client(server.base_url) as visitor:
        return (await visitor.get("/readyz")).status_code == 200


async def test_what_postgresql_acknowledged_survives_its_own_kill(durable: postgres.OwnServer, tmp_path: Path) -> None:
    district = seeded(durable, tmp_path / "cards.json")
    burst, back = Burst(district), []

    async def strike() -> None:
        await asyncio.to_thread(durable.kill)

    async with Server(district.url) as server:
        for _ in range(share(soak=10, test=2)):
            await burst.until(server.base_url, 40, strike)
            await asyncio.to_thread(durable.start)
            began = time.perf_counter()
            assert await until(lambda: ready(server))
            back.append(time.perf_counter() - began)
        await burst.until(server.base_url, 40, server.kill)
    missing = await lost(district.url, burst.acknowledged)
    told("crash postgresql bookings", "postgresql", burst.seconds, failures=len(missing), seed=SEED)
    told("crash postgresql back", "postgresql", back, failures=0, seed=SEED)
    assert (missing, {status for _, status in burst.others}) == ([], {503})
    standing = await parts(district.url)
    unsure = [*burst.broken, *(title for title, _ in burst.others)]
    stored = {title: standing[title] for title in unsure if title in standing}
    assert stored == dict.fromkeys(stored, (1, 1, 1))
    assert examined(district.url) == WELL
