"""The doctor finds each fault that is planted, names its row, and finds nothing else."""

import json
from collections.abc import Sequence

import pytest

from afterbell.database import Database
from afterbell.doctor import CHECKS, Finding, examine
from tests.conftest import District
from tests.ground.processes import afterbell
from tests.ground.sql import rows, tell
from tests.ground.tamper import DROPPED_GUARD

COPY = "INSERT INTO claims (campus_id, occurrence_id, space_id, starts_at, ends_at) SELECT campus_id, occurrence_id,"
HALL_39 = "SELECT space_id FROM room_spaces JOIN rooms ON id = room_id WHERE slug = 'hall-39'"
MINE = "(SELECT id FROM occurrences WHERE booking_id = 1)"
OVERLAP = "two claims overlap in one space"
# What is done to the first booking of the cast, an approved series in hall-40, and which row the doctor then names.
FAULTS: dict[str, tuple[Sequence[str], str]] = {
    OVERLAP: ([f"{COPY} space_id, starts_at, ends_at FROM claims WHERE id = 1"], "SELECT 1"),
    "a held or approved date lacks a claim on one of its rooms' spaces": (
        ["DELETE FROM claims WHERE id = 2"],
        "SELECT 2",
    ),
    "a claim belongs to a date that does not block": (
        ["UPDATE occurrences SET state = 'cancelled' WHERE id = 3"],
        "SELECT id FROM claims WHERE occurrence_id = 3",
    ),
    "a claim blocks a space that its date's rooms do not have": (
        [f"{COPY} ({HALL_39}), starts_at, ends_at FROM claims WHERE id = 1"],
        "SELECT max(id) FROM claims",
    ),
    "a booking has no date": (
        [
            f"DELETE FROM claims WHERE occurrence_id IN {MINE}",
            f"DELETE FROM occurrence_rooms WHERE occurrence_id IN {MINE}",
            "DELETE FROM occurrences WHERE booking_id = 1",
        ],
        "SELECT 1",
    ),
    "a booking's events are not one for each version": (["UPDATE bookings SET version = 3 WHERE id = 1"], "SELECT 1"),
    "a booking's state does not follow from its dates": (
        ["UPDATE bookings SET state = 'declined' WHERE id = 1"],
        "SELECT 1",
    ),
    "a room has no space": (
        ["DELETE FROM room_spaces WHERE room_id = (SELECT id FROM rooms WHERE slug = 'hall-39')"],
        "SELECT id FROM rooms WHERE slug = 'hall-39'",
    ),
}
GUARD_IS_GONE = "against double booking is missing or altered"


async def found(district: District) -> list[Finding]:
    database = Database(district.url)
    try:
        return await examine(database)
    finally:
        await database.close()


async def test_a_sound_district_has_no_finding(district: District) -> None:
    assert await found(district) == []


def test_there_is_a_fault_for_every_check() -> None:
    assert list(FAULTS) == list(CHECKS)


@pytest.mark.parametrize("what", FAULTS)
async def test_a_planted_fault_is_found_with_its_row_and_nothing_else(district: District, what: str) -> None:
    statements, row = FAULTS[what]
    await tell(district.url, *(DROPPED_GUARD[district.engine] if what == OVERLAP else ()), *statements)
    ((id_,),) = await rows(district.url, row)
    named = [finding for finding in await found(district) if GUARD_IS_GONE not in finding.what]
    assert named == [Finding(what, 1, [id_])]


@pytest.mark.parametrize("state", ["requested", "held", "withdrawn", "cancelled"])
async def test_any_other_state_than_the_one_that_follows_is_found(district: District, state: str) -> None:
    await tell(district.url, f"UPDATE bookings SET state = '{state}' WHERE id = 1")
    assert [finding.examples for finding in await found(district)] == [[1]]


async def test_a_reminder_that_fell_due_is_no_change_of_its_booking(district: District) -> None:
    columns = "public_id, kind, booking_id, happened_at, facts, attempts, next_at"
    await tell(
        district.url,
        f"INSERT INTO events ({columns}) SELECT 'r', 'reminder.due', 1, happened_at, facts, 0, next_at FROM events WHERE id = 1",
    )
    assert await found(district) == []


async def test_the_command_lists_what_is_wrong_for_people_and_programs(district: District) -> None:
    well = [afterbell(district.url, "doctor", *flags) for flags in ([], ["--json"])]
    await tell(district.url, "UPDATE bookings SET version = 9", "DELETE FROM claims WHERE id = 1")
    ill = [afterbell(district.url, "doctor", *flags) for flags in ([], ["--json"])]
    lacks, versions = list(CHECKS)[1], list(CHECKS)[5]
    assert [(each.returncode, each.stdout) for each in well] == [
        (0, "All is well.\n"),
        (0, '{"ok": true, "findings": []}\n'),
    ]
    assert (ill[0].returncode, ill[0].stdout) == (1, f"1 x {lacks} [1]\n2 x {versions} [1, 2]\n")
    assert (ill[1].returncode, json.loads(ill[1].stdout)) == (
        1,
        {
            "ok": False,
            "findings": [
                {"what": lacks, "count": 1, "examples": [1]},
                {"what": versions, "count": 2, "examples": [1, 2]},
            ],
        },
    )
