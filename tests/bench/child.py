"""A process of its own that is given work as lines of JSON and answers each with a line: the load and the bare drivers run so, apart from what they measure."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import uvloop

from tests.ground.children import ROOT, tied

LONGEST_LINE = 2**26


class Child:
    """`async with Child("tests.bench.load") as load: await load.ask(plan)`; it dies with its parent."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Whose CPU may be looked at."""
        assert self._process is not None, "not started"
        return self._process.pid

    async def ask(self, plan: dict[str, Any]) -> dict[str, Any]:
        """Its answer; what it had to say is on the error stream when it broke off."""
        assert self._process
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(plan).encode() + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        assert line, f"{self._module} broke off"
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *tied([sys.executable, "-m", self._module]),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process
        assert self._process.stdin
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 5)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


def answer_lines(work: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> None:
    """The child's side: one answer a line until the parent closes its end."""

    async def one(line: str) -> dict[str, Any]:
        return await work(json.loads(line))

    # sys.stdout, unbuffered by PYTHONUNBUFFERED, loses what a single write does not take.
    with open(sys.stdout.fileno(), "wb", closefd=False) as out:
        for line in sys.stdin:
            out.write(json.dumps(uvloop.run(one(line))).encode() + b"\n")
            out.flush()
