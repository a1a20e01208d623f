"""Calendars of a thousand dates and more: a room's, its school's programme, and a partner's secret one; warm, zipped, unchanged (304) and cold, beside the
empty handler of the same server, GET /healthz: a plain route of the same process, behind the same middleware, answered to the same clients in the same
rounds. A secret one is judged anew at every fetch, so that none of them is as warm as the others."""

from collections import Counter
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from tests.bench.bookings import fill, requests, settled
from tests.bench.figures import Bench, Figures, percentiles
from tests.bench.slots import FEED_HALL, Slots, in_one_hall
from tests.cast import OWL
from tests.ground import sql
from tests.ground.client import client
from tests.ground.processes import Server

ROOM, PROGRAMME = f"/calendars/rooms/{OWL}/{FEED_HALL}.ics", f"/calendars/schools/{OWL}.ics"
EMPTY = ("GET", "/healthz", "")
ZIPPED = {"Accept-Encoding": "gzip"}
LISTING = '{"summary": {"en": "Check-ups; free, for all", "es": "Chequeos"}, "languages": ["es", "ko"], "cost": "free", "ages": "18+", "join": "call"}'
# As if all that is held had been approved, and were for everybody.
EVENT = "public_id, kind, campus_id, booking_id, actor_id, happened_at, facts, attempts, next_at, handled_at"
APPROVED = """INSERT INTO events ({}) SELECT events.public_id || 'a', 'booking.approved', events.campus_id, booking_id, actor_id, happened_at, {}, 0, next_at,
    happened_at FROM events JOIN bookings ON bookings.id = booking_id WHERE events.kind = 'booking.requested' AND state = 'requested'"""
VERSIONED = "REPLACE(CAST(facts AS TEXT), '\"version\": 1', '\"version\": 2')"
ANNOUNCED = (
    "UPDATE occurrences SET state = 'approved', sequence = 1 WHERE state = 'held'",
    f"UPDATE bookings SET state = 'approved', version = 2, visibility = 'public', listing = '{LISTING}' WHERE state = 'requested'",
    "UPDATE feed_marks SET version = version + 1",
)


async def polled(bench: Bench, server: Server, urls: tuple[str, str], slots: Slots) -> dict[str, Any]:
    """Everything about the room's calendar, and `wide` the other two; `urls` are the served database and the one that holds a pattern."""
    url, pattern_url = urls
    await fill(bench, url, pattern_url, list(islice(in_one_hall(bench.engine.closed), bench.size.feed_events)))
    await settled(url, bench.size.seconds * 3)
    found = await _one(bench, server, ROOM, slots)
    await settled(url, bench.size.seconds * 3)
    facts = VERSIONED if url.startswith("sqlite") else f"CAST({VERSIONED} AS JSON)"
    await sql.tell(url, APPROVED.format(EVENT, facts), *ANNOUNCED)
    wide = {"programme": PROGRAMME, "secret": await _secret(bench, server)}
    return found | {"wide": {name: await _one(bench, server, path, slots) for name, path in wide.items()}}


async def _secret(bench: Bench, server: Server) -> str:
    """The path of Dr Lin's calendar of all that her clinic asked for."""
    async with client(server.base_url, bench.engine.token) as lin:
        made = await lin.post("/api/v1/feeds", json={"scope": "organization"})
    return urlsplit(str(made.json()["url"])).path


async def _one(bench: Bench, server: Server, path: str, slots: Slots) -> dict[str, Any]:
    etag, about = await _first(server, path)
    bench.say(f"poll a feed of {about['events']:,} dates")
    found = await _rounds(bench, server, path, etag)
    cold = await _cold(bench, server, path, slots)
    return about | {name: each.as_json() for name, each in found.items()} | {"cold": cold, "ratio": ratios(found)}


async def _first(server: Server, path: str) -> tuple[str, dict[str, Any]]:
    async with client(server.base_url) as visitor:
        plain = await visitor.get(path, headers={"Accept-Encoding": "identity"})
        zipped = await visitor.get(path, headers=ZIPPED)
    sizes = {"bytes": len(plain.content), "zipped_bytes": int(zipped.headers["content-length"])}
    return str(plain.headers["etag"]), {"events": plain.text.count("BEGIN:VEVENT"), **sizes}


async def _rounds(bench: Bench, server: Server, path: str, etag: str) -> dict[str, Figures]:
    """Every kind in every round, so that a noisy minute falls on all of them."""
    feed = ("GET", path, "")
    kinds = {
        "empty": (EMPTY, {}),
        "warm": (feed, {}),
        "zipped": (feed, ZIPPED),
        "unchanged": (feed, {"If-None-Match": etag}),
    }
    found: dict[str, Figures] = {}
    for _ in range(bench.size.rounds):
        for name, (request, headers) in kinds.items():
            once = await bench.over_http(server, [request], count=bench.size.polls, headers=headers)
            found[name] = once.plus(found.get(name))
    return found


async def _cold(bench: Bench, server: Server, path: str, slots: Slots) -> dict[str, Any]:
    """The first poll after a booking on that campus, again and again, while the worker tells everybody about the booking."""
    asked = requests(slots.single, bench.size.cold)
    answers = (
        await bench.over_http(server, [each for ask in asked for each in (ask, ("GET", path, ""))], clients=1)
    ).answers
    polls = answers[1::2]
    return {
        "count": len(polls),
        "answers": dict(Counter(str(status) for status, _, _ in polls)),
        "bytes": sorted({size for _, size, _ in polls}),
        "ms": percentiles([milliseconds for _, _, milliseconds in polls]),
    }


def ratios(found: dict[str, Figures]) -> dict[str, dict[str, float | None]]:
    """How many times as dear as the empty handler: by requests a second, and by CPU."""
    empty = found["empty"]
    return {
        name: {
            "seconds": round(empty.rate / each.rate, 2),
            "cpu": round(each.cpu / empty.cpu, 2) if empty.cpu else None,
        }
        for name, each in found.items()
        if name != "empty"
    }
