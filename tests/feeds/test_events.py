"""One VEVENT byte by byte: whatever people write, the rules of CALENDARS.md A to C hold and another parser reads it back."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from afterbell.feeds.events import ENDED, STATUS, Entry, busy_uid, known_uid
from afterbell.feeds.publish import About, calendar
from tests.stories.octets import faults, unfolded

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
ABOUT = About("What's on: Venice Senior High", "America/Los_Angeles", "programme")
ENTRY = Entry(
    uid=known_uid("5eed"),
    starts_at=NOW,
    ends_at=NOW + timedelta(hours=2),
    zone="America/Los_Angeles",
    state="approved",
    sequence=3,
    changed_at=NOW - timedelta(days=1),
    summary="Flu shots",
    location="Gym, Venice Senior High",
    description="Free of charge\nJust come",
    url="https://district.example/events/5eed",
)
hostile = st.text() | st.text(
    alphabet='\\;,:"\r\n\t\0\x07\x1f\x7f\x85\u2028\ufeff\U0001f469\u200d\U0001f4bb\u0301a {}', max_size=60
)


def lines(entry: Entry) -> list[str]:
    found = unfolded(calendar(ABOUT, [entry]))
    return found[found.index("BEGIN:VEVENT") : found.index("END:VEVENT") + 1]


def test_an_event_word_for_word() -> None:
    assert lines(ENTRY) == [
        "BEGIN:VEVENT",
        "UID:5eed@afterbell",
        "DTSTAMP:20261109T120000Z",
        "LAST-MODIFIED:20261109T120000Z",
        "SEQUENCE:3",
        "DTSTART;TZID=America/Los_Angeles:20261110T040000",
        "DTEND;TZID=America/Los_Angeles:20261110T060000",
        "SUMMARY:Flu shots",
        "LOCATION:Gym\\, Venice Senior High",
        "DESCRIPTION:Free of charge\\nJust come",
        "URL:https://district.example/events/5eed",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]


@pytest.mark.parametrize(("language", "said"), [("en", "Cancelled: Flu {shots}"), ("es", "Cancelado: Flu {shots}")])
def test_what_ended_says_so_in_its_title_too(language: str, said: str) -> None:
    told = {state: lines(replace(ENTRY, state=state, summary="Flu {shots}", language=language)) for state in ENDED}
    assert [
        (f"SUMMARY:{said}" in each, "STATUS:CANCELLED" in each, "TRANSP:TRANSPARENT" in each) for each in told.values()
    ] == [(True, True, True)] * len(ENDED)


def test_every_status_is_one_of_the_three_that_events_know() -> None:
    assert set(STATUS.values()) | {"CANCELLED"} == {"TENTATIVE", "CONFIRMED", "CANCELLED"}
    assert set(STATUS) & set(ENDED) == set()


@settings(max_examples=150)
@given(summary=hostile, location=hostile, description=hostile, name=hostile)
@example("BEGIN:VEVENT\r\nSUMMARY:x", "\r\nEND:VCALENDAR\r\n", "é" * 90, "\U0001f3eb" * 40)
def test_whatever_people_write_the_bytes_keep_the_rules(
    summary: str, location: str, description: str, name: str
) -> None:
    entry = replace(ENTRY, summary=f"x{summary}", location=location, description=description)
    found = calendar(replace(ABOUT, name=name, description=description), [entry])
    assert [fault for fault in faults(found) if fault != "a replacement character"] == []
    text = found.decode()
    assert (text.count("\r\nBEGIN:VEVENT\r\n"), text.count("\r\nUID:"), text.count("END:VCALENDAR\r\n")) == (1, 1, 1)


@settings(max_examples=60)
@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=200))
def test_another_parser_reads_the_words_as_they_were_written(words: str) -> None:
    (event,) = IcsCalendarStream.calendar_from_ics(
        calendar(ABOUT, [replace(ENTRY, summary=f"x{words}x")]).decode()
    ).events
    assert event.summary == f"x{words}x"


def test_two_zones_stand_once_each_and_no_other() -> None:
    east = replace(ENTRY, uid="east@afterbell", zone="America/New_York")
    found = calendar(ABOUT, [ENTRY, east, replace(east, uid="too@afterbell")]).decode()
    assert re.findall(r"\r\nTZID:(\S+)", found) == ["America/Los_Angeles", "America/New_York"]
    assert re.findall(r"\r\nTZID:(\S+)", calendar(replace(ABOUT, zone="Europe/Madrid"), []).decode()) == [
        "Europe/Madrid"
    ]


@given(st.binary(min_size=16, max_size=32), st.text(max_size=20), st.text("0123456789abcdef", min_size=20, max_size=20))
def test_a_busy_uid_is_its_calendar_s_alone_and_holds_no_trace(secret: bytes, feed: str, date: str) -> None:
    uid = busy_uid(secret, feed, date)
    assert re.fullmatch(r"[0-9a-f]{40}@afterbell", uid)
    assert len({uid, busy_uid(secret, feed + "x", date), busy_uid(secret + b"x", feed, date), known_uid(date)}) == 4
    assert (busy_uid(secret, feed, date), date in uid) == (uid, False)
