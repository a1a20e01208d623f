"""Many requests at once, made by the act itself in this process, for lists that must be long."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.almanac.recurrence import Repeat
from afterbell.bookings.request import request_booking
from afterbell.database import Database
from afterbell.people.access import viewer_of_person
from afterbell.people.models import Person
from afterbell.policy.ask import Ask
from afterbell.policy.projection import Viewer
from tests.cast import OWL
from tests.stories.asks import CLINIC, day

HALLS = 38


async def viewer(session: AsyncSession, email: str) -> Viewer:
    """Somebody of the cast as they are now."""
    found = await viewer_of_person(session, (await session.scalar(select(Person.id).where(Person.email == email))) or 0)
    assert found is not None, email
    return found


async def ask_for(database: Database, numbers: Iterable[int]) -> list[str]:
    """Dr Lin's "Request 0", "Request 1" ...: three Tuesdays each, every one in a hall and a week of its own; their references."""
    async with database.writing() as session:
        lin = await viewer(session, "lin@clinic.example")
        return [await _one(session, lin, number) for number in numbers]


async def _one(session: AsyncSession, by: Viewer, number: int) -> str:
    starts = datetime.combine(day() + timedelta(weeks=3 * (number // HALLS)), time(15))
    ask = Ask(
        organization=CLINIC,
        title=f"Request {number}",
        activity="vaccination",
        rooms=[f"{OWL}/hall-{2 + number % HALLS}"],
        starts=starts,
        ends=starts + timedelta(hours=1),
        headcount=5,
        repeat=Repeat("FREQ=WEEKLY;COUNT=3"),
    )
    return (await request_booking(session, ask, by=by, now=clock.now())).reference
