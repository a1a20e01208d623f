"""The VTIMEZONE that feeds carry, read back by two independent readers: the offset is zoneinfo's on every day of 2007 to 2037."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from ical.calendar_stream import IcsCalendarStream

from afterbell.almanac.vtimezone import vtimezone

ZONES = ["America/Los_Angeles", "America/New_York", "America/Phoenix", "Pacific/Honolulu", "Europe/Madrid"]
FIRST, LAST = datetime(2007, 1, 1, 12), datetime(2037, 12, 31, 12)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def misread(component: str, zone: str) -> list[datetime]:
    """The days on which a reader of the component has another offset at noon than zoneinfo."""
    reader, there = tzical(StringIO(component)).get(zone), ZoneInfo(zone)
    assert reader is not None
    return [noon for noon in DAYS if noon.replace(tzinfo=reader).utcoffset() != noon.replace(tzinfo=there).utcoffset()]


@pytest.mark.parametrize("zone", ZONES)
def test_the_offset_is_right_on_every_day(zone: str) -> None:
    assert misread(vtimezone(zone), zone) == []


@pytest.mark.parametrize(
    ("right", "shifted"),
    [("BYDAY=2SU", "BYDAY=3SU"), ("BYMONTH=11", "BYMONTH=10"), ("TZOFFSETTO:-0700", "TZOFFSETTO:-0600")],
)
def test_control_a_shifted_rule_is_noticed(right: str, shifted: str) -> None:
    component = vtimezone("America/Los_Angeles")
    assert right in component
    assert misread(component.replace(right, shifted), "America/Los_Angeles") != []


def instants(component: str, zone: str, walls: list[datetime]) -> list[datetime]:
    """What the parser `ical` makes of those wall times as starts of events, in UTC. The zone is renamed, so that it cannot know it by its name; a
    zone that never changes it knows by name only."""
    events = [
        f"BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Test/Here:{wall:%Y%m%dT%H%M%S}\r\nEND:VEVENT\r\n"
        for number, wall in enumerate(walls)
    ]
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + component.replace(zone, "Test/Here")
    calendar = IcsCalendarStream.calendar_from_ics(head + "".join(events) + "END:VCALENDAR\r\n")
    return [each.dtstart.astimezone(UTC) for each in calendar.events if isinstance(each.dtstart, datetime)]


AUTUMN_AND_SPRING = [noon for noon in DAYS if noon.year in (2026, 2027, 2028) and noon.month in (3, 10, 11)]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "America/New_York", "Europe/Madrid"])
def test_events_around_every_change_of_three_years_keep_their_instants(zone: str) -> None:
    there = ZoneInfo(zone)
    expected = [noon.replace(tzinfo=there).astimezone(UTC) for noon in AUTUMN_AND_SPRING]
    assert instants(vtimezone(zone), zone, AUTUMN_AND_SPRING) == expected


def test_control_the_second_reader_notices_a_shifted_rule() -> None:
    zone = "America/Los_Angeles"
    right, shifted = (
        instants(component, zone, AUTUMN_AND_SPRING)
        for component in (vtimezone(zone), vtimezone(zone).replace("BYDAY=2SU", "BYDAY=3SU"))
    )
    assert right != shifted


def test_los_angeles_word_for_word() -> None:
    """CALENDARS.md 36 to 39: by rule from 2007, onset in local time under the offset before it, no list of dates, no comment."""
    lines = """BEGIN:VTIMEZONE
TZID:America/Los_Angeles
BEGIN:DAYLIGHT
DTSTART:20070311T020000
TZOFFSETFROM:-0800
TZOFFSETTO:-0700
TZNAME:PDT
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
TZOFFSETFROM:-0700
TZOFFSETTO:-0800
TZNAME:PST
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
"""
    assert vtimezone("America/Los_Angeles") == lines.replace("\n", "\r\n")


def test_a_place_that_never_changes_its_clocks_has_one_part_and_no_rule() -> None:
    component = vtimezone("America/Phoenix")
    assert (component.count("BEGIN:STANDARD"), "DAYLIGHT" in component, "RRULE" in component) == (1, False, False)
