"""From an event to its booking and reader, and from words to a letter: what every listener of notices does first and last."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Booking
from afterbell.bookings.queries import BookingRow, booking, whole
from afterbell.bookings.recipient import recipient_of
from afterbell.letters.post import Letter, post, posted
from afterbell.notices.occasion import Occasion
from afterbell.notices.paper import Draft
from afterbell.outbox.record import Event
from afterbell.policy.projection import Viewer


async def read(session: AsyncSession, event: Event) -> tuple[BookingRow, Viewer] | None:
    """The booking as it is now and whoever reads its letters; None when either is gone."""
    found = await booking(session, whole().where(Booking.id == event.booking_id))
    reader = await recipient_of(session, found) if found else None
    return (found, reader) if found and reader else None


async def send(session: AsyncSession, event: Event, kind: str, about: Occasion, words: Draft, *, now: datetime) -> bool:
    """In the transaction of the listener, which then writes what was told. False when this event's letter was written before: what is news since is the
    matter of a later event, and its letter is not to find it told."""
    letter = _letter(event, kind, about, words)
    if await posted(session, letter, base_url=about.base_url):
        return False
    await post(session, letter, base_url=about.base_url, now=now)
    return True


def _letter(event: Event, kind: str, about: Occasion, draft: Draft) -> Letter:
    """The same event writes the same letter however often it is handed out."""
    return Letter(
        identity=f"{kind}:{event.id}:{about.reader.person_id or about.reader.email}",
        kind=kind,
        recipient=about.reader.email,
        language=draft.language,
        subject=draft.subject,
        text=draft.text(),
        html=draft.html(),
        person_id=about.reader.person_id,
        campus_id=about.booking.campus_id,
        booking=about.booking.reference,
        until=about.dates[0].starts_at if kind == "reminder" else None,
    )
