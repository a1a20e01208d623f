"""A district of the second release on the way up: what partners were told becomes known in full, so that nobody gets a letter about old news or a reminder
twice."""

import json
from collections.abc import Sequence

from sqlalchemy import insert

from afterbell.bookings.models import OccurrenceRoom
from afterbell.database import Database, migrate, table
from afterbell.places.models import Room, School
from tests.conftest import Ground
from tests.ground.children import ROOT
from tests.ground.sql import moment, rows, tell
from tests.schema.ledger import HOUR, NOON, PARENTS

SCRIPTS = ROOT / "alembic"
WORDS: dict[str, object] = {"name": "N", "slug": "n", "level": "", "street": "", "city": "", "zip": "", "phone": ""}
ROOMS: dict[str, object] = {
    "campus_id": 1,
    "school_id": 1,
    "kind": "gym",
    "capacity": 1,
    "features": [],
    "access": [],
    "entrance": "",
}
PLACES: Sequence[tuple[type, Sequence[dict[str, object]]]] = (
    (School, [WORDS | {"id": 1, "campus_id": 1}]),
    (Room, [{"id": n, "public_id": f"r{n}", "slug": f"r{n}", "name": f"Gym {n}", "on_site_phone": "", **ROOMS} for n in (1, 2)]),
    (OccurrenceRoom, [{"occurrence_id": 1, "room_id": n} for n in (1, 2)]),
)  # fmt: skip
REMINDER = "INSERT INTO reminders (occurrence_id, person_id, kind, due_at, state) VALUES (1, 1, '{}', {}, '{}')"


async def test_what_stands_is_what_was_told_and_sent_reminders_were_for_it(blank: Ground) -> None:
    await migrate(blank.url, SCRIPTS, "0002")
    database = Database(blank.url)
    async with database.writing() as session:
        for model, found in (*PARENTS, *PLACES):
            await session.execute(insert(table(model)), list(found))
    await database.close()
    at = moment(blank.url, NOON)
    told = f"INSERT INTO told (occurrence_id, state, at) VALUES (1, 'approved', {at})"
    await tell(blank.url, told, REMINDER.format("a", at, "sent"), REMINDER.format("b", at, "planned"))
    await migrate(blank.url, SCRIPTS)
    ((stands, asked),) = await rows(blank.url, "SELECT stands, asked FROM told")
    where = {"starts_at": NOON.isoformat(), "ends_at": (NOON + HOUR).isoformat(), "rooms": [[1, "Gym 1"], [2, "Gym 2"]]}
    assert (json.loads(stands), asked) == (where, None)
    whole = "SELECT booking_id, title, headcount, layout, proposed FROM told_bookings"
    assert await rows(blank.url, whole) == [(1, "T", 1, None, None)]
    planned = "SELECT state, starts_at IS NOT NULL, sent_for = starts_at FROM reminders ORDER BY kind"
    assert [tuple(map(_plain, row)) for row in await rows(blank.url, planned)] == [
        ("sent", True, True),
        ("planned", True, None),
    ]


def _plain(value: object) -> object:
    """SQLite's truth is a number."""
    return bool(value) if isinstance(value, int) else value
