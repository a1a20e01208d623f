"""Racing clients: every connection is open and every request sent but for its last byte before the first of them is let go."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import h11

LONGEST = 60.0


@dataclass(frozen=True)
class Entry:
    """One racer: `body` is sent as JSON, `token` as a bearer token; `base_url` may differ from racer to racer."""

    base_url: str
    path: str
    body: Any
    token: str = ""
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back; header names are lower-case, `json` is None for an empty or other body, `seconds` count from the release."""

    status: int
    headers: dict[str, str]
    json: Any
    seconds: float


async def race(entries: Sequence[Entry]) -> list[Answer]:
    """The answers in the order of the entries. A connection that breaks off raises."""
    barrier = asyncio.Barrier(len(entries))
    return list(await asyncio.gather(*(run(entry, barrier) for entry in entries)))


async def run(entry: Entry, barrier: asyncio.Barrier) -> Answer:
    """One racer, from connecting to the last byte of its answer."""
    address = urlsplit(entry.base_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        client = h11.Connection(h11.CLIENT)
        request = written(client, entry, address.netloc)
        writer.write(request[:-1])
        await writer.drain()
        await barrier.wait()
        released = time.perf_counter()
        writer.write(request[-1:])
        async with asyncio.timeout(LONGEST):
            return await answer(client, reader, released)
    finally:
        writer.close()


def written(client: h11.Connection, entry: Entry, host: str) -> bytes:
    """The request's bytes; the last one belongs to the body, so that nothing can be decided without it."""
    body = json.dumps(entry.body).encode()
    headers = {
        "Host": host,
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **entry.headers,
    }
    if entry.token:
        headers["Authorization"] = f"Bearer {entry.token}"
    request = h11.Request(method=entry.method, target=entry.path, headers=list(headers.items()))
    return (
        (client.send(request) or b"")
        + (client.send(h11.Data(data=body)) or b"")
        + (client.send(h11.EndOfMessage()) or b"")
    )


async def answer(client: h11.Connection, reader: asyncio.StreamReader, released: float) -> Answer:
    """Reads one whole response; h11 raises when the server breaks off in the middle."""
    status, headers, body = 0, dict[str, str](), b""
    while not isinstance(event := client.next_event(), h11.EndOfMessage):
        if event is h11.NEED_DATA:
            client.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Response):
            status, headers = (
                event.status_code,
                {name.decode(): value.decode("latin-1") for name, value in event.headers},
            )
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.ConnectionClosed):
            raise ConnectionError("the server closed the connection without an answer")
    seconds = time.perf_counter() - released
    return Answer(
        status, headers, json.loads(body) if body and "json" in headers.get("content-type", "") else None, seconds
    )
