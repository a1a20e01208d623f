"""What the cast asks for: its people by name, days that a school takes requests for, and a body for POST /bookings that passes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from afterbell import clock
from tests.cast import OWL, ZONE
from tests.conftest import District
from tests.ground.client import client

THERE = ZoneInfo(ZONE)
CLASSROOM = "24th-street-elementary/room-12"
HALL = f"{OWL}/hall-2"
CLINIC = "eastside-community-clinic"
# Everybody who has a token, by what stands before the @.
PEOPLE = (
    "lin",
    "rosa",
    "sam",
    "pilar",
    "okafor",
    "becker",
    "castillo",
    "tan",
    "herrera",
    "stone",
    "adler",
    "whitfield",
)
MONDAY, TUESDAY, SUNDAY = 0, 1, 6


def today() -> date:
    """The wall date at the schools."""
    return clock.now().astimezone(THERE).date()


def day(weekday: int = TUESDAY, *, ahead: int = 30) -> date:
    """The first such weekday at least `ahead` days from today; thirty are more than fifteen business days."""
    first = today() + timedelta(days=ahead)
    return first + timedelta(days=(weekday - first.weekday()) % 7)


def wall(on: date, hour: int, minute: int = 0) -> str:
    """Wall time at the school, as requests carry it."""
    return f"{on.isoformat()}T{hour:02}:{minute:02}"


def utc(on: date, hour: int, minute: int = 0) -> str:
    """The instant of that wall time, as answers carry it."""
    moment = datetime.combine(on, time(hour, minute), THERE).astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def ask(on: date | None = None, hour: int = 16, **changes: Any) -> dict[str, Any]:
    """Dr Lin's request for a classroom: two hours on one Tuesday, unless told otherwise. A change to None leaves the field out."""
    first = on or day()
    body = {
        "organization": CLINIC,
        "title": "Diabetes check-ups",
        "activity": "community-clinic",
        "rooms": [CLASSROOM],
        "starts_at": wall(first, hour),
        "ends_at": wall(first, hour + 2),
        "headcount": 20,
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


def weekly(count: int) -> dict[str, Any]:
    """The `repeat` of an ask."""
    return {"rrule": f"FREQ=WEEKLY;COUNT={count}"}


def card(district: District, name: str) -> dict[str, Any]:
    """Somebody of the cast as var/demo.json has them, by the part of the address before the @: lin, rosa, sam, okafor, becker ..."""
    found: dict[str, Any] = next(each for each in district.cast["people"] if each["email"].split("@")[0] == name)
    return found


def token(district: District, name: str) -> str:
    """Their token."""
    return str(card(district, name)["token"])


def caller(base_url: str, district: District, name: str) -> httpx2.AsyncClient:
    """An HTTP client that is this person; use it with `async with`."""
    return client(base_url, token(district, name))
