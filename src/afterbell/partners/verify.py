"""Vouching for an organization: staff looked at who it is. From then on it may hold as many dates as it likes."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.outbox.record import record
from afterbell.partners import events
from afterbell.partners.members import visible_organization
from afterbell.partners.models import Organization
from afterbell.partners.organizations import OrganizationRow
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message, refuse
from afterbell.problem import forbidden, refused


async def verify(session: AsyncSession, slug: str, *, by: Viewer, now: datetime) -> OrganizationRow:
    """The organization, verified; a repeat changes nothing. Facilities and district administrators may, but nobody vouches for their own."""
    await session.execute(select(Organization.id).where(Organization.slug == slug).with_for_update(key_share=True))
    found = await visible_organization(session, slug, by)
    if not by.verifies:
        raise forbidden(Message(N_("Only facilities staff and district administrators verify organizations.")))
    if found.id in by.organizations:
        message = Message(N_("Nobody verifies their own organization. Ask a colleague."))
        raise refused([refuse("own_request", message)])
    if not found.verified:
        await session.execute(update(Organization).where(Organization.id == found.id).values(verified=True))
        await record(
            session, events.happened(events.VERIFIED, found.id, by.person_id or 0, "", by=by.person_id, now=now)
        )
    return await visible_organization(session, slug, by)
