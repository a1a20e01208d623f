"""Starting `afterbell` from a process that has imported it: it forks a child for every start. What a start costs is then the service's own work;
importing takes a second of CPU, and a run starts a thousand of them.

The child is a process like any other: with a session, an environment, a folder and streams of its own, killed by its own id, ending as an interpreter
ends, and gone when the run goes. Only that modules are in memory already is not as on a machine, so what asks for that starts cold (processes.py).
"""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.ground.children import ROOT, clean_environment

LENGTH = 4


class NoNursery(RuntimeError):
    """The process that forks children has ended; why it did stands on this process's error stream."""


class Child:
    """A started process. `ending` tells its code once, after the nursery has reaped it."""

    def __init__(self, pid: int, ending: socket.socket) -> None:
        self.pid = pid
        self._code: int | None = None
        self._ending = ending
        ending.setblocking(False)

    @property
    def returncode(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        if self._code is None:
            with suppress(BlockingIOError):
                self._ended(self._ending.recv(32))
        return self._code

    async def wait(self) -> int:
        """Its code, once it has ended; when given up, it may be awaited again, but never by two at once."""
        if (code := self.returncode) is None:
            code = self._ended(await asyncio.get_running_loop().sock_recv(self._ending, 32))
        return code

    def wait_for(self, seconds: float) -> int:
        """The same without a loop; raises TimeoutError when it goes on for longer."""
        self._ending.settimeout(seconds)
        return self._ended(self._ending.recv(32))

    def _ended(self, told: bytes) -> int:
        self._ending.close()
        self._code = int(told) if told else -signal.SIGKILL  # the nursery has gone, and its children with it
        return self._code


class Nursery:
    """This process's own, started when first needed; pytest opens it, so that the bench starts everything cold. It ends when this process does, however
    that happens: nobody else holds the other end."""

    def __init__(self) -> None:
        self.is_open = False
        self._one_at_a_time = threading.Lock()
        self._orders: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, arguments: Sequence[str], *, cwd: Path, env: dict[str, str], out: int, err: int) -> Child:
        """Forks a child that runs `afterbell ...` with these two streams, which stay the caller's to close."""
        order = json.dumps({"arguments": list(arguments), "cwd": str(cwd), "env": env}).encode()
        ours, theirs = socket.socketpair()
        try:
            with theirs, self._one_at_a_time:
                orders = self._opened()
                socket.send_fds(orders, [len(order).to_bytes(LENGTH)], [theirs.fileno(), out, err])
                orders.sendall(order)
            if pid := ours.recv(LENGTH):
                return Child(int.from_bytes(pid), ours)
        except OSError:
            pass
        ours.close()
        raise NoNursery("The process that forks children has ended.")

    def _opened(self) -> socket.socket:
        if self._orders is None:
            self._orders, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "tests.ground.nursery", str(theirs.fileno())],
                    cwd=ROOT,
                    env=clean_environment({}),
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                )
        return self._orders

    def end(self) -> None:
        """Children that still run are killed; nothing is left when this returns."""
        self.is_open = False
        if self._orders is not None and self._process is not None:
            self._orders.close()
            self._process.wait()
            self._orders = self._process = None


NURSERY = Nursery()
