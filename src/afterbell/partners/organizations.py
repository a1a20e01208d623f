"""Organizations as an administrator finds or founds them."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import table
from afterbell.partners.models import Organization


@dataclass(frozen=True)
class OrganizationRow:
    """A partner and how it stands with the district; `verified` is set by staff."""

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


def slug_of(name: str) -> str:
    """ASCII words joined by hyphens, at most 80 characters: "Clínica del Pueblo" is `clinica-del-pueblo`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "organization"
