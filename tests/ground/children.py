"""Starting programs so that none outlives its test: free ports, and a prelude that ties a child to its parent's life."""

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "for tests only, and the same in every one of them"
PRELUDE = """
import ctypes, os, signal, sys
if int(sys.argv[2]):
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
try:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
except (AttributeError, OSError):
    pass
if os.getppid() != int(sys.argv[1]):
    sys.exit("the parent has gone")
os.execv(sys.argv[3], sys.argv[3:])
"""


def tied(command: Sequence[str], *, user: int = 0) -> list[str]:
    """The command, killed by Linux when the process that starts it dies; the pid is the program's own. `user` 0 changes nobody."""
    return [sys.executable, "-I", "-S", "-c", PRELUDE, str(os.getpid()), str(user), *command]


def free_port() -> int:
    """A port that nobody had a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with no AFTERBELL_ setting but the given ones (named without the prefix)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AFTERBELL_")}
    return kept | {f"AFTERBELL_{name}": value for name, value in settings.items()}
