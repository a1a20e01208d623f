"""What the clinic should read: dates as letters write them, and the booking that API.md promises, both worked out here and not by Afterbell."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.cast import ZONE
from tests.ground.mailbox import Received
from tests.stories.asks import CLASSROOM, CLINIC, THERE, utc, wall

THIN = "\u202f"
SPANISH_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
SPANISH_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
FOOT = "\n\n-- \nAfterbell, school rooms after the bell\n"


def written(on: date) -> str:
    """ "Tuesday, December 1, 2026"."""
    return f"{on:%A, %B} {on.day}, {on.year}"


def written_in_spanish(on: date) -> str:
    """ "martes, 1 de diciembre de 2026"."""
    return f"{SPANISH_DAYS[on.weekday()]}, {on.day} de {SPANISH_MONTHS[on.month - 1]} de {on.year}"


def listed(days: Sequence[date], times: str) -> str:
    """The dates of a letter's list."""
    return "\n".join(f"  - {written(on)}, {times}" for on in days)


def afternoon(starts: int, ends: int) -> str:
    """ "4:00 PM – 6:00 PM", from hours of the afternoon."""
    return f"{starts - 12}:00{THIN}PM – {ends - 12}:00{THIN}PM"


def three_business_days_after(moment: str) -> datetime:
    """When a request made at that instant is to be decided; the cast's one closed day is far away."""
    asked = datetime.fromisoformat(moment).astimezone(THERE)
    left, on = 3, asked.date()
    while left:
        on += timedelta(days=1)
        left -= on.weekday() < 5
    return datetime.combine(on, asked.time(), THERE)


def clinic_booking(
    given: Mapping[str, Any], days: Sequence[date], *, states: Sequence[str], version: int, reasons: Mapping[int, str]
) -> dict[str, Any]:
    """The whole booking of `asks.ask()` with thirty minutes of set-up and fifteen of take-down. Only what the service alone can choose (reference, ids, the
    moment it was asked) is taken from what was given; `reasons` are by number of the date."""
    due = three_business_days_after(given["requested_at"]).astimezone(UTC)
    waits = "held" in states
    return {
        "reference": given["reference"],
        "state": "requested" if waits else "approved",
        "version": version,
        "organization": CLINIC,
        "title": "Diabetes check-ups",
        "activity": "community-clinic",
        "visibility": "listed",
        "program": None,
        "campus": CLASSROOM.split("/")[0],
        "time_zone": ZONE,
        "headcount": 20,
        "requested_by": "Dr Mei Lin",
        "requested_at": given["requested_at"],
        "waiting_on": {"role": "site_approver", "due": f"{due:%Y-%m-%dT%H:%M:%SZ}"} if waits else None,
        "price": None,
        "price_status": "not_set",
        "listing": None,
        "on_behalf_of": None,
        "layout": None,
        "wanted_rooms": None,
        "proposed": None,
        "occurrences": [
            _clinic_date(given["occurrences"][number], on, states[number], reasons.get(number))
            for number, on in enumerate(days)
        ],
        "messages": [],
    }


def _clinic_date(given: Mapping[str, Any], on: date, state: str, reason: str | None) -> dict[str, Any]:
    return {
        "id": given["id"],
        "original_start": wall(on, 16),
        "starts_at": utc(on, 16),
        "ends_at": utc(on, 18),
        "claim_starts_at": utc(on, 15, 30),
        "claim_ends_at": utc(on, 18, 15),
        "rooms": [CLASSROOM],
        "state": state,
        "reason": reason,
        "alternative": None,
    }


def kinds_of_part(letter: Received) -> list[str]:
    """The tree of the letter's parts, from the top."""
    return [part.get_content_type() for part in letter.message.walk()]


def html_of(letter: Received) -> str:
    """The HTML part."""
    part = letter.message.get_body(("html",))
    return str(part.get_content()) if part else ""
