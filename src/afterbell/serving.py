"""Starting the server: what must hold before it starts, one process or several, and the line that says where it listens."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import uvicorn
from litestar import Litestar
from sqlalchemy import select
from uvicorn.supervisors import Multiprocess

from afterbell import clock
from afterbell.app import make_app
from afterbell.database import Database
from afterbell.places.models import District
from afterbell.settings import LOOPBACK, Settings
from afterbell.web.assets import NotBuilt, shelf
from afterbell.worker import Worker

BACKLOG = 2048
STARTS_WITHIN = 30.0


class CannotStart(RuntimeError):
    """Why the server or the worker will not start, with the remedy."""


class AnnouncedServer(uvicorn.Server):
    """Says where it listens once it does; tests and people wait for that line."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """After this connections are accepted."""
        await super().startup(sockets=sockets)
        if self.started and sockets:
            _say_where(sockets[0])


class AnnouncedProcesses(Multiprocess):
    """Says where it listens once every process serves: a connection made earlier would wait for their start."""

    def init_processes(self) -> None:
        """A process that died at its start leaves the line out; uvicorn starts another."""
        super().init_processes()
        if all(process.wait_until_ready(STARTS_WITHIN, self.should_exit) for process in self.processes):
            _say_where(self.sockets[0])


def build(settings: Settings, *, with_worker: bool) -> Litestar:
    """The application of one process, with a worker beside it or without."""
    shelf()  # here, so that no first visitor waits for it
    database = Database(settings.database_url)
    worker = Worker(database, settings)
    return make_app(settings, database, beside=[_working(worker)] if with_worker else [])


def _working(worker: Worker) -> Callable[[Litestar], Any]:
    @asynccontextmanager
    async def beside(app: Litestar) -> AsyncIterator[None]:
        worker.start()
        yield
        await worker.stop()

    return beside


async def check_ground(settings: Settings, host: str, *, pages: bool = True) -> None:
    """Raises CannotStart without the guard, and off loopback with a secret that nobody chose or with demo people; with `pages` also without what they load."""
    if pages:
        _check_shelf()
    database = Database(settings.database_url)
    try:
        complaints = await database.verify_guard()
        demo = await is_demo(database) if not complaints else False
    finally:
        await database.close()
    if complaints:
        raise CannotStart(" ".join(complaints) + " If the database is new, run `afterbell migrate` first.")
    abroad = host not in LOOPBACK or not settings.on_loopback
    if abroad and not settings.secret_is_set:
        raise CannotStart("Off this machine AFTERBELL_SECRET must be set; `openssl rand -hex 32` makes one.")
    if abroad and demo:
        raise CannotStart(
            "This is the demo district, whose sign-in links are public: it is served on this machine only. Use an empty database and `afterbell setup`."
        )


def _check_shelf() -> None:
    try:
        shelf()
    except NotBuilt as error:
        raise CannotStart(str(error)) from error


async def is_demo(database: Database) -> bool:
    """Whether the database holds sample people."""
    async with database.reading() as session:
        return bool(await session.scalar(select(District.demo)))


async def moved_clock(database: Database, at: str) -> datetime:
    """The instant that `tick --at` names; the clock only moves forward, and only where no real letter could go out early."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise CannotStart("--at takes an instant with an offset, such as 2026-12-01T09:00:00-08:00.") from error
    if moment.tzinfo is None or moment < clock.now():
        raise CannotStart("--at takes an instant with an offset that is not past, such as 2026-12-01T09:00:00-08:00.")
    if not await is_demo(database):
        raise CannotStart("--at moves the clock in demo databases only.")
    return moment


def bound(host: str, port: int) -> socket.socket:
    """A socket bound before anything starts, so that a taken port is told at once. Port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise CannotStart(
            f"Port {port} on {host} cannot be used ({error.strerror}). Try another: PORT={port + 1} make run, or --port {port + 1}."
        ) from error
    return found


def serve(sock: socket.socket, factory: str, processes: int) -> None:
    """Serves until told to stop; open requests get five seconds."""
    config = uvicorn.Config(
        factory,
        factory=True,
        workers=processes,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        log_config=None,  # logs.py hears it
        server_header=False,
        timeout_graceful_shutdown=5,
        backlog=BACKLOG,
    )
    if processes > 1:
        sock.listen(BACKLOG)  # connections wait here until the processes are up
        AnnouncedProcesses(config, sockets=[sock]).run()
    else:
        AnnouncedServer(config).run(sockets=[sock])


def _say_where(sock: socket.socket) -> None:
    host, port = sock.getsockname()[:2]
    print(f"listening on http://{host}:{port}", flush=True)  # noqa: T201 - this is the command's output
