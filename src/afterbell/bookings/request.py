"""Asking for rooms: preview what would happen, or request and hold. Lock, read, judge, write, claim, announce: one transaction."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date, RepeatRefused, expand
from afterbell.almanac.span import Span
from afterbell.bookings.availability import Place, Spaces, find_place, find_spaces, gather_facts, taken
from afterbell.bookings.claims import SpaceTaken, take
from afterbell.bookings.events import REQUESTED, Moved
from afterbell.bookings.models import Booking, Occurrence, OccurrenceRoom
from afterbell.bookings.queries import BookingRow, DateRow, RoomName
from afterbell.bookings.repeats import refusal
from afterbell.database import public_id, table
from afterbell.outbox.record import record
from afterbell.policy.ask import MOST_DATES, Ask, Facts, Wish
from afterbell.policy.lifecycle import decide_by
from afterbell.policy.projection import Viewer
from afterbell.policy.rules import judge, room_taken
from afterbell.policy.verdict import N_, Finding, Message, Verdict, refuse
from afterbell.problem import malformed, refused

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Outlook:
    """How an ask would fare now: every date, and every reason."""

    place: Place
    wish: Wish
    verdict: Verdict


async def preview(session: AsyncSession, ask: Ask, *, by: Viewer, now: datetime) -> Outlook:
    """What `request_booking` would answer at this moment; holds nothing and needs no organization."""
    place, wish, _, facts = await _survey(session, ask, by=by, now=now, lock=False)
    return Outlook(place, wish, judge(wish, facts, now))


async def request_booking(session: AsyncSession, ask: Ask, *, by: Viewer, now: datetime) -> BookingRow:
    """Ask for rooms: refused with every reason (409), or written, claimed and announced at once."""
    place, wish, spaces, facts = await _survey(session, ask, by=by, now=now, lock=True)
    verdict = judge(wish, facts, now)
    if verdict.refused:
        raise refused(verdict.reasons, Message(N_("This request cannot be held as asked.")))
    booking = await _write(session, ask, place, wish, facts, by=by, now=now)
    if place.holds == "on_request":
        await _claim(session, booking, wish, spaces)
    await record(session, _requested(booking, by).event(now))
    return booking


async def _survey(
    session: AsyncSession, ask: Ask, *, by: Viewer, now: datetime, lock: bool
) -> tuple[Place, Wish, Spaces, Facts]:
    """The place (campus locked), the dates spelled out, the spaces (locked), and then, under the locks, the facts."""
    place = await find_place(session, ask, lock=lock)
    if place is None:
        raise refused(
            [
                refuse(
                    "unknown_room", Message(N_("There is no such room. Name rooms of one school site, as school/room."))
                )
            ]
        )
    if ask.activity is not None and place.activity_id is None:
        raise malformed(
            Message(
                N_("The activity {activity} is unknown; GET /api/v1/activities lists them."),
                {"activity": ask.activity[:80]},
            )
        )
    wish = Wish(_dates(ask, place.zone), ask.headcount, ask.setup, ask.takedown)
    spaces = await find_spaces(session, place.rooms, lock=lock)
    facts = await gather_facts(session, place, spaces, _reach(wish), by=by, now=now)
    member = facts.member if ask.organization is None else bool(facts.member)
    return place, wish, spaces, Facts(facts.zone, facts.capacity, facts.windows, facts.closures, facts.taken, member)


def _dates(ask: Ask, zone: str) -> list[Date]:
    there = ask.at(zone)
    try:
        return expand(there.starts, there.ends, zone, there.repeat, MOST_DATES)
    except RepeatRefused as error:
        raise refusal(error) from error


def _reach(wish: Wish) -> Span:
    claims = [wish.claim(date) for date in wish.dates]
    return Span(min(claim.starts_at for claim in claims), max(claim.ends_at for claim in claims))


async def _claim(session: AsyncSession, booking: BookingRow, wish: Wish, spaces: Spaces) -> None:
    """The guard is the last wall: when it refuses, say which dates are taken as it stands now."""
    claims = [(date.id, Span(date.claim_starts_at, date.claim_ends_at)) for date in booking.dates]
    try:
        await take(session, booking.campus_id, claims, spaces.ids)
    except SpaceTaken as error:
        raise refused(await _who_was_first(session, booking, wish, spaces)) from error


async def _who_was_first(session: AsyncSession, booking: BookingRow, wish: Wish, spaces: Spaces) -> Sequence[Finding]:
    blocked = await taken(session, spaces.ids, _reach(wish))
    found = []
    for date in wish.dates:
        hit = next((span for span in blocked if span.overlaps(wish.claim(date))), None)
        if hit is not None:
            found.append(room_taken(date, hit, booking.zone))
    return found


async def _write(
    session: AsyncSession, ask: Ask, place: Place, wish: Wish, facts: Facts, *, by: Viewer, now: datetime
) -> BookingRow:
    due = decide_by(now, [date.span.starts_at for date in wish.dates], facts.closures, place.zone)
    row = _booking_values(ask, place, wish, by=by, now=now) | {"decide_by": due}
    bookings = table(Booking)
    booking_id = (await session.execute(insert(bookings).returning(bookings.c.id), row)).scalar_one()
    dates = await _write_dates(session, booking_id, place, wish, now)
    return BookingRow(
        id=booking_id,
        reference=row["reference"],
        version=1,
        state="requested",
        campus_id=place.campus_id,
        campus=place.campus,
        campus_name=place.campus_name,
        zone=place.zone,
        organization_id=row["organization_id"],
        organization=ask.organization or "",
        organization_name=place.organization_name,
        activity=ask.activity or "",
        activity_name=place.activity_name,
        visibility=row["visibility"],
        title=ask.title,
        headcount=ask.headcount,
        contact=ask.contact,
        note=ask.note,
        requested_by_id=row["requested_by_id"],
        requested_by=by.name,
        requested_at=now,
        decide_by=due,
        dates=tuple(dates),
    )


def _booking_values(ask: Ask, place: Place, wish: Wish, *, by: Viewer, now: datetime) -> dict[str, Any]:
    return {
        "reference": "AB-" + "".join(secrets.choice(ALPHABET) for _ in range(8)),
        "version": 1,
        "state": "requested",
        "campus_id": place.campus_id,
        "organization_id": place.organization_id,
        "activity_id": place.activity_id,
        "requested_by_id": by.person_id,
        "requested_at": now,
        "changed_at": now,
        "first_starts_at": wish.dates[0].span.starts_at,
        "last_ends_at": max(date.span.ends_at for date in wish.dates),
        "title": ask.title,
        "visibility": ask.visibility or place.visibility,
        "headcount": ask.headcount,
        "minors_unaccompanied": ask.minors_unaccompanied,
        "contact": ask.contact,
        "note": ask.note,
        "repeat": {"rrule": ask.repeat.rrule} if ask.repeat else None,
    }


async def _write_dates(
    session: AsyncSession, booking_id: int, place: Place, wish: Wish, now: datetime
) -> list[DateRow]:
    """The dates and their rooms, two statements; held when the campus holds on request, else they compete without a claim."""
    state = "held" if place.holds == "on_request" else "requested"
    rows = [_date_values(booking_id, place, wish, date, state, now) for date in wish.dates]
    dates, pairs = table(Occurrence), table(OccurrenceRoom)
    made = await session.execute(insert(dates).returning(dates.c.id, dates.c.original_start), rows)
    ids = {start: id_ for id_, start in made}
    used = [{"occurrence_id": id_, "room_id": room.id} for id_ in ids.values() for room in place.rooms]
    await session.execute(insert(pairs).returning(pairs.c.room_id), used)
    return [_date_row(ids[row["original_start"]], row, place.rooms) for row in rows]


def _date_values(booking_id: int, place: Place, wish: Wish, date: Date, state: str, now: datetime) -> dict[str, Any]:
    claim = wish.claim(date)
    return {
        "public_id": public_id(),
        "booking_id": booking_id,
        "campus_id": place.campus_id,
        "original_start": date.original_start.isoformat(timespec="minutes"),
        "starts_at": date.span.starts_at,
        "ends_at": date.span.ends_at,
        "claim_starts_at": claim.starts_at,
        "claim_ends_at": claim.ends_at,
        "state": state,
        "reason": None,
        "shifted": date.shifted,
        "sequence": 0,
        "changed_at": now,
    }


def _date_row(id_: int, row: dict[str, Any], rooms: tuple[RoomName, ...]) -> DateRow:
    return DateRow(
        id=id_,
        public_id=row["public_id"],
        original_start=datetime.fromisoformat(row["original_start"]),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        claim_starts_at=row["claim_starts_at"],
        claim_ends_at=row["claim_ends_at"],
        state=row["state"],
        reason=None,
        shifted=row["shifted"],
        rooms=rooms,
    )


def _requested(booking: BookingRow, by: Viewer) -> Moved:
    return Moved(
        REQUESTED,
        booking.id,
        booking.campus_id,
        by.person_id or 0,
        booking.reference,
        booking.version,
        tuple(date.original_start.isoformat(timespec="minutes") for date in booking.dates),
        tuple(room.id for room in booking.dates[0].rooms),
    )
