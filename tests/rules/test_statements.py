"""A request costs no statement for its rules while they stay as they are; after a change it costs one, once."""

from datetime import date, timedelta

import msgspec

from afterbell import clock
from afterbell.bookings.forms import BookingForm, as_ask
from afterbell.bookings.request import request_booking
from afterbell.database import Database
from afterbell.people.access import viewer_of_token
from afterbell.rules.setting import Wanted, find_where, set_rule
from tests.cast import OWL
from tests.conftest import District
from tests.ground.statements import counted
from tests.stories.asks import HALL, ask, day, today, token


async def spent(district: District, database: Database, week: int) -> int:
    """How many statements one request takes."""
    body = ask(day() + timedelta(weeks=week), rooms=[HALL])
    async with database.writing() as session:
        lin = await viewer_of_token(session, token(district, "lin"), now=clock.now())
        assert lin is not None
        with counted() as statements:
            await request_booking(
                session, as_ask(msgspec.convert(body, BookingForm), whole=True), by=lin, now=clock.now()
            )
    return len(statements)


async def ruled(district: District, database: Database, name: str, on: date) -> None:
    """Sets a rule of the campus that changes nothing."""
    async with database.writing() as session:
        admin = await viewer_of_token(session, token(district, "whitfield"), now=clock.now())
        assert admin is not None
        where = await find_where(session, OWL, None)
        await set_rule(session, Wanted(name, {}, on), where, by=admin, now=clock.now())


async def test_a_request_reads_the_rules_only_after_they_changed(district: District) -> None:
    database = Database(district.url)
    first, second = [await spent(district, database, week) for week in (0, 1)]
    await ruled(district, database, "lengths", today())
    after, again = [await spent(district, database, week) for week in (2, 3)]
    await database.close()
    assert (first - second, after - second, again) == (1, 1, second)
