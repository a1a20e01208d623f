"""The only reader of the clock. Everything below the pages takes `now` as its last argument instead."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware and in UTC."""
    return datetime.now(UTC)
