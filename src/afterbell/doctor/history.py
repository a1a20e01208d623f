"""History: one booking with its dates, events and reminders, as plain values; and how they are read, some thousands of bookings at a time, so that a large
district fits into memory. Five statements a batch."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Booking, Occurrence, Proposal
from afterbell.outbox.models import EventRow, Receipt
from afterbell.places.models import Campus
from afterbell.reminders.models import Reminder

BATCH = 2000
PLANS = "reminders.plan"


@dataclass(frozen=True)
class Dated:
    """One date as it stands, and where it is to move."""

    id: int
    original_start: str
    starts_at: datetime
    ends_at: datetime
    claim_starts_at: datetime
    claim_ends_at: datetime
    state: str
    shifted: bool
    sequence: int
    reason: str | None
    reasons: Sequence[Any] | None
    moves_from: datetime | None = None
    moves_until: datetime | None = None


@dataclass(frozen=True)
class Happened:
    """One event of the booking itself; `planned_at` is when reminders were planned by it, None while the relay owes that or nobody listens."""

    id: int
    kind: str
    actor_id: int | None
    happened_at: datetime
    facts: Mapping[str, Any]
    handled: bool
    planned_at: datetime | None


@dataclass(frozen=True)
class Reminded:
    """One reminder of one of its dates: planned for a start of it (the first releases did not say which), and last sent for one."""

    id: int
    date_id: int
    person_id: int
    due_at: datetime
    state: str
    starts_at: datetime | None
    sent_for: datetime | None


@dataclass(frozen=True)
class History:
    """A booking and all that happened to it; dates by time, events in order."""

    id: int
    reference: str
    version: int
    state: str
    zone: str
    requested_by_id: int
    first_starts_at: datetime
    last_ends_at: datetime
    answer_by: datetime | None
    warnings: int
    step_at: datetime | None
    free_until: datetime | None
    dates: Sequence[Dated]
    events: Sequence[Happened]
    reminders: Sequence[Reminded]

    @property
    def displaced(self) -> set[str]:
        """The dates that somebody put at another time than their series gave them, or elsewhere, as the events tell."""
        return {
            start for event in self.events for name in ("otherwise", "moved") for start in event.facts.get(name, ())
        }


async def histories(session: AsyncSession, most: int = BATCH) -> AsyncIterator[History]:
    """Every booking, in order. All statements of the session must see one moment (`Database.snapshot`)."""
    last = await session.scalar(select(func.max(Booking.id))) or 0
    for after in range(0, last, most):
        for each in await _batch(session, after, after + most):
            yield each


async def _batch(session: AsyncSession, after: int, until: int) -> list[History]:
    """Those whose ids lie above one number and up to another."""
    within = (Booking.id > after, Booking.id <= until)
    rows = await session.execute(_bookings().where(*within).order_by(Booking.id))
    bookings: list[list[Any]] = [list(row) for row in rows]
    dates, reminders = await _dates(session, after, until), await _reminders(session, after, until)
    events = await _events(session, after, until)
    wholes = [[*row, *(part.get(row[0], ()) for part in (dates, events, reminders))] for row in bookings]
    return [History(*whole) for whole in wholes]


def _bookings() -> Any:
    names = ("requested_by_id", "first_starts_at", "last_ends_at", "answer_by", "warnings", "step_at", "free_until")
    head = (Booking.id, Booking.reference, Booking.version, Booking.state, Campus.time_zone)
    columns = (*head, *(getattr(Booking, name) for name in names))
    return select(*columns).join(Campus, Campus.id == Booking.campus_id)


async def _dates(session: AsyncSession, after: int, until: int) -> Mapping[int, list[Dated]]:
    names = [name for name in Dated.__dataclass_fields__ if not name.startswith("moves_")]
    columns = [*(getattr(Occurrence, name) for name in names), Proposal.starts_at, Proposal.ends_at]
    query = select(Occurrence.booking_id, *columns).outerjoin(Proposal, Proposal.occurrence_id == Occurrence.id)
    query = query.where(Occurrence.booking_id > after, Occurrence.booking_id <= until)
    found: dict[int, list[Dated]] = defaultdict(list)
    for booking_id, *row in await session.execute(query.order_by(Occurrence.starts_at, Occurrence.id)):
        found[booking_id].append(Dated(*row))
    return found


async def _reminders(session: AsyncSession, after: int, until: int) -> Mapping[int, list[Reminded]]:
    columns = [getattr(Reminder, name) for name in ("id", "occurrence_id", *list(Reminded.__dataclass_fields__)[2:])]
    query = select(Occurrence.booking_id, *columns).join(Occurrence, Occurrence.id == Reminder.occurrence_id)
    within = (Occurrence.booking_id > after, Occurrence.booking_id <= until)
    found: dict[int, list[Reminded]] = defaultdict(list)
    for booking_id, *row in await session.execute(query.where(*within).order_by(Reminder.id)):
        found[booking_id].append(Reminded(*row))
    return found


async def _events(session: AsyncSession, after: int, until: int) -> Mapping[int, list[Happened]]:
    """The booking's own only: that a reminder fell due is no change of it."""
    within = (EventRow.booking_id > after, EventRow.booking_id <= until, EventRow.kind.startswith("booking."))
    receipts = select(Receipt.event_id, Receipt.at).join(EventRow, EventRow.id == Receipt.event_id)
    planned = {id_: at for id_, at in await session.execute(receipts.where(*within, Receipt.listener == PLANS))}
    columns = (EventRow.id, EventRow.kind, EventRow.actor_id, EventRow.happened_at, EventRow.facts, EventRow.handled_at)
    found: dict[int, list[Happened]] = defaultdict(list)
    query = select(EventRow.booking_id, *columns).where(*within)
    for row in await session.execute(query.order_by(EventRow.id)):
        event = Happened(
            row.id, row.kind, row.actor_id, row.happened_at, row.facts, row.handled_at is not None, planned.get(row.id)
        )
        found[row.booking_id].append(event)
    return found
