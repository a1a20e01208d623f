"""Span: a half-open stretch of time in UTC, and the algebra of many. No wall time here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, order=True)
class Span:
    """From `starts_at` up to, but not including, `ends_at`; both become UTC. ValueError when naive, empty or backwards."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Compares instants, never wall clocks."""
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a span needs aware instants")
        object.__setattr__(self, "starts_at", self.starts_at.astimezone(UTC))
        object.__setattr__(self, "ends_at", self.ends_at.astimezone(UTC))
        if self.ends_at <= self.starts_at:
            raise ValueError("a span ends after it starts")

    def overlaps(self, other: "Span") -> bool:
        """Whether some instant lies in both; touching ends do not overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def contains(self, other: "Span") -> bool:
        """Whether every instant of the other lies in this one; equal spans contain each other."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at

    def padded(self, before: timedelta, after: timedelta) -> "Span":
        """Longer by set-up before and take-down after, in elapsed time."""
        return Span(self.starts_at - before, self.ends_at + after)

    @property
    def length(self) -> timedelta:
        """Elapsed time, which on the night of a clock change is not what the wall clock says."""
        return self.ends_at - self.starts_at


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same instants in as few spans as possible, in order; touching spans become one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.starts_at <= result[-1].ends_at:
            last = result.pop()
            span = Span(last.starts_at, max(last.ends_at, span.ends_at))
        result.append(span)
    return result


def minus(spans: Iterable[Span], cuts: Iterable[Span]) -> list[Span]:
    """The instants of `spans` that lie in no cut, in order."""
    left = merged(spans)
    for cut in cuts:
        left = [piece for span in left for piece in _without(span, cut)]
    return left


def _without(span: Span, cut: Span) -> list[Span]:
    if not span.overlaps(cut):
        return [span]
    pieces = []
    if span.starts_at < cut.starts_at:
        pieces.append(Span(span.starts_at, cut.starts_at))
    if cut.ends_at < span.ends_at:
        pieces.append(Span(cut.ends_at, span.ends_at))
    return pieces
