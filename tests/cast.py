"""The cast: the one district that tests seed. Ms Okafor approves, Dr Lin's clinic asks, Sam may not see. `python -m tests.cast URL OUT` runs in a
process of its own and goes through the acts, like the demo, but with no booking except the series across the clock changes."""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.almanac import hours, ics
from afterbell.almanac.closures import days
from afterbell.almanac.hours import Window
from afterbell.almanac.recurrence import Repeat
from afterbell.bookings.decide import approve
from afterbell.bookings.request import request_booking
from afterbell.database import Database, table
from afterbell.demo import places
from afterbell.demo.people import sow_people
from afterbell.demo.schools import schools_csv
from afterbell.notices.models import Digest
from afterbell.people.access import viewer_of_person
from afterbell.places.calendars import close
from afterbell.places.import_rooms import import_rooms
from afterbell.places.import_schools import import_schools
from afterbell.places.models import Campus
from afterbell.policy.ask import Ask
from afterbell.settings import ground
from afterbell.setup import sow_district

ZONE = "America/Los_Angeles"
CLOSED_IN = 120
CLOSED_ON, ACROSS_ON = 2, 3
OWL = "night-owl-high"
OWL_ROWS = f"name,slug,street,city,zip,latitude,longitude\nNight Owl High,{OWL},1 Dark Street,Los Angeles,90001,33.97,-118.25\n"
BIRD = "early-bird-high"
BIRD_ROWS = f"name,slug,street,city,zip,latitude,longitude\nEarly Bird High,{BIRD},2 Dawn Street,Los Angeles,90001,33.98,-118.24\n"
BIRD_ROOMS = ["gym-a", "gym-b", "gym", "studio", "hall"]
OWL_ROOMS = [f"hall-{number}" for number in range(1, 41)]


async def seed(url: str) -> dict[str, Any]:
    """Four real schools open after hours, two invented that never close (at one of them requests compete), everybody of the demo, and one day on
    which the district is closed."""
    now = clock.now()
    database = Database(url)
    async with database.writing() as session:
        await sow_district(session, "Test Unified", demo=True)
        await import_schools(session, schools_csv(places.SLUGS).encode(), quietly)
        await import_schools(session, OWL_ROWS.encode(), quietly)
        await import_schools(session, BIRD_ROWS.encode(), quietly)
        await import_rooms(session, rooms_csv().encode(), quietly)
        await open_campuses(session)
        closed = closed_day(now)
        await close(session, None, days(closed, closed + timedelta(days=1), ZONE), "Staff day", now=now)
        cards, ids = await sow_people(session, "http://127.0.0.1", now=now)
        series = await book_across_the_changes(session, ids, now)
        await have_read_the_news(session, list(ids.values()), now)
    await database.close()
    return {"people": cards, "schools": listing(), "closed": closed.isoformat(), "across": series}


def closed_day(now: datetime) -> date:
    """The day on which the district is closed: the first Wednesday at least `CLOSED_IN` days ahead. Nobody of the cast asks for Wednesdays unless a test is
    about this one: series of other weekdays never meet it, whatever the day on which the tests run."""
    day = (now + timedelta(days=CLOSED_IN)).astimezone(ZoneInfo(ZONE)).date()
    return day + timedelta(days=(CLOSED_ON - day.weekday()) % 7)


def rooms_csv() -> str:
    """The demo's rooms and the halls of the school that never closes; hall-1 is two halves."""
    halls = [f'{OWL},{slug},"Hall {slug[5:]}",multipurpose,100,tables,step_free,,Door,' for slug in OWL_ROOMS[1:]]
    halls += [
        f'{OWL},hall-1,"Hall 1, whole",gym,200,bleachers,step_free,hall-1a;hall-1b,Door,(323) 555-0100',
        f'{OWL},hall-1a,"Hall 1, west half",gym,100,bleachers,step_free,hall-1a,Door,(323) 555-0100',
        f'{OWL},hall-1b,"Hall 1, east half",gym,100,bleachers,step_free,hall-1b,Door,(323) 555-0100',
    ]
    return places.rooms_csv(places.SLUGS) + "\n".join([*halls, *bird_rooms()]) + "\n"


def bird_rooms() -> list[str]:
    """Two halves of a gym and the whole, and two rooms of other kinds, the smaller first."""
    return [
        f'{BIRD},gym-a,"Gym, half A",gym,60,,step_free,gym-a,Door,',
        f'{BIRD},gym-b,"Gym, half B",gym,60,,step_free,gym-b,Door,',
        f'{BIRD},gym,"Gym, whole",gym,120,,step_free,gym-a;gym-b,Door,',
        f"{BIRD},studio,Studio,dance_studio,40,,step_free,,Door,",
        f"{BIRD},hall,Hall,multipurpose,80,,step_free,,Door,",
    ]


def listing() -> list[dict[str, object]]:
    """Schools with their rooms, as `var/demo.json` has them."""
    owl: dict[str, object] = {"slug": OWL, "campus": OWL, "rooms": [*OWL_ROOMS, "hall-1a", "hall-1b"]}
    return [*places.listing(places.SLUGS), owl, {"slug": BIRD, "campus": BIRD, "rooms": BIRD_ROOMS}]


async def open_campuses(session: AsyncSession) -> None:
    """The district's after-hours windows without its closures, which move with the year; Night Owl High and Early Bird High are open at every
    hour, and at the latter a request holds nothing before it is decided."""
    windows = ics.read((ground() / "calendars" / "district.ics").read_bytes()).windows
    await session.execute(update(Campus).values(hours=hours.as_json(windows)))
    always = [Window(weekday, time(), time()) for weekday in range(7)]
    ever = update(Campus).where(Campus.slug.in_([OWL, BIRD]))
    await session.execute(ever.values(hours=hours.as_json(always)))
    await session.execute(update(Campus).where(Campus.slug == BIRD).values(holds="on_approval"))


async def have_read_the_news(session: AsyncSession, people: Sequence[int], now: datetime) -> None:
    """Everybody has had the digest of these days: no test gets one because it runs on a working day after eight. `tick --at` a later day brings it."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    rows = [{"person_id": id_, "day": today + timedelta(days=n)} for id_ in people for n in (-1, 0, 1)]
    await session.execute(insert(table(Digest)), rows)


async def book_across_the_changes(session: AsyncSession, ids: dict[str, int], now: datetime) -> dict[str, Any]:
    """One approved weekly series from before a November change to after the March change that follows, both inside every feed's window; two bookings,
    since one reaches six months at most. Made with a `now` of its own, as the demo's are."""
    lin = await viewer_of_person(session, ids["lin@clinic.example"])
    okafor = await viewer_of_person(session, ids["becker@district.example"])
    assert lin is not None
    assert okafor is not None
    made = []
    for change in changes(now):
        asked = change - timedelta(days=60)
        first = (change - timedelta(days=10)).replace(hour=18, tzinfo=None)
        ask = Ask(
            organization="eastside-community-clinic",
            title="Clinic across the clock change",
            activity="community-clinic",
            rooms=[f"{OWL}/hall-40"],
            starts=first,
            ends=first + timedelta(hours=2),
            headcount=20,
            repeat=Repeat("FREQ=WEEKLY;COUNT=4"),
        )
        booked = await request_booking(session, ask, by=lin, now=asked)
        await approve(session, booked.reference, by=okafor, now=asked + timedelta(days=1))
        made += [(date.starts_at.isoformat(), date.ends_at.isoformat()) for date in booked.dates]
    return {"room": f"{OWL}/hall-40", "dates": made}


def changes(now: datetime) -> Sequence[datetime]:
    """Midnight UTC on the Sundays of the next November and March changes, at least a month away from today, so that no date is near it."""
    found = []
    for month, nth in ((11, 1), (3, 2)):
        years = (now.year + offset for offset in (0, 1, 2))
        sundays = (nth_sunday(year, month, nth) for year in years)
        found.append(next(sunday for sunday in sundays if sunday > now + timedelta(days=30)))
    return found


def nth_sunday(year: int, month: int, nth: int) -> datetime:
    """The nth Sunday of a month, midnight UTC."""
    first = datetime(year, month, 1, tzinfo=UTC)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (nth - 1))


def quietly(done: int, total: int) -> None:
    """Nobody watches."""


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(seed(sys.argv[1])), indent=1))
