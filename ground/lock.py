"""Writes both locks from pyproject.toml: universal, hashed, and without any address. Run by `make lock`, the only part of set-up that resolves."""

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
EXTRAS = {
    "requirements.lock": ["build"],
    "requirements-dev.lock": ["build", "dev"],
    "requirements-node.lock": ["node"],
}


def main() -> int:
    """The first failure's exit code; uv has said why."""
    for name, extras in EXTRAS.items():
        print(f"lock: {name}", flush=True)
        chosen = [flag for extra in extras for flag in ("--extra", extra)]
        command = [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "compile",
            "pyproject.toml",
            *FLAGS,
            *chosen,
            "--upgrade",
            "-o",
            name,
        ]
        found = subprocess.run(command, cwd=ROOT, check=False).returncode
        if found != 0:
            return found
    return 0


if __name__ == "__main__":
    sys.exit(main())
