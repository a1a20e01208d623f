"""Organizations as an administrator finds or founds them."""

import re
import unicodedata

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import table
from afterbell.partners.models import Organization


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
