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


def unlocked_yet_kept(table: str, columns: Sequence[str]) -> Sequence[str]:
    """PostgreSQL: the same for a table whose rows must still be changed, in these columns, by their id."""
    values = ", ".join(f"NEW.{column}" for column in columns)
    change = f"UPDATE {table}_behind SET ({', '.join(columns)}) = ROW({values}) WHERE id = OLD.id"
    return [
        *unlocked(table),
        f"CREATE FUNCTION kept_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {change}; RETURN NEW; END $$",
        f"CREATE TRIGGER kept INSTEAD OF UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION kept_{table}()",
    ]


def refusing(engine: str, table: str) -> Sequence[str]:
    """Nothing can be added to the table any more; PostgreSQL then quotes the whole row in its complaint."""
    return {
        "sqlite": [
            f"CREATE TRIGGER {table}_refused BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'tampered'); END"
        ],
        "postgresql": [f"ALTER TABLE {table} ADD CONSTRAINT {table}_refused CHECK (id < 0) NOT VALID"],
    }[engine]


def swallowing(engine: str, table: str, event: str, condition: str = "") -> Sequence[str]:
    """INSERTs into a table, or DELETEs from it, do nothing and say nothing; with a condition on NEW or OLD only some of them."""
    when = f"WHEN ({condition}) " if condition else ""
    if engine == "sqlite":
        return [f"CREATE TRIGGER swallowed BEFORE {event} ON {table} {when}BEGIN SELECT RAISE(IGNORE); END"]
    return [
        "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        f"CREATE TRIGGER swallowed BEFORE {event} ON {table} FOR EACH ROW {when}EXECUTE FUNCTION swallow()",
    ]


def claiming_twice(engine: str) -> Sequence[str]:
    """Every claim is written down twice, which the guard would refuse."""
    columns = ("campus_id", "occurrence_id", "space_id", "starts_at", "ends_at")
    again = f"INSERT INTO claims ({', '.join(columns)}) VALUES ({', '.join(f'NEW.{column}' for column in columns)})"
    if engine == "sqlite":
        return [f"CREATE TRIGGER doubled AFTER INSERT ON claims BEGIN {again}; END"]
    body = f"BEGIN IF pg_trigger_depth() = 1 THEN {again}; END IF; RETURN NEW; END"
    return [
        f"CREATE FUNCTION doubling() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        "CREATE TRIGGER doubled AFTER INSERT ON claims FOR EACH ROW EXECUTE FUNCTION doubling()",
    ]
