"""Finding: what is wrong, as people and programs read it; and the gathering of many small complaints into a few."""

from collections.abc import Iterable
from dataclasses import dataclass

EXAMPLES = 5
Complaint = tuple[str, int]  # a sentence, and the id of the row that it is about


@dataclass(frozen=True)
class Finding:
    """What is wrong, how often, and the first few ids."""

    what: str
    count: int
    examples: list[int]


class Gathered:
    """Counts complaints by their sentence and keeps the first ids, so that a district where all is wrong still fits into memory."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._first: dict[str, list[int]] = {}

    def add(self, complaints: Iterable[Complaint]) -> None:
        """In the order in which they come."""
        for what, id_ in complaints:
            self._counts[what] = self._counts.get(what, 0) + 1
            first = self._first.setdefault(what, [])
            if len(first) < EXAMPLES:
                first.append(id_)

    def findings(self, order: Iterable[str]) -> list[Finding]:
        """One for each sentence that somebody said, in this order."""
        return [Finding(what, self._counts[what], self._first[what]) for what in order if what in self._counts]
