"""Loading the sample into an empty database: places, people, bookings, in one transaction."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database, table
from afterbell.demo import places
from afterbell.demo.bookings import sow_bookings
from afterbell.demo.engine import set_layouts
from afterbell.demo.people import CAST, NEIGHBOURS, sow_people
from afterbell.demo.schools import schools_csv
from afterbell.people.access import viewer_of_person
from afterbell.places.calendars import load_calendars
from afterbell.places.import_rooms import import_rooms
from afterbell.places.import_schools import import_schools
from afterbell.places.models import Campus, District
from afterbell.settings import Settings
from afterbell.setup import sow_district


class NotEmpty(RuntimeError):
    """The demo district goes into an empty database only."""


async def load(settings: Settings, *, if_empty: bool, now: datetime) -> dict[str, Any] | None:
    """What `var/demo.json` says. When a district is there already: None if that is fine, else NotEmpty."""
    database = Database(settings.database_url, patience=30)
    try:
        async with database.writing() as session:
            if await session.scalar(select(District.id)) is not None:
                if if_empty:
                    return None
                raise NotEmpty("This database holds a district already; `afterbell demo` needs an empty, migrated one.")
            return await _build(session, settings, now)
    finally:
        await database.close()


async def _build(session: AsyncSession, settings: Settings, now: datetime) -> dict[str, Any]:
    await sow_district(session, "Sample Unified (demo)", demo=True)
    await import_schools(session, schools_csv(places.EVERY).encode(), _quietly)
    await import_rooms(session, places.rooms_csv().encode(), _quietly)
    await load_calendars(session, settings.calendars)
    await set_layouts(session)
    await _set_policies(session)
    cards, ids = await sow_people(session, settings.base_url, now=now, people=CAST + NEIGHBOURS)
    found = {email: await viewer_of_person(session, id_) for email, id_ in ids.items()}
    viewers = {email.partition("@")[0]: viewer for email, viewer in found.items() if viewer}
    await sow_bookings(session, viewers, now=now)
    return {"base_url": settings.base_url, "people": cards, "schools": places.listing()}


async def _set_policies(session: AsyncSession) -> None:
    """What a district chooses campus by campus, and no act changes yet: whether requests compete, and whether staff enter as approved."""
    campus = table(Campus)
    await session.execute(update(campus).where(campus.c.slug.in_(places.COMPETING)).values(holds="on_approval"))
    await session.execute(update(campus).where(campus.c.slug.in_(places.DECIDED)).values(enters_approved=False))


def sign_in_links(file: Path, base_url: str) -> list[str]:
    """A line for each person of the sample with their link at `base_url`, from what `demo` wrote; empty when the file is not there."""
    if not file.exists():
        return []
    people = json.loads(file.read_text())["people"]
    lines = [f"{each['role']:16} {each['name']:16} {base_url}{urlsplit(each['sign_in_url']).path}" for each in people]
    return [
        *lines,
        f"Sample data, not affiliated with any district. Links last 30 days; {file} has them and API tokens.",
    ]


def _quietly(done: int, total: int) -> None:
    """Loading the sample is too quick for a progress bar."""
