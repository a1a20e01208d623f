"""The listeners that write letters: an event and a person become one letter, in the person's language, with only the dates that are meant."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings import events
from afterbell.bookings.models import Booking
from afterbell.bookings.queries import BookingRow, booking, whole
from afterbell.letters.post import Letter, post
from afterbell.notices import wording
from afterbell.notices.paper import Draft
from afterbell.outbox.record import Event
from afterbell.people.access import viewer_of_person
from afterbell.policy.projection import Viewer

LETTERS = {
    events.REQUESTED: ("acknowledgement", wording.acknowledgement),
    events.APPROVED: ("decision", wording.approval),
    events.DECLINED: ("decision", wording.refusal),
    events.WITHDRAWN: ("cancellation", wording.withdrawal),
    events.CANCELLED: ("cancellation", wording.cancellation),
}


@dataclass(frozen=True)
class Notices:
    """The listeners, with the address that links begin with."""

    base_url: str

    async def tell_requester(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """One letter an act, to the person who asked. Dates that moved on meanwhile are told as the act left them."""
        found, reader = await _read(session, event)
        if found is None or reader is None:
            return
        kind, write = LETTERS[event.kind]
        meant = [
            date for date in found.dates if date.original_start.isoformat(timespec="minutes") in event.facts["dates"]
        ]
        mine = event.actor_id == reader.person_id
        about = wording.Occasion(found, meant, reader, self._link(found), by_requester=mine)
        await post(session, _letter(event, kind, about, write(about)), base_url=self.base_url, now=now)

    async def remind(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """The day before: judged once more, since the date may have been cancelled after it fell due."""
        found, reader = await _read(session, event)
        if found is None or reader is None:
            return
        meant = [
            date
            for date in found.dates
            if date.public_id == event.facts["occurrence"] and date.state == "approved" and date.starts_at > now
        ]
        if meant:
            about = wording.Occasion(found, meant, reader, self._link(found), by_requester=True)
            letter = _letter(event, "reminder", about, wording.reminder(about))
            await post(session, letter, base_url=self.base_url, now=now)

    def _link(self, found: BookingRow) -> str:
        return f"{self.base_url}/bookings/{found.reference}"


def _letter(event: Event, kind: str, about: wording.Occasion, draft: Draft) -> Letter:
    """The same event writes the same letter however often it is handed out."""
    return Letter(
        identity=f"{kind}:{event.id}:{about.reader.person_id}",
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


async def _read(session: AsyncSession, event: Event) -> tuple[BookingRow | None, Viewer | None]:
    found = await booking(session, whole().where(Booking.id == event.booking_id))
    reader = await viewer_of_person(session, found.requested_by_id) if found else None
    return found, reader
