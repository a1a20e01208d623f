"""A question to the partner and the answer back: the request waits on whoever has to speak next, and says until when."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings import events
from afterbell.bookings.availability import NOTICE_REACH, closures_of
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.moves import SETTLED, announce, deciders, move, open_booking, undecided, wrong_state
from afterbell.bookings.present import answers_for, speaks_for
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.remarks import PARTNER, STAFF, last_remark, remark
from afterbell.bookings.stale import Expected
from afterbell.policy.holds import answer_by, next_step
from afterbell.policy.lifecycle import WAITING, decide_by
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import forbidden, refused


async def ask_partner(
    session: AsyncSession, reference: str, text: str, *, by: Viewer, now: datetime, expected: Expected = None
) -> BookingRow:
    """Whoever may decide asks; the partner has five business days, never past the first date. A further question starts them anew."""
    found = await open_booking(session, reference, by, deciders, expected)
    waiting = undecided(found, by)
    ahead = [date.starts_at for date in waiting if date.starts_at > now]
    if not waiting:
        raise refused(wrong_state(Message(N_("Only a change waits here: approve or decline it."))))
    if not ahead:
        raise refused(wrong_state(Message(N_("All its dates have passed. Decline it instead."))))
    if found.answer_by is not None and await last_remark(session, found.id) == (by.person_id, text):
        raise refused(wrong_state(Message(N_("You have asked this already, and it waits for the partner's answer."))))
    closures = await closures_of(session, found.campus_id, Span(now, now + NOTICE_REACH))
    due = answer_by(now, ahead, closures, found.zone)
    also = {"answer_by": due, "warnings": 0, "step_at": next_step(due, 0, now, closures, found.zone)}
    await remark(session, found.id, by.person_id or 0, STAFF, text, now)
    after = await move(session, found, now=now, also=also)
    await announce(session, events.QUESTIONED, after, waiting, by, now)
    return after


async def answer(
    session: AsyncSession, reference: str, text: str, *, by: Viewer, now: datetime, expected: Expected = None
) -> BookingRow:
    """The organization answers a question that is open, or staff write down what somebody who called says; whoever decides has it again, with three business
    days from now."""
    found = await open_booking(session, reference, by, _answers, expected)
    if found.answer_by is None:
        raise refused(wrong_state(Message(N_("No question waits for your answer here."))))
    waiting = [date for date in found.dates if date.state in WAITING]
    also = {**SETTLED, "decide_by": await _due(session, found, waiting, now)}
    await remark(session, found.id, by.person_id or 0, PARTNER, text, now)
    after = await move(session, found, now=now, also=also)
    more = {} if speaks_for(found, by) and found.on_behalf_of is None else {"on_behalf": True}
    await announce(session, events.ANSWERED, after, waiting, by, now, more)
    return after


def _answers(found: BookingRow, by: Viewer) -> None:
    if not answers_for(found, by):
        raise forbidden(Message(N_("Only the organization that asked can answer for it.")))


async def _due(session: AsyncSession, found: BookingRow, waiting: list[DateRow], now: datetime) -> datetime:
    closures = await closures_of(session, found.campus_id, Span(now, now + NOTICE_REACH))
    return decide_by(now, [date.starts_at for date in waiting if date.starts_at > now], closures, found.zone)
