"""Making the environment: when there is something to do, what is said when it cannot be done, and that nothing half done is taken for whole."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ground.setup import (
    UNFINISHED,
    CannotSetUp,
    is_ours,
    is_ready,
    refuse_old,
    stamp,
    stamp_of,
    starts,
    was_dev,
)
from tests.ground.children import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of its own, with an environment whose Python is this one."""
    (tmp_path / "requirements.lock").write_text("a==1\n")
    (tmp_path / "requirements-dev.lock").write_text("a==1\nb==2\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


def script(path: Path, *lines: str) -> Path:
    """A program of a few shell lines."""
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(0o755)
    return path


def child(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs a few lines that know ground.setup, in a process of their own."""
    prelude = "import sys; from pathlib import Path; from ground.setup import *\n"
    command = [sys.executable, "-c", prelude + code, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("version", [(2, 7), (3, 10)])
def test_an_old_python_is_refused_with_the_remedy(version: tuple[int, int]) -> None:
    with pytest.raises(CannotSetUp) as refused:
        refuse_old(version)
    assert str(refused.value) == (
        f"Python {version[0]}.{version[1]} is too old: install Python 3.11 or newer, or say where it is: make PYTHON=/path/to/python3.13."
    )


def test_a_new_python_is_fine() -> None:
    refuse_old((3, 11))
    refuse_old((3, 14))


def test_the_stamp_is_another_for_another_lock_project_place_or_kind(root: Path) -> None:
    stamps = [stamp(root, "run"), stamp(root, "dev")]
    moved = shutil.copytree(root, root.parent / f"{root.name}-moved", symlinks=True)
    stamps.append(stamp(moved, "run"))
    for name in ("requirements.lock", "pyproject.toml"):
        (root / name).write_text((root / name).read_text() + "# changed\n")
        stamps.append(stamp(root, "run"))
    assert len(set(stamps)) == len(stamps)


def test_the_stamp_is_another_for_another_interpreter(root: Path) -> None:
    code = "sys.executable = sys.argv[2] or sys.executable; print(stamp(Path(sys.argv[1]), 'run'))"
    same, other = (child(code, root, executable).stdout.strip() for executable in ("", "/other/python3.13"))
    assert (same, other == same, len(other)) == (stamp(root, "run"), False, 64)


def put(root: Path, kind: str) -> None:
    stamp_of(root, kind).write_text(stamp(root, kind))


@pytest.mark.parametrize(
    ("stamped", "ready"),
    [((), (False, False)), (("run",), (True, False)), (("dev",), (True, True)), (("run", "dev"), (True, True))],
)
def test_a_developers_environment_is_enough_to_run_and_not_the_other_way_round(
    root: Path, stamped: Sequence[str], ready: tuple[bool, bool]
) -> None:
    for kind in stamped:
        put(root, kind)
    assert ((is_ready(root, "run"), is_ready(root, "dev")), was_dev(root)) == (ready, "dev" in stamped)


def test_a_changed_lock_is_something_to_do(root: Path) -> None:
    put(root, "run")
    (root / "requirements.lock").write_text("a==2\n")
    assert is_ready(root, "run") is False


def test_an_environment_whose_python_has_gone_is_not_ready(root: Path) -> None:
    put(root, "run")
    (root / ".venv" / "bin" / "python").unlink()
    (root / ".venv" / "bin" / "python").symlink_to(root / "gone")
    assert is_ready(root, "run") is False


def test_what_starts_is_a_program_that_ends_well(tmp_path: Path) -> None:
    failing = script(tmp_path / "failing", "exit 3")
    assert [starts(path) for path in (Path(sys.executable), failing, tmp_path, tmp_path / "none")] == [
        True,
        False,
        False,
        False,
    ]


def test_an_environment_that_was_moved_here_is_not_ours(root: Path) -> None:
    assert is_ours(root) is False


MAKE = """
sys.executable = sys.argv[1]
try:
    make_environment(Path(sys.argv[2]))
except CannotSetUp as reason:
    print(reason)
"""


@pytest.mark.parametrize(
    "told",
    [
        "/usr/bin/python3: No module named venv",
        "The virtual environment was not created successfully because ensurepip is not available.",
    ],
)
def test_a_python_without_its_venv_module_is_told_with_the_package_to_install(tmp_path: Path, told: str) -> None:
    python = script(tmp_path / "python", f"echo '{told}' >&2", "exit 1")
    assert child(MAKE, python, tmp_path / ".venv").stdout == (
        f"This Python has no venv module: on Debian and Ubuntu run `apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv` "
        "(or python3-venv) first.\n"
    )
    assert not (tmp_path / ".venv").exists()


def test_any_other_trouble_is_shown_as_it_was_told(tmp_path: Path) -> None:
    python = script(tmp_path / "python", "echo 'No space left on device'", "exit 1")
    told = child(MAKE, python, tmp_path / ".venv").stdout
    assert (
        told
        == "No space left on device\n\nThe environment could not be made: see above; is this folder writable and the disk not full?\n"
    )


def test_two_at_once_wait_for_each_other(tmp_path: Path) -> None:
    code = "with alone(Path(sys.argv[1])): print(sys.argv[2], flush=True); sys.stdin.read()"
    prelude = "import sys; from pathlib import Path; from ground.setup import *\n"

    def begin(name: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", prelude + code, str(tmp_path / "lock"), name]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    first = begin("first")
    assert first.stdout is not None
    assert first.stdout.readline() == "first\n"
    second = begin("second")
    assert second.stderr is not None
    assert second.stderr.readline() == "set-up: waiting for another make that is setting up\n"
    assert first.communicate("", timeout=30) == ("", "")
    assert second.communicate("", timeout=30) == ("second\n", "")


def test_an_install_that_breaks_off_is_told_and_is_not_taken_for_whole(root: Path) -> None:
    """A real environment, and a package that nobody can have."""
    shutil.rmtree(root / ".venv")
    (root / "ground").mkdir()
    shutil.copy(ROOT / "ground" / "setup.py", root / "ground" / "setup.py")
    (root / "requirements.lock").write_text("afterbell-nobody-has-this==1 --hash=sha256:" + "0" * 64 + "\n")
    command = [sys.executable, str(root / "ground" / "setup.py"), "run"]
    environment = os.environ | {"PIP_NO_INDEX": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)
    left = [(root / UNFINISHED).exists(), stamp_of(root, "run").exists(), is_ready(root, "run")]
    assert (done.returncode, left) == (1, [True, False, False])
    assert done.stderr.splitlines()[-1] == (
        "set-up: The packages could not be installed (see above): the first time this needs the network or a package mirror that pip is set up for; "
        "run the same command again and it goes on."
    )


def make(*arguments: str) -> tuple[int, list[str]]:
    """The code of `make`, and what it says of the set-up."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PYTHON"))}
    command = ["make", "-s", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, [line for line in done.stderr.splitlines() if line.startswith("set-up:")]


REMEDY = "or say where it is: make PYTHON=/path/to/python3.13."


def test_make_without_a_python_that_runs_says_so_in_one_sentence(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    told = f"set-up: {nowhere} does not run: install Python 3.11 or newer, {REMEDY}"
    assert make("python", f"PYTHON={nowhere}") == (2, [told])


def test_make_without_any_python_says_so_in_one_sentence() -> None:
    assert make("python", "PYTHON=") == (
        2,
        [
            f"set-up: there is no Python here that runs: install Python 3.11 or newer (Debian: python3 and python3-venv), {REMEDY}"
        ],
    )


def test_make_with_an_old_python_says_so_in_one_sentence(tmp_path: Path) -> None:
    old = script(tmp_path / "python", 'case "$2" in *version_info*) exit 1;; esac')
    assert make("python", f"PYTHON={old}") == (
        2,
        [f"set-up: {old} is older than Python 3.11: install a newer one, {REMEDY}"],
    )


def test_make_with_this_python_is_content() -> None:
    assert make("python", f"PYTHON={sys.executable}") == (0, [])
