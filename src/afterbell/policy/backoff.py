"""When to try again, and when to stop. Pure: the jitter is handed in."""

from datetime import datetime, timedelta

STEPS = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 5, 15, 30, 60))
LATER = timedelta(hours=2)
GIVE_UP = timedelta(hours=72)


def next_try(
    attempts: int, *, first_at: datetime, now: datetime, until: datetime | None, jitter: float
) -> datetime | None:
    """The instant of the next try after `attempts` (at least 1) failed ones: 1, 5, 15, 30, 60 minutes, then every 2 hours, each longer by up to a tenth
    (`jitter` 0 to 1). None once that would be past `until` or 72 hours after the first."""
    pause = STEPS[attempts] if attempts < len(STEPS) else LATER
    at = now + pause * (1 + 0.1 * jitter)
    limit = min(until or first_at + GIVE_UP, first_at + GIVE_UP)
    return at if at < limit else None
