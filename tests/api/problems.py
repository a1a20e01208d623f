"""What was answered, in a form that a table can hold; and whether anything was written meanwhile. Nothing here asserts."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx2

from tests.ground import sql

TABLES = ("bookings", "occurrences", "occurrence_rooms", "claims", "events", "deliveries", "reminders")
Told = tuple[Any, ...]
Send = Callable[[Any], Awaitable[httpx2.Response]]


def told(answer: httpx2.Response) -> Told:
    """Status and sentence; for refusals by a rule the status, then code and sentence of every reason. Anything but a problem is told by its status alone."""
    if answer.headers.get("content-type") != "application/problem+json":
        return (answer.status_code,)
    problem: Mapping[str, Any] = answer.json()
    if "reasons" in problem:
        return (answer.status_code, *((reason["code"], reason["message"]) for reason in problem["reasons"]))
    return answer.status_code, problem["detail"]


def codes(answer: httpx2.Response) -> Told:
    """Status, then the different codes in the order in which they first come."""
    found = [reason["code"] for reason in answer.json().get("reasons", [])]
    return (answer.status_code, *dict.fromkeys(found))


async def written(url: str) -> dict[str, int]:
    """How many rows there are of all that a booking leaves behind."""
    counted = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES)
    return {str(table): int(number) for table, number in await sql.rows(url, counted)}
