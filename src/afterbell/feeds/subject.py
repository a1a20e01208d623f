"""What a public address means: which calendar, in which words, and on whose changes it depends."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.announced import announced, of_kind
from afterbell.bookings.models import Activity, Booking, Occurrence, Program
from afterbell.feeds.programme import at_school, coming, entries_of
from afterbell.feeds.publish import About, Feed, calendar, window
from afterbell.feeds.rooms import busy_times, free_busy, room_feed
from afterbell.feeds.shut import closures, closures_calendar
from afterbell.places.catalog import RoomRow, room, school
from afterbell.places.models import District
from afterbell.policy.verdict import N_
from afterbell.web.words import LANGUAGES, say

SPOKEN = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """An address as it was understood: `kind` rooms, free, schools, district, programs, events or closures; `name` within it. `activity` and `spoken`
    leave dates out, `language` is that of the words."""

    kind: str
    name: str = ""
    activity: str = ""
    spoken: str = ""
    language: str = "en"


@dataclass(frozen=True)
class House:
    """What every calendar of this district needs to know."""

    secret: bytes
    base_url: str


Make = Callable[[AsyncSession, datetime], Awaitable[Feed | None]]


@dataclass(frozen=True)
class Subject:
    """A calendar that exists: it depends on the changes of that campus, or with None of every campus; `make` writes it. What is no
    more for everybody is left out, so that only the campus's mark knows when it last changed."""

    campus_id: int | None
    make: Make


def asked(path: str, query: Mapping[str, str]) -> Asked | None:
    """The address read, or None when there can be no such calendar. Other parameters are passed over, so that trackers do no harm."""
    parts = path.strip("/").split("/")
    *names, last = parts
    stem, dot, ending = last.rpartition(".")
    if not dot or "\0" in path or len(path) > LONGEST or not all((*names, stem)):
        return None
    language = query.get("lang", "en")
    words = language if language in LANGUAGES else "en"
    kind = names[0] if names else stem
    if len(parts) == 3 and kind == "rooms" and ending in ("ics", "ifb"):
        return Asked("rooms" if ending == "ics" else "free", f"{names[1]}/{stem}")
    if ending != "ics" or len(parts) != (1 if kind in ("district", "closures") else 2):
        return None
    if kind in ("schools", "district"):
        return _filtered(Asked(kind, stem, language=words), query)
    return Asked(kind, stem, language=words) if kind in ("programs", "events", "closures") else None


def _filtered(plain: Asked, query: Mapping[str, str]) -> Asked | None:
    activity, spoken = query.get("activity", ""), query.get("language", "")
    if len(activity) > LONGEST or (spoken and not SPOKEN.fullmatch(spoken)):
        return None
    return Asked(plain.kind, plain.name, activity, spoken, plain.language)


async def subject(session: AsyncSession, wish: Asked, house: House) -> Subject | None:
    """The calendar, or None when there is none: then the answer is 404, never an empty one."""
    if wish.activity and await session.scalar(select(Activity.id).where(of_kind(wish.activity)).limit(1)) is None:
        return None
    return await FINDERS[wish.kind](session, wish, house)


async def _room(session: AsyncSession, wish: Asked, house: House) -> Subject | None:
    found = await room(session, wish.name)
    write = room_feed if wish.kind == "rooms" else free_busy

    async def make(session: AsyncSession, now: datetime, place: RoomRow) -> Feed:
        return write(place, await busy_times(session, place.id, now=now), secret=house.secret, now=now)

    return Subject(found.campus_id, partial(make, place=found)) if found else None


async def _school(session: AsyncSession, wish: Asked, house: House) -> Subject | None:
    found = await school(session, wish.name)
    if found is None:
        return None
    about = _programme(found.name, found.time_zone, wish.language)
    return Subject(found.campus_id, partial(_write, conditions=(at_school(found.slug),), told=(wish, house, about)))


async def _district(session: AsyncSession, wish: Asked, house: House) -> Subject | None:
    name, zone = await _home(session)
    about = _programme(name, zone, wish.language)
    return Subject(None, partial(_write, conditions=(), told=(wish, house, about)))


async def _program(session: AsyncSession, wish: Asked, house: House) -> Subject | None:
    """Its name is told only if anybody may come to something of it."""
    name = await session.scalar(select(Program.name).where(Program.slug == wish.name))
    mine = Booking.program_id.in_(select(Program.id).where(Program.slug == wish.name))
    if name is None or not await announced(session, mine, most=1):
        return None
    about = About(name, (await _home(session))[1], "programme", language=wish.language)
    return Subject(None, partial(_write, conditions=(mine,), told=(wish, house, about)))


async def _event(session: AsyncSession, wish: Asked, house: House) -> Subject | None:
    """One date, also outside the window; 404 for whatever the public may not know of."""
    mine = Occurrence.public_id == wish.name
    campus = await session.scalar(select(Occurrence.campus_id).where(mine))
    if campus is None:
        return None

    async def make(session: AsyncSession, now: datetime) -> Feed | None:
        dates = await announced(session, mine)
        if not dates:
            return None
        about = About(dates[0].school.name, dates[0].zone, "event", language=wish.language)
        return Feed(calendar(about, entries_of(dates, wish.language, house.base_url)), dates[0].changed_at)

    return Subject(campus, make)


async def _closures(session: AsyncSession, wish: Asked, house: House) -> Subject | None:
    name, zone = await _home(session)
    told = say(N_("{place}: closed days"), wish.language, place=name)
    about = About(told, zone, "closures", language=wish.language)

    async def make(session: AsyncSession, now: datetime) -> Feed:
        return Feed(closures_calendar(await closures(session, now=now), about), None)

    return Subject(None, make)


async def _write(
    session: AsyncSession,
    now: datetime,
    *,
    conditions: tuple[ColumnElement[bool], ...],
    told: tuple[Asked, House, About],
) -> Feed:
    wish, house, about = told
    filters = (of_kind(wish.activity),) if wish.activity else ()
    dates = await coming(session, *conditions, *filters, now=now)
    entries = entries_of((each for each in dates if each.speaks(wish.spoken)), wish.language, house.base_url)
    return Feed(calendar(about, entries), max([window(now)[0], *(entry.changed_at for entry in entries)]))


def _programme(place: str, zone: str, language: str) -> About:
    return About(say(N_("What's on: {place}"), language, place=place), zone, "programme", language=language)


async def _home(session: AsyncSession) -> tuple[str, str]:
    found = (await session.execute(select(District.name, District.time_zone))).first()
    return (found[0], found[1]) if found else ("", "America/Los_Angeles")


FINDERS: Mapping[str, Callable[[AsyncSession, Asked, House], Awaitable[Subject | None]]] = {
    "rooms": _room,
    "free": _room,
    "schools": _school,
    "district": _district,
    "programs": _program,
    "events": _event,
    "closures": _closures,
}
