"""Reading a district's calendar file: closures (VEVENT) and after-hours windows (VAVAILABILITY, RFC 7953). The only importer of icalendar here."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar

from afterbell.almanac.hours import Window

MOST_BYTES = 1_000_000
MOST_EVENTS = 5_000
YEARS = range(1900, 9000)
NEW_LINE = b"\n"
WEEKLY = {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "WKST"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class DayClosure:
    """Whole wall days closed; `last_exclusive` is the first day that is open again."""

    uid: str
    first: date
    last_exclusive: date
    reason: str
    sequence: int = 0
    cancelled: bool = False


@dataclass
class Reading:
    """What could be read, and a sentence for each thing that could not. `cancelled` are the UIDs of closures that the file takes back."""

    closures: list[DayClosure] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def read(data: bytes) -> Reading:
    """One bad component is a complaint with its UID; a file that is no whole calendar is a complaint and nothing else. At most 1 MB and 5,000 events.
    Of two events with one UID the higher SEQUENCE counts (RFC 5546 2.1.4)."""
    trouble = _trouble(data)
    if trouble:
        return Reading(complaints=[trouble])
    try:
        components = Calendar.from_ical(data).walk()
    except Exception as error:  # noqa: BLE001 - the library raises what it likes at broken input
        return Reading(complaints=[f"This is not a calendar that can be read: {str(error)[:120]}"])
    found = Reading()
    told: dict[str, DayClosure] = {}
    for component in components:
        _take(component, found, told)
    found.closures = [closure for closure in told.values() if not closure.cancelled]
    found.cancelled = [closure.uid for closure in told.values() if closure.cancelled]
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
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return f"Line {text[: error.start].count(NEW_LINE) + 1} is not UTF-8; save the file as UTF-8. Nothing was read."
    return None


def _take(component: Any, found: Reading, told: dict[str, DayClosure]) -> None:
    uid = str(component.get("UID", ""))
    try:
        if component.name == "VEVENT":
            closure = _closure(component, uid)
            if uid not in told or told[uid].sequence <= closure.sequence:
                told[uid] = closure
        elif component.name == "AVAILABLE":
            found.windows.extend(_windows(component))
    except KeyError as error:
        found.complaints.append(
            f"{component.name} {uid[:80] or 'without UID'} cannot be used: it lacks {error.args[0]}"
        )
    except (ValueError, AttributeError, TypeError, OverflowError) as error:
        found.complaints.append(f"{component.name} {uid[:80] or 'without UID'} cannot be used: {str(error)[:120]}")


def _closure(component: Any, uid: str) -> DayClosure:
    if "RRULE" in component or "RDATE" in component:
        raise ValueError("closures are listed day by day, without RRULE and RDATE")
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
    if last < first or first.year not in YEARS or last.year not in YEARS:
        raise ValueError(f"it closes from {first} to {last}")
    return DayClosure(
        uid,
        first,
        max(last, first + timedelta(days=1)),
        str(component.get("SUMMARY", "")).strip() or "Closed",
        int(component.get("SEQUENCE", 0)),
        cancelled=str(component.get("STATUS", "")).upper() == "CANCELLED",
    )


def _windows(component: Any) -> list[Window]:
    opens, closes = component["DTSTART"].dt, component["DTEND"].dt
    _check_window(opens, closes)
    rule = component["RRULE"]
    if (
        rule.get("FREQ") != ["WEEKLY"]
        or rule.get("INTERVAL", [1]) != [1]
        or set(rule) - WEEKLY
        or "EXDATE" in component
    ):
        raise ValueError("a window repeats every week, until a day or for good")
    days = rule.get("BYDAY") or [WEEKDAYS[opens.weekday()]]
    until = rule["UNTIL"][0] if "UNTIL" in rule else None
    if isinstance(until, datetime):
        until = (until.astimezone(opens.tzinfo) if until.tzinfo and opens.tzinfo else until).date()
    return [Window(WEEKDAYS.index(str(day)), opens.time(), closes.time(), opens.date(), until) for day in days]


def _check_window(opens: Any, closes: Any) -> None:
    if not isinstance(opens, datetime) or not isinstance(closes, datetime):
        raise ValueError("a window has times of day")
    if "UTC" in (str(opens.tzinfo), str(closes.tzinfo)):
        raise ValueError("a window is local time (TZID or none), not UTC")
    midnight = datetime.combine(opens.date() + timedelta(days=1), time())
    if not opens.replace(tzinfo=None) < closes.replace(tzinfo=None) <= midnight:
        raise ValueError("a window ends after it begins, at midnight at the latest")
    if opens.second or closes.second:
        raise ValueError("a window counts in whole minutes")
