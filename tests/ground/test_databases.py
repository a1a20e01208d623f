"""The ground of the tests holds: every database is a test's own, and both engines carry the guard."""

import asyncpg
import pytest

from afterbell.database import Database
from tests.conftest import Ground
from tests.ground import postgres


async def test_a_migrated_database_carries_the_guard(migrated: Ground) -> None:
    database = Database(migrated.url)
    assert await database.verify_guard() == []
    await database.close()


async def test_a_blank_database_is_told_from_a_guarded_one(blank: Ground) -> None:
    database = Database(blank.url)
    assert await database.verify_guard() != []
    await database.close()


async def test_a_killed_server_of_ones_own_comes_back_with_what_was_committed() -> None:
    with postgres.own_server() as server:
        server.place.tell("CREATE TABLE kept (id int)")
        server.kill()
        with pytest.raises((OSError, asyncpg.PostgresError)):
            server.place.tell("SELECT 1")
        server.start()
        server.place.tell("INSERT INTO kept VALUES (1)")
