"""The doctor finds each fault that is planted, names its rows, and finds nothing else; a sound district gives no finding."""

import json
from datetime import datetime, timedelta

import pytest

from afterbell import clock
from afterbell.bookings.decide import decline
from afterbell.database import Database
from afterbell.doctor.examine import DANGLING, SENTENCES, examine, examined
from afterbell.doctor.finding import EXAMPLES, Finding
from afterbell.settings import Settings, ground
from afterbell.worker import tick
from tests.conftest import District
from tests.doctor.faults import FAULTS, Fault
from tests.ground.processes import afterbell
from tests.ground.sql import moment, rows, tell
from tests.reminders.booked import series
from tests.stories.standing import instant

VERSIONS, LACKS = (
    "a booking's events are not one for each version",
    "a held or approved date lacks a claim on one of its rooms' spaces",
)


async def found(district: District) -> list[Finding]:
    database = Database(district.url)
    try:
        return await examine(database, now=clock.now())
    finally:
        await database.close()


async def prepared(district: District) -> datetime:
    """The patient of tests.doctor.faults, a week before the dates of its first booking; nothing is owed to anybody."""
    async with series(district, 13):
        pass
    async with series(district, 1, hall="hall-6") as one, one.database.writing() as session:
        await decline(session, one.booking.reference, "Full", by=one.becker, now=clock.now())
    [(first,)] = await rows(district.url, "SELECT first_starts_at FROM bookings WHERE id = 1")
    now = instant(first) - timedelta(days=8)
    database = Database(district.url)
    chosen = Settings(district.url, "http://127.0.0.1", b"x" * 40, None, ground() / "calendars", 60, frozenset(), True)
    await tick(database, chosen, now=now)
    await database.close()
    return now


async def broken(database: Database, url: str, fault: Fault) -> tuple[dict[str, list[int]], list[int]]:
    """What is found wrong in a transaction that breaks something and is then rolled back, and the rows that ought to be named."""
    now = clock.now()
    times = {"SOON": 1, "LATER": 2, "BEFORE": -48}
    async with database.writing() as session:
        bare = await session.connection()
        for statement in fault.breaks:
            for name, hours in times.items():
                statement = statement.replace(name, moment(url, now + timedelta(hours=hours)))
            await bare.exec_driver_sql(statement)
        ids = [row[0] for row in await bare.exec_driver_sql(fault.names)]
        wrong = {each.what: each.examples for each in await examined(session, now=now)}
        await session.rollback()
    return wrong, ids[:EXAMPLES]


async def test_a_sound_district_has_no_finding(district: District) -> None:
    assert await found(district) == []


def test_there_is_a_fault_for_every_check() -> None:
    assert {*FAULTS, DANGLING} == set(SENTENCES)


async def test_every_planted_fault_is_found_with_its_rows_and_what_follows_from_it(district: District) -> None:
    await prepared(district)
    assert await found(district) == []
    database = Database(district.url)
    told, expected = {}, {}
    try:
        for what, fault in FAULTS.items():
            wrong, ids = await broken(database, district.url, fault)
            told[what] = (wrong.get(what), set(wrong))
            expected[what] = (ids, {what, *fault.also})
    finally:
        await database.close()
    assert told == expected
    assert await found(district) == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_row_that_refers_to_nothing_is_found(district: District) -> None:
    """PostgreSQL refuses it, and SQLite too unless somebody's own connection does not ask."""
    await tell(
        district.url,
        f"INSERT INTO told (occurrence_id, state, at) VALUES (999, 'held', {moment(district.url, clock.now())})",
    )
    assert await found(district) == [Finding(DANGLING, 1, [999])]


@pytest.mark.parametrize("state", ["requested", "held", "withdrawn", "cancelled"])
async def test_any_other_state_than_the_one_that_follows_is_found(district: District, state: str) -> None:
    await tell(district.url, f"UPDATE bookings SET state = '{state}' WHERE id = 1")
    assert [finding.examples for finding in await found(district)] == [[1]]


async def test_what_is_committed_while_the_doctor_looks_is_seen_whole_or_not_at_all(district: District) -> None:
    """A booking's version and its events are two tables: a look at one before, at the other after an act would be a fault that there is not."""
    database = Database(district.url)
    async with database.snapshot() as session:
        before = await examined(session, now=clock.now())
        async with series(district, 2) as made:
            await made.approve(now=clock.now())
        await tell(district.url, "UPDATE bookings SET version = 9 WHERE id = 1")
        during = await examined(session, now=clock.now())
    after = await found(district)
    await database.close()
    assert (before, during, after) == ([], [], [Finding(VERSIONS, 1, [1])])


async def test_the_command_lists_what_is_wrong_for_people_and_programs(district: District) -> None:
    well = [afterbell(district.url, "doctor", *flags) for flags in ([], ["--json"])]
    await tell(district.url, "UPDATE bookings SET version = 9", "DELETE FROM claims WHERE id = 1")
    ill = [afterbell(district.url, "doctor", *flags) for flags in ([], ["--json"])]
    assert [(each.returncode, each.stdout) for each in well] == [
        (0, "All is well.\n"),
        (0, '{"ok": true, "findings": []}\n'),
    ]
    assert (ill[0].returncode, ill[0].stdout) == (1, f"1 x {LACKS} [1]\n2 x {VERSIONS} [1, 2]\n")
    assert (ill[1].returncode, json.loads(ill[1].stdout)) == (
        1,
        {
            "ok": False,
            "findings": [
                {"what": LACKS, "count": 1, "examples": [1]},
                {"what": VERSIONS, "count": 2, "examples": [1, 2]},
            ],
        },
    )
