"""The shelf: finished feeds kept in memory, so that a poll costs no query. A commit of this process clears its campus at once; other processes' changes
are noticed within a second by the campus's mark."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from time import monotonic
from typing import Any

from sqlalchemy import select

from afterbell.database import Database
from afterbell.feeds.models import FeedMark
from afterbell.feeds.publish import Feed, busy_times, publish
from afterbell.outbox.record import ANNOUNCED
from afterbell.places.catalog import room

CHECK_SECONDS = 1.0
MOST_FEEDS = 5_000


@dataclass(frozen=True)
class Shelved:
    """A feed ready to be sent, plain and gzipped, each with its own strong ETag."""

    body: bytes
    etag: str
    zipped: bytes
    zipped_etag: str
    last_modified: str
    changed_at: datetime
    campus_id: int
    month: tuple[int, int]
    mark: int
    checked: float


class FeedShelf:
    """Feeds by room key."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = secret
        self._feeds: dict[str, Shelved] = {}
        self._generation = 0
        database.after_commit.append(self._hear)

    def warm(self, key: str, *, now: datetime) -> Shelved | None:
        """The feed if it needs no look at the database at all."""
        found = self._feeds.get(key)
        if found is None or found.month != (now.year, now.month) or monotonic() - found.checked > CHECK_SECONDS:
            return None
        return found

    async def fetch(self, key: str, *, now: datetime) -> Shelved | None:
        """The feed as it is now, or None when there is no such room. Not kept when something was committed while it was made."""
        found = self._feeds.get(key)
        generation = self._generation
        async with self._database.reading() as session:
            if found is not None and found.month == (now.year, now.month):
                mark = await session.scalar(select(FeedMark.version).where(FeedMark.campus_id == found.campus_id)) or 0
                if mark == found.mark:
                    return self._keep(key, replace(found, checked=monotonic()), generation)
            place = await room(session, key)
            if place is None:
                return None
            mark = await session.scalar(select(FeedMark.version).where(FeedMark.campus_id == place.campus_id)) or 0
            feed = publish(place, await busy_times(session, place.id, now=now), secret=self._secret, now=now)
        return self._keep(key, _shelved(feed, place.campus_id, mark, now), generation)

    def last_good(self, key: str) -> Shelved | None:
        """What was on the shelf, for when the database is away."""
        return self._feeds.get(key)

    def _keep(self, key: str, feed: Shelved, generation: int) -> Shelved:
        if generation == self._generation:
            if len(self._feeds) >= MOST_FEEDS:
                self._feeds.clear()
            self._feeds[key] = feed
        return feed

    def _hear(self, info: Mapping[Any, Any]) -> None:
        campuses = {event.campus_id for event in info.get(ANNOUNCED, ())}
        if campuses:
            self._generation += 1
            self._feeds = {
                key: replace(feed, checked=-CHECK_SECONDS, mark=-1) if feed.campus_id in campuses else feed
                for key, feed in self._feeds.items()
            }


def _shelved(feed: Feed, campus_id: int, mark: int, now: datetime) -> Shelved:
    digest = hashlib.sha256(feed.body).hexdigest()[:32]
    return Shelved(
        body=feed.body,
        etag=f'"{digest}"',
        zipped=gzip.compress(feed.body, 6, mtime=0),
        zipped_etag=f'"{digest}-gzip"',
        last_modified=format_datetime(feed.changed_at, usegmt=True),
        changed_at=feed.changed_at.replace(microsecond=0),
        campus_id=campus_id,
        month=(now.year, now.month),
        mark=mark,
        checked=monotonic(),
    )
