"""A database that is locked for longer than two seconds: writers are told to come again, readers notice nothing, and afterwards all is as before."""

import asyncio

import pytest

from tests.cast import OWL
from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import Server
from tests.ground.racers import race
from tests.ground.tally import told
from tests.stories.asks import caller, day, wall
from tests.stories.racing import SEED, field, hall, statuses
from tests.stories.standing import WELL, examined

pytestmark = [pytest.mark.story, pytest.mark.race]

LOCK = {"sqlite": "SELECT 1", "postgresql": f"SELECT id FROM campuses WHERE slug = '{OWL}' FOR UPDATE"}
MOST_WRITERS = 10


async def test_writers_are_told_to_come_again_readers_notice_nothing_and_service_resumes(district: District) -> None:
    on = day(ahead=40)
    slots = [{"rooms": hall(f"hall-{2 + n}"), "starts_at": wall(on, 18), "ends_at": wall(on, 20)} for n in range(24)]
    async with Server(district.url) as server, caller(server.base_url, district, "lin") as lin:
        entries = field(district, [server.base_url], slots)
        async with sql.held(district.url) as transaction:
            await transaction.tell(LOCK[district.engine])
            racing = asyncio.create_task(race(entries))
            if district.engine == "postgresql":
                await sql.until_blocked(district.url, MOST_WRITERS)
            reads = await lin.get("/api/v1/bookings")
            assert not racing.done()
            away = await racing
        back = await race(entries)
    failures = sum(answer.status != 503 for answer in away)
    told("locked database", district.engine, [answer.seconds for answer in away], failures=failures, seed=SEED)
    assert (statuses(away), {answer.headers["retry-after"] for answer in away}) == ({503: 24}, {"2"})
    assert {(answer.json["type"], answer.json["status"]) for answer in away} == {("about:blank", 503)}
    assert (reads.status_code, statuses(back)) == (200, {201: 24})
    assert examined(district.url) == WELL
