"""The two engines as the bench uses them: every measurement on a copy of one sown district, and every commit forced to the disk."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from afterbell.database import migrate
from tests.conftest import template
from tests.ground import postgres, sql
from tests.ground.children import ROOT, SECRET, clean_environment
from tests.ground.once import folder

ENGINES = ("sqlite", "postgresql")
NUMBERS = count(1)


@dataclass(frozen=True)
class Engine:
    """A sown district that can be copied. `server` is PostgreSQL's first process, None for SQLite; `log` is what that server writes."""

    name: str
    about: dict[str, Any]
    cast: dict[str, Any]
    sown: str
    place: postgres.Place | None = None
    server: int | None = None
    log: Path | None = None

    def copy(self) -> str:
        """The address of a new copy."""
        name = f"bench_{next(NUMBERS)}"
        if self.place:
            return self.place.create(name, self.sown)
        path = folder() / f"{name}.db"
        shutil.copyfile(sql.bare(self.sown), path)
        return f"sqlite+aiosqlite:///{path}"

    @property
    def closed(self) -> date:
        """The one day on which no school is open."""
        return date.fromisoformat(self.cast["closed"])

    @property
    def token(self) -> str:
        """Dr Lin's, who asks for everything here."""
        return str(next(each["token"] for each in self.cast["people"] if each["email"].startswith("lin@")))


@contextmanager
def engine(name: str) -> Iterator[Engine]:
    """SQLite with synchronous=FULL, as the service sets it; PostgreSQL of our own with fsync on."""
    if name == "sqlite":
        yield _on_file()
        return
    with postgres.own_server() as server:
        yield _on_server(server)


def _on_file() -> Engine:
    """The district that tests copy too."""
    url = f"sqlite+aiosqlite:///{template('sqlite', 'district')}"
    cast = json.loads((folder() / "district-sqlite-cast.json").read_text())
    about = {"version": sqlite3.sqlite_version, "journal_mode": "wal", "synchronous": "full"}
    return Engine("sqlite", about, cast, url)


def _on_server(server: postgres.OwnServer) -> Engine:
    cast = _sow(server.place.create("bench_sown"))
    about = {"version": _setting(server, "server_version")}
    about |= {
        name: _setting(server, name) for name in ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
    }
    home = server.cluster.home
    pid = int((home / "data" / "postmaster.pid").read_text().split()[0])
    return Engine("postgresql", about, cast, "bench_sown", server.place, pid, home / "log")


def _setting(server: postgres.OwnServer, name: str) -> str:
    ((found,),) = postgres.apart(sql.rows(server.place.url, f"SHOW {name}"))
    return str(found)


def _sow(url: str) -> dict[str, Any]:
    """Migrated, and the cast put in by a process of its own, as tests have it."""
    postgres.apart(migrate(url, ROOT / "alembic"))
    out = folder() / "bench-cast.json"
    environment = clean_environment({"DATABASE_URL": url, "SECRET": SECRET})
    subprocess.run([sys.executable, "-m", "tests.cast", url, str(out)], cwd=ROOT, env=environment, check=True)
    cast: dict[str, Any] = json.loads(out.read_text())
    return cast
