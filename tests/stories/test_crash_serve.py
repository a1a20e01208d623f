"""`kill -9` of `serve` in a burst of bookings, again and again: what was acknowledged stands whole, what broke off stands whole or not at all."""

import time
from collections import Counter
from typing import Any

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.patience import until
from tests.ground.processes import ColdServer, Server
from tests.ground.tally import FULL, told
from tests.stories.asks import caller
from tests.stories.bursts import Burst
from tests.stories.racing import PARTNERS, SEED
from tests.stories.standing import WELL, examined, lost, parts, settled

pytestmark = [pytest.mark.story, pytest.mark.crash]

KILLS, EACH = 20, (25, 32)
# How long a start takes with its imports is the soak's to tell.
KILLED, STARTS = (ColdServer, "starts") if FULL else (Server, "warm starts")
LETTERS = "SELECT booking, count(*) FROM deliveries WHERE kind = 'acknowledgement' GROUP BY booking"


async def kill_again_and_again(server: Server, burst: Burst) -> list[float]:
    """How long each start after a kill took until the server answered."""
    starts = []
    for _ in range(KILLS):
        await burst.until(server.base_url, burst.chance.randint(*EACH), server.kill)
        began = time.perf_counter()
        await server.start()
        starts.append(time.perf_counter() - began)
    return starts


async def read_back(server: Server, burst: Burst) -> list[dict[str, Any]]:
    """Every acknowledged booking as its own organization reads it now, in the order in which they were acknowledged; a list leaves out the messages."""
    found: dict[str, Any] = {}
    for name in PARTNERS:
        async with caller(server.base_url, burst.district, name) as partner:
            cursor = ""
            while cursor is not None:
                page = (await partner.get(f"/api/v1/bookings?limit=200&cursor={cursor}")).json()
                found |= {booking["reference"]: booking | {"messages": []} for booking in page["items"]}
                cursor = page["next"]
    return [found.get(booking["reference"], {}) for booking in burst.acknowledged]


async def test_no_acknowledged_booking_is_lost_and_none_is_torn(district: District) -> None:
    burst = Burst(district)
    async with KILLED(district.url) as server:
        starts = await kill_again_and_again(server, burst)
        again = await read_back(server, burst)
        assert await until(lambda: settled(district.url), 60)
    missing = await lost(district.url, burst.acknowledged)
    told("crash serve bookings", district.engine, burst.seconds, failures=len(missing), seed=SEED)
    told(f"crash serve {STARTS}", district.engine, starts, failures=0, seed=SEED)
    assert (missing, {status for _, status in burst.others} - {503}) == ([], set())
    assert again == burst.acknowledged
    assert len(burst.acknowledged) >= 500
    standing = await parts(district.url)
    stored = {title: standing[title] for title in burst.unsure if title in standing}
    print(f"broken off {len(burst.broken)}, told to come again {len(burst.others)}, of them stored {len(stored)}")
    assert stored == dict.fromkeys(stored, (1, 1, 1))
    letters = Counter(dict(await sql.rows(district.url, LETTERS)))
    assert {letters[booking["reference"]] for booking in burst.acknowledged} == {1}
    assert examined(district.url) == WELL


@pytest.mark.parametrize("part", ["claims", "events", "bookings"])
async def test_control_one_booking_that_lost_a_part_is_noticed(district: District, part: str) -> None:
    burst = Burst(district)
    async with Server(district.url, worker=False) as server:
        await burst.until(server.base_url, 12, server.kill)
        reference = burst.acknowledged[5]["reference"]
        await sql.tell(district.url, *without(part, reference))
        await server.start()
        again = await read_back(server, burst)
    assert [line.split(":")[0] for line in await lost(district.url, burst.acknowledged)] == complaints(part, reference)
    assert (again == burst.acknowledged) is (part != "bookings")


def without(part: str, reference: str) -> list[str]:
    """Statements that take a part of a booking away; what hangs on it goes first."""
    booking = f"(SELECT id FROM bookings WHERE reference = '{reference}')"
    dates = f"(SELECT id FROM occurrences WHERE booking_id = {booking})"
    claims = [f"DELETE FROM claims WHERE occurrence_id IN {dates}"]
    events = [f"DELETE FROM events WHERE booking_id = {booking}"]
    rest = [f"DELETE FROM occurrence_rooms WHERE occurrence_id IN {dates}"]
    rest += [
        f"DELETE FROM occurrences WHERE booking_id = {booking}",
        f"DELETE FROM bookings WHERE reference = '{reference}'",
    ]
    return {"claims": claims, "events": events, "bookings": [*claims, *events, *rest]}[part]


def complaints(part: str, reference: str) -> list[str]:
    """One line for what is missing of the booking: its claims, its event, or both."""
    return [reference] * (2 if part == "bookings" else 1)
