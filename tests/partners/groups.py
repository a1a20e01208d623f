"""What tests of organizations share: founding one over the API, and a server with several callers. Nothing here asserts."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx2

from tests.conftest import District
from tests.ground.processes import Server
from tests.stories.asks import caller

ORGANIZATIONS = "/api/v1/organizations"
CLINIC = f"{ORGANIZATIONS}/eastside-community-clinic"


@asynccontextmanager
async def callers(
    district: District, *names: str, worker: bool = False, smtp_url: str = ""
) -> AsyncIterator[list[httpx2.AsyncClient]]:
    """A server with these people of the cast connected."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(district.url, worker=worker, smtp_url=smtp_url))
        yield [await stack.enter_async_context(caller(server.base_url, district, name)) for name in names]


async def founded(person: httpx2.AsyncClient, name: str, kind: str = "nonprofit") -> str:
    """The slug of a new organization."""
    return str((await person.post(ORGANIZATIONS, json={"name": name, "kind": kind})).json()["slug"])


async def add(person: httpx2.AsyncClient, slug: str, email: str, role: str = "partner") -> httpx2.Response:
    """Invites, confirms or asks, as whoever calls may."""
    return await person.post(f"{ORGANIZATIONS}/{slug}/members", json={"email": email, "role": role})


def shown(answer: httpx2.Response) -> tuple[int, Any]:
    """Status and body."""
    return answer.status_code, answer.json()
