"""Giving dates back: the partner withdraws what waits, and for a while what was approved in part; the partner or those who decide cancel what was
approved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings import events
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.moves import Change, announce, chosen, move, open_booking, wrong_state
from afterbell.bookings.present import speaks_for
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.stale import Expected
from afterbell.policy.lifecycle import may_move
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import forbidden, refused


async def withdraw(
    session: AsyncSession,
    reference: str,
    *,
    by: Viewer,
    now: datetime,
    names: Sequence[str] | None = None,
    reason: str | None = None,
    expected: Expected = None,
) -> BookingRow:
    """Takes back dates that wait, or all of them; until `free_until` approved dates go too. Only the organization itself withdraws; staff decline."""
    found = await open_booking(session, reference, by, _withdraws, expected)
    dates = _movable(found, names, "withdrawn", now)
    after = await move(session, found, Change(dates, "withdrawn", reason), now=now)
    await announce(session, events.WITHDRAWN, after, dates, by, now)
    return after


async def cancel(
    session: AsyncSession,
    reference: str,
    reason: str,
    *,
    by: Viewer,
    now: datetime,
    names: Sequence[str] | None = None,
    expected: Expected = None,
) -> BookingRow:
    """Cancels approved dates, or the rest of them; dates that have begun stay as they are."""
    found = await open_booking(session, reference, by, _cancels, expected)
    dates = _movable(found, names, "cancelled", now)
    after = await move(session, found, Change(dates, "cancelled", reason), now=now)
    await announce(session, events.CANCELLED, after, dates, by, now)
    return after


def _withdraws(found: BookingRow, by: Viewer) -> None:
    if not speaks_for(found, by):
        raise forbidden(Message(N_("Only the organization that asked can withdraw its request; staff decline it.")))


def _cancels(found: BookingRow, by: Viewer) -> None:
    if not speaks_for(found, by) and not by.decides_at(found.campus_id):
        raise forbidden(Message(N_("Only the organization or the school's approvers and facilities staff can cancel.")))


def _movable(found: BookingRow, names: Sequence[str] | None, to: str, now: datetime) -> list[DateRow]:
    """The named dates, all of which must be able to make the move; without names whatever still can."""
    wanted = chosen(found, names)
    able = [date for date in wanted if can(found, date, to, now)]
    if not able or (names is not None and len(able) < len(wanted)):
        text = (
            N_("Only dates that wait and have not begun can be withdrawn.")
            if to == "withdrawn"
            else N_("Only approved dates that have not begun can be cancelled.")
        )
        raise refused(wrong_state(Message(text)))
    return able


def can(found: BookingRow, date: DateRow, to: str, now: datetime) -> bool:
    """Whether that date of that booking may be withdrawn or cancelled now, whoever asks."""
    return may_move(date.state, to, starts_at=date.starts_at, now=now, free_until=found.free_until)
