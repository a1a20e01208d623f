"""ical.js, a calendar reader that is not ours and not Python's, in one Node process for many calendars."""

import json
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime

from ground.node import node
from tests.ground.children import ROOT

Instants = list[tuple[datetime, datetime]]


def read_by_icaljs(calendars: Sequence[str]) -> list[Instants]:
    """For each calendar with one event, the instants at which its dates start and end, in its order."""
    done = subprocess.run(
        [*node(ROOT), str(ROOT / "tests/ground/ical_reader.mjs")],
        input=json.dumps(list(calendars)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [[(_instant(start), _instant(end)) for start, end in dates] for dates in json.loads(done.stdout)]


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
