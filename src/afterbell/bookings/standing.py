"""On whose behalf somebody asks: a partner, the school itself, or somebody who called. Settled under the lock of the campus, before anything is judged."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Booking, Occurrence
from afterbell.bookings.place import Place
from afterbell.bookings.queries import BookingRow
from afterbell.partners.found import school_organization
from afterbell.partners.models import Organization
from afterbell.partners.organizations import OrganizationRow, organization
from afterbell.places.models import Campus, School
from afterbell.policy.ask import Ask
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import forbidden

PARTNER, SCHOOL, ON_BEHALF = "partner", "school", "on_behalf"


@dataclass(frozen=True)
class Standing:
    """What a request may ask because of who asks: see Facts. `entered_as` is kept with the booking; `at_once`: it is approved as it is entered."""

    member: bool | None
    held: int | None
    entered_as: str
    at_once: bool

    @property
    def school_use(self) -> bool:
        """The school for itself: what staff enter for outsiders keeps the outsiders' rules."""
        return self.entered_as == SCHOOL


async def settle(
    session: AsyncSession, ask: Ask, place: Place, *, by: Viewer, now: datetime, lock: bool
) -> tuple[Place, Standing]:
    """The place with its organization settled, and how the asker stands. The school's own organization is made when first needed, by an act only. With
    `lock` an unverified organization's row is locked before its dates are counted, so that two requests at once count each other."""
    if place.organization_id is None and await _means_the_school(session, ask, place):
        place = await _as_school(session, place, by=by, now=now, make=lock)
    how = entered_as(ask, place)
    at_once = how != PARTNER and _trusted(by, place.campus_id, place.organization_id) and place.enters_approved
    held = None if at_once else await _held(session, place, now=now, lock=lock)
    return place, Standing(_member(ask, place, by), held, how, at_once)


def entered_as(ask: Ask, place: Place) -> str:
    """What is kept with the booking: by a partner, for a caller, or by the school for itself."""
    if ask.on_behalf_of:
        return ON_BEHALF
    return PARTNER if place.its_campus_id is None else SCHOOL


async def stands_at_once(session: AsyncSession, booking: BookingRow, by: Viewer) -> bool:
    """Whether what this person has just entered is approved with it: `Standing.at_once`, of a booking; what has flags waits for somebody's extra look."""
    if (
        booking.findings
        or booking.entered_as == PARTNER
        or not _trusted(by, booking.campus_id, booking.organization_id)
    ):
        return False
    return bool(await session.scalar(select(Campus.enters_approved).where(Campus.id == booking.campus_id)))


def asks_anyway(reason: str, campus_id: int, organization_id: int | None, by: Viewer) -> bool | None:
    """Whether a rule may give way, and whether that is asked: only to those who decide there, never for an organization of their own; None for all others,
    and 403 when they ask for it."""
    may = by.decides_at(campus_id) and organization_id not in by.organizations
    if reason and not may:
        text = N_("Only the school's approvers and facilities staff ask anyway, and never for their own organization.")
        raise forbidden(Message(text))
    return bool(reason) if may else None


def _trusted(by: Viewer, campus_id: int, organization_id: int | None) -> bool:
    """Those who decide there and the school's staff; nobody for a partner organization of their own."""
    trusted = by.decides_at(campus_id) or "school_staff" in by.roles_at(campus_id)
    return trusted and organization_id not in by.organizations


def _member(ask: Ask, place: Place, by: Viewer) -> bool | None:
    """Whether this person speaks for the organization; None when nobody is named, which a preview may do."""
    if place.its_campus_id is not None:
        return place.its_campus_id == place.campus_id and by.enters_at(place.campus_id)
    if ask.on_behalf_of and place.organization_id is not None:
        return by.enters_at(place.campus_id)
    if place.organization_id is None:
        return None if ask.organization is None and not ask.on_behalf_of else False
    return place.organization_id in by.organizations


async def _means_the_school(session: AsyncSession, ask: Ask, place: Place) -> bool:
    """Staff name the rooms' school by its own slug, or nobody when they enter what somebody asked for."""
    if ask.organization is None:
        return ask.on_behalf_of is not None
    return ask.organization == await session.scalar(select(School.slug).where(School.id == place.school_id))


async def _as_school(session: AsyncSession, place: Place, *, by: Viewer, now: datetime, make: bool) -> Place:
    """Only for those who may: nobody else brings a school's organization about."""
    school = replace(place, its_campus_id=place.campus_id, verified=True)
    if make and by.enters_at(place.campus_id):
        found: OrganizationRow | None = await school_organization(session, place.school_id, now=now)
    else:
        found = await organization(session, Organization.school_id == place.school_id)
    if found is None:
        return school
    return replace(school, organization_id=found.id, organization=found.slug, organization_name=found.name)


async def _held(session: AsyncSession, place: Place, *, now: datetime, lock: bool) -> int | None:
    """How many dates to come an unverified organization holds; None when nothing limits it, or nothing is held here before it is decided."""
    if place.organization_id is None or place.verified or place.holds != "on_request":
        return None
    row = select(Organization.verified).where(Organization.id == place.organization_id)
    if await session.scalar(row.with_for_update(key_share=True) if lock else row):
        return None
    dates = select(func.count(Occurrence.id)).join(Booking, Booking.id == Occurrence.booking_id)
    held = (Booking.organization_id == place.organization_id, Occurrence.state == "held", Occurrence.ends_at > now)
    return await session.scalar(dates.where(*held)) or 0
