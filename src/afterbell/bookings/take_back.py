"""Taking a change back that waits: the old approval stands, and what the change would have needed is free again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings import events
from afterbell.bookings.models import Booking
from afterbell.bookings.moves import announce, chosen, move, open_booking, wrong_state
from afterbell.bookings.present import answers_for
from afterbell.bookings.queries import BookingRow, booking, whole
from afterbell.bookings.rewriting import forget, set_bounds
from afterbell.bookings.stale import Expected
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import forbidden, refused


async def take_back(
    session: AsyncSession,
    reference: str,
    *,
    by: Viewer,
    now: datetime,
    names: Sequence[str] | None = None,
    expected: Expected = None,
) -> BookingRow:
    """All that waits to be changed, or the moves of the dates that are named; only by those who asked."""
    found = await open_booking(session, reference, by, _takes_back, expected)
    wanted = found.dates if names is None else chosen(found, names)
    dates = [date for date in wanted if date.move is not None]
    if found.change_by is None or (names is not None and len(dates) < len(wanted)):
        raise refused(wrong_state(Message(N_("No change waits here that could be taken back."))))
    await forget(session, [date.id for date in dates])
    now_so = await booking(session, whole().where(Booking.id == found.id)) or found
    after = await move(session, now_so, now=now, also={"proposed": None} if names is None else {})
    await set_bounds(session, after)
    await announce(session, events.CHANGE_WITHDRAWN, after, dates, by, now)
    return after


def _takes_back(found: BookingRow, by: Viewer) -> None:
    if not answers_for(found, by):
        raise forbidden(Message(N_("Only the organization that asked can take its change back; staff decline it.")))
