"""The load: clients that keep their connections and send the next request as soon as the last is answered. `python -m tests.bench.load`, by tests.bench.child.

A plan is `{"base_url", "headers", "clients", "count", "seconds", "requests": [[method, path, body]]}`: request number n is `requests[n % len]`, whoever
is free sends it, and none is begun after so many seconds. The answer has one status, size and time for each request, in order, null where none was sent.
"""

import asyncio
import time
from typing import Any
from urllib.parse import urlsplit

from httptools import HttpResponseParser

from tests.bench.child import answer_lines

PATIENCE = 30.0


class Connection(asyncio.Protocol):
    """One kept connection; one request at a time."""

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._answered: asyncio.Future[tuple[int, int]] | None = None
        self._size = 0

    def data_received(self, data: bytes) -> None:
        """asyncio's call."""
        self._parser.feed_data(data)

    def connection_lost(self, error: Exception | None) -> None:
        """asyncio's call: whoever waits is told."""
        if self._answered and not self._answered.done():
            self._answered.set_exception(ConnectionError("the server closed the connection"))

    def on_body(self, body: bytes) -> None:
        """The parser's call."""
        self._size += len(body)

    def on_message_complete(self) -> None:
        """The parser's call."""
        if self._answered and not self._answered.done():
            self._answered.set_result((self._parser.get_status_code(), self._size))

    async def call(self, transport: asyncio.Transport, request: bytes) -> tuple[int, int]:
        """Its answer's status and how many bytes its body had."""
        self._answered, self._size = asyncio.get_running_loop().create_future(), 0
        transport.write(request)
        return await asyncio.wait_for(self._answered, PATIENCE)


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Sends what the plan says and tells how each request fared."""
    wire = [written(plan, *request) for request in plan["requests"]]
    answers: list[tuple[int, int, float] | None] = [None] * plan["count"]
    numbers = iter(range(plan["count"]))
    address = urlsplit(plan["base_url"])
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(Connection, address.hostname, address.port) for _ in range(plan["clients"])]
    began = time.perf_counter()

    async def client(transport: asyncio.Transport, connection: Connection) -> None:
        for number in numbers:
            sent = time.perf_counter()
            if sent - began > plan["seconds"]:
                return
            status, size = await connection.call(transport, wire[number % len(wire)])
            answers[number] = (status, size, round((time.perf_counter() - sent) * 1000, 3))

    await asyncio.gather(*(client(*each) for each in made))
    seconds = time.perf_counter() - began
    for transport, _ in made:
        transport.close()
    return {"seconds": seconds, "answers": answers}


def written(plan: dict[str, Any], method: str, path: str, body: str) -> bytes:
    """The request's bytes."""
    headers = {"Host": urlsplit(plan["base_url"]).netloc, **plan["headers"]}
    if method == "POST":
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body.encode()))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode()


if __name__ == "__main__":
    answer_lines(run)
