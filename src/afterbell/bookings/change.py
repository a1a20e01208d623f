"""Changing a booking: its dates move, are resized, get other rooms, become more or fewer; its words change. What waits anyway, or asks for nothing new, is so
at once; for the rest the old approval stands until somebody has decided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings import events
from afterbell.bookings.availability import NOTICE_REACH, closures_of
from afterbell.bookings.date_rows import DateRow, Move
from afterbell.bookings.models import Booking
from afterbell.bookings.moves import Change, announce, move, open_booking, starts, wrong_state
from afterbell.bookings.place import Place, find_place
from afterbell.bookings.planned import Plan, place_ask, plan
from afterbell.bookings.present import answers_for
from afterbell.bookings.queries import BookingRow, booking, visible_to, whole
from afterbell.bookings.realigning import realign
from afterbell.bookings.rewriting import add, forget, propose, rewrite, set_bounds
from afterbell.bookings.rivals import as_asked, rivals_of
from afterbell.bookings.spaces import Spaces, find_spaces
from afterbell.bookings.stale import Expected, only_as_expected
from afterbell.bookings.standing import Standing, settle
from afterbell.bookings.usage import lock_quota
from afterbell.bookings.weighing import weigh
from afterbell.policy.altering import Alteration
from afterbell.policy.lifecycle import LIVE, WAITING, decide_by, may_move
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message, Verdict, as_flag, refuse
from afterbell.problem import forbidden, not_found, refused


async def change_booking(
    session: AsyncSession, reference: str, wanted: Alteration, *, by: Viewer, now: datetime, expected: Expected = None
) -> BookingRow:
    """One version and one event for all of it; nothing when everything is so already. 404, 403 and 412 as every act; 409 with every reason when what is new
    cannot be had: then nothing is changed."""
    glimpse = await _glimpse(session, reference, by, expected)
    place, standing, spaces = await whereabouts(session, glimpse, wanted, by=by, now=now, lock=True)
    found = await open_booking(session, reference, by, only_changers, expected)
    only_the_school_explains(found, wanted, by)
    _the_rooms_that_were_locked(found, spaces)
    _not_given_up(found, by)
    plan_ = plan(found, wanted, place, spaces, at_once=decides_at_once(found, by), now=now)
    if plan_.empty:
        return found
    verdict = await weigh(session, plan_, place, standing, by=by, now=now)
    if verdict.refused:
        raise refused(verdict.reasons, Message(N_("This change cannot be made as asked.")))
    plan_ = await who_competes(session, plan_, place)
    return await _carry_out(session, looked_at(plan_, verdict), place, by=by, now=now)


def looked_at(plan_: Plan, verdict: Verdict) -> Plan:
    """The plan; what goes against a rule nobody gives to themselves, it waits for an extra look."""
    return replace(plan_, at_once=False, flags=verdict.flags) if verdict.flags else plan_


def _not_given_up(found: BookingRow, by: Viewer) -> None:
    """What has no date left only those bring back who asked for it."""
    if not answers_for(found, by) and not any(date.state in LIVE for date in found.dates):
        text = N_("Every date of this booking is over or gone. Only the organization can ask for dates of it again.")
        raise refused(wrong_state(Message(text)))


async def who_competes(session: AsyncSession, plan_: Plan, place: Place) -> Plan:
    """The plan; where others ask for what it wants nothing is given at once, since whoever approves sees who loses."""
    if plan_.at_once and place.holds == "on_approval" and await rivals_of(session, plan_.found, _wanted(plan_)):
        return replace(plan_, at_once=False)
    return plan_


def _wanted(plan_: Plan) -> list[DateRow]:
    """What the change asks for, to see who competes for it."""
    like = plan_.found.dates[0]
    wanted = [(each.date, each.day.span, each.claim, each.rooms) for each in plan_.rewrites if not plan_.has(each)]
    wanted += [(each.gone or like, each.day.span, each.claim, each.rooms) for each in plan_.further]
    return [
        as_asked(replace(date, move=Move(*_ends(span), *_ends(claim), rooms))) for date, span, claim, rooms in wanted
    ]


def _ends(span: Span) -> tuple[datetime, datetime]:
    return span.starts_at, span.ends_at


def decides_at_once(found: BookingRow, by: Viewer) -> bool:
    """Those who decide there change without asking anybody, but never for a partner of their own."""
    return by.decides_at(found.campus_id) and (found.of_school or found.organization_id not in by.organizations)


def may_change(found: BookingRow, by: Viewer) -> bool:
    """Whoever answers for it, and those who decide there."""
    return answers_for(found, by) or by.decides_at(found.campus_id)


def only_changers(found: BookingRow, by: Viewer) -> None:
    """403 for all others."""
    if not may_change(found, by):
        raise forbidden(Message(N_("Only the organization that asked, or the school's approvers, can change it.")))


def only_the_school_explains(found: BookingRow, wanted: Alteration, by: Viewer) -> None:
    """403 for a reason of anybody else: what the organization wants to tell the school it writes in the note."""
    if wanted.reason and not by.decides_at(found.campus_id):
        text = N_("Only the school's approvers and facilities staff give a reason. Tell the school in note.")
        raise forbidden(Message(text))


async def _glimpse(session: AsyncSession, reference: str, by: Viewer, expected: Expected) -> BookingRow:
    """Without a lock, to know what to lock; who may not, or comes too late, is told so before anything waits."""
    found = await booking(session, whole().where(Booking.reference == reference, visible_to(by)))
    if found is None:
        raise not_found()
    only_changers(found, by)
    await only_as_expected(session, found, expected)
    return found


async def whereabouts(
    session: AsyncSession, found: BookingRow, wanted: Alteration, *, by: Viewer, now: datetime, lock: bool
) -> tuple[Place, Standing, Spaces]:
    """The place, who asks and the spaces. An act locks the campus (shared), the organization where a limit counts, then the spaces of every room that the
    booking has or wants, sorted: the order of every act."""
    ask = place_ask(found, wanted.rooms or ())
    place = await find_place(session, ask, now=now, lock=lock)
    if place is None or place.campus_id != found.campus_id:
        text = N_("There is no such room here. A booking stays at its campus; request one elsewhere for another.")
        raise refused([refuse("unknown_room", Message(text))])
    place, standing = await settle(session, ask, place, by=by, now=now, lock=lock and bool(wanted.also))
    if lock:
        await lock_quota(session, place, now=now)
    return place, standing, await find_spaces(session, place.rooms, lock=lock)


def _the_rooms_that_were_locked(found: BookingRow, spaces: Spaces) -> None:
    """Somebody may have moved it in the moment before the locks were held; with a version (If-Match) that is a 412 before this."""
    places = [place for date in found.dates for place in (date, date.move) if place]
    if any(room.id not in spaces.rooms for place in places for room in place.rooms):
        text = N_("Somebody else changed this booking in this very moment. Look at it as it is now, then change it.")
        raise refused([refuse("wrong_state", Message(text))])


async def _carry_out(session: AsyncSession, plan_: Plan, place: Place, *, by: Viewer, now: datetime) -> BookingRow:
    """Writes it, claims the union of what stands and what waits, and announces it."""
    found = plan_.found
    withdrawn, cancelled = _given_back(plan_, now)
    await rewrite(session, [each for each in plan_.direct if each.changes], now=now)
    await propose(session, plan_.asked, now=now)
    await forget(session, [each.date.id for each in plan_.back])
    begins = "held" if place.holds == "on_request" else "requested"
    await add(session, found, plan_.further, "approved" if plan_.at_once else begins, now=now)
    now_so = await _read(session, found)
    changes = [Change(withdrawn, "withdrawn"), Change(cancelled, "cancelled")]
    after = await move(session, now_so, *changes, now=now, also=await _columns(session, plan_, now))
    after = await _read(session, after)
    await set_bounds(session, after)
    if plan_.rewrites or plan_.further:
        await realign(session, after)
    named = [*(each.day for each in plan_.further), *(each.day for each in plan_.rewrites), *_days(plan_.fewer)]
    dates = [date for date in after.dates if date.original_start in {day.original_start for day in named}]
    await announce(session, events.CHANGED, after, dates, by, now, _more(plan_, withdrawn, cancelled))
    return after


def _days(dates: Sequence[DateRow]) -> list[Date]:
    return [Date(date.original_start, date.span, date.shifted) for date in dates]


def _given_back(plan_: Plan, now: datetime) -> tuple[list[DateRow], list[DateRow]]:
    """Approved dates are withdrawn while that is free, else cancelled."""
    free = plan_.found.free_until
    withdrawn = [
        date
        for date in plan_.fewer
        if may_move(date.state, "withdrawn", starts_at=date.starts_at, now=now, free_until=free)
    ]
    return withdrawn, [date for date in plan_.fewer if date not in withdrawn]


async def _read(session: AsyncSession, found: BookingRow) -> BookingRow:
    after = await booking(session, whole().where(Booking.id == found.id))
    return after or found


async def _columns(session: AsyncSession, plan_: Plan, now: datetime) -> dict[str, Any]:
    """The booking's own new values: what waits stays in `proposed`. Whoever decides has three business days from now for what is new."""
    found, waits = plan_.found, plan_.waits
    columns = {name: value for name, value in plan_.columns.items() if name not in waits}
    columns |= {"listed_at": now} if "listing" in columns else {}
    columns |= {"change_reason": plan_.reason} if plan_.reason else {}
    still = {name: value for name, value in (found.proposed or {}).items() if name not in plan_.columns}
    moves = {date.id for date in found.dates if date.move} - {each.date.id for each in plan_.direct}
    gone = {date.id for date in plan_.fewer}
    ahead = any(date.state in LIVE and date.starts_at > now and date.id not in gone for date in found.dates)
    proposed = ({**still, **waits} or None) if ahead else None
    asked = [each for each in plan_.asked if each.date.id not in gone]
    changing = bool(proposed or asked or moves - gone)
    closures = await closures_of(session, found.campus_id, Span(now, now + NOTICE_REACH))
    begin = [each.date.starts_at for each in asked] or [date.starts_at for date in found.dates if date.starts_at > now]
    due = decide_by(now, begin, closures, found.zone)
    late = due if asked or waits else found.change_by
    columns |= {"proposed": proposed, "change_by": late if changing else None}
    if plan_.flags or found.findings:
        kept = [*_still_flagged(plan_), *(as_flag(each) for each in plan_.flags)]
        kept = [each for at, each in enumerate(kept) if each not in kept[:at]]
        columns |= {"findings": kept or None, "anyway": plan_.anyway or found.anyway if kept else None}
    waiting = [each.day.span.starts_at for each in plan_.further] if not plan_.at_once else []
    waiting += [each.day.span.starts_at for each in plan_.direct if each.date.state in WAITING and not plan_.has(each)]
    return columns | ({"decide_by": decide_by(now, waiting, closures, found.zone)} if waiting else {})


def _still_flagged(plan_: Plan) -> list[dict[str, Any]]:
    """What was flagged before, less what was about dates that are otherwise now."""
    gone = {*starts([each.date for each in plan_.direct]), *starts(plan_.fewer)}
    return [kept for kept in plan_.found.findings or () if kept.get("occurrence") not in gone]


def _more(plan_: Plan, withdrawn: Sequence[DateRow], cancelled: Sequence[DateRow]) -> Mapping[str, Any]:
    told = {
        "columns": sorted(plan_.columns),
        "moved": list(starts([each.date for each in plan_.direct if each.changes])),
        "asked": list(starts([each.date for each in plan_.asked])),
        "added": [each.day.original_start.isoformat(timespec="minutes") for each in plan_.further],
        "at_once": plan_.at_once and bool(plan_.further),
        "withdrawn": list(starts(withdrawn)),
        "cancelled": list(starts(cancelled)),
        "waits": sorted(plan_.waits),
        "flags": sorted({each.code for each in plan_.flags}),
        "anyway": bool(plan_.flags and plan_.anyway),
        "reason": bool(plan_.reason),
    }
    return {name: value for name, value in told.items() if value}
