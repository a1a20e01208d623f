"""The field of a race: sixty-four people of three partners who want a hall of Night Owl High at once, from one server, two processes or two servers."""

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from tests.cast import OWL
from tests.conftest import District
from tests.ground.processes import Server
from tests.ground.racers import Answer, Entry
from tests.stories.asks import ask, card

RACERS = 64
SEED = 20261124
PARTNERS = ("lin", "rosa", "sam", "pilar")
ONE, PROCESSES, SERVERS = "one process", "two processes", "two servers"
everywhere = pytest.mark.parametrize(
    ("engine", "shape"),
    [("sqlite", ONE), ("postgresql", ONE), ("postgresql", PROCESSES), ("postgresql", SERVERS)],
    indirect=["engine"],
)
TAKEN = [["room_taken"]]


@asynccontextmanager
async def doors(district: District, shape: str) -> AsyncIterator[Sequence[str]]:
    """The addresses at which one database is served."""
    async with AsyncExitStack() as stack:
        count = 2 if shape == SERVERS else 1
        servers = [Server(district.url, processes=2 if shape == PROCESSES else 1) for _ in range(count)]
        yield [(await stack.enter_async_context(server)).base_url for server in servers]


def field(district: District, addresses: Sequence[str], wishes: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """One racer a wish, taking turns at the addresses and among the partners, in an order that the seed decides."""
    shuffled = random.Random(SEED).sample(list(wishes), len(wishes))
    people = [card(district, name) for name in PARTNERS]
    entries = []
    for number, wish in enumerate(shuffled):
        person = people[number % len(people)]
        body = ask(**{**wish, "organization": person["organization"]})
        entries.append(Entry(addresses[number % len(addresses)], "/api/v1/bookings", body, person["token"]))
    return entries


def hall(slug: str) -> list[str]:
    """The `rooms` of an ask."""
    return [f"{OWL}/{slug}"]


def statuses(answers: Sequence[Answer]) -> dict[int, int]:
    """How often each status came."""
    found = [answer.status for answer in answers]
    return {status: found.count(status) for status in sorted(set(found))}


def held(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """The bookings of the winners."""
    return [answer.json for answer in answers if answer.status == 201]


def refusals(answers: Sequence[Answer]) -> list[list[str]]:
    """The different lists of codes that losers were given; `TAKEN` when all of them were given just that."""
    codes = {tuple(reason["code"] for reason in answer.json["reasons"]) for answer in answers if answer.status == 409}
    return sorted(map(list, codes))
