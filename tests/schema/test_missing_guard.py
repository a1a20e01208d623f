"""Without its guard, or with another in its place, nothing starts and the doctor says so."""

from collections.abc import Sequence

import pytest

from afterbell.database import Database, migrate
from afterbell.guard import SCHEMA
from tests.conftest import Ground
from tests.ground.children import ROOT
from tests.ground.processes import Server, afterbell
from tests.ground.sql import tell
from tests.ground.tamper import DROPPED_GUARD

EMPTY = "BEFORE INSERT ON claims WHEN 0 BEGIN SELECT RAISE(ABORT, 'claims_no_overlap'); END"
AGAIN, SPAN = "ALTER TABLE claims ADD CONSTRAINT claims_no_overlap EXCLUDE USING gist", "tstzrange(starts_at, ends_at)"
TAMPERED: dict[str, dict[str, Sequence[str]]] = {
    "sqlite": {
        "dropped": DROPPED_GUARD["sqlite"],
        "emptied": [*DROPPED_GUARD["sqlite"], f"CREATE TRIGGER claims_no_overlap {EMPTY}"],
        "in part": ["DROP TRIGGER claims_never_updated"],
        "on another table": [
            *DROPPED_GUARD["sqlite"],
            f"CREATE TRIGGER claims_no_overlap {EMPTY.replace('ON claims', 'ON spaces')}",
        ],
    },
    "postgresql": {
        "dropped": DROPPED_GUARD["postgresql"],
        "emptied": [*DROPPED_GUARD["postgresql"], f"{AGAIN} (space_id WITH =, {SPAN} WITH =)"],
        "in part": [*DROPPED_GUARD["postgresql"], f"{AGAIN} (space_id WITH =, {SPAN} WITH &&) WHERE (id > 0)"],
        "on another table": [
            *DROPPED_GUARD["postgresql"],
            f"{AGAIN.replace('claims ADD', 'spaces ADD')} (campus_id WITH =, id WITH =)",
        ],
    },
}
SENTENCE = "against double booking is missing or altered"


async def complaints(url: str) -> list[str]:
    database = Database(url)
    found = await database.verify_guard()
    await database.close()
    return found


@pytest.mark.parametrize("how", TAMPERED["sqlite"])
async def test_whatever_was_done_to_the_guard_is_noticed(migrated: Ground, how: str) -> None:
    await tell(migrated.url, *TAMPERED[migrated.engine][how])
    assert [SENTENCE in complaint for complaint in await complaints(migrated.url)] == [True]


async def test_nothing_starts_without_the_guard_and_the_doctor_says_why(migrated: Ground) -> None:
    await tell(migrated.url, *DROPPED_GUARD[migrated.engine])
    done = [
        afterbell(migrated.url, *command)
        for command in (["serve", "--port", "0"], ["worker"], ["doctor"], ["doctor", "--json"])
    ]
    told = [" ".join((each.stdout + each.stderr).replace("│", " ").split()) for each in done]
    assert [(each.returncode, SENTENCE in words) for each, words in zip(done, told, strict=True)] == [(1, True)] * 4


async def test_control_with_the_guard_it_starts_and_the_doctor_is_content(migrated: Ground) -> None:
    async with Server(migrated.url):
        assert afterbell(migrated.url, "doctor").stdout == "All is well.\n"


async def test_a_database_of_an_older_release_is_told_to_migrate_too(blank: Ground) -> None:
    await migrate(blank.url, ROOT / "alembic", "0001")
    done = [afterbell(blank.url, *command) for command in (["serve", "--port", "0"], ["worker"], ["doctor"])]
    told = [" ".join((each.stdout + each.stderr).replace("│", " ").split()) for each in done]
    assert [(each.returncode, f"needs {SCHEMA}" in words) for each, words in zip(done, told, strict=True)] == [
        (1, True)
    ] * 3


async def test_a_blank_database_is_told_to_migrate(blank: Ground) -> None:
    done = [
        afterbell(blank.url, *command)
        for command in (["serve", "--port", "0"], ["doctor"], ["setup", "--admin", "a@b.example"])
    ]
    told = [" ".join((each.stdout + each.stderr).replace("│", " ").split()) for each in done]
    assert [(each.returncode, "afterbell migrate" in words) for each, words in zip(done, told, strict=True)] == [
        (1, True)
    ] * 3
