"""What every decision shares: open a booking under its locks, move some of its dates, announce once. Who may decide what is said in decide and cancel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.claims import release
from afterbell.bookings.events import Moved
from afterbell.bookings.models import Booking, Occurrence
from afterbell.bookings.queries import BookingRow, DateRow, booking, visible_to, whole
from afterbell.outbox.record import record
from afterbell.places.models import Campus
from afterbell.policy.lifecycle import BLOCKING, booking_state
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Finding, Message, refuse
from afterbell.problem import not_found, refused


async def open_booking(session: AsyncSession, reference: str, by: Viewer) -> BookingRow:
    """The booking as it stands under the locks of its campus (shared) and its row; 404 when unknown or out of the viewer's scope."""
    scope = (Booking.reference == reference, visible_to(by))
    campus = select(Campus.id).join(Booking, Booking.campus_id == Campus.id).where(*scope)
    if (await session.execute(campus.with_for_update(read=True, of=Campus))).first() is None:
        raise not_found()
    locked = select(Booking.id).where(*scope).with_for_update(key_share=True)
    if (await session.execute(locked)).first() is None:
        raise not_found()
    found = await booking(session, whole().where(*scope))
    if found is None:
        raise not_found()
    return found


def chosen(found: BookingRow, names: Sequence[str] | None) -> list[DateRow]:
    """The dates that a request names by id or original start, or all; 409 `unknown_occurrence` for a name that is none of them."""
    if names is None:
        return list(found.dates)
    by_name = {
        name: date
        for date in found.dates
        for name in (date.public_id, date.original_start.isoformat(timespec="minutes"))
    }
    unknown = [name for name in names if name not in by_name]
    if unknown:
        message = Message(N_("This booking has no date {name}."), {"name": unknown[0][:40]})
        raise refused([refuse("unknown_occurrence", message)])
    return list(dict.fromkeys(by_name[name] for name in names))


def wrong_state(message: Message) -> list[Finding]:
    """The one reason why a move is not possible from here."""
    return [refuse("wrong_state", message)]


@dataclass(frozen=True)
class Change:
    """What becomes of some dates in an act, and the words that go with it."""

    dates: Sequence[DateRow]
    to: str
    reason: str | None = None


async def move(session: AsyncSession, found: BookingRow, *changes: Change, now: datetime) -> BookingRow:
    """Gives dates their new states, frees the claims of those that no longer block, and raises the booking's version by one, whatever the number of
    changes. Answers the booking as it now is."""
    moved = {
        date.id: replace(date, state=change.to, reason=change.reason) for change in changes for date in change.dates
    }
    for change in changes:
        ids = [date.id for date in change.dates]
        if change.to not in BLOCKING:
            await release(session, ids)
        changed = update(Occurrence).where(Occurrence.id.in_(ids))
        values = {"state": change.to, "reason": change.reason, "sequence": Occurrence.sequence + 1, "changed_at": now}
        await session.execute(changed.values(values))
    dates = tuple(moved.get(date.id, date) for date in found.dates)
    after = replace(found, dates=dates, state=booking_state([date.state for date in dates]), version=found.version + 1)
    kept = {"state": after.state, "version": after.version, "changed_at": now}
    await session.execute(update(Booking).where(Booking.id == found.id).values(kept))
    return after


async def announce(
    session: AsyncSession, kind: str, after: BookingRow, dates: Sequence[DateRow], by: Viewer, now: datetime
) -> None:
    """One event for the whole act."""
    moved = Moved(
        kind,
        after.id,
        after.campus_id,
        by.person_id or 0,
        after.reference,
        after.version,
        tuple(date.original_start.isoformat(timespec="minutes") for date in dates),
        tuple(sorted({room.id for date in dates for room in date.rooms})),
    )
    await record(session, moved.event(now))
