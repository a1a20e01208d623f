"""The shelf: finished public calendars kept in memory, so that a poll costs no query. A commit of this process clears its campus at once; other processes'
changes are noticed within a second by the campus's mark. Secret calendars are never here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database
from afterbell.feeds.answer import Ready, ready
from afterbell.feeds.marks import Mark, mark_of
from afterbell.feeds.publish import Feed
from afterbell.feeds.subject import Asked, House, Subject, subject
from afterbell.outbox.record import ANNOUNCED

CHECK_SECONDS = 1.0
MOST_FEEDS, MOST_BYTES = 5_000, 200_000_000
UNMARKED = -1


@dataclass(frozen=True)
class Shelved:
    """A calendar with what it was made from: the campus on whose changes it depends (None: all), its mark then, and the month of its window."""

    ready: Ready
    campus_id: int | None
    month: tuple[int, int]
    mark: int
    checked: float

    @property
    def size(self) -> int:
        """What it takes in memory, nearly."""
        return self.ready.size


class FeedShelf:
    """Calendars by what was asked."""

    def __init__(self, database: Database, house: House) -> None:
        self._database = database
        self._house = house
        self._feeds: dict[Asked, Shelved] = {}
        self._bytes = 0
        self._generation = 0
        database.after_commit.append(self._hear)

    def warm(self, wish: Asked, *, now: datetime) -> Ready | None:
        """The calendar if it needs no look at the database at all."""
        found = self._feeds.get(wish)
        if found is None or found.month != (now.year, now.month) or monotonic() - found.checked > CHECK_SECONDS:
            return None
        return found.ready

    async def fetch(self, wish: Asked, *, now: datetime) -> Ready | None:
        """The calendar as it is now, or None when there is none. Not kept when something was committed while it was made."""
        found = self._feeds.get(wish)
        generation = self._generation
        async with self._database.reading() as session:
            if found is not None and await _still_right(session, found, now):
                return self._keep(wish, replace(found, checked=monotonic()), generation)
            about = await subject(session, wish, self._house)
            made = await _made(session, about, now) if about else None
        if made is None:
            gone = self._feeds.pop(wish, None)
            self._bytes -= gone.size if gone else 0
            return None
        return self._keep(wish, made, generation)

    def last_good(self, wish: Asked) -> Ready | None:
        """What was on the shelf, for when the database is away."""
        found = self._feeds.get(wish)
        return found.ready if found else None

    def _keep(self, wish: Asked, feed: Shelved, generation: int) -> Ready:
        if generation == self._generation:
            before = self._feeds.get(wish)
            self._bytes += feed.size - (before.size if before else 0)
            if len(self._feeds) >= MOST_FEEDS or self._bytes > MOST_BYTES:
                self._feeds.clear()
                self._bytes = feed.size
            self._feeds[wish] = feed
        return feed.ready

    def _hear(self, info: Mapping[Any, Any]) -> None:
        campuses = {event.campus_id for event in info.get(ANNOUNCED, ())}
        if campuses:
            self._generation += 1
            self._feeds = {
                wish: replace(feed, checked=-CHECK_SECONDS, mark=UNMARKED) if _concerned(feed, campuses) else feed
                for wish, feed in self._feeds.items()
            }


async def _still_right(session: AsyncSession, found: Shelved, now: datetime) -> bool:
    same_month = found.month == (now.year, now.month)
    return same_month and (await mark_of(session, found.campus_id)).version == found.mark


def _concerned(feed: Shelved, campuses: set[int | None]) -> bool:
    """What depends on every campus is concerned by each; an event without a campus concerns all."""
    return feed.campus_id is None or None in campuses or feed.campus_id in campuses


async def _made(session: AsyncSession, about: Subject, now: datetime) -> Shelved | None:
    """The mark is read before the dates: what changes in between is noticed at the next look."""
    mark = await mark_of(session, about.campus_id)
    feed = await about.make(session, now)
    if feed is None:
        return None
    month = (now.year, now.month)
    return Shelved(ready(_as_late(feed, mark)), about.campus_id, month, mark.version, monotonic())


def _as_late(feed: Feed, mark: Mark) -> Feed:
    """A date that was taken out changed the calendar too, and only the mark knows when."""
    if feed.changed_at is None or mark.changed_at is None:
        return feed
    return replace(feed, changed_at=max(feed.changed_at, mark.changed_at))
