"""Programs as the viewer may know them: by those of their bookings that are seen in full. What is only a busy time tells nobody that it belongs to one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.announced import of_program_announced
from afterbell.bookings.lists import words_open_to
from afterbell.bookings.models import Booking, Program
from afterbell.bookings.queries import BookingRow, bookings, visible_to, whole
from afterbell.partners.models import Organization
from afterbell.policy.projection import Viewer
from afterbell.web.paging import number


@dataclass(frozen=True)
class ProgramRow:
    """A program; the figures count only the bookings that the viewer sees in full. It is `announced` once anybody may know of a date of it."""

    id: int
    slug: str
    name: str
    organization: str
    bookings: int
    first_starts_at: datetime
    last_ends_at: datetime
    announced: bool


async def list_programs(session: AsyncSession, viewer: Viewer, *, after: str | None, most: int) -> list[ProgramRow]:
    """The newest first, `most` of them, below the one whose id is `after`."""
    query = _programs(viewer).order_by(Program.id.desc()).limit(most)
    query = query if after is None else query.where(Program.id < number(after))
    return [ProgramRow(*row) for row in await session.execute(query)]


async def program(session: AsyncSession, slug: str, viewer: Viewer) -> ProgramRow | None:
    """One of them; None also when nothing of it may be seen."""
    row = (await session.execute(_programs(viewer).where(Program.slug == slug))).first()
    return ProgramRow(*row) if row else None


async def bookings_of(
    session: AsyncSession, found: ProgramRow, viewer: Viewer, *, after: str | None, most: int
) -> list[BookingRow]:
    """Its bookings that the viewer sees in full, the newest first, below the one whose id is `after`."""
    query = whole().where(Booking.program_id == found.id, *_seen(viewer)).order_by(Booking.id.desc()).limit(most)
    return await bookings(session, query if after is None else query.where(Booking.id < number(after)))


def _programs(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    columns = (Program.id, Program.slug, Program.name, Organization.slug)
    figures = (func.count(Booking.id), func.min(Booking.first_starts_at), func.max(Booking.last_ends_at))
    query: Select[*tuple[Any, ...]] = select(*columns, *figures, of_program_announced())
    return (
        query.join(Organization, Organization.id == Program.organization_id)
        .join(Booking, Booking.program_id == Program.id)
        .where(*_seen(viewer))
        .group_by(*columns)
    )


def _seen(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    return visible_to(viewer), words_open_to(viewer)


async def names_of(session: AsyncSession, slugs: Collection[str]) -> dict[str, str]:
    """What programs are called, by slug; for those whose slug the viewer is shown anyway. No statement for none."""
    if not slugs:
        return {}
    rows = await session.execute(select(Program.slug, Program.name).where(Program.slug.in_(slugs)))
    return {slug: name for slug, name in rows}
