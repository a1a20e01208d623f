"""Asking for rooms: preview what would happen, or request and hold. Lock, read, judge, write, claim, announce: one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date, RepeatRefused, expand
from afterbell.almanac.span import Span
from afterbell.bookings.availability import Place, Spaces, find_place, find_spaces, gather_facts
from afterbell.bookings.events import REQUESTED, Moved
from afterbell.bookings.programs import program_of
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.repeats import refusal
from afterbell.bookings.skip import claim
from afterbell.bookings.standing import settle
from afterbell.bookings.writing import Draft, write_down
from afterbell.outbox.record import record
from afterbell.policy.ask import MOST_DATES, Ask, Facts, Wish
from afterbell.policy.projection import CONFIDENTIAL, Viewer
from afterbell.policy.rules import judge
from afterbell.policy.skip import Left, judge_without
from afterbell.policy.verdict import N_, Message, Verdict, refuse
from afterbell.problem import Problem, malformed, refused


@dataclass(frozen=True)
class Outlook:
    """How an ask would fare now: every date, every reason, and which dates would be left out."""

    place: Place
    wish: Wish
    verdict: Verdict
    left: Left = field(default_factory=dict)


@dataclass(frozen=True)
class _Survey:
    """What an ask comes to: its place, its dates spelled out, its spaces, and the facts it is judged by."""

    place: Place
    wish: Wish
    spaces: Spaces
    facts: Facts
    program: tuple[int, str] | None


async def preview(session: AsyncSession, ask: Ask, *, by: Viewer, now: datetime) -> Outlook:
    """What `request_booking` would answer at this moment; holds nothing and needs no organization."""
    found = await _survey(session, ask, by=by, now=now, lock=False)
    verdict, left = _judged(ask, found, now)
    return Outlook(found.place, found.wish, verdict, left)


async def request_booking(session: AsyncSession, ask: Ask, *, by: Viewer, now: datetime) -> BookingRow:
    """Ask for rooms: refused with every reason (409), or written, claimed and announced at once. Dates that cannot be had refuse the whole, or are kept as
    skipped with the reasons when the ask says so; when none can be had it is refused all the same."""
    found = await _survey(session, ask, by=by, now=now, lock=True)
    verdict, left = _judged(ask, found, now)
    if verdict.refused:
        raise refused(verdict.reasons, Message(N_("This request cannot be held as asked.")))
    draft = Draft(ask, found.place, found.wish, found.facts, left, found.program)
    booking = await write_down(session, draft, by=by, now=now)
    if found.place.holds == "on_request":
        booking = await claim(session, booking, found.spaces, skips=ask.skips)
    await record(session, _requested(booking, by).event(now))
    return booking


def _judged(ask: Ask, found: _Survey, now: datetime) -> tuple[Verdict, Left]:
    if ask.skips:
        return judge_without(found.wish, found.facts, now)
    return judge(found.wish, found.facts, now), {}


async def _survey(session: AsyncSession, ask: Ask, *, by: Viewer, now: datetime, lock: bool) -> _Survey:
    """The place (campus locked), the dates spelled out, the spaces (locked), and then, under the locks, the facts."""
    place = await find_place(session, ask, lock=lock)
    if place is None:
        text = N_("There is no such room. Name rooms of one school site, as school/room.")
        raise refused([refuse("unknown_room", Message(text))])
    _known_activity(ask, place)
    _listed_openly(ask, place)
    wish = Wish(_dates(ask, place.zone), ask.headcount, ask.setup, ask.takedown)
    place, standing = await settle(session, ask, place, by=by, now=now, lock=lock)
    program = None
    if lock and ask.program and place.organization_id is not None and standing.member:
        program = await program_of(session, ask.program, place.organization_id)
    spaces = await find_spaces(session, place.rooms, lock=lock)
    facts = await gather_facts(session, place, spaces, _reach(wish), by=by, now=now)
    facts = replace(facts, member=standing.member, held=standing.held, school_use=standing.school_use)
    return _Survey(place, wish, spaces, facts, program)


def _known_activity(ask: Ask, place: Place) -> None:
    if ask.activity is not None and place.activity_id is None:
        text = N_("The activity {activity} is unknown; GET /api/v1/activities lists them.")
        raise malformed(Message(text, {"activity": ask.activity[:80]}))


def _listed_openly(ask: Ask, place: Place) -> None:
    """What is confidential has no public listing: 422. Without an activity nobody knows yet."""
    visibility = ask.visibility or (place.visibility if ask.activity else None)
    if ask.listing is not None and visibility in CONFIDENTIAL:
        text = N_(
            "A confidential booking has no public listing. Leave listing out, or choose visibility public or listed."
        )
        raise Problem(422, Message(text), [refuse("listing_of_confidential", Message(text), policy="confidentiality")])


def _dates(ask: Ask, zone: str) -> list[Date]:
    there = ask.at(zone)
    try:
        return expand(there.starts, there.ends, zone, there.repeat, MOST_DATES)
    except RepeatRefused as error:
        raise refusal(error) from error


def _reach(wish: Wish) -> Span:
    claims = [wish.claim(date) for date in wish.dates]
    return Span(min(claim.starts_at for claim in claims), max(claim.ends_at for claim in claims))


def _requested(booking: BookingRow, by: Viewer) -> Moved:
    skipped = _named(booking, skipped=True)
    return Moved(
        REQUESTED,
        booking.id,
        booking.campus_id,
        by.person_id or 0,
        booking.reference,
        booking.version,
        tuple(_named(booking, skipped=False)),
        tuple(room.id for room in booking.dates[0].rooms),
        {"skipped": skipped} if skipped else {},
    )


def _named(booking: BookingRow, *, skipped: bool) -> Sequence[str]:
    dates = [date for date in booking.dates if (date.state == "skipped") is skipped]
    return [date.original_start.isoformat(timespec="minutes") for date in dates]
