"""Racers are fair: while one of them is missing, all the others wait with their last byte in hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.ground.racers import Answer, Entry, race, run

RACERS = 64


class Gate:
    """A server that counts the requests that lack their last byte, and those that are whole."""

    def __init__(self) -> None:
        self.waiting = self.whole = 0
        self.changed = asyncio.Condition()
        self.base_url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length - 1)
        async with self.changed:
            self.waiting += 1
            self.changed.notify_all()
        body += await reader.readexactly(1)
        self.whole += 1
        start = f"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(start.encode() + body)
        writer.close()

    async def crowded(self, count: int) -> None:
        """Returns once so many requests have arrived but for their last byte."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.waiting >= count)


@asynccontextmanager
async def a_gate() -> AsyncIterator[Gate]:
    gate = Gate()
    async with await asyncio.start_server(gate.answer, "127.0.0.1", 0) as server:
        gate.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield gate


async def run_with_one_missing(gate: Gate, places: int) -> tuple[int, list[Answer]]:
    """How many requests were whole when all but one racer had come to a barrier for `places`, and what all were answered."""
    barrier = asyncio.Barrier(places)
    racers = [asyncio.create_task(run(Entry(gate.base_url, "/", {"n": n}), barrier)) for n in range(RACERS - 1)]
    await gate.crowded(RACERS - 1)
    whole = gate.whole
    if places == RACERS:
        racers.append(asyncio.create_task(run(Entry(gate.base_url, "/", {"n": RACERS - 1}), barrier)))
    return whole, await asyncio.gather(*racers)


async def test_nobody_is_let_go_while_one_is_missing() -> None:
    async with a_gate() as gate:
        whole, answers = await run_with_one_missing(gate, RACERS)
    assert (whole, [(answer.status, answer.json) for answer in answers]) == (
        0,
        [(201, {"n": n}) for n in range(RACERS)],
    )


async def test_control_without_a_barrier_all_are_whole_though_one_is_missing() -> None:
    async with a_gate() as gate:
        await run_with_one_missing(gate, 1)
    assert gate.whole == RACERS - 1


async def test_answers_come_in_the_order_of_the_entries() -> None:
    async with a_gate() as gate:
        answers = await race([Entry(gate.base_url, "/", {"n": n}) for n in range(RACERS)])
    assert [answer.json for answer in answers] == [{"n": n} for n in range(RACERS)]
