"""Content lines of RFC 5545: text escaped, lines folded by octets, instants written so that every parser reads the same. Knows nothing of what is told."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def escaped(text: str) -> str:
    """TEXT of RFC 5545 3.3.11; control characters are dropped, since no parser agrees on them."""
    plain = NO_TEXT.sub("", text)
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(lines: Iterable[str]) -> str:
    """The lines as they are sent, each ended by CRLF."""
    return "".join([f"{line if len(line) <= 75 and line.isascii() else folded(line)}\r\n" for line in lines])


def folded(line: str) -> str:
    """At most 75 octets a line, never splitting a character (RFC 5545 3.1)."""
    if line.isascii():
        return "\r\n ".join([line[:75], *(line[at : at + 74] for at in range(75, len(line), 74))])
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + character, size + width
    return "\r\n".join([*pieces, piece])


def when(moment: datetime, there: ZoneInfo) -> str:
    """What follows DTSTART or DTEND: wall time with its zone; UTC in the hour that the November change repeats, where parsers disagree."""
    wall = moment.astimezone(there)
    twice = wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()
    return f":{utc(moment)}" if twice else f";TZID={there.key}:{wall:%Y%m%dT%H%M%S}"


def utc(moment: datetime) -> str:
    """An instant with its Z."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
