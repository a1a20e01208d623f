"""Marks, words that nobody else would write, and how to find them again in whatever is sent: as it is, escaped for HTML, JSON or an address, folded by
a calendar or a letter, in base64 or gzip."""

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from quopri import decodestring
from urllib.parse import unquote_plus

MARK = re.compile(r"zq([a-z]+)0([a-z]+)qz", re.IGNORECASE)
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}(?:\r?\n[A-Za-z0-9+/_-]+)*={0,2}")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
ENCODED_WORD = re.compile(r"=\?[\w-]+\?([bq])\?([^?]*)\?=(?:\s+(?==\?))?", re.IGNORECASE)
TWICE = 2

Mark = tuple[str, str]


def mark(of: str, field: str) -> str:
    """The word for one text field of one thing; both are letters alone. It passes as a title, a name, half an address or a slug, and case does not matter."""
    assert (of + field).isalpha(), (of, field)
    return f"Zq{of}0{field}qz"


def spotted(sent: bytes | str) -> set[Mark]:
    """Every mark in it as (of, field), however it was written down."""
    text = sent if isinstance(sent, str) else _opened(sent)
    told = [text, *_undone(text)]
    told += [_from_base64(block) for each in set(told) for block in BASE64.findall(each)]
    return {(found[1].lower(), found[2].lower()) for each in set(told) for found in MARK.finditer(each)}


def _opened(sent: bytes) -> str:
    try:
        return gzip.decompress(sent).decode("utf-8", "replace")
    except (OSError, EOFError, zlib.error):
        return sent.decode("utf-8", "replace")


def _undone(text: str) -> Iterator[str]:
    """What it says once every writing is undone, and once more, since a letter in JSON is written down twice. None of these breaks a mark that is plain."""
    for _ in range(TWICE):
        for sign, undo in UNDOING.items():
            if sign in text:
                text = undo(text)
        yield text


def _unfolded(text: str) -> str:
    return re.sub(r"\r?\n[ \t]", "", text)


def _unescaped(text: str) -> str:
    plain = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t").replace("\\/", "/")


def _of_letters(text: str) -> str:
    """Quoted-printable bodies and encoded words of headers."""
    subject = ENCODED_WORD.sub(lambda found: _word(found[1].lower(), found[2]), text)
    return decodestring(subject.encode("utf-8", "replace")).decode("utf-8", "replace")


def _word(how: str, body: str) -> str:
    if how == "b":
        return _from_base64(body)
    return decodestring(body.replace("_", " ").encode()).decode("utf-8", "replace")


def _from_base64(block: str) -> str:
    plain = re.sub(r"\s", "", block).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


UNDOING: Mapping[str, Callable[[str], str]] = {
    "\\": _unescaped,
    "\n": _unfolded,
    "&": unescape,
    "%": unquote_plus,
    "=": _of_letters,
}
