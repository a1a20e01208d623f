"""Submitting a program: several bookings at their own campuses, all of them or none, in one transaction and with one announcement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import RepeatRefused, expand
from afterbell.almanac.span import Span
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.enter import enter_booking
from afterbell.bookings.events import SUBMITTED
from afterbell.bookings.place import Place, find_place
from afterbell.bookings.programs import program_of
from afterbell.bookings.prospects import date_of
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.rivals import competing
from afterbell.bookings.spaces import Spaces, find_spaces
from afterbell.outbox.record import Event, record
from afterbell.partners.models import Organization
from afterbell.places.models import Campus
from afterbell.policy.ask import MOST_DATES, Ask
from afterbell.policy.projection import Viewer
from afterbell.policy.promising import Promise
from afterbell.policy.rooms import room_taken
from afterbell.policy.verdict import N_, Finding, Message, refuse
from afterbell.problem import Problem, refused

MOST_TOGETHER = 600


@dataclass(frozen=True)
class Wanted:
    """One booking of a submission, with what its preview promised, if it had one."""

    ask: Ask
    promised: Promise | None = None


async def submit(session: AsyncSession, wanted: Sequence[Wanted], *, by: Viewer, now: datetime) -> list[BookingRow]:
    """The bookings in their order. Refused (409) with every reason of every booking, which is named, and then nothing is written; a booking finds those before
    it already there. All ask for one organization and one program, which is made when it is new."""
    places = [await find_place(session, each.ask, now=now, lock=False) for each in wanted]
    _few_enough(wanted, places)
    spaces = await _lock(session, wanted[0].ask, [place for place in places if place is not None])
    rows: list[BookingRow] = []
    reasons: list[Finding] = []
    for at, each in enumerate(wanted):
        try:
            row = await enter_booking(session, each.ask, by=by, now=now, promised=each.promised, together=True)
        except Problem as problem:
            if problem.status != 409:
                raise of_booking(problem, at) from problem
            reasons += [replace(found, booking=at) for found in problem.reasons]
        else:
            reasons += [replace(found, booking=at) for found in _in_its_own_way(row, rows, spaces)]
            rows.append(row)
    if reasons:
        raise refused(reasons, Message(N_("These bookings cannot be held as asked. Nothing was written.")))
    await record(session, _submitted(rows, by, now))
    return rows


def of_booking(problem: Problem, at: int) -> Problem:
    """What is wrong with one booking of several, which is named, counted from 0."""
    message = Message(N_("bookings[{at}]: {wrong}"), {"at": at, "wrong": problem.message})
    return Problem(problem.status, message, [replace(found, booking=at) for found in problem.reasons])


async def _lock(session: AsyncSession, first: Ask, places: Sequence[Place]) -> Spaces:
    """Everything that any of the bookings locks, in the order that every act keeps: all campuses sorted (shared), the organization, its program, all spaces
    sorted. So two submissions over the same campuses queue, in whatever order they name them."""
    campuses = select(Campus.id).where(Campus.id.in_({place.campus_id for place in places})).order_by(Campus.id)
    await session.execute(campuses.with_for_update(read=True))
    owner = select(Organization.id).where(Organization.slug == first.organization)
    organization_id = await session.scalar(owner.with_for_update(key_share=True))
    if organization_id is not None and first.program is not None:
        await program_of(session, first.program, organization_id)
    rooms = {room.id: room for place in places for room in place.rooms}
    return await find_spaces(session, rooms.values(), lock=True)


def _few_enough(wanted: Sequence[Wanted], places: Sequence[Place | None]) -> None:
    """A submission holds up everybody at all of its campuses while it is written (600 dates take about a second): they are counted before anything is
    locked."""
    pairs = zip(wanted, places, strict=True)
    count = sum(_dates(each.ask, place.zone) for each, place in pairs if place is not None)
    if count > MOST_TOGETHER:
        text = N_(
            "One submission may have at most {most} dates in all; these are {count}. Send the rest under the same name."
        )
        said = Message(text, {"most": MOST_TOGETHER, "count": count})
        raise refused([refuse("too_many_dates", said, policy="dates", would_pass=str(MOST_TOGETHER))])


def _dates(ask: Ask, zone: str) -> int:
    """How many; what cannot be spelled out is refused for that later, with the others."""
    try:
        there = ask.at(zone)
        return len(expand(there.starts, there.ends, zone, there.repeat, MOST_DATES))
    except RepeatRefused:
        return 0


def _in_its_own_way(row: BookingRow, earlier: Sequence[BookingRow], spaces: Spaces) -> list[Finding]:
    """Where nothing is held before it is decided, two bookings of one submission may not compete with each other either."""
    others = [date for other in earlier if other.campus_id == row.campus_id for date in competing(other)]
    hits = ((date, next((each for each in others if _meet(date, each, spaces)), None)) for date in competing(row))
    return [
        room_taken(date_of(date), Span(hit.claim_starts_at, hit.claim_ends_at), row.zone) for date, hit in hits if hit
    ]


def _meet(one: DateRow, other: DateRow, spaces: Spaces) -> bool:
    meets = one.claim_starts_at < other.claim_ends_at and other.claim_starts_at < one.claim_ends_at
    return meets and bool(spaces.of(one.rooms) & spaces.of(other.rooms))


def _submitted(rows: Sequence[BookingRow], by: Viewer, now: datetime) -> Event:
    """Of no one campus and no one booking; each booking has its own event beside it."""
    facts = {"program": rows[0].program, "bookings": [row.id for row in rows]}
    return Event(SUBMITTED, now, facts, actor_id=by.person_id)
