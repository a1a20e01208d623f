"""The listeners that write letters: an event and a person become one letter, in the person's language, with only the dates of which there is news (told).

A decision waits before it is written. Its event is handed out at once, as feeds and reminders need it; what waits is an event of its own, `DECISION_DUE`,
whose listener reads the booking as it then is. So there is never a letter to take back, and repeats, shuffles and crashes find either nothing new or the
same news again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings import events
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.models import Booking
from afterbell.bookings.present import asker_of, seen
from afterbell.bookings.queries import BookingRow, booking, whole
from afterbell.bookings.rivals import others_asked
from afterbell.notices import endings, questions
from afterbell.notices.acknowledgement import acknowledgement
from afterbell.notices.changes import Decisions, of_decision, whole_after
from afterbell.notices.decision import decision
from afterbell.notices.occasion import Occasion
from afterbell.notices.reminder import reminder
from afterbell.notices.sending import read, send
from afterbell.notices.thread import remark_of
from afterbell.notices.told import Whole, news, tell, tell_whole, told
from afterbell.outbox.models import EventRow
from afterbell.outbox.record import Event, record
from afterbell.people.access import viewer_of_person
from afterbell.places.models import Campus
from afterbell.policy.lifecycle import WAITING
from afterbell.policy.projection import Viewer

DECISION_DUE = "decision.due"
DECISIONS = (events.APPROVED, events.DECLINED)
DECIDED = ("approved", "declined")
ENDINGS = {
    events.WITHDRAWN: ("cancellation", "withdrawn", endings.withdrawal),
    events.CANCELLED: ("cancellation", "cancelled", endings.cancellation),
    events.LAPSED: ("lapse", "lapsed", endings.lapse),
}


@dataclass(frozen=True)
class Notices:
    """The listeners, with the address that links begin with and how long a decision waits to be told."""

    base_url: str
    wait: timedelta = timedelta(seconds=60)

    async def acknowledge(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """At once, with every date as it was asked for: a decision is told by its own letter. What staff entered as approved is told as approved here. Of what
        was submitted together one letter tells (program)."""
        if event.facts.get(events.TOGETHER):
            return
        known = await told(session, event.booking_id)
        meant = await read(session, event)
        if meant is None:
            return
        found, reader = meant
        entered = found.entered_as != "partner"
        asked = found.dates if entered else await as_asked(session, found)
        dates = [date for date in asked if date.id not in known.dates]
        about = self._about(found, dates, reader, now=now)
        if about.having(*DECIDED):
            written = await send(session, event, "decision", about, decision(about), now=now)
        elif dates:
            words = acknowledgement(about, await others_asked(session, found))
            written = await send(session, event, "acknowledgement", about, words, now=now)
        else:
            written = False
        await tell(session, dates if written else (), known, now)
        if known.whole is None:
            await tell_whole(session, found.id, Whole.of(found, now))

    async def tell_later(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """A decision is told once it has stood for a minute."""
        due = Event(DECISION_DUE, event.happened_at, {"decision": event.id}, event.campus_id, event.booking_id)
        await record(session, due, not_before=event.happened_at + self.wait)

    async def tell_decision(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """What is approved or declined now and was not told, and what was decided about changes. Nothing while a later decision about the same booking waits:
        its letter tells it all."""
        known = await told(session, event.booking_id)
        meant = await read(session, event)
        if meant is None or await self._superseded(session, event, now):
            return
        found, reader = meant
        dates = news(found.dates, known, DECIDED)
        changes = of_decision(found, known, await _decisions(session, found))
        if not dates and not changes.says:
            return
        if found.free_until is not None and found.free_until <= now:
            found = replace(found, free_until=None)  # an earlier part was free to give back; that is over
        about = self._about(found, dates, reader, now=now)
        if await send(session, event, "decision", about, decision(about, changes), now=now):
            await tell(session, [*dates, *changes.dates], known, now)
            await tell_whole(session, found.id, whole_after(found, known, changes, now))

    async def tell_ending(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """At once: the dates that were withdrawn, cancelled, or lapsed, and were not told."""
        known = await told(session, event.booking_id)
        meant = await read(session, event)
        kind, state, write = ENDINGS[event.kind]
        dates = news(meant[0].dates, known, (state,)) if meant else []
        if meant and dates:
            found, reader = meant
            mine = event.actor_id is not None and event.actor_id == reader.person_id
            about = replace(self._about(found, dates, reader, now=now), by_requester=mine)
            if await send(session, event, kind, about, write(about), now=now):
                await tell(session, dates, known, now)

    async def tell_question(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """At once, unless it has been answered or settled meanwhile. A warning says it again."""
        meant = await read(session, event)
        if meant is None or meant[0].answer_by is None or seen(*meant).details is None:
            return
        (found, reader), due = meant, meant[0].answer_by
        asked = await remark_of(session, found.id, "staff", upto=event.happened_at)
        waiting = [date for date in found.dates if date.state in WAITING]
        about = self._about(found, waiting, reader, asked.text if asked else "", now=now)
        number = event.facts.get("warning")
        words = questions.warning(about, due, number) if number else questions.question(about, due)
        await send(session, event, "warning" if number else "question", about, words, now=now)

    async def tell_asker(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """The partner's answer, to whoever of the staff asked last and still decides there, while something waits; not to whoever wrote it down themselves."""
        found = await booking(session, whole().where(Booking.id == event.booking_id))
        asked = await remark_of(session, event.booking_id, "staff", upto=event.happened_at)
        answer = await remark_of(session, event.booking_id, "partner", upto=event.happened_at)
        if found is None or asked is None or answer is None or found.state != "requested":
            return
        reader = await viewer_of_person(session, asked.author_id)
        if reader is None or not reader.decides_at(found.campus_id) or answer.author_id == asked.author_id:
            return
        about = self._about(found, (), reader, answer.text, now=now)
        words = questions.answered(about, asker_of(found))
        await send(session, event, "answer", about, words, now=now)

    async def remind(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """The day before: judged once more, since the date may have been cancelled or moved after it fell due."""
        meant = await read(session, event)
        if meant is None:
            return
        found, reader = meant
        dates = [date for date in found.dates if date.state == "approved" and date.starts_at > now and _is(date, event)]
        if dates:
            about = self._about(found, dates, reader, now=now)
            await send(session, event, "reminder", about, reminder(about), now=now)

    def _about(
        self, found: BookingRow, dates: Sequence[DateRow], reader: Viewer, remark: str = "", *, now: datetime
    ) -> Occasion:
        return Occasion(found, dates, reader, self.base_url, now, remark=remark)

    async def _superseded(self, session: AsyncSession, event: Event, now: datetime) -> bool:
        later = select(EventRow.id).where(
            EventRow.booking_id == event.booking_id,
            EventRow.kind.in_(DECISIONS),
            EventRow.id > event.facts["decision"],
            EventRow.happened_at > now - self.wait,
        )
        return (await session.execute(later.limit(1))).first() is not None


async def _decisions(session: AsyncSession, found: BookingRow) -> Decisions:
    """Every decision about a booking with its time."""
    query = select(EventRow.happened_at, EventRow.facts)
    rows = await session.execute(query.where(EventRow.booking_id == found.id, EventRow.kind.in_(DECISIONS)))
    return [(at, facts) for at, facts in rows]


def _is(date: DateRow, event: Event) -> bool:
    """Whether a reminder is about that date, at the time that it has now: for another time it fell due in vain."""
    meant = event.facts.get("starts_at")
    return date.public_id == event.facts["occurrence"] and meant in (None, date.starts_at.isoformat())


async def as_asked(session: AsyncSession, found: BookingRow) -> list[DateRow]:
    """The dates as the request left them, those decided meanwhile too."""
    holds = await session.scalar(select(Campus.holds).where(Campus.id == found.campus_id))
    state = "held" if holds == "on_request" else "requested"
    return [
        date if date.state in (*WAITING, "skipped") else replace(date, state=state, reason=None, reasons=())
        for date in found.dates
    ]
