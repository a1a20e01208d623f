"""APScheduler's only home. It only rings the bell: what is due stands in our tables, so a missed ring is made good by the next."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from afterbell import clock
from afterbell.bookings.lapse import expire
from afterbell.database import Database, is_away
from afterbell.letters.deliver import deliver
from afterbell.letters.post import POSTED
from afterbell.notices.digest import send_digests
from afterbell.outbox.record import ANNOUNCED
from afterbell.outbox.relay import relay
from afterbell.reminders.fall_due import fall_due
from afterbell.settings import Settings
from afterbell.subscribers import subscribers
from afterbell.web.idempotency import forget

OFTEN, SELDOM, RARELY = 0.5, 5, 600
GRACE = 5
log = structlog.get_logger()


@dataclass(frozen=True)
class TickReport:
    """How many of each were worked on."""

    events: int = 0
    reminders: int = 0
    letters: int = 0
    expiries: int = 0
    digests: int = 0

    def with_more(self, found: "TickReport") -> "TickReport":
        """Both together."""
        return TickReport(*map(sum, zip(astuple(self), astuple(found), strict=True)))

    def as_json(self) -> dict[str, int]:
        """For `tick --json`."""
        return asdict(self)


class Duties:
    """What a worker does, one batch at a time; each answers how much it found."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._listeners = subscribers(settings.base_url, timedelta(seconds=settings.decision_delay_seconds))

    async def relay(self, now: datetime) -> int:
        """Events to their listeners."""
        return await relay(self._database, self._listeners, lease_seconds=self._settings.lease_seconds, now=now)

    async def remind(self, now: datetime) -> int:
        """Reminders whose time has come."""
        return await fall_due(self._database, now=now)

    async def expire(self, now: datetime) -> int:
        """Warnings and lapses of holds whose partner does not answer, and changes that nobody decided in time."""
        return await expire(self._database, now=now)

    async def digest(self, now: datetime) -> int:
        """People whose morning has come, whether something waits for them or not."""
        return await send_digests(self._database, base_url=self._settings.base_url, now=now)

    async def forget(self, now: datetime) -> int:
        """Answers kept for repeats that are a day old; nobody waits for it, so no report counts it."""
        return await forget(self._database, now=now)

    async def deliver(self, now: datetime) -> int:
        """Letters to SMTP."""
        chosen = self._settings
        return await deliver(
            self._database,
            smtp_url=chosen.smtp_url,
            base_url=chosen.base_url,
            lease_seconds=chosen.lease_seconds,
            now=now,
        )


async def tick(database: Database, settings: Settings, *, now: datetime) -> TickReport:
    """Does everything that is due at `now`, and what falls due through it, until nothing is left."""
    duties = Duties(database, settings)
    total = TickReport()
    while True:
        found = TickReport(
            await duties.relay(now),
            await duties.remind(now),
            await duties.deliver(now),
            await duties.expire(now),
            await duties.digest(now),
        )
        total = total.with_more(found)
        if found == TickReport():
            await duties.forget(now)
            return total


class Worker:
    """Rings often, and at once after a commit of this process that announced or posted something."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._duties = Duties(database, settings)
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._bells: list[tuple[str | None, asyncio.Event]] = []
        self._loops: list[asyncio.Task[None]] = []
        self._told_to_stop = asyncio.Event()
        database.after_commit.append(self._hear)

    def start(self) -> None:
        """Begins on the running loop."""
        for duty, seconds, heard in (
            (self._duties.relay, OFTEN, ANNOUNCED),
            (self._duties.deliver, OFTEN, POSTED),
            (self._duties.remind, SELDOM, None),
            (self._duties.expire, SELDOM, None),
            (self._duties.digest, SELDOM, None),
            (self._duties.forget, RARELY, None),
        ):
            bell = asyncio.Event()
            bell.set()
            self._bells.append((heard, bell))
            self._scheduler.add_job(bell.set, "interval", seconds=seconds, max_instances=1, coalesce=True)
            self._loops.append(asyncio.create_task(self._answer(bell, duty)))
        self._scheduler.start()

    async def stop(self) -> None:
        """Finishes what is in hand, so that a letter just sent is marked as sent; what takes longer than `GRACE` seconds is left to the next start."""
        self._scheduler.shutdown(wait=False)
        self._told_to_stop.set()
        for _, bell in self._bells:
            bell.set()
        _, late = await asyncio.wait(self._loops, timeout=GRACE)
        for loop in late:
            loop.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def run_until_told(self) -> None:
        """As a process of its own, until SIGTERM or SIGINT."""
        self.start()
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        for sent in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sent, told.set)
        await told.wait()
        await self.stop()

    def _hear(self, info: Mapping[Any, Any]) -> None:
        """A commit rings only for the duty that has something to do: an empty look costs a transaction."""
        for heard, bell in self._bells:
            if heard is not None and info.get(heard):
                bell.set()

    async def _answer(self, bell: asyncio.Event, duty: Callable[[datetime], Awaitable[int]]) -> None:
        """Works until nothing is left, then waits for the next ring. Trouble is logged and tried again. Looks whether to stop by itself: before Python 3.12
        `wait_for` may swallow a cancellation, and then nobody would cancel again."""
        while not self._told_to_stop.is_set():
            await bell.wait()
            bell.clear()
            try:
                while not self._told_to_stop.is_set() and await duty(clock.now()):
                    pass
            except Exception as error:
                if not is_away(error):
                    log.exception("duty failed", duty=duty.__name__)
