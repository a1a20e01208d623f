"""One lease for everything: rows are one holder's until it runs out, oldest first, never two holders' at once."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from afterbell.database import Database
from afterbell.outbox.lease import Lease, lease, renewed
from afterbell.outbox.models import EventRow
from tests.conftest import Ground
from tests.ground.patience import until
from tests.ground.sql import rows
from tests.outbox.events import NOW, announce, opened

SECOND = timedelta(seconds=1)


async def leased(database: Database, most: int, *, at: datetime = NOW) -> Sequence[int]:
    """The ids that a new holder gets for two seconds."""
    async with database.writing() as session:
        held = await lease(session, EventRow, EventRow.handled_at.is_(None), most=most, seconds=2, now=at)
    return held.ids


async def test_a_row_is_held_until_its_lease_runs_out(migrated: Ground) -> None:
    async with opened(migrated) as database:
        await announce(database, "a", "b", "c")
        first = await leased(database, 2)
        others = [await leased(database, 2, at=NOW + seconds * SECOND) for seconds in (0, 1, 2)]
    assert (first, others) == ([1, 2], [[3], [], [1, 2]])


async def test_the_oldest_come_first_and_none_before_its_time(migrated: Ground) -> None:
    async with opened(migrated) as database:
        for seconds in (0, -5, 3, -9):
            await announce(database, "a", at=NOW + seconds * SECOND)
        order = [await leased(database, 1) for _ in range(4)]
    assert order == [[4], [2], [1], []]


async def test_many_holders_at_once_get_distinct_rows_and_all_of_them(migrated: Ground) -> None:
    async with opened(migrated) as first, opened(migrated) as second:
        await announce(first, *["a"] * 200)
        taken = await asyncio.gather(*(leased(database, 30) for database in [first, second] * 4))
        rest = await leased(first, 200)
    found = [id_ for ids in [*taken, rest] for id_ in ids]
    assert (len(found), sorted(found)) == (200, list(range(1, 201)))


async def test_each_holder_has_a_token_of_its_own(migrated: Ground) -> None:
    async with opened(migrated) as database:
        await announce(database, "a", "b")
        await leased(database, 1)
        await leased(database, 1)
    tokens = await rows(migrated.url, "SELECT lease FROM events")
    assert (len(set(tokens)), all(len(token) == 16 for (token,) in tokens)) == (2, True)


async def until_of(ground: Ground) -> object:
    return (await rows(ground.url, "SELECT leased_until FROM events"))[0][0]


async def waited(ground: Ground, token: str | None) -> bool:
    """Whether the lease that a holder took for one second was renewed while it worked; with a token, another took the row meanwhile."""
    async with opened(ground) as database:
        await announce(database, "a")
        async with database.writing() as session:
            held = await lease(session, EventRow, EventRow.handled_at.is_(None), most=1, seconds=1, now=NOW)
        before = await until_of(ground)
        mine = Lease(token or held.token, held.ids)
        async with renewed(database, EventRow, mine, seconds=1, now=NOW):
            return await until(lambda: changed(ground, before), 3)


async def changed(ground: Ground, before: object) -> bool:
    return await until_of(ground) != before


async def test_a_lease_is_renewed_while_its_holder_works(migrated: Ground) -> None:
    assert await waited(migrated, None) is True


async def test_control_a_holder_that_lost_it_renews_nothing(migrated: Ground) -> None:
    assert await waited(migrated, "another's") is False
