"""The door of secret calendars: a token becomes its owner's calendar, judged anew at every fetch, so that what the owner lost is gone at once. One that would
come out as it did before is not written again. A GET never writes: when a calendar was last used is buffered and flushed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database, is_away
from afterbell.feeds.answer import Ready, ready
from afterbell.feeds.covered import Look, look
from afterbell.feeds.models import SecretFeed
from afterbell.feeds.personal import Reader, dates_for, entry_for
from afterbell.feeds.publish import About, Feed, calendar
from afterbell.feeds.secret import CAMPUS_STAFF, CUSTODIAN, MINE, ORGANIZATION
from afterbell.feeds.subject import House
from afterbell.people.access import viewer_of_person
from afterbell.people.secrets import hashed
from afterbell.people.turnstile import Turnstile
from afterbell.policy.verdict import N_
from afterbell.web.words import say

FLUSH_SECONDS = 60
MOST_A_TOKEN = 60
MOST_REMEMBERED = 10_000
MOST_BYTES = 50_000_000
LONGEST = 100
NAMES: Mapping[str, str] = {
    MINE: N_("My bookings"),
    ORGANIZATION: N_("Bookings of my organization"),
    CAMPUS_STAFF: N_("Bookings at my schools"),
    CUSTODIAN: N_("Rooms to open and lock"),
}


@dataclass(frozen=True)
class Shut:
    """No calendar: why, or in how many seconds to try again."""

    status: int
    sentence: bytes = b""
    wait: int = 0


UNKNOWN = Shut(404, b"There is no such calendar.\n")
REVOKED = Shut(410, b"This calendar was taken back by its owner. Take it off your calendars.\n")


class SecretDoor:
    """Remembers tokens that open nothing, for good: a revoked one stays revoked, an unknown one cannot come about. Clients poll them on for years."""

    def __init__(self, database: Database, house: House, *, limited: bool) -> None:
        self._database = database
        self._house = house
        self._turnstile = Turnstile(MOST_A_TOKEN) if limited else None
        self._shut: dict[str, Shut] = {}
        self._used: dict[int, datetime] = {}
        self._kept: dict[int, tuple[Look, Ready]] = {}
        self._bytes = 0

    async def open(self, name: str, *, now: datetime) -> Ready | Shut:
        """What `{token}.ics` is at this moment."""
        token, _, ending = name.rpartition(".")
        if not token or ending != "ics" or len(name) > LONGEST:
            return UNKNOWN
        key = hashed(token)
        if key in self._shut:
            return self._shut[key]
        wait = self._turnstile.wait(key, now=now) if self._turnstile else 0
        if wait:
            return Shut(429, wait=wait)
        async with self._database.reading() as session:
            return await self._written(session, key, now)

    async def _written(self, session: AsyncSession, key: str, now: datetime) -> Ready | Shut:
        found = (await session.execute(select(SecretFeed).where(SecretFeed.token_hash == key))).scalar_one_or_none()
        if found is None or found.revoked_at is not None:
            return self._remember(key, REVOKED if found else UNKNOWN)
        viewer = await viewer_of_person(session, found.person_id)
        if viewer is None:
            return UNKNOWN
        house = self._house
        reader = Reader(viewer, found.scope, found.public_id, found.filters, house.secret, house.base_url)
        seen = await look(session, reader, now=now)
        known = self._kept.get(found.id)
        made = known[1] if known and known[0] == seen else await _made(session, seen, now)
        self._used[found.id] = now
        return self._keep(found.id, seen, made)

    def _keep(self, id_: int, seen: Look, made: Ready) -> Ready:
        """Everything is forgotten at once where it grows too large: it comes back by itself."""
        before = self._kept.pop(id_, None)
        self._bytes += made.size - (before[1].size if before else 0)
        if self._bytes > MOST_BYTES:
            self._kept.clear()
            self._bytes = made.size
        self._kept[id_] = (seen, made)
        return made

    def _remember(self, key: str, shut: Shut) -> Shut:
        if len(self._shut) >= MOST_REMEMBERED:
            self._shut.pop(next(iter(self._shut)))
        self._shut[key] = shut
        return shut

    async def flush(self) -> None:
        """Writes down when calendars were last used; what cannot be written now is written later."""
        used, self._used = self._used, {}
        if not used:
            return
        try:
            async with self._database.writing() as session:
                for id_, at in sorted(used.items()):
                    await session.execute(update(SecretFeed).where(SecretFeed.id == id_).values(used_at=at))
        except Exception as error:
            self._used = used | self._used
            if not is_away(error):
                raise

    async def flush_for_ever(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()


async def _made(session: AsyncSession, seen: Look, now: datetime) -> Ready:
    """The calendar written from the dates."""
    reader = seen.reader
    dates = await dates_for(session, reader, now=now)
    entries = [entry for date in dates if (entry := entry_for(date, reader))]
    language = reader.viewer.language
    about = About(say(NAMES[reader.scope], language), seen.zone, "secret", language=language)
    return ready(Feed(calendar(about, entries), None))
