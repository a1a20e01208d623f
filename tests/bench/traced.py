"""`serve --no-worker` that also prints every statement SQLite runs, for tests.bench.statements. A script: `python tests/bench/traced.py serve ...`."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from afterbell.cli import main

MARK = "SQL: "


def hear(connection: Any, record: Any) -> None:
    """SQLite tells of every statement when it begins; those of a trigger come as comments."""
    connection.run_async(lambda driver: driver.set_trace_callback(say))


def say(statement: str) -> None:
    """One line a statement, triggers left out."""
    if not statement.startswith("--"):
        print(MARK + " ".join(statement.split()), flush=True)


if __name__ == "__main__":
    event.listen(Engine, "connect", hear)
    main()
