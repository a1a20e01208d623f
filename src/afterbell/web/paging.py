"""Lists: a bounded page and an opaque cursor, the key of the last row shown."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, malformed

T = TypeVar("T")
MOST = 200


@dataclass(frozen=True)
class Page:
    """At most `limit` rows after the row whose key is `after`."""

    limit: int = 50
    after: str | None = None


def page(limit: str | None, cursor: str | None) -> Page:
    """From the query: 422 for a limit outside 1 to 200 or a cursor that this service did not give."""
    if limit is not None and not (limit.isascii() and limit.isdigit() and len(limit) < 7 and 1 <= int(limit) <= MOST):
        raise malformed(Message(N_("limit is a whole number from 1 to {most}."), {"most": MOST}))
    return Page(int(limit or 50), _key(cursor) if cursor else None)


def _key(cursor: str) -> str:
    try:
        key = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError) as error:
        raise foreign_cursor() from error
    if "\0" in key:
        raise foreign_cursor()
    return key


def number(key: str) -> int:
    """The row id in a cursor's key; 422 for what no row of ours has."""
    if not (key.isascii() and key.isdigit() and len(key) < 11 and int(key) < 2**31):
        raise foreign_cursor()
    return int(key)


def foreign_cursor() -> Problem:
    """A cursor that somebody made up or cut short."""
    return malformed(Message(N_("This cursor was not given by this service; start again without one.")))


def listing(rows: Sequence[T], at: Page, key: Callable[[T], str], show: Callable[[T], Any]) -> dict[str, Any]:
    """The envelope, from one row more than the page holds."""
    shown = rows[: at.limit]
    more = len(rows) > at.limit
    following = base64.urlsafe_b64encode(key(shown[-1]).encode()).decode().rstrip("=") if more else None
    return {"items": [show(row) for row in shown], "next": following}
