"""Reading a CSV file: what is told about it, by line, and all at once."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.places.importing import Complaint, ImportRefused, Sheet, free_slug, read_sheet, slug_of

NEEDED, KNOWN = ("name", "zip"), ("name", "zip", "phone")


def sheet(data: bytes) -> Sheet:
    return read_sheet(data, needed=NEEDED, known=KNOWN)


def refusal(data: bytes) -> list[str]:
    """What is said when the whole file cannot be used."""
    with pytest.raises(ImportRefused) as refused:
        sheet(data)
    return [str(complaint) for complaint in refused.value.complaints]


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_by_the_lines_on_which_they_begin(before: bytes, end: str) -> None:
    text = 'Name, ZIP,colour\nA,1,red\n\n"B\nand\nmore",2,\n   \n" C ",3,x\n'
    found = sheet(before + text.replace("\n", end).encode())
    assert found == Sheet(
        frozenset({"name", "zip", "colour"}),
        [
            (2, {"name": "A", "zip": "1", "colour": "red"}),
            (4, {"name": "B and more", "zip": "2", "colour": ""}),
            (8, {"name": "C", "zip": "3", "colour": "x"}),
        ],
        ["Columns ignored: colour."],
    )


def test_rows_of_another_length_are_complaints_and_the_others_are_read() -> None:
    found = sheet(b'name,zip\nA,1,2\n"B\nb",1\nC\n' + b"D," + b"x" * 1001 + b"\n")
    assert (found.rows, found.complaints) == (
        [(3, {"name": "B b", "zip": "1"})],
        [
            Complaint(2, "3 cells where the header has 2"),
            Complaint(5, "1 cells where the header has 2"),
            Complaint(6, "a cell holds more than 1000 characters"),
        ],
    )


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "line 1: the column name, zip is missing; the header needs name, zip, separated by commas"),
        (b"name;zip\nA;1\n", "line 1: the column name, zip is missing; the header needs name, zip, separated by commas"),
        (b"name,zip,Name\nA,1,B\n", "line 1: the column name stands twice"),
        (b'name,zip\nA,1\n"B,2\nC,3\n', "line 3: this is not CSV: unexpected end of data"),
        (b'name,zip\n"A"x,1\n', "line 2: this is not CSV: ',' expected after '\"'"),
        ("name,zip\nA,1\nPe\u00f1a,2\n".encode("cp1252"), "line 3: this is not UTF-8; save the file as CSV UTF-8"),
        ("name,zip\nA,1\n".encode("utf-16"), "line 1: this is not UTF-8; save the file as CSV UTF-8"),
        (b"name,zip\nA,1\nB\0,2\n", "line 3: there is a NUL character; save the file as CSV UTF-8"),
        (b"name,zip\n" + b"A,1\n" * 5_000_000, "line 1: the file is larger than 20 MB; split it"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_the_line(data: bytes, complaint: str) -> None:
    assert refusal(data) == [complaint]


@given(st.binary(max_size=80).map(lambda rest: b"name,zip\n" + rest))
def test_whatever_the_bytes_they_are_read_or_refused(data: bytes) -> None:
    """ImportRefused is the only way out but a sheet."""
    with suppress(ImportRefused):
        assert isinstance(sheet(data), Sheet)


def test_complaints_are_told_in_the_order_of_lines() -> None:
    found = Sheet(frozenset(), [], [])
    found.complain(9, "b")
    found.complain(2, "a")
    with pytest.raises(ImportRefused) as refused:
        found.settle()
    assert refused.value.complaints == [Complaint(2, "a"), Complaint(9, "b")]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Twenty-Fourth Street Elementary", "twenty-fourth-street-elementary"),
        ("  N.E.W. Academy of Science & Arts ", "n-e-w-academy-of-science-arts"),
        ("St. John's \u00c1ngeles \u00d1u", "st-johns-angeles-nu"),
        ("\u4f1a\u8bae\u5ba4", "room"),
        ("x" * 100, "x" * 80),
        ("x" * 79 + " y", "x" * 79),
    ],
)
def test_a_slug_is_ascii_words(name: str, slug: str) -> None:
    assert slug_of(name, "room") == slug


@given(st.text())
def test_a_slug_is_its_own_slug(name: str) -> None:
    assert slug_of(slug_of(name)) == slug_of(name)


def test_a_taken_slug_is_numbered() -> None:
    assert free_slug("gym", {"gym", "gym-2"}.__contains__) == "gym-3"
