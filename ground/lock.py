"""Writes the Python locks from pyproject.toml: universal, hashed, and without any address. Run by `make lock`, the only part of set-up that resolves."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLAGS = [
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--no-header",
    "--quiet",
]
# A group is locked alone; an extra comes on top of what the service itself needs.
WHAT = {
    "requirements.lock": ["pyproject.toml", "--extra", "build"],
    "requirements-dev.lock": ["pyproject.toml", "--extra", "build", "--extra", "dev"],
    "requirements-node.lock": ["--group", "node"],
}


def main() -> int:
    """The first failure's exit code; uv has said why."""
    for name, what in WHAT.items():
        print(f"lock: {name}", flush=True)
        command = [sys.executable, "-m", "uv", "pip", "compile", *what, *FLAGS, "--upgrade", "-o", name]
        found = subprocess.run(command, cwd=ROOT, check=False).returncode
        if found != 0:
            return found
    return 0


if __name__ == "__main__":
    sys.exit(main())
