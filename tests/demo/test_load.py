"""The demo district on any day of the year, on both engines: every state twice or more, always the same, nothing for the doctor."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from afterbell.database import Database
from afterbell.demo.bookings import SAMPLES
from afterbell.demo.fates import FATES
from afterbell.demo.load import NotEmpty, load
from afterbell.demo.people import CAST, NEIGHBOURS
from afterbell.demo.places import listing
from afterbell.doctor.examine import examine
from afterbell.people.models import PARTNER_ROLES, STAFF_ROLES
from afterbell.settings import Settings, ground
from afterbell.worker import TickReport, tick
from tests.conftest import Ground, copied, template
from tests.ground.sql import rows

BOOKINGS = {"approved": 45, "requested": 44, "cancelled": 2, "declined": 5, "lapsed": 2, "withdrawn": 2}
STATES = ["approved", "cancelled", "declined", "held", "lapsed", "requested", "skipped", "withdrawn"]
APRIL = datetime(2026, 4, 22, 17, tzinfo=UTC)
DAYS = {
    "an ordinary Wednesday": APRIL,
    "the spring night": datetime(2026, 3, 8, 9, 30, tzinfo=UTC),
    "the hour that autumn repeats": datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
    "before Thanksgiving": datetime(2026, 11, 24, 20, tzinfo=UTC),
    "Christmas": datetime(2026, 12, 25, 18, tzinfo=UTC),
    "the last minute of the year in Los Angeles": datetime(2027, 1, 1, 7, 59, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 18, tzinfo=UTC),
    "after the calendar ends": datetime(2030, 7, 4, 1, tzinfo=UTC),
}
MET = {
    "schools": "SELECT count(*) FROM schools",
    "campuses where requests compete": "SELECT count(*) FROM campuses WHERE holds = 'on_approval'",
    "campuses where staff do not enter as approved": "SELECT count(*) FROM campuses WHERE NOT enters_approved",
    "unverified": "SELECT count(*) FROM organizations WHERE NOT verified",
    "individuals": "SELECT count(*) FROM organizations WHERE kind = 'individual'",
    "school use": "SELECT count(*) FROM bookings WHERE entered_as = 'school'",
    "on behalf": "SELECT count(*) FROM bookings WHERE entered_as = 'on_behalf'",
    "questions": "SELECT count(*) FROM remarks WHERE side = 'staff'",
    "answers": "SELECT count(*) FROM remarks WHERE side = 'partner'",
    "open questions": "SELECT count(*) FROM bookings WHERE answer_by IS NOT NULL",
    "listings in both languages": "SELECT count(*) FROM bookings WHERE CAST(listing AS TEXT) LIKE '%\"es\": %'",
    "of a program": "SELECT count(*) FROM bookings WHERE program_id IS NOT NULL",
    "programs": "SELECT count(*) FROM programs",
    "alternatives": "SELECT count(*) FROM occurrences WHERE state = 'declined' AND alternative IS NOT NULL",
    "of several rooms": "SELECT count(DISTINCT o.booking_id) FROM occurrence_rooms r JOIN occurrences o ON o.id = r.occurrence_id "
    "JOIN occurrence_rooms other ON other.occurrence_id = r.occurrence_id AND other.room_id < r.room_id",
    "with a layout": "SELECT count(*) FROM bookings WHERE layout IS NOT NULL",
    "every month": "SELECT count(*) FROM bookings WHERE CAST(repeat AS TEXT) LIKE '%MONTHLY%'",
    "of any classroom": "SELECT count(*) FROM bookings WHERE CAST(wanted AS TEXT) LIKE '%any:classroom%'",
    "rooms with layouts": "SELECT count(*) FROM rooms WHERE layouts IS NOT NULL",
    "changes that wait": "SELECT count(*) FROM bookings WHERE change_by IS NOT NULL",
    "decided in part": "SELECT count(*) FROM bookings WHERE free_until IS NOT NULL",
    "confidential": "SELECT count(*) FROM bookings WHERE visibility IN ('busy_only', 'hidden')",
}
SINGLE = (
    "campuses where requests compete",
    "campuses where staff do not enter as approved",
    "individuals",
    "programs",
)
TRIED = [("sqlite", day) for day in DAYS] + [
    ("postgresql", "an ordinary Wednesday"),
    ("postgresql", "the spring night"),
]
STANDING = """SELECT b.title, b.state, o.original_start, o.state, o.sequence FROM bookings b JOIN occurrences o ON o.booking_id = b.id
ORDER BY b.title, o.original_start"""


def settings(ground_: Ground) -> Settings:
    calendars = ground() / "calendars"
    return Settings(ground_.url, "http://127.0.0.1:8000", b"x" * 40, None, calendars, 60, frozenset(), True)


async def counted(ground_: Ground, table: str) -> dict[str, int]:
    found = await rows(ground_.url, f"SELECT state, count(*) FROM {table} GROUP BY state")
    return {str(state): int(count) for state, count in found}


@pytest.mark.parametrize(("engine", "day"), TRIED)
async def test_the_demo_loads_on_any_day_with_every_state_and_is_well(migrated: Ground, day: str) -> None:
    assert await load(settings(migrated), if_empty=False, now=DAYS[day]) is not None
    dates = await counted(migrated, "occurrences")
    assert (await counted(migrated, "bookings"), sorted(dates), min(dates.values()) >= 2) == (BOOKINGS, STATES, True)
    [(owed,)] = await rows(migrated.url, "SELECT count(*) FROM events WHERE handled_at IS NULL")
    database = Database(migrated.url)
    before, worked = await examine(database, now=DAYS[day]), await tick(database, settings(migrated), now=DAYS[day])
    after, again = await examine(database, now=DAYS[day]), await tick(database, settings(migrated), now=DAYS[day])
    await database.close()
    assert (before, after, again) == ([], [], TickReport())
    assert (worked.events >= owed, worked.letters > len(CAST)) == (True, True)


async def test_the_same_moment_gives_the_same_district_on_both_engines(tmp_path: Path) -> None:
    found = []
    for engine in ("sqlite", "postgresql"):
        for ground_ in copied(engine, template(engine, "migrated"), tmp_path):
            await load(settings(ground_), if_empty=False, now=APRIL)
            found.append(await rows(ground_.url, STANDING))
    assert (found[0], len(found[0]) > 100) == (found[1], True)


def test_no_sample_is_left_out() -> None:
    assert sum(BOOKINGS.values()) == len(SAMPLES)
    assert {sample.fate for sample in SAMPLES} == set(FATES)


async def test_the_demo_has_what_a_pilot_meets(migrated: Ground) -> None:
    """Both policies, both kinds of newcomers, what staff enter, questions and answers, listings in both languages, a program, alternatives."""
    await load(settings(migrated), if_empty=False, now=APRIL)
    found = {name: (await rows(migrated.url, query))[0][0] for name, query in MET.items()}
    assert {name for name, count in found.items() if count < 2 and name not in SINGLE} == set()
    assert {name: found[name] for name in SINGLE} == dict.fromkeys(SINGLE, 1)
    assert found["schools"] == 12
    known = await rows(
        migrated.url,
        "SELECT s.name FROM schools s JOIN campuses c ON c.id = s.campus_id WHERE c.slug = 'public-service-community'",
    )
    assert len(known) == 2, "two schools of one campus"


async def test_the_demo_says_who_is_who_and_what_is_where(migrated: Ground) -> None:
    loaded = await load(settings(migrated), if_empty=False, now=APRIL)
    assert loaded is not None
    assert (loaded["base_url"], [each["email"] for each in loaded["people"]], loaded["schools"]) == (
        "http://127.0.0.1:8000",
        [persona.email for persona in CAST + NEIGHBOURS],
        listing(),
    )
    roles = {each["role"] for each in loaded["people"]}
    assert roles == set(PARTNER_ROLES + STAFF_ROLES)
    assert {key for each in loaded["people"] for key in each} == {
        *("name", "email", "role", "organization", "campuses", "token", "sign_in_url")
    }


async def test_a_database_that_holds_a_district_is_left_alone(migrated: Ground) -> None:
    chosen, now = settings(migrated), APRIL
    await load(chosen, if_empty=True, now=now)
    before = await rows(migrated.url, "SELECT reference FROM bookings ORDER BY id")
    assert await load(chosen, if_empty=True, now=now) is None
    with pytest.raises(NotEmpty, match="needs an empty, migrated one"):
        await load(chosen, if_empty=False, now=now)
    assert await rows(migrated.url, "SELECT reference FROM bookings ORDER BY id") == before
