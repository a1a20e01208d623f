"""The three addresses under which a calendar can be subscribed to: https, webcal and Google's own link (CALENDARS.md 51)."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from afterbell.programme.wanted import Looked


@dataclass(frozen=True)
class Subscription:
    """`webcal` opens the calendar of the device; `google` opens Google Calendar, which wants the webcal form inside; `https` is copied by hand."""

    https: str
    webcal: str
    google: str


def room_calendar(base_url: str, school: str, room: str) -> Subscription:
    """A room's busy times."""
    return _subscription(f"{base_url}/calendars/rooms/{school}/{room}.ics")


def school_calendar(base_url: str, school: str) -> Subscription:
    """What families may come to at one school."""
    return _subscription(f"{base_url}/calendars/schools/{school}.ics")


def programme_calendar(base_url: str, wanted: Looked) -> Subscription:
    """The calendar that holds what somebody looks for: the school's, or the district's, by kind and language. Distances are no filter of calendars."""
    school = wanted.fields["school"]
    path = f"/calendars/schools/{school}.ics" if school else "/calendars/district.ics"
    filters = {"activity": wanted.fields["kind"], "language": wanted.fields["language"]}
    query = urlencode({name: value for name, value in filters.items() if value})
    return _subscription(f"{base_url}{path}" + (f"?{query}" if query else ""))


def _subscription(https: str) -> Subscription:
    webcal = "webcal://" + https.partition("://")[2]
    return Subscription(https, webcal, "https://calendar.google.com/calendar/r?cid=" + quote(webcal, safe=""))
