"""One VEVENT: a date as far as its reader may know it. Whoever makes an Entry has settled the level; here it is only written."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from afterbell.feeds.lines import escaped, fold, utc, when
from afterbell.policy.verdict import N_
from afterbell.web.words import say

STATUS: Mapping[str, str] = {
    "requested": "TENTATIVE",
    "held": "TENTATIVE",
    "approved": "CONFIRMED",
    "finished": "CONFIRMED",
}
ENDED = ("cancelled", "withdrawn", "declined", "lapsed")


@dataclass(frozen=True)
class Entry:
    """A date as a calendar tells it. Instants are UTC; `changed_at` is the last revision of what is told; empty texts are left out."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    state: str
    sequence: int
    changed_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    language: str = "en"


def known_uid(public_id: str) -> str:
    """The UID wherever the title may be seen: the same in every calendar, so that merged ones do not double (CALENDARS.md 14)."""
    return f"{public_id}@afterbell"


def busy_uid(secret: bytes, feed: str, public_id: str) -> str:
    """The UID of a busy time: another in every calendar, so that nobody can match two of them or trace the booking."""
    digest = hmac.new(secret, f"{feed}:{public_id}".encode(), "sha256").hexdigest()
    return f"{digest[:40]}@afterbell"


def vevent(entry: Entry) -> str:
    """The component. DTSTAMP is the last revision, never now, so that bytes stay as long as nothing changes."""
    status = STATUS.get(entry.state, "CANCELLED")
    gone = status == "CANCELLED"
    there = ZoneInfo(entry.zone)
    stamp = utc(entry.changed_at)
    told = (("LOCATION", entry.location), ("DESCRIPTION", entry.description))
    lines = [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART{when(entry.starts_at, there)}",
        f"DTEND{when(entry.ends_at, there)}",
        f"SUMMARY:{escaped(_cancelled(entry) if gone else entry.summary)}",
        *(f"{name}:{escaped(text)}" for name, text in told if text),
        *([f"URL:{entry.url}"] if entry.url else []),
        f"STATUS:{status}",
        f"TRANSP:{'TRANSPARENT' if gone else 'OPAQUE'}",
        "END:VEVENT",
    ]
    return fold(lines)


def _cancelled(entry: Entry) -> str:
    """Said in the title too, for clients that pass STATUS over."""
    return say(N_("Cancelled: {title}"), entry.language, title=entry.summary)
