"""Databases for every test: blank, migrated, and the district with its cast, each on both engines. What is costly is made once a run."""

import json
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from afterbell.database import migrate
from tests.ground import postgres
from tests.ground.children import ROOT
from tests.ground.once import Run, folder, once
from tests.ground.sown import sow
from tests.ground.warm import NURSERY

RUN = pytest.StashKey[Run]()
# The same examples at every run; `--hypothesis-profile random --hypothesis-seed 7` draws others, and a failure prints how to repeat it.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("random", deadline=None, database=None, print_blob=True)
settings.load_profile("same")
ALONE = ("tests/stories/test_race", "tests/stories/test_crash", "tests/browser/")


class OneRaceAtATime(LoadScopeScheduling):  # type: ignore[misc]
    """Spreads tests one by one, but races and crashes together to one worker, which begins with them: two at once keep a machine of two cores so busy
    that the service rightly answers 503. The browser's go with them: its one browser and server are made once, and it is as busy as a race. (Marks for
    xdist's own groups do nothing on pytest 9.2.)"""

    def _split_scope(self, nodeid: str) -> str:
        return "alone" if nodeid.startswith(ALONE) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneRaceAtATime:
    """In place of what --dist names."""
    return OneRaceAtATime(config, log)


@dataclass(frozen=True)
class Ground:
    """A database of this test's own: `engine` is "sqlite" or "postgresql", `url` is what AFTERBELL_DATABASE_URL takes."""

    engine: str
    url: str


@dataclass(frozen=True)
class District(Ground):
    """A seeded database; `cast` is what tests/cast.py wrote: people with tokens, schools with rooms."""

    cast: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Both engines, one after the other."""
    return str(request.param)


@pytest.fixture
def blank(engine: str, tmp_path: Path) -> Iterator[Ground]:
    """A database without a table."""
    yield from copied(engine, None, tmp_path)


@pytest.fixture
def migrated(engine: str, tmp_path: Path) -> Iterator[Ground]:
    """A database with every table, the guard, and no row."""
    yield from copied(engine, template(engine, "migrated"), tmp_path)


@pytest.fixture
def district(engine: str, tmp_path: Path) -> Iterator[District]:
    """A database with the cast in it."""
    for ground in copied(engine, template(engine, "district"), tmp_path):
        yield District(ground.engine, ground.url, json.loads((folder() / f"district-{engine}-cast.json").read_text()))


@pytest.fixture
def both(tmp_path: Path) -> Iterator[list[District]]:
    """The cast's district on either engine, for what must be the same on both."""
    made, grounds = [], []
    for engine in ("sqlite", "postgresql"):
        ground = copied(engine, template(engine, "district"), tmp_path)
        grounds.append(ground)
        cast = json.loads((folder() / f"district-{engine}-cast.json").read_text())
        made.append(District(engine, next(ground).url, cast))
    yield made
    for ground in grounds:
        next(ground, None)


def copied(engine: str, source: str | None, tmp_path: Path) -> Iterator[Ground]:
    """A new database, as a copy of `source` when there is one; dropped afterwards, whoever is still connected."""
    if engine == "sqlite":
        path = tmp_path / "afterbell.db"
        if source:
            shutil.copyfile(source, path)
        yield Ground(engine, f"sqlite+aiosqlite:///{path}")
        return
    server, name = postgres.shared(), f"afterbell_test_{uuid.uuid4().hex[:16]}"
    yield Ground(engine, server.create(name, source))
    server.drop(name)


def template(engine: str, kind: str) -> str:
    """What to copy: a file's path on SQLite, a database's name on PostgreSQL. Made once a run."""
    make = {"migrated": make_migrated, "district": make_district}[kind]
    return str(once(f"{kind}-{engine}", lambda: make(engine)))


def make_migrated(engine: str) -> str:
    """A migrated template."""
    name, url = new_template(engine, "migrated", None)
    postgres.apart(migrate(url, ROOT / "alembic"))
    settle(engine, name)
    return name


def make_district(engine: str) -> str:
    """A template with the cast, seeded through the acts by a process of its own."""
    name, url = new_template(engine, "district", template(engine, "migrated"))
    sow(url, folder() / f"district-{engine}-cast.json")
    settle(engine, name)
    return name


def new_template(engine: str, kind: str, source: str | None) -> tuple[str, str]:
    """Its name and its address; a copy of `source` when given."""
    if engine == "sqlite":
        path = folder() / f"{kind}.db"
        if source:
            shutil.copyfile(source, path)
        return str(path), f"sqlite+aiosqlite:///{path}"
    name = f"afterbell_test_{kind}_{folder().name[-8:]}"
    return name, postgres.shared().create(name, source)


def settle(engine: str, name: str) -> None:
    """A SQLite file is copied alone: nothing may be left in its write-ahead log."""
    if engine == "sqlite":
        with closing(sqlite3.connect(name)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def pytest_report_header() -> str:
    """Says how properties are tried, and how to try others."""
    return "properties: the same examples every run; others by --hypothesis-profile random --hypothesis-seed N"


def pytest_configure(config: pytest.Config) -> None:
    """The controller makes the run's folder; workers find it in their environment."""
    NURSERY.is_open = True
    if not hasattr(config, "workerinput"):
        config.stash[RUN] = Run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Everybody ends what it started; the controller ends the run: servers stop, the folder goes."""
    NURSERY.end()
    if RUN in config.stash:
        drop_templates()
        config.stash[RUN].end()


def drop_templates() -> None:
    """Our own server goes with all it has; on a given one nothing may stay behind."""
    if (folder() / "postgres.json").exists():
        for kind in ("migrated", "district"):
            if (folder() / f"{kind}-postgresql.json").exists():
                postgres.shared().drop(f"afterbell_test_{kind}_{folder().name[-8:]}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Leaves the running test's name in var/ while it runs, so that a stopped CI can say which it was."""
    worker = getattr(item.config, "workerinput", {}).get("workerid", "main")
    current = ROOT / "var" / f"ci-current-{worker}"
    current.parent.mkdir(exist_ok=True)
    current.write_text(item.nodeid + "\n")
    try:
        return (yield)
    finally:
        current.unlink(missing_ok=True)
