"""The sample's people: CAST has one for each role, two rival clinics' worth of partners, and one who may not see the others; NEIGHBOURS make it a district."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.demo.places import SLUGS
from afterbell.partners.found import found
from afterbell.partners.organizations import found_organization, slug_of
from afterbell.people.join import add_person, create_link, create_token, give_role, make_member
from afterbell.people.models import PARTNER_ROLES
from afterbell.places.models import Campus
from afterbell.policy.projection import Viewer

LASTS = timedelta(days=30)
FOUNDED_BEFORE = timedelta(days=120)
EVERYWHERE: tuple[str, ...] = ()


@dataclass(frozen=True)
class Persona:
    """Somebody of the sample; staff without campuses serve every campus. Whoever `founds` an organization of that kind does it through the act, so it is not
    verified."""

    name: str
    email: str
    role: str
    organization: str | None = None
    campuses: tuple[str, ...] = EVERYWHERE
    language: str = "en"
    founds: str = ""


CAST = (
    Persona("Dr Mei Lin", "lin@clinic.example", "partner_manager", "Eastside Community Clinic"),
    Persona("Rosa Fuentes", "rosa@clinic.example", "partner", "Eastside Community Clinic", language="es"),
    Persona("Sam Ortiz", "sam@theatre.example", "partner", "Figueroa Youth Theatre"),
    Persona("Pilar Reyes", "pilar@casa.example", "partner_manager", "Casa del Pueblo", language="es"),
    Persona("Grace Okafor", "okafor@district.example", "site_approver", campuses=SLUGS),
    Persona("Tom Becker", "becker@district.example", "facilities"),
    Persona("Alma Castillo", "castillo@district.example", "school_staff", campuses=(SLUGS[0],)),
    Persona("Joy Tan", "tan@district.example", "coordinator", campuses=(SLUGS[2],)),
    Persona("Luis Herrera", "herrera@district.example", "custodian", campuses=(SLUGS[3],), language="es"),
    Persona("Nadia Stone", "stone@district.example", "risk"),
    Persona("Ben Adler", "adler@district.example", "analyst"),
    Persona("Ada Whitfield", "whitfield@district.example", "district_admin"),
)
NEIGHBOURS = (
    Persona(
        "Henry Kwan",
        "kwan@district.example",
        "site_approver",
        campuses=("woodland-hills-academy", "charnock-road-elementary", "public-service-community"),
    ),
    Persona("Teresa Molina", "molina@district.example", "school_staff", campuses=("charnock-road-elementary",)),
    Persona("Denise Park", "park@foodbank.example", "partner_manager", "Central Avenue Food Bank"),
    Persona("Arturo Vega", "vega@vecinos.example", "partner_manager", "Vecinos Unidos", language="es"),
    Persona("Kim Tran", "kim@robotics.example", "partner_manager", "Westside Robotics"),
    Persona("Coach Dee Brown", "dee@hoops.example", "partner_manager", "Valley Youth Hoops"),
    Persona("Noor Haddad", "noor@dance.example", "partner_manager", "Sol Dance Circle", founds="nonprofit"),
    Persona("Marcus Webb", "marcus@mail.example", "partner_manager", "Marcus Webb", founds="individual"),
)


async def sow_people(
    session: AsyncSession, base_url: str, *, now: datetime, people: Sequence[Persona] = CAST
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The people as `var/demo.json` has them, with tokens and links that last thirty days; and their ids by address."""
    campuses = {slug: id_ for slug, id_ in await session.execute(select(Campus.slug, Campus.id).order_by(Campus.id))}
    ids = {persona.email: await _join(session, persona, campuses, now) for persona in people}
    everywhere = list(campuses)
    return [await _card(session, persona, ids[persona.email], (base_url, everywhere), now) for persona in people], ids


async def _join(session: AsyncSession, persona: Persona, campuses: dict[str, int], now: datetime) -> int:
    person = await add_person(session, persona.email, name=persona.name, language=persona.language, now=now)
    if persona.founds:
        founder = Viewer(person, name=persona.name, email=persona.email, language=persona.language)
        await found(session, persona.organization or "", persona.founds, by=founder, now=now - FOUNDED_BEFORE)
    elif persona.role in PARTNER_ROLES:
        await make_member(session, person, await found_organization(session, persona.organization or ""), persona.role)
    elif persona.campuses:
        for slug in persona.campuses:
            await give_role(session, person, persona.role, campus_id=campuses[slug])
    else:
        await give_role(session, person, persona.role, campus_id=None)
    return person


async def _card(
    session: AsyncSession, persona: Persona, person: int, where: tuple[str, list[str]], now: datetime
) -> dict[str, Any]:
    base_url, everywhere = where
    token = await create_token(session, person, now=now, lasts=LASTS)
    link = await create_link(session, person, now=now, lasts=LASTS, reusable=True)
    staff = persona.role not in PARTNER_ROLES
    return {
        "name": persona.name,
        "email": persona.email,
        "role": persona.role,
        "organization": slug_or_none(persona.organization),
        "campuses": list(persona.campuses or everywhere) if staff else [],
        "token": token,
        "sign_in_url": f"{base_url}/sign-in/{link}",
    }


def slug_or_none(name: str | None) -> str | None:
    """The organization's slug, as bookings name it."""
    return slug_of(name) if name else None
