"""Who reads the letters about a booking: whoever asked, or the person for whom staff entered it."""

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.queries import BookingRow
from afterbell.people.access import viewer_of_person
from afterbell.people.models import MANAGER, MEMBER, Membership, Person
from afterbell.policy.projection import Level, Viewer, level


async def recipient_of(session: AsyncSession, found: BookingRow) -> Viewer | None:
    """The reader as they are now, with address and language. The one for whom it was entered reads it as the organization would, in their language if they are
    known here; `person_id` is None unless they are of that organization too, since they could not open its page. Without an address of theirs whoever entered
    it reads it. To somebody who may not see it in full any more, since they left, nothing is written: its organization's manager reads it then, the one who
    has been so longest. None when nobody is left."""
    email = (found.on_behalf_of or {}).get("email")
    if not email:
        reader = await viewer_of_person(session, found.requested_by_id)
        return reader if reader and _sees(found, reader) else await _manager(session, found)
    member = exists().where(
        Membership.person_id == Person.id,
        Membership.organization_id == found.organization_id,
        Membership.state == MEMBER,
    )
    query = select(Person.id, Person.name, Person.language, member).where(Person.email == email)
    row = (await session.execute(query)).first()
    person, name, language, belongs = row or (None, (found.on_behalf_of or {})["name"], "en", False)
    mine = frozenset({found.organization_id})
    return Viewer(person_id=person if belongs else None, organizations=mine, name=name, email=email, language=language)


async def _manager(session: AsyncSession, found: BookingRow) -> Viewer | None:
    runs = Membership.role == MANAGER, Membership.state == MEMBER
    query = select(Membership.person_id).where(Membership.organization_id == found.organization_id, *runs)
    person = await session.scalar(query.order_by(Membership.id).limit(1))
    return None if person is None else await viewer_of_person(session, person)


def _sees(found: BookingRow, reader: Viewer) -> bool:
    """Whether whoever asked may still read it whole."""
    at = level(
        visibility=found.visibility,
        campus_id=found.campus_id,
        organization_id=found.organization_id,
        viewer=reader,
        own=True,
    )
    return at is Level.FULL
