"""Which dates are in a public calendar, and as what: the school's, the district's, a program's programme, and single events. Who may see what is settled
before, in bookings.announced."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.announced import OnDate, announced
from afterbell.bookings.models import Occurrence
from afterbell.feeds.events import Entry, known_uid
from afterbell.feeds.publish import window
from afterbell.feeds.wording import description, title
from afterbell.places.models import School


def at_school(slug: str) -> ColumnElement[bool]:
    """The dates in the rooms of one school."""
    return School.slug == slug


async def coming(session: AsyncSession, *conditions: ColumnElement[bool], now: datetime) -> list[OnDate]:
    """The dates of the window; one statement."""
    since, before = window(now)
    return await announced(session, Occurrence.starts_at >= since, Occurrence.starts_at < before, *conditions)


def entries_of(dates: Iterable[OnDate], language: str, base_url: str) -> list[Entry]:
    """As the calendar tells them. The words of a series are put together once, however many dates it has."""
    tongue = "/es" if language == "es" else ""
    words: dict[int, tuple[str, str]] = {}
    found = []
    for date in dates:
        if date.series not in words:
            told = title(date.listing, date.kind, language), description(date.listing, date.kind, language)
            words[date.series] = told
        found.append(_entry(date, words[date.series], language, f"{base_url}{tongue}/events/{date.public_id}"))
    return found


def _entry(date: OnDate, words: tuple[str, str], language: str, url: str) -> Entry:
    """Where the rooms may not be known, the place is the school."""
    at, rooms = date.school, ", ".join(room.name for room in date.rooms)
    place = (rooms, at.name, at.street, f"{at.city} {at.zip}".strip())
    return Entry(
        known_uid(date.public_id),
        date.starts_at,
        date.ends_at,
        date.zone,
        date.state,
        date.sequence,
        date.changed_at,
        words[0],
        ", ".join(part for part in place if part),
        words[1],
        url,
        language,
    )
