"""The first letter about a program: one for the whole submission, in place of one for each of its bookings. Decisions are told by their own letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.announced import of_program_announced
from afterbell.bookings.models import Booking, Program
from afterbell.bookings.queries import bookings, whole
from afterbell.bookings.recipient import recipient_of
from afterbell.bookings.rivals import others_asked
from afterbell.letters.post import Letter, post, posted
from afterbell.notices.acknowledgement import asked_for
from afterbell.notices.compose import as_asked
from afterbell.notices.occasion import Occasion
from afterbell.notices.paper import Draft
from afterbell.notices.told import Known, Whole, tell, tell_whole, told
from afterbell.outbox.record import Event
from afterbell.web.words import say, say_many


@dataclass(frozen=True)
class ProgramNotices:
    """The listener, with the address that links begin with."""

    base_url: str

    async def tell_submission(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """At once, one letter to each who reads about some of its bookings, mostly one in all; of dates that no letter has told yet."""
        query = whole().where(Booking.id.in_(event.facts["bookings"])).order_by(Booking.id)
        readers: dict[str, list[Occasion]] = {}
        all_known: dict[int, Known] = {}
        for row in await bookings(session, query):
            all_known[row.id] = known = await told(session, row.id)
            reader = await recipient_of(session, row)
            dates = [date for date in await as_asked(session, row) if date.id not in known.dates]
            if reader is not None and dates:
                about = Occasion(row, dates, reader, self.base_url, now)
                readers.setdefault(reader.email, []).append(about)
        slug = event.facts["program"]
        columns = select(Program.name, of_program_announced())
        name, announced = (await session.execute(columns.where(Program.slug == slug))).one()
        feed = f"{self.base_url}/calendars/programs/{slug}.ics" if announced else None
        for several in readers.values():
            draft = await submission(session, name, several, self.base_url)
            if feed:
                draft.link(say("Calendar of {name}", draft.language, name=name), feed)
            letter = _letter(event, several, draft)
            if await posted(session, letter, base_url=self.base_url):
                continue
            await post(session, letter, base_url=self.base_url, now=now)
            for about in several:
                await tell(session, about.dates, all_known[about.booking.id], now)
                await tell_whole(session, about.booking.id, Whole.of(about.booking, now))


async def submission(session: AsyncSession, name: str, several: Sequence[Occasion], base_url: str) -> Draft:
    """The words: each booking with its reference and every date, who decides and by when."""
    first, language = several[0], several[0].language
    draft = first.draft(say("We have your requests for {program}", language, program=name))
    draft.say(
        say_many(
            "Your request for {program} has arrived.",
            "Your {count} requests for {program} have arrived.",
            len(several),
            language,
            program=name,
        )
    )
    for about in several:
        reference, title, place = about.booking.reference, about.title, about.place()
        draft.say(say("{reference}: {title}, {place}", language, reference=reference, title=title, place=place))
        asked_for(draft, about, await others_asked(session, about.booking))
        draft.say(say("The school's site approver decides by {due}.", language, due=about.on(about.booking.decide_by)))
    draft.say(say("You need not do anything until then. Each decision comes in a letter of its own.", language))
    if first.signs_in:
        draft.link(say("See or withdraw the requests", language), f"{base_url}/bookings")
    return draft


def _letter(event: Event, several: Sequence[Occasion], draft: Draft) -> Letter:
    """The same event writes the same letter however often it is handed out. A letter about several campuses is of none: staff of one may not read it."""
    reader, campuses = several[0].reader, {about.booking.campus_id for about in several}
    return Letter(
        identity=f"submission:{event.id}:{reader.person_id or reader.email}",
        kind="acknowledgement",
        recipient=reader.email,
        language=draft.language,
        subject=draft.subject,
        text=draft.text(),
        html=draft.html(),
        person_id=reader.person_id,
        campus_id=campuses.pop() if len(campuses) == 1 else None,
    )
