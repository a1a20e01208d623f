"""Reading organizations, and making one as an administrator does. How people found one themselves is in partners.found."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import table
from afterbell.partners.models import CLOSED, Organization


@dataclass(frozen=True)
class OrganizationRow:
    """A partner and how it stands with the district; `verified` is set by staff. Of kind "school" it is no partner."""

    id: int
    slug: str
    name: str
    kind: str
    verified: bool


async def organizations(session: AsyncSession, ids: Collection[int]) -> list[OrganizationRow]:
    """Those with these ids, by name; no statement when there are none."""
    if not ids:
        return []
    columns = [getattr(Organization, name) for name in OrganizationRow.__dataclass_fields__]
    rows = await session.execute(select(*columns).where(Organization.id.in_(ids)).order_by(Organization.name))
    return [OrganizationRow(*row) for row in rows]


async def organization(session: AsyncSession, known: ColumnElement[bool]) -> OrganizationRow | None:
    """The one of which that is so, or None."""
    columns = [getattr(Organization, name) for name in OrganizationRow.__dataclass_fields__]
    row = (await session.execute(select(*columns).where(known))).first()
    return OrganizationRow(*row) if row else None


async def called(session: AsyncSession, name: str) -> str | None:
    """The slug of the partner of exactly that name or slug, whatever the case; None when there is none, or several that only their slugs tell apart."""
    open_ones = Organization.kind.not_in(CLOSED)
    if await session.scalar(select(Organization.id).where(open_ones, Organization.slug == name.lower())):
        return name.lower()
    alike = select(Organization.slug, Organization.name).where(open_ones, Organization.slug.startswith(slug_of(name)))
    slugs = [slug for slug, other in await session.execute(alike) if other.casefold() == name.casefold()]
    return slugs[0] if len(slugs) == 1 else None


async def found_organization(
    session: AsyncSession, name: str, *, kind: str = "nonprofit", verified: bool = True
) -> int:
    """The organization of that slug or name, made when new."""
    slug = slug_of(name)
    known = await session.scalar(select(Organization.id).where(Organization.slug == slug))
    if known is not None:
        return known
    row = {"slug": slug, "name": name.strip(), "kind": kind, "verified": verified}
    return (await session.execute(insert(table(Organization)).values(row).returning(Organization.id))).scalar_one()


def slug_of(name: str, otherwise: str = "organization") -> str:
    """ASCII words joined by hyphens, at most 80 characters: "Clínica del Pueblo" is `clinica-del-pueblo`; `otherwise` for a name without any."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or otherwise
