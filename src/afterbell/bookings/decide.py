"""Deciding: approve or decline what waits. Nobody decides for their own organization."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac import hours
from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings import events
from afterbell.bookings.availability import Spaces, closures_of, find_spaces, hours_of, taken
from afterbell.bookings.claims import SpaceTaken, take
from afterbell.bookings.moves import Change, announce, move, open_booking, wrong_state
from afterbell.bookings.queries import BookingRow, DateRow
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.lifecycle import WAITING, may_move
from afterbell.policy.projection import Viewer
from afterbell.policy.rules import judge_again, room_taken
from afterbell.policy.verdict import N_, Message, Verdict, refuse
from afterbell.problem import forbidden, refused

TOO_LATE = N_("Not decided before the date.")


@dataclass(frozen=True)
class Prospects:
    """How a request would fare if it were approved now, and how many people its room holds."""

    verdict: Verdict
    capacity: int


async def approve(
    session: AsyncSession, reference: str, *, by: Viewer, now: datetime, message: str | None = None
) -> BookingRow:
    """Approves every date that waits, judged again under the lock. Dates that have begun undecided are declined, since nobody can use them any more."""
    found = await open_booking(session, reference, by)
    waiting = _waiting(found, by)
    ahead = [date for date in waiting if may_move(date.state, "approved", starts_at=date.starts_at, now=now)]
    if not ahead:
        raise refused(wrong_state(Message(N_("All its dates have passed. Decline it instead."))))
    await _judge_again(session, found, ahead, now)
    late = Change([date for date in waiting if date not in ahead], "declined", TOO_LATE)
    decided = [Change(ahead, "approved", message), *([late] if late.dates else [])]
    after = await move(session, found, *decided, now=now)
    await announce(session, events.APPROVED, after, ahead, by, now)
    return after


async def prospects(session: AsyncSession, found: BookingRow, *, now: datetime) -> Prospects:
    """What `approve` would judge at this moment about the dates ahead; nothing is locked."""
    ahead = [date for date in found.dates if may_move(date.state, "approved", starts_at=date.starts_at, now=now)]
    spaces = await find_spaces(session, found.dates[0].rooms, lock=False)
    verdict = await _judged(session, found, ahead, spaces, now) if ahead else Verdict()
    return Prospects(verdict, spaces.capacity)


async def decline(session: AsyncSession, reference: str, reason: str, *, by: Viewer, now: datetime) -> BookingRow:
    """Declines every date that waits, with the reason that the partner will read, and frees the rooms."""
    found = await open_booking(session, reference, by)
    waiting = _waiting(found, by)
    after = await move(session, found, Change(waiting, "declined", reason), now=now)
    await announce(session, events.DECLINED, after, waiting, by, now)
    return after


def _waiting(found: BookingRow, by: Viewer) -> list[DateRow]:
    """The dates that wait for a decision which this person may make."""
    if not by.decides_at(found.campus_id):
        raise forbidden(Message(N_("Only the school's approvers and facilities staff decide requests.")))
    if found.organization_id in by.organizations:
        raise refused(
            [refuse("own_request", Message(N_("Nobody decides for their own organization. Ask a colleague.")))]
        )
    waiting = [date for date in found.dates if date.state in WAITING]
    if not waiting:
        raise refused(wrong_state(Message(N_("Nothing waits for a decision here any more."))))
    return waiting


async def _judge_again(session: AsyncSession, found: BookingRow, ahead: Sequence[DateRow], now: datetime) -> None:
    """The school may have closed meanwhile; and dates that competed without a hold take their claims only now."""
    competing = [date for date in ahead if date.state == "requested"]
    spaces = await find_spaces(session, ahead[0].rooms, lock=bool(competing))
    verdict = await _judged(session, found, ahead, spaces, now)
    if verdict.refused:
        raise refused(verdict.reasons, Message(N_("This can no longer be approved as requested.")))
    await _claim(session, found, competing, spaces)


async def _judged(
    session: AsyncSession, found: BookingRow, ahead: Sequence[DateRow], spaces: Spaces, now: datetime
) -> Verdict:
    """By the facts as they are now. Dates that hold the room have it; only competing ones may find it taken."""
    reach = Span(min(date.claim_starts_at for date in ahead), max(date.claim_ends_at for date in ahead))
    competing = any(date.state == "requested" for date in ahead)
    facts = Facts(
        zone=found.zone,
        capacity=spaces.capacity,
        windows=hours.from_json(await hours_of(session, found.campus_id)),
        closures=await closures_of(session, found.campus_id, reach),
        taken=await taken(session, spaces.ids, reach) if competing else (),
        member=True,
    )
    return judge_again(_wish(found, ahead), facts, now)


def _wish(found: BookingRow, dates: Sequence[DateRow]) -> Wish:
    first = dates[0]
    setup: timedelta = first.starts_at - first.claim_starts_at
    takedown: timedelta = first.claim_ends_at - first.ends_at
    return Wish([_date(date) for date in dates], found.headcount, setup, takedown)


def _date(date: DateRow) -> Date:
    return Date(date.original_start, Span(date.starts_at, date.ends_at), date.shifted)


async def _claim(session: AsyncSession, found: BookingRow, competing: Sequence[DateRow], spaces: Spaces) -> None:
    if not competing:
        return
    claims = [(date.id, Span(date.claim_starts_at, date.claim_ends_at)) for date in competing]
    try:
        await take(session, found.campus_id, claims, spaces.ids)
    except SpaceTaken as error:
        raise refused(
            [room_taken(_date(date), Span(date.starts_at, date.ends_at), found.zone) for date in competing]
        ) from error
