"""Writing a request down: its booking, its dates and their rooms, in four statements. Nothing is judged or claimed here."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.models import Booking, Occurrence, OccurrenceRoom
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.repeats import as_kept
from afterbell.bookings.room_names import RoomName
from afterbell.bookings.standing import entered_as
from afterbell.bookings.survey import Survey
from afterbell.database import public_id, table
from afterbell.policy.assigning import any_of
from afterbell.policy.lifecycle import decide_by
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import as_flag, as_plain

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


async def write_down(session: AsyncSession, draft: Survey, *, by: Viewer, now: datetime) -> BookingRow:
    """The booking as it stands then, at its first version."""
    row = _booking_values(draft, by=by, now=now)
    bookings = table(Booking)
    booking_id = (await session.execute(insert(bookings).returning(bookings.c.id), row)).scalar_one()
    dates = await _write_dates(session, booking_id, draft, now)
    return replace(_written(draft, row, by, now), id=booking_id, dates=tuple(dates))


def _written(draft: Survey, row: dict[str, Any], by: Viewer, now: datetime) -> BookingRow:
    """As it would be read again, without its dates."""
    ask, place = draft.ask, draft.place
    return BookingRow(
        id=0,
        reference=row["reference"],
        version=1,
        state="requested",
        campus_id=place.campus_id,
        campus=place.campus,
        campus_name=place.campus_name,
        zone=place.zone,
        organization_id=row["organization_id"],
        organization=place.organization,
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
        decide_by=row["decide_by"],
        dates=(),
        entered_as=row["entered_as"],
        of_school=place.its_campus_id is not None,
        on_behalf_of=ask.on_behalf_of,
        listing=ask.listing,
        program=draft.program[1] if draft.program else None,
        layout=ask.layout,
        wanted=row["wanted"],
        activity_id=row["activity_id"],
        anyway=row["anyway"],
        findings=row["findings"],
        repeat=row["repeat"],
    )


def _booking_values(draft: Survey, *, by: Viewer, now: datetime) -> dict[str, Any]:
    ask, place = draft.ask, draft.place
    kept = [date.span for date in draft.wish.dates if date.original_start not in draft.left]
    flags = [as_flag(finding) for finding in draft.verdict.flags]
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
        "first_starts_at": min(span.starts_at for span in kept),
        "last_ends_at": max(span.ends_at for span in kept),
        "decide_by": decide_by(now, [span.starts_at for span in kept], draft.facts.closures, place.zone),
        "title": ask.title,
        "visibility": ask.visibility or place.visibility,
        "headcount": ask.headcount,
        "minors_unaccompanied": ask.minors_unaccompanied,
        "contact": ask.contact,
        "note": ask.note,
        "repeat": as_kept(ask.repeat) if ask.repeat else None,
        "entered_as": entered_as(ask, place),
        "on_behalf_of": ask.on_behalf_of,
        "listing": ask.listing,
        "program_id": draft.program[0] if draft.program else None,
        "layout": ask.layout,
        "anyway": ask.anyway or None if flags else None,
        "findings": flags or None,
        "wanted": list(ask.names) if any(any_of(name) for name in ask.names) else None,
    }


async def _write_dates(session: AsyncSession, booking_id: int, draft: Survey, now: datetime) -> list[DateRow]:
    """Held when the campus holds on request, else they compete without a claim; those left out are skipped, with the reasons."""
    rows = [_date_values(booking_id, draft, date, now) for date in draft.wish.dates]
    dates, pairs = table(Occurrence), table(OccurrenceRoom)
    made = await session.execute(insert(dates).returning(dates.c.id, dates.c.original_start), rows)
    ids = {start: id_ for id_, start in made}
    rooms = {_named(date): draft.wish.rooms_of(date) for date in draft.wish.dates}
    used = [{"occurrence_id": id_, "room_id": room} for start, id_ in ids.items() for room in rooms[start]]
    await session.execute(insert(pairs).returning(pairs.c.room_id), used)
    names = {room.id: room for room in draft.place.rooms}
    return [
        _date_row(ids[start], row, tuple(names[room] for room in sorted(rooms[start])))
        for start, row in ((row["original_start"], row) for row in rows)
    ]


def _named(date: Date) -> str:
    return date.original_start.isoformat(timespec="minutes")


def _date_values(booking_id: int, draft: Survey, date: Date, now: datetime) -> dict[str, Any]:
    claim, left = draft.wish.claim(date), draft.left.get(date.original_start)
    asked = "held" if draft.place.holds == "on_request" else "requested"
    return {
        "public_id": public_id(),
        "booking_id": booking_id,
        "campus_id": draft.place.campus_id,
        "original_start": _named(date),
        "starts_at": date.span.starts_at,
        "ends_at": date.span.ends_at,
        "claim_starts_at": claim.starts_at,
        "claim_ends_at": claim.ends_at,
        "state": "skipped" if left else asked,
        "reason": None,
        "reasons": [as_plain(finding) for finding in left] if left else None,
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
        reasons=row["reasons"] or (),
    )
