"""Deciding: approve or decline what waits, all of it or some dates. Where requests compete, those that lose are declined in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings import events
from afterbell.bookings.alternatives import Vacancies, vacancies
from afterbell.bookings.assign import assign_rooms
from afterbell.bookings.availability import NOTICE_REACH, closures_of
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.moves import (
    Change,
    announce,
    chosen,
    deciders,
    move,
    open_booking,
    starts,
    undecided,
    wrong_state,
)
from afterbell.bookings.prospects import take_again
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.rivals import Rival, as_asked, lock_contest, rivals_of
from afterbell.bookings.settling import Settlement, carry_out, granted, refused_moves, too_late
from afterbell.bookings.stale import Expected
from afterbell.policy.holds import free_until
from afterbell.policy.lifecycle import WAITING, decide_by, may_be_approved
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message, note
from afterbell.problem import Problem, refused

RESTS = ("waiting", "declined")
TOO_LATE = note("in_past", Message(N_("Not decided before the date.")))
TOO_LATE_TO_MOVE = N_("What was to move has begun, or would have begun where it was to go. Decline the change instead.")
LOST = note("room_taken", Message(N_("The school gave the room to another request for this time.")))


@dataclass(frozen=True)
class Part:
    """Some of the dates, by id or original start, None for all. What becomes of the others that wait: `rest` is "waiting" or "declined". `rooms` are those
    that the dates are given in place of the ones they have."""

    names: Sequence[str] | None
    rest: str
    rooms: Sequence[str] = ()


@dataclass(frozen=True)
class Decided:
    """What an act decides: about dates that wait, and about changes."""

    changes: Sequence[Change]
    settled: Settlement = field(default_factory=Settlement)


async def approve(
    session: AsyncSession,
    reference: str,
    *,
    by: Viewer,
    now: datetime,
    message: str | None = None,
    part: Part | None = None,
    expected: Expected = None,
) -> BookingRow:
    """Approves every date that waits, or a part, judged again under the lock. Dates that have begun undecided are declined, since nobody can use them any
    more; so are those of requests that competed for the same rooms at the same times, and moves to there are refused."""
    if part is not None and part.rooms:
        await assign_rooms(session, reference, part.names, part.rooms, by=by, now=now, expected=expected)
    await lock_contest(session, reference, by)
    found = await open_booking(session, reference, by, deciders, expected)
    waiting = undecided(found, by)
    ahead, others, settled = _parted(found, waiting, part, now)
    settled = replace(settled, reason=message)
    found = await carry_out(session, found, settled, now=now)
    if ahead:
        await take_again(session, found, ahead, now=now)
    rivals = await rivals_of(session, found, [*ahead, *map(as_asked, settled.moved)])
    at_stake = [*others, *(date for rival in rivals for date in rival.dates)]
    rooms = await vacancies(session, found.campus_id, at_stake, now=now)
    late = Change([date for date in others if date.starts_at <= now], "declined", findings=[TOO_LATE])
    rest = [date for date in others if date.starts_at > now]
    refusal = Change(rest, "declined", message, instead=rooms.instead(found, rest, now=now))
    decided = Decided((Change(ahead, "approved", message), late, refusal), settled)
    after = await _decide(session, found, decided, by, now=now)
    for rival in rivals:
        await _lose(session, rival, rooms, by, now=now)
    return after


async def decline(
    session: AsyncSession,
    reference: str,
    reason: str,
    *,
    by: Viewer,
    now: datetime,
    names: Sequence[str] | None = None,
    expected: Expected = None,
) -> BookingRow:
    """Declines every date that waits, or those that are named, with the reason that the partner will read and another room where there is one; frees the
    rooms."""
    found = await open_booking(session, reference, by, deciders, expected)
    dates = undecided(found, by)
    named = None if names is None else chosen(found, names)
    if named is not None:
        dates = [date for date in named if date.state in WAITING]
        if any(date.state not in WAITING and date.move is None for date in named):
            raise refused(wrong_state(Message(N_("Only dates that wait can be declined."))))
    settled = replace(refused_moves(found, named), reason=reason)
    found = await carry_out(session, found, settled, now=now)
    rooms = await vacancies(session, found.campus_id, dates, now=now)
    change = Change(dates, "declined", reason, instead=rooms.instead(found, dates, now=now))
    return await _decide(session, found, Decided((change,), settled), by, now=now)


def _parted(
    found: BookingRow, waiting: Sequence[DateRow], part: Part | None, now: datetime
) -> tuple[list[DateRow], list[DateRow], Settlement]:
    """Which dates to approve, which to decline in the same act, and what becomes of those that are to move."""
    named = None if part is None or part.names is None else chosen(found, part.names)
    settled = granted(found, named, part.rest if part else "declined", now)
    moving = {date.id for date in settled.moved}
    wanted = waiting if named is None else [date for date in named if date.id not in moving]
    ahead = [date for date in wanted if may_be_approved(date.state, starts_at=date.starts_at, now=now)]
    if named is not None and len(ahead) < len(wanted):
        raise _late(named, N_("Only dates that wait and have not begun can be approved."), now)
    if not ahead and not settled.grants:
        raise _late(found.dates, N_("All its dates have passed. Decline it instead."), now)
    others = [date for date in waiting if date not in ahead]
    return ahead, others if named is None or (part and part.rest == "declined") else [], settled


def _late(dates: Sequence[DateRow], text: str, now: datetime) -> Problem:
    """Why these cannot be approved; of dates that are to move the text would say what is not so."""
    return refused(wrong_state(Message(TOO_LATE_TO_MOVE if any(too_late(date, now) for date in dates) else text)))


async def _decide(
    session: AsyncSession,
    found: BookingRow,
    decided: Decided,
    by: Viewer,
    *,
    now: datetime,
    renews: bool = True,
) -> BookingRow:
    """One version and one event, whatever was decided about how many dates; the event is an approval as soon as one date is approved. It `renews` the day by
    which the rest is decided, unless it was about another request and that day is still ahead."""
    made, settled = [change for change in decided.changes if change.dates], decided.settled
    also = await _terms(session, found, made, now, renews=renews or found.decide_by <= now)
    after = await move(session, found, *made, now=now, also=also | settled.also)
    approved, declined = ([d for c in made if c.to == to for d in c.dates] for to in ("approved", "declined"))
    waiting = [date for date in after.dates if date.state in WAITING]
    more = {name: list(starts(dates)) for name, dates in _named(approved, declined, waiting)} | settled.more
    granted_ = [*approved, *settled.moved]
    kind = events.APPROVED if granted_ or settled.grants else events.DECLINED
    await announce(session, kind, after, granted_ or [*declined, *settled.stayed], by, now, more)
    return after


def _named(*dates: Sequence[DateRow]) -> list[tuple[str, Sequence[DateRow]]]:
    return list(zip(("approved", "declined", "waiting"), dates, strict=True))


async def _terms(
    session: AsyncSession, found: BookingRow, changes: Sequence[Change], now: datetime, *, renews: bool
) -> dict[str, Any]:
    """What a decision about a part brings: whoever is given a part only may have no use for it, so that for five business days approved dates may be withdrawn
    freely, but not once all was approved and more is asked for; and what still waits is decided within three business days from now, since the old day was for
    all of it."""
    states = {date.id: date.state for date in found.dates} | {d.id: c.to for c in changes for d in c.dates}
    waiting = [date.starts_at for date in found.dates if states[date.id] in WAITING]
    settled = any(date.announced_at for date in found.dates) and (found.free_until is None or found.free_until < now)
    less = waiting or any(change.to == "declined" for change in changes)
    part = not settled and "approved" in states.values() and less
    renews = renews and bool(waiting)
    if not part and not renews:
        return {}
    closures = await closures_of(session, found.campus_id, Span(now, now + NOTICE_REACH))
    free = {"free_until": free_until(now, closures, found.zone)} if part else {}
    due = decide_by(now, [start for start in waiting if start > now], closures, found.zone)
    return free | ({"decide_by": due} if renews else {})


async def _lose(session: AsyncSession, rival: Rival, rooms: Vacancies, by: Viewer, *, now: datetime) -> None:
    """Declines what another request has just been given, with another room where there is one; what should have moved there stays where it is."""
    instead = rooms.instead(rival.booking, rival.dates, now=now)
    change = Change(rival.dates, "declined", findings=[LOST], instead=instead)
    settled = Settlement(stayed=rival.moves, lost=bool(rival.moves))
    found = await carry_out(session, rival.booking, settled, now=now)
    await _decide(session, found, Decided((change,), settled), by, now=now, renews=False)
