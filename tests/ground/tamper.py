"""Taking a protection away inside the database, so that a control can show what it was good for. The service itself is left as it is."""

from collections.abc import Sequence

DROPPED_GUARD = {
    "sqlite": ["DROP TRIGGER claims_no_overlap"],
    "postgresql": ["ALTER TABLE claims DROP CONSTRAINT claims_no_overlap"],
}


def unlocked(table: str) -> Sequence[str]:
    """PostgreSQL: the table's name becomes a view over a function, whose rows SELECT ... FOR UPDATE reads but does not lock."""
    body = f"BEGIN RETURN QUERY SELECT * FROM {table}_behind; END"
    return [
        f"ALTER TABLE {table} RENAME TO {table}_behind",
        f"CREATE FUNCTION rows_of_{table}() RETURNS SETOF {table}_behind LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE VIEW {table} AS SELECT * FROM rows_of_{table}()",
    ]
