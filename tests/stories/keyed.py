"""Sends under Idempotency-Keys: a plan that a seed decides, carried out by a few clients, and what the answers to one key must look like together."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2

from tests.cast import BIRD
from tests.stories.asks import ask, day

ROOMS = ("gym-a", "gym-b", "studio", "hall")
CLIENTS = 8
BOOKINGS = "/api/v1/bookings"


@dataclass(frozen=True)
class Plan:
    """One key: its sends in order, each with its body, and whether they go out at once."""

    key: str
    bodies: Sequence[dict[str, Any]]
    at_once: bool


@dataclass
class Sent:
    """What became of the sends of one plan."""

    plan: Plan
    answers: list[httpx2.Response] = field(default_factory=list)

    @property
    def first(self) -> httpx2.Response | None:
        """The one answer that was no replay."""
        made = [each for each in self.answers if each.status_code == 201 and not replayed(each)]
        return made[0] if len(made) == 1 else None

    def complaints(self) -> list[str]:
        """What is wrong with the answers, taken together: none when one send took effect and each other one was told so in its way."""
        if self.first is None:
            return [f"{self.plan.key}: {[each.status_code for each in self.answers]}"]
        done = self.first.request.content
        wrong = []
        for each in self.answers:
            same = each.request.content == done
            fits = each is self.first or in_flight(each) or (repeats(each, self.first) if same else reused(each))
            if not fits or (in_flight(each) and not self.plan.at_once):
                wrong.append(f"{self.plan.key}: {each.status_code} {each.text[:200]}")
        return wrong


def replayed(answer: httpx2.Response) -> bool:
    """Whether it says so."""
    return answer.headers.get("idempotency-replayed") == "true"


def repeats(answer: httpx2.Response, first: httpx2.Response) -> bool:
    """Whether it is the same answer again, and says so."""
    names = ("etag", "location", "content-type")
    same = all(answer.headers.get(name) == first.headers.get(name) for name in names)
    return replayed(answer) and same and (answer.status_code, answer.content) == (first.status_code, first.content)


def in_flight(answer: httpx2.Response) -> bool:
    """Whether it was told to come again in a second."""
    return (answer.status_code, answer.headers.get("retry-after"), codes(answer)) == (409, "1", ["key_in_flight"])


def reused(answer: httpx2.Response) -> bool:
    """Whether it was told that the key came with another body."""
    return (answer.status_code, codes(answer)) == (422, ["key_reused"])


def codes(answer: httpx2.Response) -> list[str]:
    """Those of its reasons."""
    return [reason["code"] for reason in answer.json().get("reasons", [])]


def plans(count: int, seed: int) -> Iterator[Plan]:
    """One to five sends each, half of the keys at once, one key in five with another body among its sends. Nothing but the key keeps them apart: where
    requests compete, the same one may be made twice."""
    dice = random.Random(seed)
    for number in range(count):
        on = day(ahead=40) + timedelta(days=number // 32 % 70)  # the day on which all is closed is beyond
        room, hour = ROOMS[number % 4], number // 4 % 8 * 2 + 4
        body = ask(on, hour, rooms=[f"{BIRD}/{room}"], title=f"Key {number}")
        bodies = [body] * dice.randint(1, 5)
        if dice.random() < 0.2:
            bodies[dice.randrange(len(bodies))] = body | {"headcount": 7}
        yield Plan(f"key-{seed}-{number}", bodies, dice.random() < 0.5)


async def carry_out(clients: Sequence[httpx2.AsyncClient], wanted: Iterator[Plan], *, keyed: bool = True) -> list[Sent]:
    """Every plan by some client; without `keyed` the header is left out, for controls."""
    done: list[Sent] = []

    async def go(client: httpx2.AsyncClient) -> None:
        for plan in wanted:
            sent = Sent(plan)
            done.append(sent)
            headers = {"Idempotency-Key": plan.key} if keyed else {}
            sends = [client.post(BOOKINGS, json=body, headers=headers) for body in plan.bodies]
            sent.answers += await asyncio.gather(*sends) if plan.at_once else [await each for each in sends]

    await asyncio.gather(*(go(client) for client in clients))
    return done
