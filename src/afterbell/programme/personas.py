"""The people of a demo district, whom anybody on this machine may be: their buttons on the home page and what these do. In a real district, or off
loopback, there is nobody to be and nothing here answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request, Response, post
from litestar.response import Redirect
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.partners.models import Organization
from afterbell.people.cookies import session_cookie
from afterbell.people.models import Membership, Person, Role, SignIn
from afterbell.people.signin import begin_visit, end_visit
from afterbell.people.welcome import first_page_of
from afterbell.places.models import Campus
from afterbell.policy.verdict import N_
from afterbell.problem import not_found
from afterbell.settings import Settings
from afterbell.web.body import read_form
from afterbell.web.words import say

AnyRequest = Request[Any, Any, Any]
ROLES: Mapping[str, str] = {
    "partner": N_("Books for a partner"),
    "partner_manager": N_("Manages a partner"),
    "school_staff": N_("School staff"),
    "coordinator": N_("Community school coordinator"),
    "site_approver": N_("Approves requests"),
    "facilities": N_("Facilities"),
    "custodian": N_("Custodian"),
    "risk": N_("Risk and insurance"),
    "analyst": N_("Analyst"),
    "district_admin": N_("District administrator"),
}


@dataclass(frozen=True)
class Persona:
    """Somebody of the sample, with the role in words and where it counts."""

    name: str
    email: str
    role: str
    where: str


def may_be_anybody(request: AnyRequest) -> bool:
    """Only sample data, and only on this machine."""
    settings: Settings = request.app.state.settings
    return bool(request.app.state.demo) and settings.on_loopback


async def personas(session: AsyncSession, language: str, *, now: datetime) -> list[Persona]:
    """Those whose sign-in link may be used again and again, which only the demo's people have; one statement."""
    found: dict[str, Persona] = {}
    everywhere = say(N_("All schools"), language)
    for email, name, staff, campus, member, organization in await session.execute(_people(now)):
        role = say(ROLES[staff or member], language) if staff or member else ""
        where = (campus or everywhere) if staff else (organization or "")
        known = found.get(email)
        several = known is not None and known.where != where
        found[email] = Persona(name, email, role, say(N_("Several schools"), language) if several else where)
    return list(found.values())


def _people(now: datetime) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = select(
        Person.email, Person.name, Role.role, Campus.name, Membership.role, Organization.name
    )
    return (
        query.select_from(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(Role, Role.person_id == Person.id)
        .outerjoin(Campus, Campus.id == Role.campus_id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Organization, Organization.id == Membership.organization_id)
        .where(SignIn.reusable.is_(True), SignIn.expires_at > now)
        .order_by(Person.id, Campus.name)
    )


@post("/demo/sign-in", status_code=303, include_in_schema=False)
async def be_somebody(request: AnyRequest, session: AsyncSession) -> Response[Any]:
    """Signs in as a person of the sample; 404 for anybody else, in a real district, and off this machine."""
    if not may_be_anybody(request):
        raise not_found()
    form = await read_form(request)
    now = clock.now()
    known = select(SignIn.person_id).join(Person, Person.id == SignIn.person_id)
    known = known.where(SignIn.reusable.is_(True), SignIn.expires_at > now)
    person = await session.scalar(known.where(Person.email == str(form.get("email", ""))).limit(1))
    if person is None:
        raise not_found()
    if request.state.cookie is not None:
        await end_visit(session, request.state.cookie)
    cookie = await begin_visit(session, person, now)
    there = await first_page_of(session, cookie, now=now)
    return Redirect(there, status_code=303, cookies=session_cookie(request.state, cookie))
