"""Which moves a date may make, and what a booking's state is. A booking's state is derived from its dates, never set."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from afterbell.almanac.closures import Closure
from afterbell.policy.business import business_days_later

WAITING = frozenset({"requested", "held"})
BLOCKING = frozenset({"held", "approved"})
STANDING = frozenset({"approved", "finished", "cancelled"})
LIVE = WAITING | BLOCKING
DECIDE_DAYS = 3
# What a booking may be (API.md); some of it only later acts bring about, and filters may name it already.
STATES = ("requested", "approved", "skipped", "declined", "withdrawn", "lapsed", "cancelled", "displaced", "no_show")

# What is gone may be asked for again: the same date waits anew, or stands approved at once when those who decide bring it back.
MOVES: dict[str, frozenset[str]] = {
    "requested": frozenset({"approved", "declined", "withdrawn", "lapsed"}),
    "held": frozenset({"approved", "declined", "withdrawn", "lapsed"}),
    "approved": frozenset({"cancelled", "withdrawn"}),
    **dict.fromkeys(("skipped", "declined", "withdrawn", "lapsed", "cancelled"), LIVE),
}


def may_move(state: str, to: str, *, starts_at: datetime, now: datetime, free_until: datetime | None = None) -> bool:
    """Whether a date may go from one state to another; nothing happens any more to a date that has begun. An approved date is withdrawn, not cancelled,
    up to `free_until`, which a partial approval sets."""
    if state == "approved" and to == "withdrawn" and (free_until is None or now > free_until):
        return False
    return to in MOVES.get(state, frozenset()) and now < starts_at


def may_be_approved(state: str, *, starts_at: datetime, now: datetime) -> bool:
    """Whether a decision may approve a date: only one that waits. What is gone returns by a change alone."""
    return state in WAITING and now < starts_at


def given_back(state: str, *, announced: bool) -> bool:
    """Whether a date that was approved before is so no more without being cancelled: it was withdrawn, or asked for again since, whatever came of that. One
    that never was approved was never announced, and nobody is told that it is gone."""
    return announced and state not in STANDING


def booking_state(states: Sequence[str]) -> str:
    """'requested' while any date waits; else 'approved' if any is approved; else what became of the last that was not left out."""
    if any(state in WAITING for state in states):
        return "requested"
    if "approved" in states:
        return "approved"
    return next((state for state in reversed(states) if state != "skipped"), "skipped")


def decide_by(requested_at: datetime, starts: Iterable[datetime], closures: Sequence[Closure], zone: str) -> datetime:
    """Three business days after the request at the same wall hour, or the first date when that is sooner."""
    return min([business_days_later(requested_at, DECIDE_DAYS, closures, zone), *starts])
