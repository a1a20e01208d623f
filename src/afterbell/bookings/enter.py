"""Entering a booking: what partners ask for waits for a decision, what staff enter for the school or for a caller may stand approved at once."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.decide import approve
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.request import request_booking
from afterbell.bookings.rivals import rivals_of
from afterbell.bookings.standing import stands_at_once
from afterbell.policy.ask import Ask
from afterbell.policy.projection import Viewer
from afterbell.policy.promising import Promise


async def enter_booking(
    session: AsyncSession,
    ask: Ask,
    *,
    by: Viewer,
    now: datetime,
    promised: Promise | None = None,
    together: bool = False,
) -> BookingRow:
    """Requested, and approved in the same transaction where the campus lets this person enter as approved: both are announced, with who did it. Where others
    compete for the same time it waits all the same: whoever approves sees who loses. For `promised` and `together` see request_booking."""
    booking = await request_booking(session, ask, by=by, now=now, promised=promised, together=together)
    if not await stands_at_once(session, booking, by) or await rivals_of(session, booking, booking.dates):
        return booking
    return await approve(session, booking.reference, by=_lent(by, booking.campus_id), now=now)


def _lent(by: Viewer, campus_id: int) -> Viewer:
    """School staff have the approver's say for this one act, which their campus lends them; it is theirs in the journal."""
    return replace(by, staff=by.staff | {("site_approver", campus_id)})
