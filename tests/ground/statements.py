"""Counting statements, for what must cost the same however much there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that any engine of this process runs meanwhile."""
    found: list[str] = []

    def hear(connection: Any, cursor: Any, statement: str, *rest: object) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
