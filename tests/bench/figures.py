"""What one load came to, and a bench: an engine, a size, and the two processes that load it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from tests.bench.child import Child
from tests.bench.cpu import Spent, Trees
from tests.bench.databases import Engine
from tests.bench.sizes import Size
from tests.ground.processes import Server

Request = tuple[str, str, str]
PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


@dataclass(frozen=True)
class Figures:
    """Answers in the order of their requests, and what all of them cost."""

    answers: Sequence[tuple[int, int, float]]
    seconds: float
    spent: Spent

    @property
    def cpu(self) -> float:
        """CPU-milliseconds a request, service and database together."""
        return self.spent.together / max(1, len(self.answers))

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.answers) / self.seconds

    def plus(self, other: "Figures | None") -> "Figures":
        """Two rounds of the same, as if they were one."""
        if other is None:
            return self
        return Figures([*self.answers, *other.answers], self.seconds + other.seconds, self.spent.plus(other.spent))

    def as_json(self) -> dict[str, Any]:
        """As it is kept; `answers` counts by status."""
        return {
            "count": len(self.answers),
            "answers": dict(Counter(str(status) for status, _, _ in self.answers)),
            "a_second": round(self.rate, 1),
            "ms": percentiles([milliseconds for _, _, milliseconds in self.answers]),
            "cpu_ms": self.spent.each(len(self.answers)),
        }


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and the slowest."""
    ranked = sorted(milliseconds)
    found = {name: ranked[max(0, ceil(len(ranked) * part) - 1)] for name, part in PERCENTILES.items()}
    return found | {"slowest": ranked[-1]}


@dataclass(frozen=True)
class Bench:
    """`tell` shows progress."""

    engine: Engine
    size: Size
    load: Child
    bare: Child
    tell: Callable[[str], None]

    def say(self, what: str) -> None:
        """What is done now, on which engine."""
        self.tell(f"{self.engine.name}: {what}")

    async def over_http(
        self,
        server: Server,
        requests: Sequence[Request],
        *,
        count: int = 0,
        clients: int = 0,
        headers: Mapping[str, str] | None = None,
    ) -> Figures:
        """Sends the requests (so many in all, over and over, when `count` is given) as Dr Lin's program."""
        plan = {
            "base_url": server.base_url,
            "headers": {"Authorization": f"Bearer {self.engine.token}", **(headers or {})},
            "clients": clients or self.size.clients,
            "count": count or len(requests),
            "seconds": self.size.seconds,
            "requests": requests,
        }
        trees = Trees(server.pid, self.engine.server)
        before = trees.spent()
        told = await self.load.ask(plan)
        spent = trees.spent().since(before)
        return Figures([tuple(answer) for answer in told["answers"] if answer], told["seconds"], spent)
