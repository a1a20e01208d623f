"""Addresses and queries that mean nothing here: unknown, malformed, endless, or written by somebody who is up to no good."""

import asyncio
from base64 import urlsafe_b64encode
from urllib.parse import quote, urlsplit

import httpx2

from tests.api.problems import Told, told
from tests.cast import OWL
from tests.conftest import District
from tests.ground.processes import Server
from tests.stories.asks import ask, caller, token

NOTHING_HERE = (404, "There is nothing here, or it is not yours to see.")
LIMIT = (422, "limit is a whole number from 1 to 200.")
CURSOR = (422, "This cursor was not given by this service; start again without one.")
NUL = (422, "Text may not hold the character NUL (\\u0000). Leave it out.")
NEAR = (422, "near is LAT,LON in degrees, such as 34.05,-118.25, and within_km a number up to 200.")
STATE = (
    422,
    "state is one of requested, approved, skipped, declined, withdrawn, lapsed, cancelled, displaced, no_show.",
)
MOMENT = "must be a time at the school such as 2026-12-01T18:00, or carry an offset."


def forged(key: str) -> str:
    """A cursor that looks like one of ours."""
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


QUERIES: dict[str, Told] = {
    **dict.fromkeys(
        (f"bookings?limit={wrong}" for wrong in ("0", "201", "-1", "x", "1.5", "%C2%B2", "000001000000", "9" * 50)),
        LIMIT,
    ),
    **dict.fromkeys((f"schools?limit={wrong}" for wrong in ("0", "201", "x")), LIMIT),
    **dict.fromkeys(
        (f"bookings?cursor={wrong}" for wrong in ("!!!", "a", "%C3%A9", "%FF", forged("x"), forged("²"), forged("-1"))),
        CURSOR,
    ),
    f"bookings?cursor={forged('9' * 40)}": CURSOR,
    f"messages?cursor={forged('9' * 40)}": CURSOR,
    **dict.fromkeys((f"{each}?cursor={forged(str(2**31))}" for each in ("bookings", "messages")), CURSOR),
    f"schools?cursor={forged(chr(0))}": CURSOR,
    f"schools/{OWL}/rooms?cursor={forged('Hall|' + '9' * 40)}": CURSOR,
    f"schools/{OWL}/rooms?cursor={forged('Hall')}": CURSOR,
    **dict.fromkeys(("bookings?state=aproved", "bookings?state=REQUESTED", "bookings?state=held"), STATE),
    **dict.fromkeys(
        (f"{path}=%00" for path in ("bookings?state", "bookings?campus", "messages?to", "schools?q", "schools?x")), NUL
    ),
    "bookings?from=yesterday": (422, f"from {MOMENT}"),
    "bookings?to=2027-01-01": (422, f"to {MOMENT}"),
    "bookings?to=9999-12-31T23:59-23:59": (422, f"to {MOMENT}"),
    **dict.fromkeys(
        (f"schools?near={wrong}" for wrong in ("here", "1,2,3", "91,0", "0,181", "nan,nan", "inf,0", "34")), NEAR
    ),
    **dict.fromkeys(
        (f"schools?near=34,-118%26within_km={wrong}".replace("%26", "&") for wrong in ("0", "-1", "201", "nan", "far")),
        NEAR,
    ),
}
EMPTY = (
    "bookings?campus=nowhere",
    "bookings?organization=%25",
    "bookings?from=2090-01-01T00:00",
    "schools?q=%25%5F%5C",
    "messages?kind=love",
    "messages?booking=AB-XXXXXXXX",
)
UNKNOWN = (
    *(
        "bookings/AB-XXXXXXXX",
        "bookings/ab-xxxxxxxx",
        "bookings/%00",
        "bookings/%C3%A9%FF",
        "bookings/AB-XXXXXXXX/journey",
    ),
    *(
        "schools/nowhere",
        "schools/%00",
        "schools/nowhere/rooms",
        "schools/../../etc/passwd",
        "rooms/nowhere/x",
        "rooms/x/y/z",
        "rooms/%00",
    ),
    *(
        "rooms/a%00/b",
        "rooms/",
        "nowhere",
        "bookings/" + "x" * 50_000,
        "bookings/%27%20OR%201=1--",
        "rooms/" + "%F0%9F%8F%AB" * 300,
    ),
)
WRONG_METHOD = (
    "PUT bookings",
    "DELETE bookings/AB-XXXXXXXX",
    "PATCH schools",
    "POST schools",
    "GET bookings/AB-XXXXXXXX/approval",
    "GET bookings/preview/x",
)


async def test_a_query_that_means_nothing_is_told_what_would(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "becker") as becker:
        found = {query: told(await becker.get(f"/api/v1/{query}")) for query in QUERIES}
        empty = [(await becker.get(f"/api/v1/{query}")).json() for query in EMPTY]
        known = await becker.get("/api/v1/schools?near=34.03,-118.31&within_km=5&unheard_of=1")
    assert {query: answer for query, answer in found.items() if answer != QUERIES[query]} == {}
    assert empty == [{"items": [], "next": None}] * len(EMPTY)
    assert [school["slug"] for school in known.json()["items"]] == ["24th-street-elementary"], "control"


async def test_an_address_that_is_nowhere_is_not_found(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "becker") as becker:
        found = {path[:40]: told(await becker.get(f"/api/v1/{path}")) for path in UNKNOWN}
        calls = [call.split() for call in WRONG_METHOD]
        methods = [(await becker.request(method, f"/api/v1/{path}")).status_code for method, path in calls]
        lines = [await spoken(server.base_url, line, token(district, "becker")) for line in RAW]
        fine = await becker.get(f"/api/v1/rooms/{OWL}/hall-2")
        by_id = await becker.get(f"/api/v1/rooms/{fine.json()['id']}")
    assert {path: answer for path, answer in found.items() if answer != NOTHING_HERE} == {}
    assert methods == [405, 405, 405, 405, 405, 404]
    assert set(lines) <= {b"400", b"404", b"414", b"431"}
    assert (fine.status_code, fine.json()["slug"], by_id.json()) == (200, "hall-2", fine.json()), "control"


RAW = (
    b"GET /api/v1/caf\xe9 HTTP/1.1",
    b"GET /api/v1/" + b"x" * 200_000 + b" HTTP/1.1",
    b"BREW /api/v1/bookings HTTP/1.1",
    b"GET /api/v1/bookings/%zz%",
    b"\x00\x01\x02",
)


async def spoken(base_url: str, line: bytes, bearer: str) -> bytes:
    """The status to a request line that no client library would send; 400 when the server just hangs up."""
    address = urlsplit(base_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(line + b"\r\nHost: x\r\nAuthorization: Bearer " + bearer.encode() + b"\r\nConnection: close\r\n\r\n")
    try:
        async with asyncio.timeout(10):
            answer = await reader.readline()
    except ConnectionError:
        answer = b""
    finally:
        writer.close()
    return answer.split()[1] if answer else b"400"


async def test_lists_are_walked_page_by_page(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        for hour in (15, 17, 19):
            await lin.post("/api/v1/bookings", json=ask(hour=hour))
        walks = {path: await walked(lin, path) for path in ("bookings", "schools", f"schools/{OWL}/rooms")}
        whole = {path: (await lin.get(f"/api/v1/{path}?limit=200")).json()["items"] for path in walks}
        elsewhere = await lin.get(
            f"/api/v1/bookings?campus={quote(OWL)}&state=approved&from=2020-01-01T00:00&to=2090-01-01T00:00Z"
        )
    assert walks == whole
    assert [len(items) for items in whole.values()] == [5, 6, 42]
    assert [booking["title"] for booking in elsewhere.json()["items"]] == ["Clinic across the clock change"] * 2


async def walked(person: httpx2.AsyncClient, path: str) -> list[object]:
    """Everything on a list, two at a time."""
    found: list[object] = []
    more = "limit=2"
    while more:
        page = (await person.get(f"/api/v1/{path}?{more}")).json()
        found += page["items"]
        more = f"limit=2&cursor={page['next']}" if page["next"] else ""
    return found
