"""A weekly series at the school that never closes, asked for, approved and cancelled through the acts, and the reminders that stand for it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from afterbell import clock
from afterbell.almanac.recurrence import Repeat
from afterbell.bookings import events
from afterbell.bookings.cancel import cancel
from afterbell.bookings.change import change_booking
from afterbell.bookings.decide import Part, approve, decline
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.request import request_booking
from afterbell.bookings.take_back import take_back
from afterbell.database import Database
from afterbell.outbox.record import Event
from afterbell.people.access import viewer_of_person
from afterbell.people.join import person_of
from afterbell.policy.altering import Alteration
from afterbell.policy.ask import Ask
from afterbell.policy.projection import Viewer
from afterbell.reminders.plan import plan_reminders
from tests.conftest import District
from tests.ground.sql import rows

THERE = ZoneInfo("America/Los_Angeles")
WEEK = timedelta(days=7)
# So late that every date lies ahead, and so early that the request was in time.
ASKED = clock.now()
STANDING = """SELECT o.original_start, r.state FROM reminders r JOIN occurrences o ON o.id = r.occurrence_id
WHERE o.booking_id = {id} ORDER BY o.original_start"""


@dataclass
class Series:
    """A booking of Dr Lin's clinic, and what may be done to it."""

    database: Database
    url: str
    booking: BookingRow
    lin: Viewer
    becker: Viewer

    async def approve(self, *weeks: int, now: datetime) -> None:
        """By the facilities staff, the dates of those weeks while the others wait, or with none everything."""
        part = Part([self.booking.dates[week].public_id for week in weeks], "waiting") if weeks else None
        async with self.database.writing() as session:
            await approve(session, self.booking.reference, by=self.becker, now=now, part=part)

    async def cancel(self, *weeks: int, now: datetime) -> None:
        """By the clinic: the dates of those weeks, counted from 0."""
        names = [self.booking.dates[week].public_id for week in weeks]
        async with self.database.writing() as session:
            await cancel(session, self.booking.reference, "Enough", by=self.lin, now=now, names=names)

    async def change(self, *, now: datetime, by: Viewer | None = None, **wanted: Any) -> None:
        """By the clinic unless somebody else does it: an Alteration's fields."""
        async with self.database.writing() as session:
            await change_booking(session, self.booking.reference, Alteration(**wanted), by=by or self.lin, now=now)

    async def move(self, week: int, hours: float, *, now: datetime, by: Viewer | None = None) -> None:
        """That date alone, so many hours later than it was first asked for."""
        date = self.booking.dates[week]
        starts = date.original_start + timedelta(hours=hours)
        wanted = {"scope": "this", "occurrence": date.public_id, "starts": starts, "ends": starts + timedelta(hours=2)}
        await self.change(now=now, by=by, **wanted)

    async def take_back(self, *, now: datetime) -> None:
        """Whatever waits to be changed, by the clinic."""
        async with self.database.writing() as session:
            await take_back(session, self.booking.reference, by=self.lin, now=now)

    async def decline(self, reason: str, *weeks: int, now: datetime) -> None:
        """By the facilities staff, the dates of those weeks, or with none everything."""
        names = [self.booking.dates[week].public_id for week in weeks] or None
        async with self.database.writing() as session:
            await decline(session, self.booking.reference, reason, by=self.becker, now=now, names=names)

    async def plan(self, *, now: datetime) -> None:
        """As the relay does for any event about the booking."""
        event = Event(events.APPROVED, now, {}, self.booking.campus_id, self.booking.id, self.lin.person_id, 1)
        async with self.database.writing() as session:
            await plan_reminders(session, event, now)

    def eve(self, week: int, hour: int = 10, *, moved: int = 0) -> datetime:
        """That hour at the school on the day before a date, or before so many days later."""
        before = self.booking.dates[week].starts_at.astimezone(THERE).date() + timedelta(days=moved - 1)
        return datetime.combine(before, time(hour), THERE).astimezone(UTC)

    async def states(self) -> Sequence[str]:
        """What became of each date's reminder, in order of dates."""
        return [state for _, state in await rows(self.url, STANDING.format(id=self.booking.id))]

    async def due(self) -> Sequence[datetime]:
        """When each is due, planned or not."""
        found = await rows(self.url, "SELECT due_at FROM reminders ORDER BY due_at")
        return [datetime.fromisoformat(str(row[0])).replace(tzinfo=UTC) for row in found]


@asynccontextmanager
async def series(district: District, weeks: int, hall: str = "hall-5") -> AsyncIterator[Series]:
    """Asked for now, from ten weeks on, 18:00 to 20:00; nothing is approved yet."""
    database = Database(district.url)
    first = datetime.combine(ASKED.astimezone(THERE).date() + 10 * WEEK, time(18))
    ask = Ask(
        organization="eastside-community-clinic",
        title="Clinic",
        activity="community-clinic",
        rooms=[f"night-owl-high/{hall}"],
        starts=first,
        ends=first + timedelta(hours=2),
        headcount=10,
        repeat=Repeat(f"FREQ=WEEKLY;COUNT={weeks}"),
    )
    try:
        async with database.writing() as session:
            people = [await person_of(session, email) for email in ("lin@clinic.example", "becker@district.example")]
            lin, becker = [viewer for id_ in people if id_ and (viewer := await viewer_of_person(session, id_))]
            booking = await request_booking(session, ask, by=lin, now=ASKED)
        yield Series(database, district.url, booking, lin, becker)
    finally:
        await database.close()
