"""The door of secret calendars: a token becomes its owner's calendar, written anew at every fetch, so that what the owner lost is gone at once. A GET never
writes: when a calendar was last used is buffered and flushed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database, is_away
from afterbell.feeds.answer import Ready, ready
from afterbell.feeds.models import SecretFeed
from afterbell.feeds.personal import Reader, dates_for, entry_for
from afterbell.feeds.publish import About, Feed, calendar
from afterbell.feeds.secret import CAMPUS_STAFF, CUSTODIAN, MINE, ORGANIZATION
from afterbell.feeds.subject import House
from afterbell.people.access import viewer_of_person
from afterbell.people.secrets import hashed
from afterbell.people.turnstile import Turnstile
from afterbell.places.catalog import district_zone
from afterbell.policy.verdict import N_
from afterbell.web.words import say

FLUSH_SECONDS = 60
MOST_A_TOKEN = 60
MOST_REMEMBERED = 10_000
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
        house, given = self._house, found.filters
        reader = Reader(viewer, found.scope, found.public_id, given, house.secret, house.base_url)
        dates = await dates_for(session, reader, now=now)
        entries = [entry for date in dates if (entry := entry_for(date, reader))]
        name = say(NAMES[found.scope], viewer.language)
        about = About(name, await district_zone(session), "secret", language=viewer.language)
        self._used[found.id] = now
        return ready(Feed(calendar(about, entries), None))

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
