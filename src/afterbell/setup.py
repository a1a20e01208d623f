"""What an administrator sets up from the command line: the empty district, people, imports. Each call is one transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.activities import sow_activities
from afterbell.database import Database, table
from afterbell.feeds.touch import touch_all
from afterbell.partners.organizations import found_organization
from afterbell.people.join import (
    CannotJoin,
    add_person,
    create_link,
    create_token,
    give_role,
    make_member,
    person_of,
)
from afterbell.people.models import PARTNER_ROLES, STAFF_ROLES
from afterbell.places.calendars import load_calendars
from afterbell.places.importing import Imported, Progress
from afterbell.places.models import Campus, District
from afterbell.settings import Settings

LINK_LASTS = timedelta(days=2)
TIME_ZONE = "America/Los_Angeles"
Reader = Callable[[AsyncSession, bytes, Progress], Awaitable[Imported]]


class CannotSetUp(ValueError):
    """Why the district cannot be set up, and what to do."""


@dataclass(frozen=True)
class Post:
    """What somebody is to be: a staff role at a campus (None: everywhere) or a partner of an organization."""

    role: str
    campus: str | None = None
    organization: str | None = None


async def set_up(settings: Settings, email: str, *, now: datetime) -> str:
    """The sign-in address of the first administrator; refuses a database that has a district."""
    database = Database(settings.database_url)
    async with database.writing() as session:
        if await session.scalar(select(District.id)) is not None:
            raise CannotSetUp("This database holds a district already; add people with `afterbell person add`.")
        await sow_district(session, "School district", demo=False)
        await load_calendars(session, settings.calendars)
        person = await add_person(session, email, now=now)
        await give_role(session, person, "district_admin", campus_id=None)
        link = await create_link(session, person, now=now, lasts=LINK_LASTS)
    await database.close()
    return f"{settings.base_url}/sign-in/{link}"


async def sow_district(session: AsyncSession, name: str, *, demo: bool) -> None:
    """The district's row and its kinds of activity; calendars come after the schools."""
    await session.execute(insert(table(District)).values(id=1, name=name, time_zone=TIME_ZONE, demo=demo))
    await sow_activities(session)


async def add(settings: Settings, email: str, place: Post, *, language: str, now: datetime) -> str:
    """Adds a person with a role, and answers what was done in a sentence."""
    if place.role not in PARTNER_ROLES + STAFF_ROLES:
        raise CannotJoin(f"{place.role!r} is no role. Roles: {', '.join(PARTNER_ROLES + STAFF_ROLES)}.")
    if place.role in PARTNER_ROLES and not place.organization:
        raise CannotJoin("A partner belongs to an organization: add --organization NAME.")
    database = Database(settings.database_url)
    async with database.writing() as session:
        person = await add_person(session, email, language=language, now=now)
        if place.role in PARTNER_ROLES:
            await make_member(session, person, await found_organization(session, place.organization or ""), place.role)
        else:
            await give_role(session, person, place.role, campus_id=await _campus(session, place.campus))
    await database.close()
    return f"{email} is {place.role} of {place.organization or place.campus or 'every campus'}."


async def make_token(settings: Settings, email: str, *, now: datetime) -> str:
    """A new API token of a known person, to be shown once."""
    database = Database(settings.database_url)
    try:
        async with database.writing() as session:
            found = await person_of(session, email)
            if found is None:
                raise CannotJoin(f"Nobody here has the address {email}; add them with `afterbell person add`.")
            return await create_token(session, found, now=now)
    finally:
        await database.close()


async def _campus(session: AsyncSession, slug: str | None) -> int | None:
    if slug is None:
        return None
    found = await session.scalar(select(Campus.id).where(Campus.slug == slug))
    if found is None:
        raise CannotJoin(f"There is no campus {slug!r}; `afterbell import schools` makes campuses.")
    return found


class _DryRun(Exception):
    def __init__(self, outcome: Imported) -> None:
        super().__init__()
        self.outcome = outcome


async def bring_in(settings: Settings, reader: Reader, data: bytes, progress: Progress, *, dry_run: bool) -> Imported:
    """Runs an import, all or nothing; new campuses get their hours. A dry run does all of it and takes it back."""
    database = Database(settings.database_url, patience=30)
    try:
        async with database.writing() as session:
            outcome = await reader(session, data, progress)
            told = await load_calendars(session, settings.calendars)
            outcome = replace(outcome, warnings=[*outcome.warnings, *told])
            await touch_all(session, now=clock.now())
            if dry_run:
                raise _DryRun(outcome)
    except _DryRun as dry:
        return dry.outcome
    finally:
        await database.close()
    return outcome
