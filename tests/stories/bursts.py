"""A burst of bookings: eight clients that ask for one free slot after another, until something under them is killed."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2

from tests.conftest import District
from tests.stories.asks import ask, card, day
from tests.stories.racing import PARTNERS, SEED, hall

CLIENTS = 8


def slots() -> Iterator[dict[str, Any]]:
    """Bodies for slots that nobody else has, each with a title of its own."""
    number = 0
    for ahead in range(60):
        on = day(ahead=40) + timedelta(days=ahead)
        for hour in range(0, 22, 2):
            for room in range(2, 40):
                number += 1
                yield ask(on, hour, rooms=hall(f"hall-{room}"), title=f"Burst {number}")


@dataclass
class Burst:
    """What became of every request so far: answered 201, answered otherwise, or broken off without an answer (by title)."""

    district: District
    waiting: Iterator[dict[str, Any]] = field(default_factory=slots)
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    others: list[tuple[str, int]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    async def until(self, base_url: str, count: int, strike: Callable[[], Awaitable[None]]) -> None:
        """Goes on until so many more are acknowledged, then strikes in the middle of the others' requests. A client ends when its own breaks off."""
        goal = len(self.acknowledged) + count
        struck = asyncio.Event()

        async def go(name: str) -> None:
            person = card(self.district, name)
            headers = {"Authorization": f"Bearer {person['token']}"}
            async with httpx2.AsyncClient(base_url=base_url, headers=headers, timeout=15, trust_env=False) as client:
                while not struck.is_set() and await self._ask(client, person["organization"]):
                    if len(self.acknowledged) >= goal and not struck.is_set():
                        struck.set()
                        await strike()

        await asyncio.gather(*(go(PARTNERS[number % len(PARTNERS)]) for number in range(CLIENTS)))
        assert struck.is_set(), f"{count} more bookings were not to be had: {self.others}"

    @property
    def unsure(self) -> list[str]:
        """The titles of all that was not acknowledged, and may be stored or not."""
        return [*self.broken, *(title for title, _ in self.others)]

    async def _ask(self, client: httpx2.AsyncClient, organization: str) -> bool:
        """Whether it was answered at all."""
        body = next(self.waiting) | {"organization": organization}
        began = time.perf_counter()
        try:
            answer = await client.post("/api/v1/bookings", json=body)
        except httpx2.TransportError:
            self.broken.append(body["title"])
            return False
        if answer.status_code != 201:
            self.others.append((body["title"], answer.status_code))
            return True
        self.seconds.append(time.perf_counter() - began)
        self.acknowledged.append(answer.json())
        return True
