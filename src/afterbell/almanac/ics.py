"""Reading a district's calendar file: closures (VEVENT) and after-hours windows (VAVAILABILITY, RFC 7953). The only importer of icalendar here."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar

from afterbell.almanac.hours import Window

MOST_BYTES = 1_000_000
MOST_EVENTS = 5_000
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class DayClosure:
    """Whole wall days closed; `last_exclusive` is the first day that is open again."""

    uid: str
    first: date
    last_exclusive: date
    reason: str
    sequence: int = 0


@dataclass
class Reading:
    """What could be read, and a sentence for each thing that could not."""

    closures: list[DayClosure] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def read(data: bytes) -> Reading:
    """One bad component is a complaint with its UID; a file that is no whole calendar is a complaint and nothing else. At most 1 MB and 5,000 events."""
    trouble = _trouble(data)
    if trouble:
        return Reading(complaints=[trouble])
    try:
        calendar = Calendar.from_ical(data)
    except Exception as error:  # noqa: BLE001 - the library raises what it likes at broken input
        return Reading(complaints=[f"This is not a calendar that can be read: {str(error)[:120]}"])
    found = Reading()
    for component in calendar.walk():
        _take(component, found)
    return found


def _trouble(data: bytes) -> str | None:
    if len(data) > MOST_BYTES:
        return "The file is larger than 1 MB."
    text = data.strip()
    if not text.upper().removeprefix(b"\xef\xbb\xbf").startswith(b"BEGIN:VCALENDAR"):
        return "The file does not begin with BEGIN:VCALENDAR; a calendar (.ics) is needed."
    if not text.upper().endswith(b"END:VCALENDAR"):
        return "The file ends before END:VCALENDAR: it was cut short. Nothing was read."
    if text.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        return f"The file has more than {MOST_EVENTS} events."
    return None


def _take(component: Any, found: Reading) -> None:
    uid = str(component.get("UID", ""))
    try:
        if component.name == "VEVENT":
            found.closures.append(_closure(component, uid))
        elif component.name == "AVAILABLE":
            found.windows.extend(_windows(component))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        found.complaints.append(f"{component.name} {uid[:80] or 'without UID'} cannot be used: {str(error)[:120]}")


def _closure(component: Any, uid: str) -> DayClosure:
    if "RRULE" in component:
        raise ValueError("closures are listed day by day, without RRULE")
    if not uid:
        raise ValueError("it has no UID")
    first = component["DTSTART"].dt
    if isinstance(first, datetime):
        raise ValueError("a closure is whole days: DTSTART;VALUE=DATE")
    last = (
        component["DTEND"].dt
        if "DTEND" in component
        else first + component["DURATION"].dt
        if "DURATION" in component
        else first
    )
    last = max(last, first + timedelta(days=1))
    return DayClosure(
        uid, first, last, str(component.get("SUMMARY", "")).strip() or "Closed", int(component.get("SEQUENCE", 0))
    )


def _windows(component: Any) -> list[Window]:
    opens, closes = component["DTSTART"].dt, component["DTEND"].dt
    if not isinstance(opens, datetime) or not isinstance(closes, datetime):
        raise ValueError("a window has times of day")
    if closes.date() > opens.date() and closes.time() != time():
        raise ValueError("a window ends on its day, at midnight at the latest")
    if closes.replace(tzinfo=None) <= opens.replace(tzinfo=None):
        raise ValueError("a window ends after it begins")
    rule = component["RRULE"]
    if rule.get("FREQ") != ["WEEKLY"] or rule.get("INTERVAL", [1]) != [1] or "COUNT" in rule:
        raise ValueError("a window repeats weekly, until a day or for good")
    days = rule.get("BYDAY") or [WEEKDAYS[opens.weekday()]]
    until = rule["UNTIL"][0] if "UNTIL" in rule else None
    last = until.date() if isinstance(until, datetime) else until
    return [Window(WEEKDAYS.index(str(day)), opens.time(), closes.time(), opens.date(), last) for day in days]
