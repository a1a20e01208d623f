"""`serve`, `worker` and the other commands as real processes with an environment of their own: started, heard, killed, started again.

Within pytest they come from the run's nursery (warm.py). Cold, as from a shell, start: what is more than one process, what asks how long a start takes
(`ColdServer`), another program than afterbell's own, and all of the bench.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from tests.ground.children import SECRET, clean_environment, free_port, tied
from tests.ground.once import folder
from tests.ground.warm import NURSERY, Child

STARTS_WITHIN = 30.0
STOPS_WITHIN = 15.0
COMMAND_LASTS = 120.0
# Nobody waits a minute for a lease to end or for a decision to be told, unless a test is about that.
HURRIED = {"LEASE_SECONDS": "2", "DECISION_DELAY_SECONDS": "0"}


OWN = ("-m", "afterbell.cli")


class DidNotStart(AssertionError):
    """A process ended, or said nothing, before it was ready; the text is its log."""


class Process:
    """A child that is ready once a line of its output begins with `ready`. All its output goes to one log, shown when the test fails."""

    ready = ""
    program: Sequence[str] = OWN
    cold = False

    def __init__(self, url: str, *, smtp_url: str = "", **settings: str) -> None:
        self.settings = {"DATABASE_URL": url, "SECRET": SECRET, "SMTP_URL": smtp_url, **HURRIED, **settings}
        self.folder = Path(tempfile.mkdtemp(prefix=f"{type(self).__name__.lower()}-", dir=folder()))
        self.log = self.folder / "log"
        self._child: asyncio.subprocess.Process | Child | None = None
        self._listener: asyncio.Task[None] | None = None
        self._is_ready = asyncio.Event()

    def arguments(self) -> Sequence[str]:
        """What comes after `afterbell`."""
        raise NotImplementedError

    @property
    def pid(self) -> int:
        """The process's own id (and its group's)."""
        assert self._child is not None, "not started"
        return self._child.pid

    async def start(self) -> Self:
        """Starts, and waits until it is ready; raises DidNotStart with the log."""
        self._is_ready = asyncio.Event()
        output = await self._born()
        self._listener = asyncio.create_task(self._listen(output))
        ready = asyncio.create_task(self._is_ready.wait())
        try:
            await asyncio.wait({ready, self._listener}, timeout=STARTS_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if not self._is_ready.is_set():
            await self.kill()
            raise DidNotStart(f"{' '.join([*self.program, *self.arguments()])} was not ready:\n{self.log_text()}")
        return self

    async def _born(self) -> asyncio.StreamReader:
        """The child's output."""
        environment = clean_environment(self.settings)
        if NURSERY.is_open and self.program == OWN and not self.cold:
            output, given = await piped()
            with given:
                self._child = NURSERY.start(
                    self.arguments(), cwd=self.folder, env=environment, out=given.fileno(), err=given.fileno()
                )
            return output
        self._child = await asyncio.create_subprocess_exec(
            *tied([sys.executable, *self.program, *self.arguments()]),
            cwd=self.folder,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        assert self._child.stdout is not None
        return self._child.stdout

    async def _listen(self, output: asyncio.StreamReader) -> None:
        if not self.ready:
            self._is_ready.set()
        with self.log.open("ab", buffering=0) as log:
            while line := await output.readline():
                log.write(line)
                if self.ready and line.startswith(self.ready.encode()):
                    self._is_ready.set()

    async def kill(self) -> None:
        """SIGKILL, at once and with all its children: nothing of it gets to say good-bye."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM, as a service manager does it; SIGKILL, and an error, when that is not heard."""
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        if self._child is None or self._listener is None:
            return
        child, listener = self._child, self._listener
        self._child = self._listener = None
        try:
            if child.returncode is None:
                os.killpg(child.pid, how)
            await asyncio.wait_for(child.wait(), STOPS_WITHIN)
        except ProcessLookupError:
            await child.wait()
        except TimeoutError:
            os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
            raise AssertionError(
                f"{type(self).__name__} did not stop within {STOPS_WITHIN} s:\n{self.log_text()}"
            ) from None
        finally:
            await listener

    def log_text(self) -> str:
        """Everything it said so far, over all its starts."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.stop()
        finally:
            if error is not None:
                print(f"--- log of {type(self).__name__} ---\n{self.log_text()}")


async def piped() -> tuple[asyncio.StreamReader, BinaryIO]:
    """What is heard of a pipe, and its other end, to be given to a child and closed."""
    reading, writing = os.pipe()
    output = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(output), os.fdopen(reading, "rb", 0))
    return output, os.fdopen(writing, "wb", 0)


class Server(Process):
    """`afterbell serve` on a free port, the same one at every start. `worker=False` leaves letters and reminders to somebody else."""

    ready = "listening on"

    def __init__(
        self, url: str, *, smtp_url: str = "", worker: bool = True, processes: int = 1, port: int = 0, **settings: str
    ) -> None:
        self.port = port or free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._flags = ["--processes", str(processes)] if processes > 1 else []
        self._flags += [] if worker else ["--no-worker"]
        self.cold = self.cold or processes > 1
        super().__init__(url, smtp_url=smtp_url, **{"BASE_URL": self.base_url, **settings})

    def arguments(self) -> Sequence[str]:
        """The command as a person would type it."""
        return ["serve", "--host", "127.0.0.1", "--port", str(self.port), *self._flags]


class ColdServer(Server):
    """A server that is started as people start it, imports and all: for what is measured, or promised, of a start."""

    cold = True


class WorkerProcess(Process):
    """`afterbell worker`; give it the server's `base_url` as BASE_URL so that links in letters lead there. It is not waited for."""

    def arguments(self) -> Sequence[str]:
        """The command as a person would type it."""
        return ["worker"]


def afterbell(url: str, *arguments: str, settings: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs one command to its end and returns its code and output; it blocks, and raises only when two minutes were not enough."""
    given = {"DATABASE_URL": url, "SECRET": SECRET, **HURRIED, **(settings or {})}
    with tempfile.TemporaryDirectory(prefix="command-", dir=folder()) as place:
        if NURSERY.is_open:
            return _warm(arguments, Path(place), clean_environment(given))
        return subprocess.run(
            tied([sys.executable, *OWN, *arguments]),
            cwd=place,
            env=clean_environment(given),
            capture_output=True,
            text=True,
            timeout=COMMAND_LASTS,
            check=False,
        )


def _warm(arguments: Sequence[str], place: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    told = Path(tempfile.mkdtemp(prefix="told-", dir=folder()))
    with (told / "out").open("wb") as out, (told / "err").open("wb") as err:
        child = NURSERY.start(arguments, cwd=place, env=env, out=out.fileno(), err=err.fileno())
    try:
        code = child.wait_for(COMMAND_LASTS)
    except TimeoutError:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait_for(STOPS_WITHIN)
        raise
    said = [(told / name).read_text() for name in ("out", "err")]
    return subprocess.CompletedProcess(["afterbell", *arguments], code, *said)
