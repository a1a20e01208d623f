"""One folder for one run of pytest, shared by its workers: what is costly is made once in it, by whoever needs it first."""

import fcntl
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

VARIABLE = "AFTERBELL_TEST_RUN"


class Run:
    """The folder, and a lock on `alive` that the controller holds while it lives: whoever gets it knows that the run is over."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="afterbell-test-", dir=readable_by_all()))
        self.folder.chmod(0o755)
        self._alive = (self.folder / "alive").open("w")
        fcntl.flock(self._alive, fcntl.LOCK_EX)
        os.environ[VARIABLE] = str(self.folder)

    def __enter__(self) -> Self:
        """For whoever runs without pytest, as the bench does."""
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def end(self) -> None:
        """Lets go of `alive`, waits for every keeper to finish, and removes the folder. Nothing is left when this returns."""
        self._alive.close()
        for kept in self.folder.glob("*.kept"):
            with locked(kept):
                pass
        os.environ.pop(VARIABLE, None)
        shutil.rmtree(self.folder, ignore_errors=True)


def folder() -> Path:
    """The run's folder, in the controller and in every worker."""
    return Path(os.environ[VARIABLE])


def once(name: str, make: Callable[[], Any]) -> Any:
    """What `make` returned (a JSON value) the first time anybody in this run asked; the others wait for it. A failure is not kept."""
    kept = folder() / f"{name}.json"
    with locked(folder() / f"{name}.lock"):
        if not kept.exists():
            kept.write_text(json.dumps(make()))
        return json.loads(kept.read_text())


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Waits for the lock and holds it; the system lets go of it when the process dies."""
    with path.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def readable_by_all() -> str:
    """A folder for temporary files that another user can enter too: a PostgreSQL started by root runs as nobody."""
    for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        path = Path(place).resolve()
        if path.is_dir() and all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.parents)):
            return str(path)
    return tempfile.gettempdir()
