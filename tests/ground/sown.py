"""Seeding a migrated database with the cast, through the acts, by a process of its own."""

import subprocess
import sys
from pathlib import Path

from tests.ground.children import ROOT, SECRET, clean_environment


def sow(url: str, cards: Path) -> None:
    """Runs tests/cast.py on the database; `cards` becomes the file of people with tokens and schools with rooms."""
    command = [sys.executable, "-m", "tests.cast", url, str(cards)]
    environment = clean_environment({"DATABASE_URL": url, "SECRET": SECRET})
    seeded = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert seeded.returncode == 0, f"tests.cast failed:\n{seeded.stdout}{seeded.stderr}"
