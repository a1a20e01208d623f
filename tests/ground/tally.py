"""How a protocol went, in one line: n, failures, p50/p95/p99, seed. Printed, and with AFTERBELL_SOAK=1 appended to var/soak/ as JSON too."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil

from tests.ground.children import ROOT

FULL = bool(os.environ.get("AFTERBELL_SOAK"))


@dataclass(frozen=True)
class Tally:
    """`ground` says on what it ran ("postgresql, two processes"); times are seconds, and nobody asserts them."""

    protocol: str
    ground: str
    n: int
    failures: int
    p50: float
    p95: float
    p99: float
    slowest: float
    seed: int


def share(*, soak: int, test: int) -> int:
    """The full count in `make soak`, about a twentieth in `make test`."""
    return soak if FULL else test


def told(protocol: str, ground: str, seconds: Sequence[float], *, failures: int, seed: int) -> Tally:
    """Prints the line; called before the test asserts, so that a failure is told with its figures."""
    ranked = sorted(seconds)
    p50, p95, p99, slowest = (round(ranked[max(0, ceil(len(ranked) * part) - 1)], 4) for part in (0.5, 0.95, 0.99, 1))
    tally = Tally(protocol, ground, len(ranked), failures, p50, p95, p99, slowest, seed)
    print(" ".join(f"{name}={value}" for name, value in asdict(tally).items()))
    if FULL:
        kept = ROOT / "var" / "soak" / f"{protocol.replace(' ', '-')}.json"
        kept.parent.mkdir(parents=True, exist_ok=True)
        with kept.open("a") as lines:
            lines.write(json.dumps(asdict(tally)) + "\n")
    return tally
