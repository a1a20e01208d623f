"""Where somebody lands who signed in without a page in mind."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.people.access import viewer_of_visit
from afterbell.policy.projection import DECIDERS, Viewer


def first_page(viewer: Viewer) -> str:
    """Those who decide see what waits, partners their bookings, everybody else the rooms."""
    if any(role in DECIDERS for role, _ in viewer.staff):
        return "/approvals"
    if viewer.organizations:
        return "/bookings"
    return "/es/find" if viewer.language == "es" else "/find"


async def first_page_of(session: AsyncSession, cookie: str, *, now: datetime) -> str:
    """The same for a visit that began in this transaction."""
    viewer = await viewer_of_visit(session, cookie, seen=None, now=now)
    return first_page(viewer) if viewer else "/find"
