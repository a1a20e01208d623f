"""A search over many rooms: as few statements as over one, and what is needed is found however many smaller rooms there are."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings.pool import Need
from afterbell.bookings.search import search
from afterbell.database import Database
from afterbell.demo.places import HEADER
from afterbell.places.catalog import room, rooms_of
from afterbell.policy.ask import Wish
from tests.cast import OWL
from tests.conftest import District
from tests.ground.processes import afterbell
from tests.ground.statements import counted

NOW = datetime.now(UTC)
MANY = 305
ALL_SCHOOLS, ONE_ROOM = Need(1), Need(500, kind="gym")


def weekly(dates: int) -> Wish:
    starts = [datetime(2030, 1, 1, 18, tzinfo=UTC) + timedelta(weeks=week) for week in range(dates)]
    return Wish(
        [Date(start.replace(tzinfo=None), Span(start, start + timedelta(hours=2)), shifted=False) for start in starts],
        headcount=1,
        setup=timedelta(0),
        takedown=timedelta(0),
        rooms=(),
    )


async def asked(session: AsyncSession, need: Need, dates: int) -> tuple[int, int]:
    """How many rooms answered, in how many statements."""
    with counted() as statements:
        found = await search(session, need, weekly(dates), now=NOW, most=100)
    return len(found.answers), len(statements)


async def test_more_rooms_schools_and_dates_take_no_more_statements(district: District) -> None:
    database = Database(district.url)
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))  # SQLite's BEGIN is a statement of its own
        await asked(session, ALL_SCHOOLS, 1)  # rules are remembered once they were read
        few, many, long = [await asked(session, *each) for each in ((ONE_ROOM, 1), (ALL_SCHOOLS, 1), (ALL_SCHOOLS, 30))]
    await database.close()
    assert (few[0], many[0], long[0]) == (2, 79, 79)
    assert few[1] + 1 == many[1] == long[1], "one more where requests compete, who asked"
    assert long[1] <= 10


async def test_no_room_is_left_out_however_many_there_are(district: District, tmp_path: Path) -> None:
    """Only the best are told of, but all count; a word that merely looks like what is needed does not."""
    rows = [f'{OWL},closet-{number},"Closet {number}",other,10,,,,,' for number in range(MANY)]
    rows += [
        f'{OWL},odd-{number},"Odd {number}",other,10,{word},,,,' for number, word in enumerate(("sta_e", "stages"))
    ]
    file = tmp_path / "rooms.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n")
    assert afterbell(district.url, "import", "rooms", str(file)).returncode == 0
    needs = (
        Need(5, features=frozenset({"stage"})),
        Need(5, access=frozenset({"step_free"}), features=frozenset({"piano"})),
        Need(5),
    )
    database = Database(district.url)
    async with database.reading() as session:
        found = [await search(session, need, weekly(1), now=NOW) for need in needs]
    await database.close()
    slugs = [[each.room.slug for each in one.answers] for one in found]
    assert [sorted(each) for each in slugs[:2]] == [["auditorium", "auditorium", "mpr", "mpr"], ["auditorium"] * 2]
    assert [(one.fitting, len(one.answers)) for one in found] == [(4, 4), (2, 2), (79 + MANY + 2, 50)]


async def test_control_asking_room_by_room_is_seen_to_grow(district: District) -> None:
    database = Database(district.url)
    async with database.reading() as session:
        slugs: Sequence[str] = [each.slug for each in await rooms_of(session, OWL)]
        with counted() as statements:
            for slug in slugs:
                await room(session, f"{OWL}/{slug}")
    await database.close()
    assert len(statements) >= len(slugs) > 40
