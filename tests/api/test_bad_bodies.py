"""Bodies that are no request at all: each answered with what would pass, none with a fault of ours, and nothing is written."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2

from tests.api.problems import Told, told, written
from tests.api.test_preview_token import NOT_YOURS
from tests.conftest import District
from tests.ground.processes import Server
from tests.stories.asks import HALL, TUESDAY, ask, caller, day

UNREADABLE = (400, "The body cannot be read as JSON. Send one object, in UTF-8.")
TOO_LARGE = (413, "At most 1 MB can be sent here.")
NOT_JSON = (415, "Send application/json.")
NUL = (422, "Text may not hold the character NUL (\\u0000). Leave it out.")
TIME = "must be a time at the school such as 2026-12-01T18:00, or carry an offset."
JSON = {"Content-Type": "application/json"}


def field(complaint: str) -> Told:
    """422 for one field."""
    return 422, f"A field cannot be used: {complaint}."


def with_raw(name: str, raw: bytes) -> bytes:
    """A good body in which one value is replaced by these bytes."""
    return json.dumps(ask() | {name: "REPLACED"}).encode().replace(b'"REPLACED"', raw)


BYTES: dict[str, tuple[bytes, Told]] = {
    "half an object": (b"{", UNREADABLE),
    "no JSON": (b"rooms=1", UNREADABLE),
    "bytes that are no text": (b"\xff\xfe\x00", UNREADABLE),
    "infinity": (with_raw("headcount", b"Infinity"), UNREADABLE),
    "not a number": (with_raw("headcount", b"NaN"), UNREADABLE),
    "half a surrogate pair, escaped": (with_raw("title", b'"\\ud800"'), UNREADABLE),
    "the other half after a whole one": (with_raw("title", b'"\\ud83d\\ude00\\udc00"'), UNREADABLE),
    "half a surrogate pair, in bytes": (with_raw("title", b'"\xed\xa0\x80"'), UNREADABLE),
    "a raw control character": (with_raw("title", b'"a\nb"'), UNREADABLE),
    "two objects": (json.dumps(ask()).encode() * 2, UNREADABLE),
    "nothing": (b"", field("Object missing required field `rooms`")),
    "null": (b"null", field("Expected `object`, got `null`")),
    "a list": (b"[]", field("Expected `object`, got `array`")),
    "a hundred thousand brackets": (b"[" * 100_000, field("Expected `object`, got `array`")),
    "a deep tower of objects": (b'{"note":' * 50_000, field("Expected `str | null`, got `object` - at `$.note`")),
    "a number beyond all size": (
        with_raw("headcount", b"9" * 10_000),
        field("Integer value out of range - at `$.headcount`"),
    ),
    "a number with an exponent": (with_raw("headcount", b"1e400"), field("Number out of range - at `$.headcount`")),
    "half a person": (with_raw("headcount", b"1.5"), field("Expected `int`, got `float` - at `$.headcount`")),
    "NUL in a title": (with_raw("title", b'"a\\u0000b"'), NUL),
    "NUL in a room": (with_raw("rooms", b'["hall\\u0000/x"]'), NUL),
    "NUL in a note": (with_raw("note", b'"\\u0000"'), NUL),
    "NUL as a field": (b'{"\\u0000": 1}', NUL),
}
FIELDS: dict[str, tuple[dict[str, Any], Told]] = {
    "an unknown field": (ask(price=3), field("Object contains unknown field `price`")),
    "a token that nobody gave": (ask(preview_token="x"), NOT_YOURS),
    "no room": (ask(rooms=[]), field("Expected `array` of length >= 1 - at `$.rooms`")),
    "two rooms of two campuses": (
        ask(rooms=["24th-street-elementary/mpr", HALL]),
        (409, ("unknown_room", "There is no such room. Name rooms of one school site, as school/room.")),
    ),
    "a room that is no text": (ask(rooms=[12]), field("Expected `str`, got `int` - at `$.rooms[0]`")),
    "nobody": (ask(headcount=0), field("Expected `int` >= 1 - at `$.headcount`")),
    "people in words": (ask(headcount="20"), field("Expected `int`, got `str` - at `$.headcount`")),
    "people as a truth": (ask(headcount=True), field("Expected `int`, got `bool` - at `$.headcount`")),
    "a title of ten thousand emoji": (
        ask(title="🏫" * 10_000),
        field("Expected `str` of length <= 200 - at `$.title`"),
    ),
    "a title of two hundred and one": (ask(title="é" * 201), field("Expected `str` of length <= 200 - at `$.title`")),
    "an empty title": (ask(title=""), field("Expected `str` of length >= 1 - at `$.title`")),
    "a title of blanks": (ask(title=" \t "), (422, "A request also needs: title.")),
    "a title of control characters": (ask(title="\x01\x1f\x7f\x85\u2028"), (422, "A request also needs: title.")),
    "a title of directions": (ask(title="\u202e\u2066\u2069"), (422, "A request also needs: title.")),
    "neither title nor activity": (ask(title=None, activity=None), (422, "A request also needs: title, activity.")),
    "an unknown activity": (
        ask(activity="raves"),
        (422, "The activity raves is unknown; GET /api/v1/activities lists them."),
    ),
    "an unknown visibility": (
        ask(visibility="secret"),
        (422, "visibility is one of public, listed, busy_only, hidden."),
    ),
    "an unknown way with conflicts": (
        ask(on_conflict="maybe"),
        field("'maybe' is none of the choices: refuse, skip - at `$.on_conflict`"),
    ),
    "too long a set-up": (ask(setup_minutes=481), field("Expected `int` <= 480 - at `$.setup_minutes`")),
    "a set-up before its time": (ask(setup_minutes=-1), field("Expected `int` >= 0 - at `$.setup_minutes`")),
    "too long a note": (ask(note="x" * 2001), field("Expected `str` of length <= 2000 - at `$.note`")),
    "too many contacts": (
        ask(contact={str(n): "x" for n in range(21)}),
        field("Expected `object` of length <= 20 - at `$.contact`"),
    ),
    "a date that is as it is": (
        ask(changes=[{"original_start": ask()["starts_at"]}]),
        (422, "Each of changes says what is otherwise about its date: rooms, starts_at or ends_at."),
    ),
    "a day that is not": (ask(starts_at="2027-02-30T18:00"), (422, f"starts_at {TIME}")),
    "a day without a time": (ask(starts_at="2027-02-03"), (422, f"starts_at {TIME}")),
    "tomorrow": (ask(ends_at="tomorrow"), (422, f"ends_at {TIME}")),
    "the year nought": (ask(starts_at="0000-01-01T18:00"), (422, f"starts_at {TIME}")),
    "the year ten thousand": (ask(ends_at="10000-01-01T18:00"), (422, f"ends_at {TIME}")),
    "a time of forty-one letters": (
        ask(starts_at="2" * 41),
        field("Expected `str` of length <= 40 - at `$.starts_at`"),
    ),
    "a time as a number": (ask(starts_at=1_800_000_000), field("Expected `str`, got `int` - at `$.starts_at`")),
}
KINDS = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/html",
    "application/xml",
    "",
)


async def test_a_body_that_is_no_request_is_told_what_would_be(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        before = await written(district.url)
        raw = {name: told(await sent(lin, data)) for name, (data, _) in BYTES.items()}
        fields = {name: told(await lin.post("/api/v1/bookings", json=body)) for name, (body, _) in FIELDS.items()}
        kinds = [told(await sent(lin, json.dumps(ask()).encode(), kind)) for kind in KINDS]
        large = [
            told(await sent(lin, b'"' + b"x" * 10_000_000 + b'"')),
            told(await lin.post("/api/v1/bookings", content=pieces(), headers=JSON)),
        ]
        after = await written(district.url)
        again = [
            (await sent(lin, json.dumps(ask(hour=hour)).encode(), kind)).status_code for hour, kind in PASSING.items()
        ]
    assert {name: found for name, found in raw.items() if found != BYTES[name][1]} == {}
    assert {name: found for name, found in fields.items() if found != FIELDS[name][1]} == {}
    assert (kinds, large) == ([NOT_JSON] * len(KINDS), [TOO_LARGE] * 2)
    assert after == before
    assert again == [201, 201], "control: the server still takes good ones"


PASSING = {16: "application/json; charset=utf-8", 18: "application/vnd.afterbell+json"}


async def sent(person: httpx2.AsyncClient, data: bytes, kind: str = "application/json") -> httpx2.Response:
    """POST /bookings with these very bytes."""
    return await person.post("/api/v1/bookings", content=data, headers={"Content-Type": kind})


async def pieces() -> AsyncIterator[bytes]:
    """Ten megabytes whose length nobody was told beforehand."""
    for _ in range(100):
        yield b" " * 100_000


async def test_odd_titles_are_kept_as_one_clean_line(district: District) -> None:
    odd = {
        "🏫" * 200: "🏫" * 200,
        "a\u202eb\u2066c\u2069d": "abcd",
        "one\r\nBEGIN:VEVENT\ttwo\x07\x85three\u2028four": "one BEGIN:VEVENT two three four",
        "عيادة مجانية — מרפאה": "عيادة مجانية — מרפאה",
        "<script>alert(1)</script> {title} %s ${x}": "<script>alert(1)</script> {title} %s ${x}",
        "family 👩‍👩‍👧 day": "family 👩‍👩‍👧 day",
        "\\u0000 is a NUL": "\\u0000 is a NUL",
    }
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        found = {}
        for number, title in enumerate(odd):
            body = ask(day(TUESDAY, ahead=30 + 7 * number), title=title, contact={"na\x07me": " Mei\r\nLin "})
            answer = await lin.post("/api/v1/bookings", json=body)
            found[title] = (await lin.get(answer.headers["Location"])).json()["title"]
    assert found == odd
