"""The large district: how long a need-first search takes over HTTP and whether it answers what brute force finds; the week of a campus; and what a request
costs there beside one in a small district."""

import json
import time
from collections.abc import Sequence
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from afterbell import clock
from tests.bench.bookings import requests
from tests.bench.city import City, first_week
from tests.bench.city_rows import load
from tests.bench.figures import Bench, Figures, Request
from tests.bench.judge import read_judge
from tests.bench.needs import any_need, around
from tests.bench.sizes import SEED
from tests.bench.slots import Slots
from tests.cast import ZONE
from tests.ground.client import client
from tests.ground.processes import Server

SEARCHES = "/api/v1/searches"
MOST_WRONG = 5


def city_of(bench: Bench) -> City:
    """The district of this size, as it is today."""
    size = bench.size
    return City(size.city_rooms, size.city_evenings, first_week(clock.now().astimezone(ZoneInfo(ZONE)).date()), SEED)


async def in_the_city(bench: Bench, few: Figures) -> dict[str, Any]:
    """Everything that needs a large district; `few` is what a request cost in a small one."""
    city, url, began = city_of(bench), bench.engine.copy(), time.perf_counter()
    bench.say(f"make a district of {city.rooms:,} rooms")
    counts = await load(url, city)
    told = {"rows": counts, "loaded_in_s": round(time.perf_counter() - began, 1)}
    async with Server(url, worker=False, RATE_LIMIT="off") as server:
        bench.say(f"search it {bench.size.searches} times")
        found = await searched(bench, server, city)
        bench.say(f"judge {bench.size.judged} answers by brute force")
        wrong = await judged(bench, server, url, city)
        bench.say("look at weeks")
        weeks = await week_of_campuses(bench, server, city)
        requested = await asked(bench, server)
    growth = {"claims": counts["claims"], "many": requested.as_json(), "cpu_ratio": _ratio(requested, few)}
    return told | {"search": found.as_json(), "equal": wrong, "week": weeks.as_json(), "growth": growth}


async def searched(bench: Bench, server: Server, city: City) -> Figures:
    """The need of DESIGN.md at other points and evenings each time, one client after the other."""
    needs = around(city, SEED)
    await bench.over_http(server, _asked(list(islice(needs, bench.size.warm_up))), clients=1)
    return await bench.over_http(server, _asked(list(islice(needs, bench.size.searches))), clients=1)


def _asked(needs: Sequence[dict[str, Any]]) -> list[Request]:
    return [("POST", SEARCHES, json.dumps(need)) for need in needs]


async def judged(bench: Bench, server: Server, url: str, city: City) -> dict[str, Any]:
    """How many random needs were answered otherwise than brute force does, and the first few ways in which they were."""
    judge, wrong = await read_judge(url), []
    async with client(server.base_url, bench.engine.token, seconds=60) as lin:
        for need in islice(any_need(city, SEED), bench.size.judged):
            answer = await lin.post(SEARCHES, json=need)
            assert answer.status_code == 200, answer.text
            differs = await judge.differs(need, answer.json(), clock.now())
            wrong += [f"{need}: {first}" for first in differs[:1]]
    return {"needs": bench.size.judged, "wrong": len(wrong), "how": wrong[:MOST_WRONG]}


async def week_of_campuses(bench: Bench, server: Server, city: City) -> Figures:
    """One campus after the other, in a week that is booked."""
    paths = [f"/api/v1/campuses/city-{number}/week?limit=200&from={city.first}" for number in range(city.campuses)]
    calls: list[Request] = [("GET", path, "") for path in paths]
    await bench.over_http(server, calls[: bench.size.warm_up], clients=1)
    return await bench.over_http(server, calls, count=bench.size.weeks, clients=1)


async def asked(bench: Bench, server: Server) -> Figures:
    """Requests for the halls that nobody of the district books."""
    slots = Slots(bench.engine.closed)
    await bench.over_http(server, requests(slots.single, bench.size.warm_up))
    return await bench.over_http(server, requests(slots.single, bench.size.asked))


def _ratio(many: Figures, few: Figures) -> float | None:
    return round(many.cpu / few.cpu, 2) if few.cpu else None
