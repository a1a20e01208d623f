"""The digest for those who decide: what waits for them, once a morning on days when the district works, in their language."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.closures import Closure
from afterbell.almanac.span import Span
from afterbell.bookings.lists import count_waiting
from afterbell.bookings.models import Booking
from afterbell.bookings.queries import bookings, decided_by, whole
from afterbell.database import Database, insert_or_skip, table
from afterbell.letters.post import Letter, post
from afterbell.notices.models import Digest
from afterbell.notices.waiting import Waiting, waiting
from afterbell.people.access import viewer_of_person
from afterbell.people.models import Role
from afterbell.places.models import ClosureRow, District
from afterbell.policy.business import is_business_day
from afterbell.policy.projection import DECIDERS, Viewer

MORNING = time(8)
BATCH = 50
MOST = 10
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Morning:
    """A wall day of the district on which digests are due, and when it ends."""

    day: date
    ends: datetime


async def send_digests(database: Database, *, base_url: str, now: datetime) -> int:
    """Looks after at most fifty people who decide somewhere and whose day has not been looked after, each in a transaction of its own; answers how many.
    Whoever has nothing waiting at that moment gets no letter that day, whatever arrives later."""
    async with database.reading() as session:
        morning = await _morning(session, now)
        if morning is None:
            return 0
        people = await _owed(session, morning.day)
    for person_id in people:
        async with database.writing() as session:
            await _look_after(session, person_id, morning, base_url=base_url, now=now)
    return len(people)


async def _morning(session: AsyncSession, now: datetime) -> Morning | None:
    """From eight o'clock on a business day; campuses that close alone do not count, since approvers read at home too."""
    zone = await session.scalar(select(District.time_zone))
    if zone is None:
        return None
    there = now.astimezone(ZoneInfo(zone))
    begins, ends = (datetime.combine(there.date() + timedelta(days=n), time(), ZoneInfo(zone)) for n in (0, 1))
    shut = select(ClosureRow.starts_at, ClosureRow.ends_at, ClosureRow.reason).where(
        ClosureRow.campus_id.is_(None), ClosureRow.starts_at < ends, ClosureRow.ends_at > begins
    )
    closures = [Closure(Span(row[0], row[1]), row[2]) for row in await session.execute(shut)]
    if there.time() < MORNING or not is_business_day(there.date(), closures, zone):
        return None
    return Morning(there.date(), ends)


async def _owed(session: AsyncSession, day: date) -> list[int]:
    done = select(Digest.person_id).where(Digest.person_id == Role.person_id, Digest.day == day)
    deciding = select(Role.person_id).where(Role.role.in_(DECIDERS), ~done.exists()).distinct()
    return list((await session.scalars(deciding.order_by(Role.person_id).limit(BATCH))).all())


async def _look_after(session: AsyncSession, person_id: int, morning: Morning, *, base_url: str, now: datetime) -> None:
    """Two workers at once write one letter: its identity is the person's and the day's."""
    await session.execute(delete(Digest).where(Digest.person_id == person_id, Digest.day < morning.day - KEPT))
    await insert_or_skip(session, table(Digest), [{"person_id": person_id, "day": morning.day}])
    reader = await viewer_of_person(session, person_id)
    found = await _waiting(session, reader, base_url, now) if reader else None
    if reader is None or found is None:
        return
    words = waiting(found)
    letter = Letter(
        identity=f"digest:{morning.day}:{person_id}",
        kind="digest",
        recipient=reader.email,
        language=words.language,
        subject=words.subject,
        text=words.text(),
        html=words.html(),
        person_id=person_id,
        until=morning.ends,
    )
    await post(session, letter, base_url=base_url, now=now)


async def _waiting(session: AsyncSession, reader: Viewer, base_url: str, now: datetime) -> Waiting | None:
    """What waits for their decision, less what the partner has to answer; None when nothing does."""
    count = await count_waiting(session, reader)
    if not count:
        return None
    mine = (decided_by(reader), Booking.answer_by.is_(None))
    due = case((Booking.state == "requested", Booking.decide_by), else_=Booking.change_by)
    late = await session.scalar(select(func.count(Booking.id)).where(*mine, due < now)) or 0
    soonest = await bookings(session, whole().where(*mine).order_by(due, Booking.id).limit(MOST))
    return Waiting(reader, soonest, count, late, base_url, now)
