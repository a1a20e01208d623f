"""Controls of the races: each protection is taken away in the database, and what then goes wrong is found by the very checks that the races rely on.
That nothing starts without the guard is shown in tests/schema."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import Server
from tests.ground.racers import Answer, race
from tests.ground.tamper import DROPPED_GUARD, unlocked
from tests.stories.asks import day, wall
from tests.stories.racing import RACERS, TAKEN, field, hall, held, refusals, statuses
from tests.stories.standing import examined, lost, overlaps

pytestmark = [pytest.mark.story, pytest.mark.race]

FAR = datetime(2031, 1, 7, 18, tzinfo=UTC)


def claim_of(url: str) -> str:
    """Two hours of a hall, for whatever date there is."""
    return f"""
        INSERT INTO claims (campus_id, occurrence_id, space_id, starts_at, ends_at) SELECT occurrences.campus_id, occurrences.id,
        room_spaces.space_id, {sql.moment(url, FAR)}, {sql.moment(url, FAR + timedelta(hours=2))}
        FROM occurrences JOIN rooms ON rooms.slug = 'hall-2' JOIN room_spaces ON room_spaces.room_id = rooms.id
        ORDER BY occurrences.id LIMIT 1"""


async def claim(url: str, barrier: asyncio.Barrier) -> str:
    """One bare insert of its own, let go with the others: "held", or the name of the refusal."""
    await barrier.wait()
    try:
        if url.startswith("sqlite"):
            await asyncio.to_thread(claim_in_file, url)
        else:
            await sql.tell(url, claim_of(url))
    except sqlite3.IntegrityError as refusal:
        return str(refusal)
    except (asyncpg.ExclusionViolationError, asyncpg.DeadlockDetectedError):
        return "claims_no_overlap"
    return "held"


def claim_in_file(url: str) -> None:
    """In a thread, since it waits for its turn."""
    with closing(sqlite3.connect(sql.bare(url), timeout=10, isolation_level=None)) as connection:
        connection.execute(claim_of(url))


async def bare_race(url: str) -> list[str]:
    """What became of eight bare inserts of one claim."""
    barrier = asyncio.Barrier(8)
    return sorted(await asyncio.gather(*(claim(url, barrier) for _ in range(8))))


async def race_for_a_hall(district: District, server: Server) -> list[Answer]:
    """The race of the stories."""
    on = day(ahead=40)
    wish = {"rooms": hall("hall-2"), "starts_at": wall(on, 18), "ends_at": wall(on, 20)}
    return await race(field(district, [server.base_url], [wish] * RACERS))


async def test_the_guard_alone_lets_one_of_eight_bare_inserts_pass(district: District) -> None:
    assert await bare_race(district.url) == ["claims_no_overlap"] * 7 + ["held"]
    assert await overlaps(district.url) == []


async def test_control_without_the_guard_all_bare_inserts_pass_and_query_and_doctor_find_them(
    district: District,
) -> None:
    await sql.tell(district.url, *DROPPED_GUARD[district.engine])
    assert await bare_race(district.url) == ["held"] * 8
    assert len(await overlaps(district.url)) == 8 * 7 // 2
    code, told = examined(district.url)
    assert (code, '"two claims overlap in one space", "count": 7' in told) == (1, True)


async def test_the_lock_alone_lets_one_of_sixty_four_pass(district: District) -> None:
    """The guard goes after the start, when nobody looks for it any more."""
    async with Server(district.url) as server:
        await sql.tell(district.url, *DROPPED_GUARD[district.engine])
        answers = await race_for_a_hall(district, server)
    assert (statuses(answers), refusals(answers)) == ({201: 1, 409: RACERS - 1}, TAKEN)
    assert await overlaps(district.url) == []


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_control_without_lock_and_guard_the_same_race_books_twice_and_is_found_out(district: District) -> None:
    """On SQLite nothing can be taken away here: the write lock is the file's own."""
    await sql.tell(district.url, *unlocked("spaces"))
    async with Server(district.url) as server:
        await sql.tell(district.url, *DROPPED_GUARD["postgresql"])
        answers = await race_for_a_hall(district, server)
    winners = len(held(answers))
    assert statuses(answers) != {201: 1, 409: RACERS - 1}
    assert len(await overlaps(district.url)) == winners * (winners - 1) // 2 > 0
    assert "two claims overlap in one space" in examined(district.url)[1]


async def test_control_a_booking_that_lost_a_claim_or_its_event_is_found(district: District) -> None:
    async with Server(district.url) as server:
        answers = await race_for_a_hall(district, server)
    (booking,) = held(answers)
    named = f"(SELECT id FROM bookings WHERE reference = '{booking['reference']}')"
    await sql.tell(
        district.url,
        f"DELETE FROM claims WHERE occurrence_id IN (SELECT id FROM occurrences WHERE booking_id = {named})",
        f"DELETE FROM receipts WHERE event_id IN (SELECT id FROM events WHERE booking_id = {named})",
        f"DELETE FROM events WHERE booking_id = {named}",
    )
    reference = booking["reference"]
    assert await lost(district.url, [booking]) == [f"{reference}: claims []", f"{reference}: events []"]
    code, told = examined(district.url)
    assert (code, "lacks a claim" in told, "not one for each version" in told) == (1, True, True)
