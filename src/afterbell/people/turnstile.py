"""How often one client address may ask for a sign-in letter or try a code. Counted in this process only: the limits that protect an account are kept in the
database (people.signin)."""

from collections import deque
from datetime import datetime, timedelta

MOST = 30
WITHIN = timedelta(minutes=10)
MOST_ADDRESSES = 10_000


class Turnstile:
    """Lets `most` calls of one address through within ten minutes. Remembers ten thousand addresses and forgets the longest known first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._passed: dict[str, deque[datetime]] = {}

    def wait(self, address: str, *, now: datetime) -> int:
        """0 when the call may pass, and is counted; else in how many seconds the next one may."""
        passed = self._passed.setdefault(address, deque())
        while passed and passed[0] <= now - WITHIN:
            passed.popleft()
        if len(passed) >= self._most:
            return int((passed[0] + WITHIN - now).total_seconds()) + 1
        passed.append(now)
        if len(self._passed) > MOST_ADDRESSES:
            self._passed.pop(next(iter(self._passed)))
        return 0
