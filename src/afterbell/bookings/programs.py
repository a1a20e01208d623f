"""Programs: bookings of one organization that people see as one. A request names one by its slug or its name; a new name makes a new one."""

from itertools import chain, count

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Program
from afterbell.database import insert_or_skip, table
from afterbell.partners.models import Organization
from afterbell.partners.organizations import slug_of

LONGEST_STEM = 72


async def program_of(session: AsyncSession, named: str, organization_id: int) -> tuple[int, str]:
    """Id and slug of the organization's program of that slug or name, made when there is none; programs of others do not count. To be called before spaces
    are locked: two who make the same one wait for each other at the organization's row, and the second finds the first's."""
    if (known := await _known(session, named, organization_id)) is not None:
        return known
    await session.execute(
        select(Organization.id).where(Organization.id == organization_id).with_for_update(key_share=True)
    )
    while (found := await _known(session, named, organization_id)) is None:
        row = {
            "slug": await _free_slug(session, slug_of(named, "program")),
            "name": named,
            "organization_id": organization_id,
        }
        await insert_or_skip(session, table(Program), [row])
    return found


async def _known(session: AsyncSession, named: str, organization_id: int) -> tuple[int, str] | None:
    """Names are compared here, since the databases do not agree on capitals beyond ASCII."""
    mine = select(Program.id, Program.slug, Program.name).where(Program.organization_id == organization_id)
    for id_, slug, name in await session.execute(mine.order_by(Program.id)):
        if named == slug or named.casefold() == name.casefold():
            return id_, slug
    return None


async def _free_slug(session: AsyncSession, wished: str) -> str:
    """`clinic-on-wheels`, then `clinic-on-wheels-2` and so on."""
    stem = wished[:LONGEST_STEM]
    used = set(await session.scalars(select(Program.slug).where(Program.slug.startswith(stem, autoescape=True))))
    return next(slug for slug in chain([stem], (f"{stem}-{number}" for number in count(2))) if slug not in used)
