"""The listeners that tell of changes: made or asked for, taken back, and not decided in time. What was decided about one is told with the
decision (compose)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.present import speaks_for
from afterbell.bookings.queries import BookingRow
from afterbell.notices.change_words import changed, taken_back, too_late
from afterbell.notices.changes import Changes, Facts, of_act, of_taking_back, whole_after
from afterbell.notices.occasion import Occasion
from afterbell.notices.paper import Draft
from afterbell.notices.sending import read, send
from afterbell.notices.told import Known, tell, tell_whole, told
from afterbell.outbox.record import Event
from afterbell.people.access import viewer_of_person

News = Callable[[BookingRow, Known, Facts], Changes]
Words = Callable[[Occasion, Changes], Draft]


@dataclass(frozen=True)
class ChangeNotices:
    """The listeners, with the address that links begin with."""

    base_url: str

    async def tell_change(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """At once, one letter for the act: what is otherwise, and what waits."""
        await self._tell(session, event, (of_act, changed), now)

    async def tell_taken_back(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """At once; nothing when it was never told that something waits."""
        await self._tell(session, event, (of_taking_back, taken_back), now)

    async def tell_too_late(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """At once: nobody decided before the time of it came. Nothing when it was never told that something waits."""
        await self._tell(session, event, (of_taking_back, too_late), now)

    async def _tell(self, session: AsyncSession, event: Event, how: tuple[News, Words], now: datetime) -> None:
        known = await told(session, event.booking_id)
        meant = await read(session, event)
        if meant is None:
            return
        (found, reader), (news, words) = meant, how
        changes = news(found, known, event.facts)
        if not changes.says:
            return
        dates = changes.dates + [date for date in changes.asked if date not in changes.dates]
        mine = await _partner(session, event.actor_id, found)
        why = found.change_reason if event.facts.get("reason") else None
        about = replace(Occasion(found, dates, reader, self.base_url, now), by_requester=mine, remark=why or "")
        if await send(session, event, "change", about, words(about, changes), now=now):
            await tell(session, changes.dates, known, now, asked=changes.asked)
            await tell_whole(session, found.id, whole_after(found, known, changes, now))


async def _partner(session: AsyncSession, actor_id: int | None, found: BookingRow) -> bool:
    """Whether whoever did it speaks for the one who asked, as they are now; else it was the school."""
    actor = await viewer_of_person(session, actor_id) if actor_id is not None else None
    return actor is not None and speaks_for(found, actor)
