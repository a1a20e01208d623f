"""What a process and all its descendants have spent, from /proc: it holds on a noisy machine, where seconds do not."""

import os
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True)
class Spent:
    """CPU-milliseconds of the service and of the database server, which is None for SQLite: it works inside the service."""

    service: float
    database: float | None = None

    @property
    def together(self) -> float:
        """Both."""
        return self.service + (self.database or 0.0)

    def since(self, earlier: "Spent") -> "Spent":
        """The difference."""
        database = None if self.database is None else self.database - (earlier.database or 0.0)
        return Spent(self.service - earlier.service, database)

    def plus(self, other: "Spent") -> "Spent":
        """The sum."""
        database = None if self.database is None else self.database + (other.database or 0.0)
        return Spent(self.service + other.service, database)

    def each(self, count: int) -> dict[str, float | None]:
        """Per request, as it is kept; None when nothing was answered."""
        parts = {"service": self.service, "database": self.database, "together": self.together}
        return {name: None if value is None or not count else round(value / count, 3) for name, value in parts.items()}


@dataclass(frozen=True)
class Trees:
    """The process ids at whose trees we look."""

    service: int
    database: int | None

    def spent(self) -> Spent:
        """So far."""
        return Spent(tree(self.service), None if self.database is None else tree(self.database))


def tree(pid: int) -> float:
    """CPU-milliseconds of a process, its living descendants, and those of their children that have ended and were waited for."""
    found = _processes()
    return sum(found[each][1] for each in _family(pid, {child: parent for child, (parent, _) in found.items()}))


def _processes() -> dict[int, tuple[int, float]]:
    """Every process: its parent, and what it and its ended children spent."""
    found = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has gone meanwhile
                continue
            found[int(folder.name)] = (int(fields[1]), sum(map(int, fields[11:15])) * 1000 / TICK)
    return found


def _family(pid: int, parents: dict[int, int]) -> set[int]:
    family, grown = {pid} & parents.keys(), True
    while grown:
        children = {child for child, parent in parents.items() if parent in family} - family
        family, grown = family | children, bool(children)
    return family
