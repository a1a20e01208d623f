"""Makes `.venv` from a lock, once: interpreter, environment, locked packages, our own package; then ground/assets.py makes what pages load. Standard
library only; nothing of the service.

Called by the Makefile as `python ground/setup.py run|dev`. A stamp in the environment says what was installed; it is written last, so an
interrupted install is done again, and it decides without pip, network or git whether there is anything to do.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".venv/.afterbell-unfinished"
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
OLDEST = (3, 11)


class CannotSetUp(RuntimeError):
    """Why the environment cannot be made, with the remedy in the same sentence."""


def main(root: Path, kind: str) -> None:
    """Brings `.venv` and the pages' files to what the locks say. Two calls at once wait for each other; a dev environment is enough for `run`."""
    refuse_old(sys.version_info[:2])
    (root / "var").mkdir(exist_ok=True)
    with alone(root / "var/setup.lock"):
        if not is_ready(root, kind):
            install(root, "dev" if was_dev(root) else kind)
        make_assets(root, kind)


def refuse_old(version: tuple[int, int]) -> None:
    """Raises CannotSetUp below Python 3.11."""
    if version < OLDEST:
        raise CannotSetUp(
            f"Python {version[0]}.{version[1]} is too old: install Python 3.11 or newer, or say where it is: make PYTHON=/path/to/python3.13."
        )


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds an advisory lock that the system releases even when this process is killed."""
    with path.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another make that is setting up")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def is_ready(root: Path, kind: str) -> bool:
    """Whether the stamp matches and the environment's Python still starts (its base may have been removed)."""
    stamped = any(
        stamp_of(root, each).is_file() and stamp_of(root, each).read_text() == stamp(root, each)
        for each in {kind, "dev"}
    )
    return stamped and starts(root / ".venv/bin/python")


def was_dev(root: Path) -> bool:
    """A new lock does not turn a developer's environment into a smaller one."""
    return stamp_of(root, "dev").exists()


def stamp_of(root: Path, kind: str) -> Path:
    """Where the stamp lies: inside the environment, so that it goes when the environment goes."""
    return root / ".venv" / f".afterbell-{kind}"


def stamp(root: Path, kind: str) -> str:
    """One hash over everything that an install depends on: lock, project, interpreter, and where the environment stands."""
    parts = [(root / LOCKS[kind]).read_bytes(), (root / "pyproject.toml").read_bytes()]
    parts += [text.encode() for text in (sys.version, os.path.realpath(sys.executable), str(root))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def starts(python: Path) -> bool:
    """Whether this interpreter runs at all."""
    try:
        return subprocess.run([python, "-c", ""], capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install(root: Path, kind: str) -> None:
    """A new environment when the interpreter changed or the old one is broken or unfinished; then the lock, then ourselves; the stamp last."""
    python = root / ".venv/bin/python"
    for each in LOCKS:
        stamp_of(root, each).unlink(missing_ok=True)
    if (root / UNFINISHED).exists() or not is_ours(root):
        make_environment(root / ".venv")
    (root / UNFINISHED).touch()
    say(f"installing what {LOCKS[kind]} names (a minute or two the first time)")
    pip(python, root, ["--require-hashes", "-r", LOCKS[kind]])
    say("installing afterbell itself")
    pip(python, root, ["--no-deps", "--no-build-isolation", "--no-index", "-e", "."])
    (root / UNFINISHED).unlink()
    stamp_of(root, kind).write_text(stamp(root, kind))
    say("the environment is ready")


def is_ours(root: Path) -> bool:
    """Whether `.venv` stands here, was made by this very interpreter, and has a pip that starts."""
    python = root / ".venv/bin/python"
    ask = "import pip, sys; print(sys.version); print(sys.prefix)"
    try:
        told = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    same_base = os.path.realpath(python) == os.path.realpath(sys.executable)
    return same_base and told == f"{sys.version}\n{root / '.venv'}\n"


def make_environment(folder: Path) -> None:
    """Raises CannotSetUp where the distribution has split the venv module off (Debian)."""
    say(f"making .venv with Python {sys.version.split()[0]}")
    shutil.rmtree(folder, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", folder], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        told = made.stdout + made.stderr
        if "ensurepip" in told or "No module named venv" in told:
            major, minor = sys.version_info[:2]
            raise CannotSetUp(
                f"This Python has no venv module: on Debian and Ubuntu run `apt-get install python{major}.{minor}-venv` (or python3-venv) first."
            )
        raise CannotSetUp(
            f"{told}\nThe environment could not be made: see above; is this folder writable and the disk not full?"
        )


def pip(python: Path, root: Path, what: Sequence[str]) -> None:
    """Installs, or raises CannotSetUp; what pip said is shown before the sentence."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--no-input", *what]
    if subprocess.run(command, cwd=root, check=False).returncode != 0:
        raise CannotSetUp(
            "The packages could not be installed (see above): the first time this needs the network or a package mirror that pip is set up for; "
            "run the same command again and it goes on."
        )


def make_assets(root: Path, kind: str) -> None:
    """In a process of the new environment, which has what it takes; that process has said what is wrong and what to do."""
    command = [str(root / ".venv/bin/python"), "-m", "ground.assets", kind]
    if subprocess.run(command, cwd=root, check=False).returncode != 0:
        sys.exit(1)


def say(what: str) -> None:
    """Progress, on the error stream so that a command's own output stays clean."""
    print(f"set-up: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(Path(__file__).resolve().parents[1], sys.argv[1])
    except CannotSetUp as reason:
        sys.exit(f"set-up: {reason}")
    except KeyboardInterrupt:
        sys.exit("set-up: stopped; run the same command again and it goes on.")
