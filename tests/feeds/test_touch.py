"""Which changes touch which campuses' calendars: the marks by which one process learns what another did."""

from datetime import UTC, datetime, timedelta

from afterbell.almanac.span import Span
from afterbell.bookings import events
from afterbell.database import Database
from afterbell.feeds.marks import mark_of
from afterbell.feeds.touch import touch_all, touch_feeds
from afterbell.outbox.record import ANNOUNCED, Event
from afterbell.places.calendars import CLOSED, close
from afterbell.subscribers import subscribers
from tests.conftest import District
from tests.ground import sql

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


async def versions(database: Database) -> list[int]:
    """The marks of the first two campuses and of all together."""
    async with database.reading() as session:
        return [(await mark_of(session, campus)).version for campus in (1, 2, None)]


async def test_a_booking_touches_its_campus_and_a_closure_of_the_district_all(district: District) -> None:
    database = Database(district.url)
    campuses = (await sql.rows(district.url, "SELECT count(*) FROM campuses"))[0][0]
    start = await versions(database)
    for event in (Event(events.APPROVED, LATER, {}, 1), Event(CLOSED, NOW, {}, None)):
        async with database.writing() as session:
            await touch_feeds(session, event, NOW)
    touched = await versions(database)
    async with database.writing() as session:
        await touch_all(session, now=NOW)
    imported = await versions(database)
    async with database.reading() as session:
        times = [(await mark_of(session, campus)).changed_at for campus in (1, 2, None)]
    await database.close()
    assert [after - before for before, after in zip(start, touched, strict=True)] == [2, 1, 1 + campuses]
    assert [after - before for before, after in zip(touched, imported, strict=True)] == [1, 1, campuses]
    assert times == [LATER, NOW, LATER], "a mark's time never falls"


async def test_a_closure_is_announced_with_its_campus(district: District) -> None:
    database = Database(district.url)
    async with database.writing() as session:
        made = await close(session, 2, Span(NOW, LATER), "Inspection", now=NOW)
        announced = session.info[ANNOUNCED]
    await database.close()
    assert announced == [Event(CLOSED, NOW, {"closure": made}, 2)]


def test_whatever_changes_a_date_touches() -> None:
    """A question and its answer change no date, and a warning none."""
    silent = {events.QUESTIONED, events.ANSWERED, events.HOLD_WARNED}
    table = subscribers("https://afterbell.example")
    touching = {kind for kind, listeners in table.items() if "feeds.touch" in {name for name, _ in listeners}}
    assert touching >= (set(events.KINDS) - silent) | {CLOSED}
