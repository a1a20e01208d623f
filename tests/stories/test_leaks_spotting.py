"""The finder of marks finds them however they are written down, and nothing where there is none: without that no leak test means anything."""

import base64
import gzip
import json
from email.header import Header
from email.message import EmailMessage
from urllib.parse import quote

import pytest

from tests.stories.spotting import mark, spotted

WORD = mark("hidden", "title")
FOUND = {("hidden", "title")}
LETTER = EmailMessage()
LETTER["Subject"] = "¿Aprobada?"
LETTER.set_content(f"¿Quién asiste a {WORD}?", cte="base64")
QUOTED = EmailMessage()
QUOTED.set_content("á" * 22 + WORD, cte="quoted-printable")


@pytest.mark.parametrize(
    "written",
    [
        WORD,
        f"<h1>{WORD}</h1>",
        WORD.lower(),
        WORD.upper().encode(),
        "".join(f"&#{ord(c)};" for c in WORD),
        "".join(f"&#x{ord(c):x};" for c in WORD),
        "".join(f"%{ord(c):02x}" for c in WORD),
        quote(quote(f"/find?school={WORD} é")),
        "".join(f"\\u{ord(c):04x}" for c in WORD),
        json.dumps({"text": f"Subject:\n{WORD[:6]}\n {WORD[6:]}"}),
        f"SUMMARY:{WORD[:9]}\r\n {WORD[9:]}",
        f"SUMMARY:{WORD[:9]}\n\t{WORD[9:]}",
        f"SUMMARY:{WORD[:9]}=\r\n{WORD[9:]}",
        LETTER.as_bytes(),
        QUOTED.as_bytes(),
        json.dumps({"raw": LETTER.as_string()}),
        Header(f"¡{WORD}!", "utf-8").encode(),
        base64.b64encode(f"note={WORD}".encode()),
        base64.urlsafe_b64encode(f"cursor>>>{WORD}".encode()).rstrip(b"="),
        gzip.compress(f"<p>{WORD}</p>".encode(), mtime=0),
    ],
)
def test_a_mark_is_found_however_it_is_written(written: str | bytes) -> None:
    assert spotted(written) == FOUND


def test_nothing_is_found_where_no_mark_is() -> None:
    assert spotted("<p>Reserved</p>" + "A" * 64 + "%%%=?utf-8?q?Zq?= &#0; \\u0000 Zqhidden Zqhidden0title") == set()


def test_marks_are_told_apart_by_what_they_are_of_and_by_field() -> None:
    both = mark("heldpub", "title") + mark("held", "pubtitle") + mark("heldpub", "note")
    assert spotted(both) == {("heldpub", "title"), ("held", "pubtitle"), ("heldpub", "note")}
