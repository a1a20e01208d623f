"""`serve`, `worker` and the other commands as real processes with an environment of their own: started, heard, killed, started again."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.ground.children import SECRET, clean_environment, free_port, tied
from tests.ground.once import folder

STARTS_WITHIN = 30.0
STOPS_WITHIN = 15.0
# Nobody waits a minute for a lease to end or for a decision to be told, unless a test is about that.
HURRIED = {"LEASE_SECONDS": "2", "DECISION_DELAY_SECONDS": "0"}


class DidNotStart(AssertionError):
    """A process ended, or said nothing, before it was ready; the text is its log."""


class Process:
    """A child that is ready once a line of its output begins with `ready`. All its output goes to one log, shown when the test fails."""

    ready = ""
    program: Sequence[str] = ("-m", "afterbell.cli")

    def __init__(self, url: str, *, smtp_url: str = "", **settings: str) -> None:
        self.settings = {"DATABASE_URL": url, "SECRET": SECRET, "SMTP_URL": smtp_url, **HURRIED, **settings}
        self.folder = Path(tempfile.mkdtemp(prefix=f"{type(self).__name__.lower()}-", dir=folder()))
        self.log = self.folder / "log"
        self._child: asyncio.subprocess.Process | None = None
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
        command = tied([sys.executable, *self.program, *self.arguments()])
        self._child = await asyncio.create_subprocess_exec(
            *command,
            cwd=self.folder,
            env=clean_environment(self.settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self._listener = asyncio.create_task(self._listen(self._child))
        ready = asyncio.create_task(self._is_ready.wait())
        try:
            await asyncio.wait({ready, self._listener}, timeout=STARTS_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if not self._is_ready.is_set():
            await self.kill()
            raise DidNotStart(f"{' '.join(command[-4:])} was not ready:\n{self.log_text()}")
        return self

    async def _listen(self, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None
        if not self.ready:
            self._is_ready.set()
        with self.log.open("ab", buffering=0) as log:
            while line := await child.stdout.readline():
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
        super().__init__(url, smtp_url=smtp_url, **{"BASE_URL": self.base_url, **settings})

    def arguments(self) -> Sequence[str]:
        """The command as a person would type it."""
        return ["serve", "--host", "127.0.0.1", "--port", str(self.port), *self._flags]


class WorkerProcess(Process):
    """`afterbell worker`; give it the server's `base_url` as BASE_URL so that links in letters lead there. It is not waited for."""

    def arguments(self) -> Sequence[str]:
        """The command as a person would type it."""
        return ["worker"]


def afterbell(url: str, *arguments: str, settings: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs one command to its end and returns its code and output; it blocks, and raises only when two minutes were not enough."""
    given = {"DATABASE_URL": url, "SECRET": SECRET, **HURRIED, **(settings or {})}
    with tempfile.TemporaryDirectory(prefix="command-", dir=folder()) as place:
        return subprocess.run(
            tied([sys.executable, "-m", "afterbell.cli", *arguments]),
            cwd=place,
            env=clean_environment(given),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
