"""How a calendar is fetched: again and again, by programs that send no token, remember validators and understand gzip or not (CALENDARS.md F)."""

import gzip
from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import httpx2
import pytest

from tests.cast import OWL
from tests.conftest import District
from tests.ground.client import client
from tests.ground.processes import Server
from tests.stories.asks import HALL, ask, caller

FEED = f"/calendars/rooms/{HALL}.ics"
PLAIN = {"Accept-Encoding": "identity"}
ZIPPED = {"Accept-Encoding": "gzip"}
NEVER = "set-cookie", "location", "content-range"


@pytest.mark.story
async def test_a_calendar_is_fetched_as_calendar_programs_do(district: District) -> None:
    async with Server(district.url, worker=False) as server, client(server.base_url) as stranger:
        first = await stranger.get(FEED, headers=PLAIN)
        assert (first.status_code, dict(lasting(first))) == (
            200,
            {
                "content-type": "text/calendar; charset=utf-8",
                "content-length": str(len(first.content)),
                "etag": first.headers["etag"],
                "last-modified": first.headers["last-modified"],
                "cache-control": "public, max-age=300",
                "vary": "Accept-Encoding",
                "access-control-allow-origin": "*",
                "x-content-type-options": "nosniff",
            },
        )
        await again_for_nothing(stranger, first)
        await zipped_when_asked(stranger, first)
        await not_to_be_had(stranger)
        await changed_by_a_booking(stranger, first, district, server.base_url)


def lasting(answer: httpx2.Response) -> Mapping[str, str]:
    """Its headers without the clock's."""
    return {name: value for name, value in answer.headers.items() if name != "date"}


async def again_for_nothing(stranger: httpx2.AsyncClient, first: httpx2.Response) -> None:
    """Whoever has the calendar is told so in no bytes; whoever may not have it gets it whole, the same to the byte."""
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    earlier = format_datetime(parsedate_to_datetime(modified) - timedelta(seconds=1), usegmt=True)
    later = format_datetime(parsedate_to_datetime(modified) + timedelta(days=1), usegmt=True)
    known: list[dict[str, str]] = [
        {"If-None-Match": tag},
        {"If-None-Match": f"W/{tag}"},
        {"If-None-Match": f'"other", {tag}, "third"'},
        {"If-None-Match": "*"},
        {"If-None-Match": tag, "If-Modified-Since": earlier},
        {"If-Modified-Since": modified},
        {"If-Modified-Since": later},
    ]
    strange: list[dict[str, str]] = [
        {},
        {"If-None-Match": '"other"'},
        {"If-None-Match": tag.strip('"')},
        {"If-None-Match": '"other"', "If-Modified-Since": modified},
        {"If-Modified-Since": earlier},
        {"If-Modified-Since": "yesterday, about noon"},
        {"Accept": "text/html", "User-Agent": "Mozilla/5.0"},
        {"Cookie": "afterbell=x", "Authorization": "Bearer nonsense"},
    ]
    spared = {name: first.headers[name] for name in ("etag", "last-modified", "cache-control", "vary")}
    for method in ("GET", "HEAD"):
        for headers in known:
            answer = await stranger.request(method, FEED, headers=PLAIN | headers)
            assert (answer.status_code, answer.content) == (304, b""), headers
            assert {name: answer.headers.get(name) for name in spared} == spared
        for headers in strange:
            answer = await stranger.request(method, FEED, headers=PLAIN | headers)
            body = first.content if method == "GET" else b""
            assert (answer.status_code, answer.content, lasting(answer)) == (200, body, lasting(first)), headers


async def zipped_when_asked(stranger: httpx2.AsyncClient, first: httpx2.Response) -> None:
    """The gzipped twin has a validator of its own; who does not want it does not get it."""
    async with stranger.stream("GET", FEED, headers=ZIPPED) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert (answer.headers["content-encoding"], gzip.decompress(raw)) == ("gzip", first.content)
    assert (answer.headers["vary"], answer.headers["content-length"]) == ("Accept-Encoding", str(len(raw)))
    assert answer.headers["etag"] != first.headers["etag"]
    unchanged = await stranger.get(FEED, headers=ZIPPED | {"If-None-Match": answer.headers["etag"]})
    assert (unchanged.status_code, unchanged.headers["etag"]) == (304, answer.headers["etag"])
    for refused in ("identity", "gzip;q=0", "br", "gzip; q=0.000, identity"):
        plain = await stranger.get(FEED, headers={"Accept-Encoding": refused})
        assert (plain.headers.get("content-encoding"), plain.content) == (None, first.content), refused


async def not_to_be_had(stranger: httpx2.AsyncClient) -> None:
    """Unknown is 404, writing is 405, a browser's preflight passes; nobody is given a cookie or sent elsewhere."""
    ask_first = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "If-None-Match",
    }
    unknown = [f"/calendars/rooms/{OWL}/cellar.ics", "/calendars/rooms/nowhere/hall-2.ics", f"/calendars/rooms/{HALL}"]
    answers = [await stranger.get(path) for path in (*unknown, "/calendars/rooms/", "/calendars/rooms/%00/%00.ics")]
    assert [answer.status_code for answer in answers] == [404] * 5
    wrong = [await stranger.request(method, FEED) for method in ("POST", "PUT", "DELETE", "PATCH")]
    assert [(answer.status_code, answer.headers["allow"]) for answer in wrong] == [(405, "GET, HEAD, OPTIONS")] * 4
    preflight = await stranger.options(FEED, headers=ask_first)
    wanted = ("access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers")
    assert [preflight.headers[name] for name in wanted] == [
        "*",
        "GET, HEAD, OPTIONS",
        "If-None-Match, If-Modified-Since",
    ]
    assert (preflight.status_code, preflight.content) == (204, b"")
    everything = [*answers, *wrong, preflight, await stranger.get(FEED)]
    assert [name for answer in everything for name in NEVER if name in answer.headers] == []


async def changed_by_a_booking(
    stranger: httpx2.AsyncClient, first: httpx2.Response, district: District, base_url: str
) -> None:
    """Validators from before a booking are worth nothing after it."""
    async with caller(base_url, district, "lin") as lin:
        assert (await lin.post("/api/v1/bookings", json=ask(rooms=[HALL]))).status_code == 201
    held = {"If-None-Match": first.headers["etag"], "If-Modified-Since": first.headers["last-modified"]}
    since = await stranger.get(FEED, headers=PLAIN | {"If-Modified-Since": held["If-Modified-Since"]})
    after = await stranger.get(FEED, headers=PLAIN | held)
    assert (since.status_code, after.status_code, after.content.count(b"BEGIN:VEVENT")) == (200, 200, 1)
    assert parsedate_to_datetime(after.headers["last-modified"]) > parsedate_to_datetime(held["If-Modified-Since"])
    assert after.headers["etag"] != first.headers["etag"]
