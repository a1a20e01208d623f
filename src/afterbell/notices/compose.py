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
        meant = [date for date in found.dates if date.original_start.isoformat(timespec="minutes") in event.facts["dates"]]
        letter = wording.Occasion(found, meant, reader, self._link(found), by_requester=event.actor_id == reader.person_id)
        await self._post(session, event, kind, found, reader, write(letter), until=None, now=now)

    async def remind(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """The day before: judged once more, since the date may have been cancelled after it fell due."""
        found, reader = await _read(session, event)
        if found is None or reader is None:
            return
        meant = [date for date in found.dates if date.public_id == event.facts["occurrence"] and date.state == "approved" and date.starts_at > now]
        if meant:
            draft = wording.reminder(wording.Occasion(found, meant, reader, self._link(found), by_requester=True))
            await self._post(session, event, "reminder", found, reader, draft, until=meant[0].starts_at, now=now)

    def _link(self, found: BookingRow) -> str:
        return f"{self.base_url}/bookings/{found.reference}"

    async def _post(
        self, session: AsyncSession, event: Event, kind: str, found: BookingRow, reader: Viewer, draft: Draft, *, until: datetime | None, now: datetime
    ) -> None:
        letter = Letter(
            identity=f"{kind}:{event.id}:{reader.person_id}",
            kind=kind,
            recipient=reader.email,
            language=draft.language,
            subject=draft.subject,
            text=draft.text(),
            html=draft.html(),
            person_id=reader.person_id,
            campus_id=found.campus_id,
            booking=found.reference,
            until=until,
        )
        await post(session, letter, base_url=self.base_url, now=now)


async def _read(session: AsyncSession, event: Event) -> tuple[BookingRow | None, Viewer | None]:
    found = await booking(session, whole().where(Booking.id == event.booking_id))
    reader = await viewer_of_person(session, found.requested_by_id) if found else None
    return found, reader

