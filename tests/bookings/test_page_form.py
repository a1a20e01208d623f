"""What people type into the request form: read as it stands, complained about by field, made into the body of API.md."""

from typing import Any

import pytest
from litestar.datastructures import MultiDict

from afterbell.bookings.forms import BookingForm, RepeatForm
from afterbell.bookings.page_form import as_body, complaints, typed, words

FULL = {
    "room": "a/b",
    "date": "2026-12-01",
    "from": "18:00",
    "to": "20:00",
    "weeks": "4",
    "setup": "15",
    "takedown": "0",
    "organization": "clinic",
    "title": "Dental",
    "activity": "vaccination",
    "people": "20",
    "contact": "Ana",
    "phone": "",
    "note": "a\r\nb",
}


def given(**changes: Any) -> MultiDict[Any]:
    return MultiDict(
        [*(FULL | changes).items(), ("leave_out", "2026-12-08"), ("leave_out", "x"), ("odd", "2026-12-15")]
    )


def test_a_whole_form_becomes_the_body_of_a_booking() -> None:
    filled = typed(given(private="on"))
    expected = BookingForm(
        rooms=["a/b"],
        starts_at="2026-12-01T18:00",
        ends_at="2026-12-01T20:00",
        headcount=20,
        organization="clinic",
        title="Dental",
        activity="vaccination",
        visibility="busy_only",
        repeat=RepeatForm("FREQ=WEEKLY;COUNT=4", ["2026-12-08"]),
        setup_minutes=15,
        contact={"name": "Ana"},
        note="a\nb",
    )
    assert complaints(filled, {"vaccination"}) == {}
    assert as_body(filled, every=False) == expected


def test_a_check_looks_at_the_dates_that_are_left_out_too() -> None:
    assert as_body(typed(given()), every=True).repeat == RepeatForm("FREQ=WEEKLY;COUNT=4", [])


def test_midnight_ends_the_day_and_a_single_date_does_not_repeat() -> None:
    body = as_body(typed(given(to="00:00", weeks="01")), every=False)
    assert (body.starts_at, body.ends_at, body.repeat) == ("2026-12-01T18:00", "2026-12-02T00:00", None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("room", " "),
        ("date", "12/01/2026"),
        ("date", "2026-13-01"),
        ("date", "0001-01-01"),
        ("date", "9999-12-31"),
        ("from", "18:07"),
        ("from", "6 PM"),
        ("to", "24:00"),
        ("to", "18:00"),
        ("weeks", "0"),
        ("weeks", "-1"),
        ("weeks", "٣"),
        ("weeks", "401"),
        ("weeks", "9" * 5_000),
        ("setup", "481"),
        ("takedown", "1e1"),
        ("people", "0"),
        ("people", "some"),
        ("people", ""),
        ("organization", ""),
        ("title", "\x07\n"),
        ("title", "x" * 201),
        ("activity", "unheard-of"),
        ("contact", "x" * 201),
        ("phone", "x" * 201),
        ("note", "x" * 2_001),
    ],
)
def test_a_field_that_cannot_be_used_is_complained_about_alone(field: str, value: str) -> None:
    assert list(complaints(typed(given(**{field: value})), {"vaccination"})) == [field]


@pytest.mark.parametrize(("field", "value"), [("title", "x" * 200), ("note", "é\r\n" * 1_000), ("people", "100000")])
def test_control_the_largest_that_passes_does(field: str, value: str) -> None:
    assert complaints(typed(given(**{field: value})), {"vaccination"}) == {}


def test_a_check_needs_neither_title_nor_people() -> None:
    bare = {name: FULL[name] for name in ("room", "date", "from", "to")}
    assert (complaints(typed(MultiDict(bare))), as_body(typed(MultiDict(bare)), every=True).headcount) == ({}, 1)


def test_complaints_stand_in_the_order_of_the_page() -> None:
    assert list(complaints(typed(MultiDict()), ())) == [
        "room",
        "date",
        "from",
        "to",
        "organization",
        "title",
        "activity",
        "people",
    ]


def test_text_is_kept_but_for_control_characters_and_files() -> None:
    assert [words(each) for each in ("  a\tb\x00\r\nc\rd ", "ñ🎭\u202f1", None, 7, b"x")] == [
        "ab\nc\nd",
        "ñ🎭\u202f1",
        "",
        "",
        "",
    ]
