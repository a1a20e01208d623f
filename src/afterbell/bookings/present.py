"""How a booking is shown as plain values, through the projection: the road from a BookingRow to JSON, pages and letters."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from afterbell.bookings.queries import BookingRow, DateRow
from afterbell.policy.projection import Shown, Viewer, level, show


def seen(row: BookingRow, viewer: Viewer) -> Shown[BookingRow]:
    """The booking at the level of that viewer; `details` is None when only busy time may be seen."""
    at = level(visibility=row.visibility, campus_id=row.campus_id, organization_id=row.organization_id, viewer=viewer)
    return show(row.title, row, at)


def as_json(row: BookingRow, viewer: Viewer) -> dict[str, Any]:
    """The booking of API.md. At BUSY its words are null and its title the constant; times and states stay."""
    shown = seen(row, viewer)
    full = shown.details
    return {
        "reference": row.reference if full else None,
        "state": row.state,
        "version": row.version,
        "organization": full.organization if full else None,
        "title": shown.title,
        "activity": full.activity if full else None,
        "visibility": row.visibility if full else "busy_only",
        "program": None,
        "campus": row.campus,
        "time_zone": row.zone,
        "headcount": full.headcount if full else None,
        "requested_by": full.requested_by if full else None,
        "requested_at": instant(row.requested_at),
        "waiting_on": waiting_on(row),
        "price": None,
        "price_status": "not_set",
        "occurrences": [_date_json(date, full is not None) for date in row.dates],
    }


def waiting_on(row: BookingRow) -> dict[str, str] | None:
    """Who has it now and until when; None when nothing waits."""
    if row.state != "requested":
        return None
    return {"role": "site_approver", "due": instant(row.decide_by)}


def same_hours(dates: Sequence[DateRow], zone: str) -> bool:
    """Whether every date has the same wall times there, set-up and take-down included: then they need be said but once."""
    there = ZoneInfo(zone)
    return len({tuple(f"{moment.astimezone(there):%H:%M}" for moment in _moments(date)) for date in dates}) == 1


def _moments(date: DateRow) -> tuple[datetime, ...]:
    return date.starts_at, date.ends_at, date.claim_starts_at, date.claim_ends_at


def _date_json(date: DateRow, full: bool) -> dict[str, Any]:
    """`shifted` stands only where the wall time does not exist that night and the date was moved forward."""
    told = {"shifted": True} if date.shifted else {}
    return told | {
        "id": date.public_id,
        "original_start": date.original_start.isoformat(timespec="minutes"),
        "starts_at": instant(date.starts_at),
        "ends_at": instant(date.ends_at),
        "claim_starts_at": instant(date.claim_starts_at),
        "claim_ends_at": instant(date.claim_ends_at),
        "rooms": [room.key for room in date.rooms],
        "state": date.state,
        "reason": date.reason if full else None,
    }


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, with a Z."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
