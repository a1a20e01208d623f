"""Who reads the letters about a booking: whoever asked, or the person for whom staff entered it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.queries import BookingRow
from afterbell.people.access import viewer_of_person
from afterbell.people.models import Person
from afterbell.policy.projection import Viewer


async def recipient_of(session: AsyncSession, found: BookingRow) -> Viewer | None:
    """The reader as they are now, with address and language. The one for whom it was entered reads it as the organization would, whether they are known here
    (then in their language) or not (`person_id` None); without an address of theirs whoever entered it does."""
    email = (found.on_behalf_of or {}).get("email")
    if not email:
        return await viewer_of_person(session, found.requested_by_id)
    known = (
        await session.execute(select(Person.id, Person.name, Person.language).where(Person.email == email))
    ).first()
    person, name, language = known or (None, (found.on_behalf_of or {})["name"], "en")
    mine = frozenset({found.organization_id})
    return Viewer(person_id=person, organizations=mine, name=name, email=email, language=language)
