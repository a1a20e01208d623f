"""How a booking is shown as plain values, through the projection: the road from a BookingRow to JSON, pages and letters."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.queries import BookingRow
from afterbell.policy.projection import Shown, Viewer, level, show
from afterbell.policy.verdict import Finding, from_flag, from_plain
from afterbell.web.errors import reason_json
from afterbell.web.words import say_message


def seen(row: BookingRow, viewer: Viewer) -> Shown[BookingRow]:
    """The booking at the level of that viewer; `details` is None when only busy time may be seen."""
    at = level(
        visibility=row.visibility,
        campus_id=row.campus_id,
        organization_id=row.organization_id,
        viewer=viewer,
        own=row.requested_by_id == viewer.person_id,
    )
    return show(row.title, row, at)


def speaks_for(row: BookingRow, viewer: Viewer) -> bool:
    """Whether somebody acts as the one who asked: a member of the organization, or for a school's own whoever may ask for it now and sees all of it."""
    return row.organization_id in viewer.organizations or (row.of_school and _enters(row, viewer))


def answers_for(row: BookingRow, viewer: Viewer) -> bool:
    """Whether somebody may answer a question about it: whoever speaks for it, and for somebody who called, who cannot sign in, whoever may enter such requests
    there and sees all of it: they phone and write down what they hear."""
    return speaks_for(row, viewer) or (row.entered_as == "on_behalf" and _enters(row, viewer))


def _enters(row: BookingRow, viewer: Viewer) -> bool:
    return viewer.enters_at(row.campus_id) and seen(row, viewer).details is not None


def asker_of(row: BookingRow) -> str:
    """Who is meant by the partner: somebody for whom staff entered it, else the organization."""
    return (row.on_behalf_of or {}).get("name") or row.organization_name


def as_json(row: BookingRow, viewer: Viewer) -> dict[str, Any]:
    """The booking of API.md. At BUSY its words are null and its title the constant; times and states stay."""
    shown = seen(row, viewer)
    full = shown.details
    return (
        {
            "reference": row.reference if full else None,
            "state": row.state,
            "version": row.version,
            "organization": full.organization if full else None,
            "title": shown.title,
            "activity": full.activity if full else None,
            "visibility": row.visibility if full else "busy_only",
            "program": full.program if full else None,
            "campus": row.campus,
            "time_zone": row.zone,
            "headcount": full.headcount if full else None,
            "requested_by": full.requested_by if full else None,
            "requested_at": instant(row.requested_at),
            "waiting_on": waiting_on(row, named=full is not None),
            "price": None,
            "price_status": "not_set",
            "listing": full.listing if full else None,
            "on_behalf_of": full.on_behalf_of if full else None,
            "layout": full.layout if full else None,
            "wanted_rooms": full.wanted if full else None,
            "proposed": full.proposed if full else None,
            "occurrences": [_date_json(date, full is not None, viewer.language) for date in row.dates],
        }
        | _explained(full)
        | _extra_look(full, viewer)
    )


def _explained(full: BookingRow | None) -> dict[str, Any]:
    """What the school last wrote to a change: one that it made, or decided about."""
    return {"change_reason": full.change_reason} if full and full.change_reason else {}


def _extra_look(full: BookingRow | None, viewer: Viewer) -> dict[str, Any]:
    """For the school's staff, where rules were gone against: which, and the reason with which staff asked anyway."""
    if full is None or not full.findings or not viewer.roles_at(full.campus_id):
        return {}
    return {"anyway": full.anyway, "findings": [reason_json(each, viewer.language) for each in flags_of(full)]}


def flags_of(row: BookingRow) -> list[Finding]:
    """What whoever decides takes an extra look at."""
    return [from_flag(kept) for kept in row.findings or ()]


def waiting_on(row: BookingRow, *, named: bool = True) -> dict[str, str] | None:
    """Who has it now and until when, a partner by name for those who may know it; None when nothing waits."""
    if row.state != "requested":
        return {"role": "site_approver", "due": instant(row.change_by)} if row.change_by else None
    if row.answer_by is None:
        return {"role": "site_approver", "due": instant(row.decide_by)}
    name = {"name": asker_of(row)} if named else {}
    return {"role": "partner", **name, "due": instant(row.answer_by)}


def due_at(row: BookingRow) -> datetime:
    """Until when whoever has it now is to act."""
    if row.state != "requested" and row.change_by is not None:
        return row.change_by
    return row.decide_by if row.answer_by is None else row.answer_by


def because(date: DateRow, language: str) -> str | None:
    """Why a date is as it is: what a person wrote, or what the rules said, in the reader's language."""
    said = " ".join(say_message(from_plain(kept).message, language) for kept in date.reasons)
    return date.reason or said or None


def same_hours(dates: Sequence[DateRow], zone: str) -> bool:
    """Whether every date has the same wall times there, set-up and take-down included: then they need be said but once."""
    there = ZoneInfo(zone)
    return len({tuple(f"{moment.astimezone(there):%H:%M}" for moment in _moments(date)) for date in dates}) == 1


def _moments(date: DateRow) -> tuple[datetime, ...]:
    return date.starts_at, date.ends_at, date.claim_starts_at, date.claim_ends_at


def _date_json(date: DateRow, full: bool, language: str) -> dict[str, Any]:
    """`proposed` is where it is to go, while that waits. `shifted` stands only where the wall time does not exist that night and the date was moved forward,
    `reasons` only where rules spoke."""
    told: dict[str, Any] = {"shifted": True} if date.shifted else {}
    if full and date.reasons:
        told["reasons"] = [reason_json(from_plain(kept), language) for kept in date.reasons]
    if date.move is not None:
        told["proposed"] = {
            "starts_at": instant(date.move.starts_at),
            "ends_at": instant(date.move.ends_at),
            "rooms": [room.key for room in date.move.rooms],
        }
    return told | {
        "id": date.public_id,
        "original_start": date.original_start.isoformat(timespec="minutes"),
        "starts_at": instant(date.starts_at),
        "ends_at": instant(date.ends_at),
        "claim_starts_at": instant(date.claim_starts_at),
        "claim_ends_at": instant(date.claim_ends_at),
        "rooms": [room.key for room in date.rooms],
        "state": date.state,
        "reason": because(date, language) if full else None,
        "alternative": date.alternative if full else None,
    }


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, with a Z."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
