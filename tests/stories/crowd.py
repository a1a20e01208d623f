"""A crowd: many clients, each going on by itself on a kept connection. Who is told 503 with Retry-After comes again, as API.md asks, and that is counted."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.conftest import District
from tests.ground.client import client
from tests.ground.tally import told
from tests.stories.asks import card
from tests.stories.racing import PARTNERS, SEED

MOST_TRIES = 40
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@dataclass
class Member:
    """One client, who it is, and what it was answered."""

    number: int
    organization: str
    http: httpx2.AsyncClient
    crowd: "Crowd"

    async def sends(self, method: str, path: str, body: Any, **headers: str) -> httpx2.Response:
        """The answer that counts."""
        for _ in range(MOST_TRIES):
            began = time.perf_counter()
            answer = await self.http.request(method, f"/api/v1{path}", json=body, headers=headers)
            self.crowd.seconds.append(time.perf_counter() - began)
            if answer.status_code != 503 or "retry-after" not in answer.headers:
                self.crowd.statuses[answer.status_code] += 1
                return answer
            self.crowd.busy += 1
        raise AssertionError(f"told to come again {MOST_TRIES} times")


@dataclass
class Crowd:
    """What became of all requests so far; `busy` is how often somebody was told to come again."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    busy: int = 0

    async def goes(
        self, district: District, addresses: Sequence[str], count: int, act: Callable[[Member], Awaitable[None]]
    ) -> None:
        """So many, taking turns at the addresses and among the partners, each with a connection that stands before the first of them begins."""
        people = [card(district, name) for name in PARTNERS]
        members = []
        for number in range(count):
            person = people[number % len(people)]
            http = client(addresses[number % len(addresses)], person["token"], seconds=60)
            members.append(Member(number, person["organization"], http, self))
        await asyncio.gather(*(member.http.get("/api/v1/activities") for member in members))
        await asyncio.gather(*(act(member) for member in members))
        await asyncio.gather(*(member.http.aclose() for member in members))

    def tell(self, protocol: str, ground: str, expected: Sequence[int]) -> int:
        """Prints how it went and answers how many answers were not expected."""
        failures = sum(count for status, count in self.statuses.items() if status not in expected)
        told(protocol, ground, self.seconds, failures=failures, seed=SEED)
        print(f"{dict(sorted(self.statuses.items()))}, told to come again: {self.busy}")
        return failures
