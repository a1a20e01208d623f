"""Whoever acts on a booking as it was before is told what happened since, and nothing is done: 412."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings import events
from afterbell.bookings.queries import BookingRow
from afterbell.outbox.models import EventRow
from afterbell.policy.verdict import N_, Message, refuse
from afterbell.problem import Problem

Expected = Collection[int] | None
SINCE: Mapping[str, str] = {
    events.APPROVED: N_("Meanwhile dates of this booking were approved. Look at it as it is now, then decide again."),
    events.DECLINED: N_("Meanwhile dates of this booking were declined. Look at it as it is now, then decide again."),
    events.WITHDRAWN: N_("Meanwhile dates of this booking were withdrawn. Look at it as it is now, then decide again."),
    events.CANCELLED: N_("Meanwhile dates of this booking were cancelled. Look at it as it is now, then decide again."),
    events.QUESTIONED: N_("Meanwhile the school has asked a question. Look at the booking as it is now."),
    events.ANSWERED: N_("Meanwhile the organization has answered. Look at the booking as it is now."),
    events.CHANGED: N_("Meanwhile this booking was changed. Look at it as it is now, then decide again."),
    events.LAPSED: N_("Meanwhile the dates that waited have lapsed. Look at the booking as it is now."),
    events.CHANGE_LAPSED: N_("Meanwhile the time of this change has come. Look at the booking as it is now."),
}
CHANGED = N_("Meanwhile this booking has changed. Look at it as it is now, then decide again.")
READ_AGAIN = N_("This booking is at version {version} now. Read it again, then send that version's ETag as If-Match.")


async def only_as_expected(session: AsyncSession, found: BookingRow, expected: Expected) -> None:
    """Raises 412, with the present version as ETag, unless the booking is at one of the expected versions; None expects any."""
    if expected is None or found.version in expected:
        return
    tag = f'"{found.version}"'
    newest = select(EventRow.kind).where(EventRow.booking_id == found.id).order_by(EventRow.id.desc()).limit(1)
    text = SINCE.get(await session.scalar(newest) or "", CHANGED)
    reason = refuse("stale_version", Message(READ_AGAIN, {"version": found.version}), would_pass=tag)
    raise Problem(412, Message(text), [reason], {"ETag": tag})
