"""What happened to a booking, in the past tense and plain values: ids and codes, never a name, a title or a token. Fields are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterbell.outbox.record import Event

REQUESTED = "booking.requested"
APPROVED = "booking.approved"
DECLINED = "booking.declined"
WITHDRAWN = "booking.withdrawn"
CANCELLED = "booking.cancelled"
KINDS = (REQUESTED, APPROVED, DECLINED, WITHDRAWN, CANCELLED)


@dataclass(frozen=True)
class Moved:
    """Some dates of a booking changed state in one act. `dates` are their original starts, wall time; `rooms` the ids whose calendars change."""

    kind: str
    booking_id: int
    campus_id: int
    actor_id: int
    reference: str
    version: int
    dates: tuple[str, ...]
    rooms: tuple[int, ...]

    def event(self, happened_at: datetime) -> Event:
        """As the outbox keeps it."""
        facts: dict[str, Any] = {
            "reference": self.reference,
            "version": self.version,
            "dates": list(self.dates),
            "rooms": list(self.rooms),
        }
        return Event(self.kind, happened_at, facts, self.campus_id, self.booking_id, self.actor_id)
