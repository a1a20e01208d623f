"""Reading who belongs to an organization, and who may know of it: its members and the district's staff."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.partners.models import Organization
from afterbell.partners.organizations import OrganizationRow, organization
from afterbell.people.models import ASKED, MANAGER, MEMBER, Membership, Person
from afterbell.policy.projection import Viewer
from afterbell.problem import not_found

COLUMNS = (Person.id, Person.name, Person.email, Person.language, Membership.role, Membership.state)


@dataclass(frozen=True)
class MemberRow:
    """Somebody of an organization; `state` is member, or asked until its manager confirms."""

    person_id: int
    name: str
    email: str
    language: str
    role: str
    state: str


async def visible_organization(session: AsyncSession, slug: str, viewer: Viewer) -> OrganizationRow:
    """The organization if the viewer belongs to it or to the district's staff; else 404."""
    found = await organization(session, Organization.slug == slug)
    if found is None or not sees(found, viewer):
        raise not_found()
    return found


def sees(found: OrganizationRow, viewer: Viewer) -> bool:
    """Whether somebody may know who belongs to it."""
    return found.id in viewer.organizations or bool(viewer.staff)


def runs(organization_id: int, viewer: Viewer) -> bool:
    """Whether somebody may see who asked to join: its managers, and the staff."""
    return organization_id in viewer.manages or bool(viewer.staff)


async def members(session: AsyncSession, organization_id: int, viewer: Viewer) -> list[MemberRow]:
    """Managers first, then by name; those who asked come last, and only for those who may see them."""
    query = _members().where(Membership.organization_id == organization_id)
    rows = [MemberRow(*row) for row in await session.execute(query)]
    told = runs(organization_id, viewer)
    shown = [row for row in rows if told or row.state == MEMBER]
    return sorted(shown, key=lambda row: (row.state == ASKED, row.role != MANAGER, row.name.casefold(), row.person_id))


async def managers(session: AsyncSession, organization_id: int) -> list[MemberRow]:
    """Those who confirm and invite."""
    query = _members().where(Membership.organization_id == organization_id)
    rows = await session.execute(query.where(Membership.role == MANAGER, Membership.state == MEMBER))
    return [MemberRow(*row) for row in rows]


async def member(session: AsyncSession, organization_id: int, person_id: int) -> MemberRow | None:
    """That person in that organization, or None."""
    query = _members().where(Membership.organization_id == organization_id, Membership.person_id == person_id)
    row = (await session.execute(query)).first()
    return MemberRow(*row) if row else None


async def asked_for(session: AsyncSession, viewer: Viewer) -> list[str]:
    """The names of the organizations that this person asked to join and that have not answered."""
    query = select(Organization.name).join(Membership, Membership.organization_id == Organization.id)
    mine = (Membership.person_id == viewer.person_id, Membership.state == ASKED)
    return list(await session.scalars(query.where(*mine).order_by(Organization.name)))


def _members() -> Select[*tuple[Any, ...]]:
    found: Select[*tuple[Any, ...]] = select(*COLUMNS)
    return found.join(Membership, Membership.person_id == Person.id)
