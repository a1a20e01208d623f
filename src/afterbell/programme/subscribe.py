"""The three addresses under which a calendar can be subscribed to: https, webcal and Google's own link (CALENDARS.md 51)."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Subscription:
    """`webcal` opens the calendar of the device; `google` opens Google Calendar, which wants the webcal form inside; `https` is copied by hand."""

    https: str
    webcal: str
    google: str


def room_calendar(base_url: str, school: str, room: str) -> Subscription:
    """A room's busy times."""
    https = f"{base_url}/calendars/rooms/{school}/{room}.ics"
    webcal = "webcal://" + https.partition("://")[2]
    return Subscription(https, webcal, "https://calendar.google.com/calendar/r?cid=" + quote(webcal, safe=""))
