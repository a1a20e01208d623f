"""The guard against double booking: its exact words on both engines, and whether it stands in a database, whose tables must be of this release. It is made
with its table (alembic), asked by bookings.claims, and verified by whoever starts."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

SCHEMA = "0003"  # the newest of alembic/versions
GUARD = "claims_no_overlap"
POSTGRES_GUARD = "EXCLUDE USING gist (space_id WITH =, tstzrange(starts_at, ends_at) WITH &&)"
SQLITE_GUARDS = {
    GUARD: "CREATE TRIGGER claims_no_overlap BEFORE INSERT ON claims WHEN NEW.starts_at < (SELECT before.ends_at FROM claims AS before "
    "WHERE before.space_id = NEW.space_id AND before.starts_at < NEW.ends_at ORDER BY before.starts_at DESC LIMIT 1) "
    "BEGIN SELECT RAISE(ABORT, 'claims_no_overlap'); END",
    "claims_never_updated": "CREATE TRIGGER claims_never_updated BEFORE UPDATE ON claims "
    "BEGIN SELECT RAISE(ABORT, 'claims_never_updated'); END",
}


async def complaints(session: AsyncSession, dialect: str) -> list[str]:
    """What is wrong with the guard, in sentences with the remedy; where it stands, whether the tables are of another release; empty when all is well."""
    found = await (_sqlite_complaints(session) if dialect == "sqlite" else _postgres_complaints(session))
    return found or await _of_another_release(session)


async def _of_another_release(session: AsyncSession) -> list[str]:
    revision = await session.scalar(text("SELECT version_num FROM alembic_version"))
    if revision == SCHEMA:
        return []
    told = f"The database is of another release (revision {revision}; this Afterbell needs {SCHEMA})"
    return [f"{told}: make a backup, then run `afterbell migrate` with the newer of the two."]


async def _sqlite_complaints(session: AsyncSession) -> list[str]:
    rows = await session.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'claims'")
    )
    found = {name: " ".join(sql.split()) for name, sql in rows}
    return [
        f"The guard {name} against double booking is missing or altered; restore the database from a backup or run migrate on a new one."
        for name, sql in SQLITE_GUARDS.items()
        if found.get(name) != sql
    ]


async def _postgres_complaints(session: AsyncSession) -> list[str]:
    found = await session.scalar(
        text(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conname = :name AND contype = 'x' AND conrelid = to_regclass('claims')"
        ),
        {"name": GUARD},
    )
    if found == POSTGRES_GUARD:
        return []
    return [
        f"The guard {GUARD} against double booking is missing or altered; add it again: ALTER TABLE claims ADD CONSTRAINT {GUARD} {POSTGRES_GUARD}."
    ]
