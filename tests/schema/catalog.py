"""What a database consists of, as the database itself tells it: one line for each column, constraint, index and trigger. Two databases are alike when
their lines are, whether a column came with its table or later."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import afterbell
from afterbell.database import Base
from tests.ground.sql import rows

PACKAGE = Path(afterbell.__file__).parent

SQLITE = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
POSTGRES = """
SELECT 'column', c.table_name, c.column_name || ' ' || c.data_type || ' ' || c.is_nullable || ' ' || coalesce(c.column_default, '')
FROM information_schema.columns c WHERE c.table_schema = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""
POINTING = re.compile(r"(?!CONSTRAINT )(\w+) (.*?) (CONSTRAINT \w+) (REFERENCES .*)")


def models() -> None:
    """Imports every room's models, so that Base.metadata holds them all."""
    for path in sorted(PACKAGE.glob("*/models.py")):
        importlib.import_module(f"afterbell.{path.parent.name}.models")
    assert len(Base.metadata.tables) > 10


async def catalog(url: str) -> list[str]:
    """Every line, sorted, without alembic's own table."""
    if not url.startswith("sqlite"):
        found = await rows(url, POSTGRES)
        return sorted(" ".join(map(str, row)) for row in found if not str(row[1]).startswith("alembic"))
    lines = []
    for kind, name, sql in await rows(url, SQLITE):
        if name.startswith("alembic"):
            continue
        pieces = _pieces(sql) if kind == "table" else [" ".join(sql.split())]
        lines += [f"{kind} {name} {piece}" for piece in pieces]
    return sorted(lines)


def _pieces(sql: str) -> Iterator[str]:
    """The columns and constraints of a CREATE TABLE. A reference that stands with its column is told as the table's constraint that it is."""
    depth, piece = 0, ""
    for letter in f"{sql.partition('(')[2].rpartition(')')[0]},":
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter != "," or depth:
            piece += letter
            continue
        words, piece = " ".join(piece.split()), ""
        pointing = POINTING.fullmatch(words)
        yield f"{pointing[1]} {pointing[2]}" if pointing else words
        if pointing:
            yield f"{pointing[3]} FOREIGN KEY({pointing[1]}) {pointing[4]}"


async def tables(url: str) -> list[str]:
    """The tables' names, alembic's own included."""
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    postgres = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    return [row[0] for row in await rows(url, sqlite if url.startswith("sqlite") else postgres)]
