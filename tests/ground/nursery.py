"""The process behind tests/ground/warm.py: imports the service once, then forks at each order and tells of each end. A script: one argument, the socket."""

import ctypes
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.ground.warm import LENGTH

# What `serve` imports only after it has read its arguments.
LATER = (
    "aiosqlite",
    "asyncpg",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "uvicorn.lifespan.on",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
)
AS_TYPED = "python -m afterbell.cli"


@dataclass(frozen=True)
class Order:
    """What a child is to become, and the three ends that came with it."""

    arguments: list[str]
    cwd: str
    env: dict[str, str]
    ending: socket.socket
    out: int
    err: int


@dataclass
class Keeper:
    """`bell` and `rung` are two ends of a pipe: a signal that a child has ended is heard like an order."""

    orders: socket.socket
    children: dict[int, socket.socket] = field(default_factory=dict)
    pipe: tuple[int, int] = field(default_factory=os.pipe)

    def listen(self) -> None:
        """Hears of ended children from now on."""
        for end in self.pipe:
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.pipe[1], warn_on_full_buffer=False)

    def next(self) -> Order | None:
        """The next order; None when there will be no more. Meanwhile ends are told."""
        while True:
            orders, bell = self.orders.fileno(), self.pipe[0]
            heard, _, _ = select.select([orders, bell], [], [])
            if bell in heard:
                os.read(bell, 4096)
                self.tell_of_ends()
            if orders in heard:
                return self.read()

    def tell_of_ends(self) -> None:
        """Reaps all that have ended; whoever started one may not care any more."""
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                with self.children.pop(ended[0]) as ending, suppress(OSError):
                    ending.sendall(str(os.waitstatus_to_exitcode(ended[1])).encode())

    def read(self) -> Order | None:
        """What was ordered, with its streams."""
        length, ends, _, _ = socket.recv_fds(self.orders, LENGTH, 3)
        if not length:
            return None
        told = json.loads(self.orders.recv(int.from_bytes(length), socket.MSG_WAITALL))
        return Order(told["arguments"], told["cwd"], told["env"], socket.socket(fileno=ends[0]), ends[1], ends[2])

    def forget(self) -> None:
        """In a child: hears nothing, holds nothing of the others."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for end in (self.orders, *self.children.values()):
            end.close()
        for pipe in self.pipe:
            os.close(pipe)

    def kill(self) -> None:
        """All that are left, with what they started."""
        for pid in self.children:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def keep(orders: socket.socket, main: Callable[..., None]) -> None:
    """Forks until nobody can order any more. A child leaves it by the exit of `main`, through every frame, and ends as interpreters do."""
    keeper, nursery = Keeper(orders), os.getpid()
    keeper.listen()
    while order := keeper.next():
        if pid := os.fork():
            os.close(order.out)
            os.close(order.err)
            keeper.children[pid] = order.ending
        else:
            keeper.forget()
            become(order, nursery)
            main(prog_name=AS_TYPED)
            return
    keeper.kill()


def become(order: Order, nursery: int) -> None:
    """What a new interpreter would find; tells its id when signals reach it by that, and dies when the nursery does."""
    os.setsid()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != nursery:
        sys.exit("the parent has gone")
    with order.ending as ending:
        ending.sendall(os.getpid().to_bytes(LENGTH))
    for given, stream in ((order.out, 1), (order.err, 2)):
        os.dup2(given, stream)
        os.close(given)
    os.chdir(order.cwd)
    os.environ.clear()
    os.environ.update(order.env)
    time.tzset()
    sys.argv = [AS_TYPED, *order.arguments]


def imported() -> Callable[..., None]:
    """The command, with all that it will need in memory and none of it looked at again by the collector."""
    main: Callable[..., None] = importlib.import_module("afterbell.cli").main
    for name in LATER:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    return main


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as given:
        keep(given, imported())
