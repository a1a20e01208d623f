"""Reading calendar files: what is used, what is complained about, and that a bad file is never half read."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.hours import Window
from afterbell.almanac.ics import DayClosure, Reading, read

DAY = "UID:{uid}\nDTSTART;VALUE=DATE:{day}\nSUMMARY:{words}"
ONE_DAY = DAY.format(uid="a", day="20261111", words="Veterans Day")
VETERANS = DayClosure("a", date(2026, 11, 11), date(2026, 11, 12), "Veterans Day")


def calendar(*components: str, end: str = "\r\n") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *components, "END:VCALENDAR"]
    return (end.join("\n".join(lines).split("\n")) + end).encode()


def event(text: str) -> str:
    return f"BEGIN:VEVENT\n{text}\nEND:VEVENT"


def available(*lines: str) -> str:
    inner = "\n".join(["BEGIN:AVAILABLE", "UID:w", *lines, "END:AVAILABLE"])
    return f"BEGIN:VAVAILABILITY\nUID:v\n{inner}\nEND:VAVAILABILITY"


def closed(*lines: str) -> tuple[list[DayClosure], list[str]]:
    found = read(calendar(event("\n".join(lines))))
    return found.closures, found.complaints


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_a_closed_day_is_read_with_any_line_end_and_a_byte_order_mark(before: bytes, end: str) -> None:
    assert read(before + calendar(event(ONE_DAY), end=end)) == Reading(closures=[VETERANS])


@pytest.mark.parametrize(
    ("ends", "first", "last_exclusive"),
    [
        ("DTEND;VALUE=DATE:20270102", date(2026, 12, 21), date(2027, 1, 2)),
        ("DTEND;VALUE=DATE:20261221", date(2026, 12, 21), date(2026, 12, 22)),
        ("DURATION:P2D", date(2026, 12, 21), date(2026, 12, 23)),
        ("TRANSP:TRANSPARENT", date(2026, 12, 21), date(2026, 12, 22)),
    ],
)
def test_the_end_of_a_closure_is_exclusive_and_may_be_left_out(ends: str, first: date, last_exclusive: date) -> None:
    told = closed("UID:b", "DTSTART;VALUE=DATE:20261221", ends, "SEQUENCE:3")
    assert told == ([DayClosure("b", first, last_exclusive, "Closed", 3)], [])


REFUSED = [
    (["DTSTART;VALUE=DATE:20261221"], "VEVENT without UID cannot be used: it has no UID"),
    (["UID:b"], "VEVENT b cannot be used: it lacks DTSTART"),
    (
        ["UID:b", "DTSTART;TZID=America/Los_Angeles:20261221T000000"],
        "VEVENT b cannot be used: a closure is whole days: DTSTART;VALUE=DATE",
    ),
    (
        ["UID:b", "DTSTART;VALUE=DATE:20261221", "RRULE:FREQ=SECONDLY"],
        "VEVENT b cannot be used: closures are listed day by day, without RRULE and RDATE",
    ),
    (
        ["UID:b", "DTSTART;VALUE=DATE:20261221", "RDATE;VALUE=DATE:20261224"],
        "VEVENT b cannot be used: closures are listed day by day, without RRULE and RDATE",
    ),
    (
        ["UID:b", "DTSTART;VALUE=DATE:20261221", "DTEND;VALUE=DATE:20261220"],
        "VEVENT b cannot be used: it closes from 2026-12-21 to 2026-12-20",
    ),
    (
        ["UID:b", "DTSTART;VALUE=DATE:99991231"],
        "VEVENT b cannot be used: it closes from 9999-12-31 to 9999-12-31",
    ),
]


@pytest.mark.parametrize(("lines", "complaint"), REFUSED)
def test_one_bad_closure_is_a_complaint_and_the_others_are_used(lines: list[str], complaint: str) -> None:
    found = read(calendar(event("\n".join(lines)), event(ONE_DAY)))
    assert found == Reading(closures=[VETERANS], complaints=[complaint])


@pytest.mark.parametrize("bad", ["DURATION:P9999999D", "DTEND;VALUE=DATE:20261345", "SEQUENCE:many", "DTEND:soon"])
def test_a_value_that_cannot_be_read_costs_its_closure_only(bad: str) -> None:
    found = read(calendar(event(f"UID:b\nDTSTART;VALUE=DATE:20261221\n{bad}"), event(ONE_DAY)))
    assert (found.closures, [told[:25] for told in found.complaints]) == ([VETERANS], ["VEVENT b cannot be used: "])


def test_of_two_events_with_one_uid_the_higher_sequence_counts() -> None:
    old, new = (DAY.format(uid="a", day=day, words="x") for day in ("20261221", "20261222"))
    found = read(calendar(event(new + "\nSEQUENCE:2"), event(old + "\nSEQUENCE:1")))
    assert found == Reading(closures=[DayClosure("a", date(2026, 12, 22), date(2026, 12, 23), "x", 2)])


def test_a_cancelled_closure_closes_nothing_and_is_named() -> None:
    cancelled = event(DAY.format(uid="b", day="20261221", words="x") + "\nSTATUS:CANCELLED")
    assert read(calendar(cancelled, event(ONE_DAY))) == Reading(closures=[VETERANS], cancelled=["b"])


WHOLE = calendar(event(ONE_DAY))
USELESS = [
    (b"", "The file does not begin with BEGIN:VCALENDAR; a calendar (.ics) is needed."),
    (
        b"<!doctype html>\n<title>Sign in</title>",
        "The file does not begin with BEGIN:VCALENDAR; a calendar (.ics) is needed.",
    ),
    (WHOLE.decode().encode("utf-16"), "The file does not begin with BEGIN:VCALENDAR; a calendar (.ics) is needed."),
    (WHOLE[:-20], "The file ends before END:VCALENDAR: it was cut short. Nothing was read."),
    (
        calendar(event(ONE_DAY), event(DAY.format(uid="c", day="20261221", words="D\u00eda")))
        .decode()
        .encode("cp1252"),
        "Line 12 is not UTF-8; save the file as UTF-8. Nothing was read.",
    ),
    (WHOLE + b"X-PAD:" * 200_000, "The file is larger than 1 MB."),
    (calendar("BEGIN:VEVENT\nEND:VEVENT\n" * 5_001), "The file has more than 5000 events."),
]


@pytest.mark.parametrize(("data", "complaint"), USELESS)
def test_a_file_that_is_no_whole_calendar_is_one_complaint_and_nothing_else(data: bytes, complaint: str) -> None:
    assert read(data) == Reading(complaints=[complaint])


@given(st.integers(1, len(WHOLE) - 3))
def test_a_file_cut_short_anywhere_is_never_half_read(length: int) -> None:
    found = read(WHOLE[:length])
    assert (found.closures, found.windows, len(found.complaints)) == ([], [], 1)


@given(st.binary(max_size=60).map(lambda middle: WHOLE[:-15] + middle + WHOLE[-15:]) | st.binary(max_size=200))
def test_whatever_the_bytes_something_is_answered(data: bytes) -> None:
    assert isinstance(read(data), Reading)


def test_deeply_nested_components_do_no_harm() -> None:
    deep = "BEGIN:VTODO\n" * 20_000 + "END:VTODO\n" * 20_000
    assert read(calendar(deep, event(ONE_DAY))) == Reading(closures=[VETERANS])


AFTERNOON = ["DTSTART;TZID=America/Los_Angeles:20260803T150000", "DTEND;TZID=America/Los_Angeles:20260803T220000"]
WEEKLY = "RRULE:FREQ=WEEKLY;BYDAY=MO,WE"


def window(weekday: int, closes: time, until: date | None = None) -> Window:
    return Window(weekday, time(15), closes, date(2026, 8, 3), until)


@pytest.mark.parametrize(
    ("lines", "windows"),
    [
        ([*AFTERNOON, WEEKLY], [window(0, time(22)), window(2, time(22))]),
        ([*AFTERNOON, "RRULE:FREQ=WEEKLY"], [window(0, time(22))]),
        (
            [AFTERNOON[0], "DTEND;TZID=America/Los_Angeles:20260804T000000", WEEKLY],
            [window(0, time()), window(2, time())],
        ),
        ([*AFTERNOON, "RRULE:FREQ=WEEKLY;UNTIL=20260630"], [window(0, time(22), date(2026, 6, 30))]),
        ([*AFTERNOON, "RRULE:FREQ=WEEKLY;UNTIL=20260701T065959Z"], [window(0, time(22), date(2026, 6, 30))]),
        (["DTSTART:20260803T150000", "DTEND:20260803T220000", "RRULE:FREQ=WEEKLY"], [window(0, time(22))]),
    ],
)
def test_windows_are_weekly_wall_times(lines: list[str], windows: list[Window]) -> None:
    assert read(calendar(available(*lines))) == Reading(windows=windows)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (AFTERNOON, "it lacks RRULE"),
        ([AFTERNOON[0], WEEKLY], "it lacks DTEND"),
        (["DTSTART;VALUE=DATE:20260803", "DTEND;VALUE=DATE:20260804", WEEKLY], "a window has times of day"),
        (["DTSTART:20260803T150000Z", "DTEND:20260803T220000Z", WEEKLY], "a window is local time (TZID or none), not UTC"),
        ([AFTERNOON[0], "DTEND;TZID=America/Los_Angeles:20260804T010000", WEEKLY], "a window ends after it begins, at midnight at the latest"),
        ([AFTERNOON[0], "DTEND;TZID=America/Los_Angeles:20260805T000000", WEEKLY], "a window ends after it begins, at midnight at the latest"),
        ([AFTERNOON[0], AFTERNOON[0].replace("DTSTART", "DTEND"), WEEKLY], "a window ends after it begins, at midnight at the latest"),
        ([AFTERNOON[0].replace("150000", "150030"), AFTERNOON[1], WEEKLY], "a window counts in whole minutes"),
        ([*AFTERNOON, "RRULE:FREQ=DAILY"], "a window repeats every week, until a day or for good"),
        ([*AFTERNOON, "RRULE:FREQ=WEEKLY;COUNT=3"], "a window repeats every week, until a day or for good"),
        ([*AFTERNOON, "RRULE:FREQ=WEEKLY;INTERVAL=2"], "a window repeats every week, until a day or for good"),
        ([*AFTERNOON, "RRULE:FREQ=WEEKLY;BYMONTH=6"], "a window repeats every week, until a day or for good"),
    ],
)  # fmt: skip
def test_a_window_that_cannot_be_kept_is_a_complaint(lines: list[str], words: str) -> None:
    assert read(calendar(available(*lines))) == Reading(complaints=[f"AVAILABLE w cannot be used: {words}"])
