"""Activities as rules name them. The table is bookings', which stand above: it is only looked into."""

from collections.abc import Collection

from sqlalchemy import JSON, column, select
from sqlalchemy import table as named_table
from sqlalchemy.ext.asyncio import AsyncSession

_ACTIVITIES = named_table("activities", column("slug"), column("name", JSON))


async def names_of_activities(session: AsyncSession, slugs: Collection[str]) -> dict[str, dict[str, str]]:
    """The names by language of those that there are, by slug. One statement; none without a slug."""
    if not slugs:
        return {}
    query = select(_ACTIVITIES.c.slug, _ACTIVITIES.c.name).where(_ACTIVITIES.c.slug.in_(slugs))
    return {slug: name for slug, name in await session.execute(query)}
