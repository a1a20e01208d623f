"""A preview takes no more statements for many odd dates than for one, and none more for dates that can be had."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.almanac.recurrence import Repeat
from afterbell.bookings.outlook import MOST_ODD, ways_out
from afterbell.bookings.request import preview, request_booking
from afterbell.database import Database
from afterbell.policy.ask import Ask
from tests.conftest import District
from tests.ground.statements import counted
from tests.stories.asks import CLINIC, HALL, day, wall
from tests.stories.many import viewer

STARTS, ENDS = (datetime.fromisoformat(wall(day(), hour)) for hour in (16, 18))
ASK = Ask(CLINIC, "T", "community-clinic", [HALL], STARTS, ENDS, 20)


async def figures(session: AsyncSession, ask: Ask) -> tuple[int, int, int]:
    """Dates with ways out, ways in all, and statements for them."""
    lin, now = await viewer(session, "lin@clinic.example"), clock.now()
    found = await preview(session, ask, by=lin, now=now)
    with counted() as statements:
        ways = await ways_out(session, found, now=now)
    return len(ways), sum(map(len, ways.values())), len(statements)


async def test_ways_out_take_three_statements_however_many_dates_are_odd(district: District) -> None:
    daily = replace(ASK, repeat=Repeat("FREQ=DAILY;COUNT=80"))
    late = replace(ASK, starts=STARTS.replace(hour=20), ends=ENDS.replace(hour=22))
    database = Database(district.url)
    async with database.writing() as session:
        lin = await viewer(session, "lin@clinic.example")
        await request_booking(session, daily, by=lin, now=clock.now())
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))
        found = [await figures(session, ask) for ask in (late, ASK, daily)]
    await database.close()
    assert found == [(0, 0, 0), (1, 3, 3), (MOST_ODD, 3 * MOST_ODD, 3)]
