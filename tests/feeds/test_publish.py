"""A room's calendar byte by byte (CALENDARS.md A to E), under names full of hostile characters and on the nights when clocks change."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from afterbell.feeds.lines import escaped, folded
from afterbell.feeds.publish import window
from afterbell.feeds.rooms import Busy, room_feed
from afterbell.places.catalog import RoomRow
from tests.stories.octets import LONGEST_LINE, faults, unfolded
from tests.stories.subscriber import entries

NOW = datetime(2026, 11, 10, 12, 30, tzinfo=UTC)
SECRET = b"a secret of at least thirty-two bytes"
HOUR = timedelta(hours=1)
ROOM = RoomRow(
    id=7,
    public_id="5eedb00c5eedb00c5eed",
    slug="gym",
    name="Gymnasium, whole",
    kind="gym",
    capacity=600,
    features=[],
    access=[],
    entrance="Gym door",
    on_site_phone="(310) 555-0166",
    campus_id=3,
    campus="venice-high",
    time_zone="America/Los_Angeles",
    school="venice-high",
    school_name="Venice Senior High",
)
DATE = Busy(
    "0ccu44ence0ccu44ence",
    datetime(2026, 11, 11, 2, tzinfo=UTC),
    datetime(2026, 11, 11, 4, tzinfo=UTC),
    "approved",
    1,
    NOW - HOUR,
)


def body(*dates: Busy, room: RoomRow = ROOM, now: datetime = NOW, secret: bytes = SECRET) -> bytes:
    return room_feed(room, dates, secret=secret, now=now).body


def lines(*dates: Busy) -> list[str]:
    """The content lines, UIDs shortened to their ending."""
    return [re.sub(r"^UID:[0-9a-f]{40}", "UID:", line) for line in unfolded(body(*dates))]


def test_a_feed_word_for_word() -> None:
    """Nothing but the room's name, the times and the constant; the zone once, and no METHOD, ORGANIZER, ATTENDEE, VALARM, URL or DESCRIPTION."""
    held = replace(
        DATE,
        public_id="x",
        state="held",
        sequence=0,
        starts_at=DATE.starts_at + HOUR * 24,
        ends_at=DATE.ends_at + HOUR * 24,
    )
    found = lines(DATE, held)
    zone = found[found.index("BEGIN:VTIMEZONE") : found.index("END:VTIMEZONE") + 1]
    assert [line for line in found if line not in zone] == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Afterbell//room calendar//EN", "CALSCALE:GREGORIAN",
        "NAME:Gymnasium\\, whole\\, Venice Senior High", "X-WR-CALNAME:Gymnasium\\, whole\\, Venice Senior High",
        "X-WR-TIMEZONE:America/Los_Angeles", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT", "UID:@afterbell", "DTSTAMP:20261110T113000Z", "LAST-MODIFIED:20261110T113000Z", "SEQUENCE:1",
        "DTSTART;TZID=America/Los_Angeles:20261110T180000", "DTEND;TZID=America/Los_Angeles:20261110T200000",
        "SUMMARY:Reserved", "STATUS:CONFIRMED", "TRANSP:OPAQUE", "END:VEVENT",
        "BEGIN:VEVENT", "UID:@afterbell", "DTSTAMP:20261110T113000Z", "LAST-MODIFIED:20261110T113000Z", "SEQUENCE:0",
        "DTSTART;TZID=America/Los_Angeles:20261111T180000", "DTEND;TZID=America/Los_Angeles:20261111T200000",
        "SUMMARY:Reserved", "STATUS:TENTATIVE", "TRANSP:OPAQUE", "END:VEVENT",
        "END:VCALENDAR",
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["cancelled", "withdrawn", "declined"])
def test_a_date_that_ended_stays_as_cancelled_and_blocks_no_time(state: str) -> None:
    gone = lines(replace(DATE, state=state, sequence=2))
    assert [line for line in gone if line.startswith(("SUMMARY", "STATUS", "TRANSP", "SEQUENCE"))] == [
        "SEQUENCE:2",
        "SUMMARY:Cancelled: Reserved",
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
    ]


def test_an_empty_feed_still_holds_the_time_zone() -> None:
    found = lines()
    assert (found.count("BEGIN:VTIMEZONE"), found.count("BEGIN:VEVENT"), faults(body())) == (1, 0, [])


hostile = st.text() | st.text(
    alphabet='\\;,:"\r\n\t\0\x07\x1f\x7f\x85\u2028\u2029\ufeff\ufffe\U0001f469\u200d\U0001f4bb\u0301a ', max_size=60
)


@settings(max_examples=150)
@given(name=hostile, school=hostile)
@example(name="BEGIN:VEVENT\r\nSUMMARY:x", school="\r\nEND:VCALENDAR\r\n")
@example(name="é" * 90, school="\U0001f3eb" * 40)
def test_whatever_a_room_is_called_the_bytes_keep_the_rules(name: str, school: str) -> None:
    found = body(DATE, room=replace(ROOM, name=name, school_name=school))
    assert [fault for fault in faults(found) if fault != "a replacement character"] == []
    assert [entry.summary for entry in entries(found.decode())] == ["Reserved"]


def read_back(text: str) -> str:
    """TEXT as RFC 5545 3.3.11 reads it."""
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], text)


@settings(max_examples=150)
@given(hostile)
def test_a_text_is_read_back_as_written_but_for_control_characters(text: str) -> None:
    kept = "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and c != "\x7f"))
    assert read_back(escaped(text)) == kept


@settings(max_examples=150)
@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=400))
def test_folding_keeps_the_line_within_75_octets_and_every_character_whole(line: str) -> None:
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= LONGEST_LINE for piece in pieces)
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == line
    assert all(piece[0] == " " for piece in pieces[1:])


def test_control_a_fold_by_characters_would_be_noticed() -> None:
    name = "ñ" * 60
    careless = body().replace(folded(f"NAME:{name}").encode(), b"") + f"NAME:{name}\r\nEND:VCALENDAR\r\n".encode()
    assert faults(careless) == ["a line is longer than 75 octets"]


def test_two_writings_are_byte_equal_all_month() -> None:
    later = NOW.replace(day=30, hour=23, minute=59)
    assert body(DATE) == body(DATE) == body(DATE, now=later)


def test_a_feed_changed_when_its_newest_date_did_or_when_its_window_began() -> None:
    old = replace(DATE, changed_at=NOW - timedelta(days=300))
    told = [room_feed(ROOM, dates, secret=SECRET, now=NOW).changed_at for dates in ([DATE, old], [old], [])]
    begun = datetime(2026, 9, 1, tzinfo=UTC)
    assert told == [DATE.changed_at, begun, begun]


@pytest.mark.parametrize(
    ("now", "since", "before"),
    [
        (datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC), datetime(2028, 6, 1, tzinfo=UTC)),
        (
            datetime(2027, 1, 31, 23, 59, tzinfo=UTC),
            datetime(2026, 11, 1, tzinfo=UTC),
            datetime(2028, 8, 1, tzinfo=UTC),
        ),
        (datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC), datetime(2028, 7, 1, tzinfo=UTC)),
    ],
)
def test_the_windows_edges_are_whole_months(now: datetime, since: datetime, before: datetime) -> None:
    assert window(now) == (since, before)


def uids(*dates: Busy, room: RoomRow = ROOM, secret: bytes = SECRET) -> Sequence[str]:
    return re.findall(r"^UID:(.*)$", "\n".join(unfolded(body(*dates, room=room, secret=secret))), re.MULTILINE)


def test_a_date_keeps_its_uid_when_it_moves_and_has_another_in_another_feed() -> None:
    """CALENDARS.md 14: an HMAC of feed and occurrence, so that two feeds cannot be matched and nobody can trace the booking."""
    moved = replace(DATE, starts_at=DATE.starts_at - HOUR, state="held", sequence=5, changed_at=NOW)
    half = replace(ROOM, public_id="ha1f", slug="gym-a")
    (uid,) = uids(DATE)
    others = {*uids(DATE, room=half), *uids(replace(DATE, public_id="another")), *uids(DATE, secret=b"x" * 32)}
    assert (uids(moved), len(others - {uid})) == ([uid], 3)


@given(st.text("0123456789abcdef", min_size=20, max_size=20), st.integers(1, 10**9))
def test_no_trace_of_the_booking_or_the_room_s_key_is_in_the_bytes(key: str, number: int) -> None:
    found = body(replace(DATE, public_id=key), room=replace(ROOM, id=number, public_id=key[::-1])).decode()
    assert not any(mark in found for mark in (key, key[::-1], "gym door", "555-0166"))


NIGHT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts", "ends", "written"),
    [
        (NIGHT + 6 * HOUR, NIGHT + 7 * HOUR, [";TZID=America/Los_Angeles:20261031T230000", ";TZID=America/Los_Angeles:20261101T000000"]),
        (NIGHT + 7 * HOUR, NIGHT + 8 * HOUR, [";TZID=America/Los_Angeles:20261101T000000", ":20261101T080000Z"]),
        (NIGHT + 8.5 * HOUR, NIGHT + 9.5 * HOUR, [":20261101T083000Z", ":20261101T093000Z"]),
        (NIGHT + 9.75 * HOUR, NIGHT + 10 * HOUR, [":20261101T094500Z", ";TZID=America/Los_Angeles:20261101T020000"]),
    ],
)  # fmt: skip
def test_a_time_in_the_hour_that_november_repeats_is_written_in_utc(
    starts: datetime, ends: datetime, written: list[str]
) -> None:
    found = [
        line for line in lines(replace(DATE, starts_at=starts, ends_at=ends)) if line.startswith(("DTSTART", "DTEND"))
    ]
    assert found[-2:] == [f"DTSTART{written[0]}", f"DTEND{written[1]}"]


@given(
    st.integers(0, 60 * 24 * 900),
    st.integers(1, 1440),
    st.sampled_from(["America/Los_Angeles", "America/New_York", "Europe/Madrid", "America/Phoenix"]),
)
def test_every_instant_is_read_back_by_another_parser(minute: int, length: int, zone: str) -> None:
    starts = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    date = replace(DATE, starts_at=starts, ends_at=starts + timedelta(minutes=length))
    (entry,) = entries(body(date, room=replace(ROOM, time_zone=zone)).decode())
    assert (entry.starts_at, entry.ends_at) == (date.starts_at, date.ends_at)
