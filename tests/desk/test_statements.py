"""The inbox and the count in the bar take no more statements for many requests than for one; who decides nothing costs none."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.lists import count_waiting, own_bookings
from afterbell.database import Database
from afterbell.desk.inbox import Wanted, open_inbox
from tests.conftest import District
from tests.ground.statements import counted
from tests.stories.many import ask_for, viewer

MANY, LISTED = 103, 100


async def figures(session: AsyncSession) -> list[tuple[int, int]]:
    """How much was found, in how many statements: the inbox, the count, a partner's own bookings, the count of somebody who decides nothing."""
    await session.execute(text("SELECT 1"))  # SQLite's BEGIN is a statement of its own
    lin, becker, castillo = [
        await viewer(session, email)
        for email in ("lin@clinic.example", "becker@district.example", "castillo@district.example")
    ]
    found = []
    with counted() as statements:
        inbox = await open_inbox(session, becker, Wanted(), "en", now=clock.now())
    assert inbox is not None
    found.append((len(inbox.entries), len(statements)))
    with counted() as statements:
        waiting = await count_waiting(session, becker)
    found.append((waiting, len(statements)))
    with counted() as statements:
        mine = await own_bookings(session, lin)
    found.append((sum(row.title.startswith("Request") for row in mine), len(statements)))
    with counted() as statements:
        none = await count_waiting(session, castillo)
    found.append((none, len(statements)))
    return found


async def test_many_requests_take_no_more_statements_than_one(district: District) -> None:
    """Also: one that waits further down than the list reaches is shown to whoever has its address."""
    database = Database(district.url)
    measured = []
    for numbers in (range(1), range(1, MANY)):
        references = await ask_for(database, numbers)
        async with database.reading() as session:
            await figures(session)  # a process reads the rules but once
            measured.append(await figures(session))
    async with database.reading() as session:
        becker = await viewer(session, "becker@district.example")
        last = await open_inbox(session, becker, Wanted(references[-1]), "en", now=clock.now())
    await database.close()
    one, many = measured
    assert [found for found, _ in one] == [1, 1, 1, 0]
    assert [found for found, _ in many] == [LISTED, MANY, LISTED, 0]
    assert [statements for _, statements in one] == [statements for _, statements in many] == [9, 1, 2, 0]
    assert last is not None
    assert last.pane is not None
    assert (last.pane.title, last.pane.row.reference in {each.reference for each in last.entries}) == (
        f"Request {MANY - 1}",
        False,
    )
