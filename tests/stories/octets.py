"""What CALENDARS.md A asks of a calendar's bytes, as a list of faults. No parser looks this closely: all of them take bare line feeds."""

import re

LONGEST_LINE = 75
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def faults(body: bytes) -> list[str]:
    """Every rule that is broken, once."""
    lines = body.split(b"\r\n")
    broken = {
        "not UTF-8": undecodable(body),
        "a line is cut inside a character": any(undecodable(line) for line in lines),
        "a byte order mark": body.startswith(b"\xef\xbb\xbf"),
        "a replacement character": b"\xef\xbf\xbd" in body,
        "a bare CR or LF": any(b"\r" in line or b"\n" in line for line in lines),
        "an empty line": b"" in lines[:-1],
        "no CRLF at the end": not body.endswith(b"END:VCALENDAR\r\n"),
        "a line is longer than 75 octets": any(len(line) > LONGEST_LINE for line in lines),
        "a control character": bool(CONTROL.search(body)),
    }
    return [fault for fault, found in broken.items() if found]


def undecodable(data: bytes) -> bool:
    """Whether these bytes alone are no UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return False


def unfolded(body: bytes) -> list[str]:
    """The content lines as they were before folding."""
    return body.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
