"""Writing a request down: its booking, its dates and their rooms, in four statements. Nothing is judged or claimed here."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings.availability import Place
from afterbell.bookings.models import Booking, Occurrence, OccurrenceRoom
from afterbell.bookings.queries import BookingRow, DateRow, RoomName
from afterbell.bookings.standing import entered_as
from afterbell.database import public_id, table
from afterbell.policy.ask import Ask, Facts, Wish
from afterbell.policy.lifecycle import decide_by
from afterbell.policy.projection import Viewer
from afterbell.policy.skip import Left
from afterbell.policy.verdict import as_plain

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Draft:
    """A request that may be written: `left` says why dates are left out, `program` is id and slug."""

    ask: Ask
    place: Place
    wish: Wish
    facts: Facts
    left: Left
    program: tuple[int, str] | None

    @property
    def kept(self) -> list[Span]:
        """The dates that are asked for."""
        return [date.span for date in self.wish.dates if date.original_start not in self.left]


async def write_down(session: AsyncSession, draft: Draft, *, by: Viewer, now: datetime) -> BookingRow:
    """The booking as it stands then, at its first version."""
    ask, place = draft.ask, draft.place
    row = _booking_values(draft, by=by, now=now)
    bookings = table(Booking)
    booking_id = (await session.execute(insert(bookings).returning(bookings.c.id), row)).scalar_one()
    dates = await _write_dates(session, booking_id, draft, now)
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
        dates=tuple(dates),
        entered_as=row["entered_as"],
        of_school=place.its_campus_id is not None,
        on_behalf_of=ask.on_behalf_of,
        listing=ask.listing,
        program=draft.program[1] if draft.program else None,
    )


def _booking_values(draft: Draft, *, by: Viewer, now: datetime) -> dict[str, Any]:
    ask, place, kept = draft.ask, draft.place, draft.kept
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
        "first_starts_at": kept[0].starts_at,
        "last_ends_at": max(span.ends_at for span in kept),
        "decide_by": decide_by(now, [span.starts_at for span in kept], draft.facts.closures, place.zone),
        "title": ask.title,
        "visibility": ask.visibility or place.visibility,
        "headcount": ask.headcount,
        "minors_unaccompanied": ask.minors_unaccompanied,
        "contact": ask.contact,
        "note": ask.note,
        "repeat": {"rrule": ask.repeat.rrule} if ask.repeat else None,
        "entered_as": entered_as(ask, place),
        "on_behalf_of": ask.on_behalf_of,
        "listing": ask.listing,
        "program_id": draft.program[0] if draft.program else None,
    }


async def _write_dates(session: AsyncSession, booking_id: int, draft: Draft, now: datetime) -> list[DateRow]:
    """Held when the campus holds on request, else they compete without a claim; those left out are skipped, with the reasons."""
    rows = [_date_values(booking_id, draft, date, now) for date in draft.wish.dates]
    dates, pairs = table(Occurrence), table(OccurrenceRoom)
    made = await session.execute(insert(dates).returning(dates.c.id, dates.c.original_start), rows)
    ids = {start: id_ for id_, start in made}
    used = [{"occurrence_id": id_, "room_id": room.id} for id_ in ids.values() for room in draft.place.rooms]
    await session.execute(insert(pairs).returning(pairs.c.room_id), used)
    return [_date_row(ids[row["original_start"]], row, draft.place.rooms) for row in rows]


def _date_values(booking_id: int, draft: Draft, date: Date, now: datetime) -> dict[str, Any]:
    claim, left = draft.wish.claim(date), draft.left.get(date.original_start)
    asked = "held" if draft.place.holds == "on_request" else "requested"
    return {
        "public_id": public_id(),
        "booking_id": booking_id,
        "campus_id": draft.place.campus_id,
        "original_start": date.original_start.isoformat(timespec="minutes"),
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
