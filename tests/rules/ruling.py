"""Setting rules over the API and asking what follows, today and on a later day: the acts take their `now`, so a day need not pass."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx2
import msgspec

from afterbell import clock
from afterbell.bookings.forms import BookingForm, as_ask
from afterbell.bookings.request import preview
from afterbell.database import Database
from afterbell.people.access import viewer_of_token
from tests.conftest import District
from tests.stories.asks import token
from tests.stories.deciding import people

OPEN = "200"


@asynccontextmanager
async def desk(district: District, *names: str) -> AsyncIterator[dict[str, httpx2.AsyncClient]]:
    """A server and these of the cast at it, by name."""
    async with people(district, *names) as (_, *callers):
        yield {name: each.http for name, each in zip(names, callers, strict=True)}


async def sets(who: httpx2.AsyncClient, name: str, value: Any, **more: Any) -> httpx2.Response:
    """PUT /rules."""
    return await who.put("/api/v1/rules", json={"name": name, "value": value} | more)


async def rule(who: httpx2.AsyncClient, name: str, **where: Any) -> dict[str, Any]:
    """One rule as GET /rules tells it."""
    answer = (await who.get("/api/v1/rules", params=where)).json()
    found: dict[str, Any] = next(each for each in answer["items"] if each["name"] == name)
    return found


async def codes(district: District, name: str, body: dict[str, Any], *, days: int = 0) -> list[str]:
    """Why a preview of that body is refused or flagged, some days from now, each code once and in order: the act itself, at a later `now`."""
    now = clock.now() + timedelta(days=days)
    found = await verdict(district, name, body, now)
    return list(dict.fromkeys(found))


async def verdict(district: District, name: str, body: dict[str, Any], now: datetime) -> Sequence[str]:
    """The codes of what refuses."""
    database = Database(district.url)
    async with database.reading() as session:
        by = await viewer_of_token(session, token(district, name), now=clock.now())
        assert by is not None
        outlook = await preview(session, as_ask(msgspec.convert(body, BookingForm), whole=False), by=by, now=now)
    await database.close()
    return [finding.code for finding in outlook.verdict.reasons]
