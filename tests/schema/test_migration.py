"""The way up and down: a blank database becomes exactly the models, and nothing is left of it afterwards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, text
from sqlalchemy.ext.asyncio import create_async_engine

from afterbell.database import Base, Database, migrate, table
from afterbell.guard import SCHEMA, SQLITE_GUARDS
from tests.conftest import Ground, copied
from tests.ground.children import ROOT
from tests.ground.sql import rows, tell
from tests.ground.tamper import DROPPED_GUARD
from tests.schema.catalog import catalog, models, tables
from tests.schema.ledger import PARENTS

SCRIPTS = ROOT / "alembic"
TWOFOLD = "ix_claims_space"
SHUT = (
    "INSERT INTO closures (public_id, campus_id, starts_at, ends_at, reason) "
    "VALUES ('c', 1, '2026-12-24 08:00:00+00:00', '2026-12-25 08:00:00+00:00', 'Break')"
)


@pytest.fixture
def twin(engine: str, tmp_path: Path) -> Iterator[Ground]:
    """A second blank database."""
    place = tmp_path / "twin"
    place.mkdir()
    yield from copied(engine, None, place)


async def apart(ground: Ground) -> list[Any]:
    """What alembic would still change to get from the database to the models. One index it cannot follow: there is another for each engine under one
    name."""
    models()

    def compare(connection: Connection) -> list[Any]:
        opts = {"compare_type": True, "compare_server_default": True, "include_name": lambda name, *_: name != TWOFOLD}
        context = MigrationContext.configure(
            connection, opts=opts | {"include_object": lambda _, name, *__: name != TWOFOLD}
        )
        return list(compare_metadata(context, Base.metadata))

    engine = create_async_engine(ground.url)
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


async def create_from_models(ground: Ground) -> None:
    """Every table as the models have it, without a migration; SQLite's triggers, which models cannot tell, by hand."""
    models()
    engine = create_async_engine(ground.url)
    async with engine.begin() as connection:
        if ground.engine == "postgresql":
            await connection.execute(text("CREATE EXTENSION btree_gist"))
        await connection.run_sync(Base.metadata.create_all)
        for trigger in SQLITE_GUARDS.values() if ground.engine == "sqlite" else ():
            await connection.execute(text(trigger))
    await engine.dispose()


async def test_autogenerate_has_nothing_to_add(migrated: Ground) -> None:
    assert await apart(migrated) == []


async def test_control_a_dropped_index_is_noticed(migrated: Ground) -> None:
    await tell(migrated.url, "DROP INDEX ix_events_unhandled")
    assert [change[0] for change in await apart(migrated)] == ["add_index"]


async def test_a_migrated_database_is_what_the_models_create(migrated: Ground, twin: Ground) -> None:
    """Constraints, conditions of indexes and the guard too, which autogenerate does not look at."""
    await create_from_models(twin)
    assert await catalog(migrated.url) == await catalog(twin.url)


async def test_control_a_dropped_guard_is_noticed_by_the_catalog_though_not_by_autogenerate(
    migrated: Ground, twin: Ground
) -> None:
    await create_from_models(twin)
    await tell(migrated.url, *DROPPED_GUARD[migrated.engine])
    missing = set(await catalog(twin.url)) - set(await catalog(migrated.url))
    assert (await apart(migrated), all("claims_no_overlap" in line for line in missing)) == ([], True)
    assert missing


async def test_the_second_upgrade_changes_nothing(migrated: Ground) -> None:
    before = await catalog(migrated.url)
    await migrate(migrated.url, SCRIPTS)
    assert (await catalog(migrated.url), await rows(migrated.url, "SELECT version_num FROM alembic_version")) == (
        before,
        [(SCHEMA,)],
    )


async def test_the_way_down_leaves_nothing_and_the_way_up_again_is_the_same(migrated: Ground) -> None:
    before = await catalog(migrated.url)
    await migrate(migrated.url, SCRIPTS, "base")
    left = (await tables(migrated.url), await rows(migrated.url, "SELECT version_num FROM alembic_version"))
    await migrate(migrated.url, SCRIPTS)
    assert (left, await catalog(migrated.url)) == ((["alembic_version"], []), before)


async def test_a_district_of_the_first_release_keeps_its_rows_on_the_way_up_and_down(blank: Ground) -> None:
    await migrate(blank.url, SCRIPTS, "0001")
    first = await catalog(blank.url)
    database = Database(blank.url)
    async with database.writing() as session:
        for model, found in PARENTS:
            await session.execute(insert(table(model)), list(found))
    await database.close()
    await tell(blank.url, SHUT)
    await migrate(blank.url, SCRIPTS)
    up = await rows(blank.url, "SELECT reference, entered_as, listing, warnings FROM bookings")
    shut = await rows(blank.url, "SELECT sequence, changed_at IS NOT NULL FROM closures")
    await migrate(blank.url, SCRIPTS, "-2")
    left = await rows(
        blank.url, "SELECT b.title, o.original_start FROM bookings b JOIN occurrences o ON o.booking_id = b.id"
    )
    assert (up, shut, left) == ([("AB-1", "partner", None, 0)], [(0, True)], [("T", "2026-12-01T12:00")])
    assert await catalog(blank.url) == first


async def test_a_database_in_a_folder_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/var/district/afterbell.db"
    await migrate(url, SCRIPTS)
    assert "claims" in await tables(url)
