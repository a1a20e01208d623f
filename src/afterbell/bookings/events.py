"""What happened to a booking, in the past tense and plain values: ids and codes, never a name, a title or a token. Fields are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from afterbell.outbox.record import Event

REQUESTED = "booking.requested"
APPROVED = "booking.approved"
DECLINED = "booking.declined"
WITHDRAWN = "booking.withdrawn"
CANCELLED = "booking.cancelled"
QUESTIONED = "booking.questioned"
ANSWERED = "booking.answered"
HOLD_WARNED = "booking.hold_warned"
LAPSED = "booking.lapsed"
CHANGED = "booking.changed"
CHANGE_WITHDRAWN = "booking.change_withdrawn"
CHANGE_LAPSED = "booking.change_lapsed"
KINDS = (
    REQUESTED,
    APPROVED,
    DECLINED,
    WITHDRAWN,
    CANCELLED,
    QUESTIONED,
    ANSWERED,
    HOLD_WARNED,
    LAPSED,
    CHANGED,
    CHANGE_WITHDRAWN,
    CHANGE_LAPSED,
)
SUBMITTED = "program.submitted"
TOGETHER = "program_submission"


@dataclass(frozen=True)
class Moved:
    """Something was done about some dates of a booking in one act. `dates` are their original starts, wall time; `rooms` the ids whose calendars change;
    `actor_id` is None when time did it. `more` is what one kind says besides: a decision its `approved`, `declined` and `waiting` dates, those that
    `moved` or `stayed` where they were when a change was decided or its time had come, and `columns` of the whole that were granted or `kept` as they were; a
    warning its `warning`, 1 or 2; a change the names of the `columns` it gave new values and of those that it `waits` for, the dates that `moved`, were
    `asked` to move, `added` (approved `at_once`), `withdrawn` and `cancelled`; a request that came with others in one submission says TOGETHER."""

    kind: str
    booking_id: int
    campus_id: int
    actor_id: int | None
    reference: str
    version: int
    dates: tuple[str, ...]
    rooms: tuple[int, ...]
    more: Mapping[str, Any] = field(default_factory=dict)

    def event(self, happened_at: datetime) -> Event:
        """As the outbox keeps it."""
        facts: dict[str, Any] = {
            "reference": self.reference,
            "version": self.version,
            "dates": list(self.dates),
            "rooms": list(self.rooms),
            **self.more,
        }
        return Event(self.kind, happened_at, facts, self.campus_id, self.booking_id, self.actor_id)
