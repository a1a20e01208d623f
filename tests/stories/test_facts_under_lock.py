"""Facts are read under the lock: a school that closes while a request or an approval waits for its turn is closed for it too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import httpx2
import pytest

from afterbell import clock
from afterbell.almanac.closures import days
from afterbell.database import Database
from afterbell.places.calendars import close
from tests.cast import OWL, ZONE
from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import Server
from tests.ground.tamper import unlocked
from tests.stories.asks import HALL, ask, caller, day, wall
from tests.stories.standing import WELL, examined, instant

pytestmark = [pytest.mark.story, pytest.mark.race]

WHY = "Gas leak"
CAMPUS = f"SELECT id FROM campuses WHERE slug = '{OWL}'"
STATES = f"SELECT state FROM bookings WHERE campus_id = ({CAMPUS}) ORDER BY id"
BEFORE = [("approved",), ("approved",)]
on_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


@asynccontextmanager
async def closing(url: str) -> AsyncIterator[sql.Held]:
    """A transaction that is about to close the school: it holds the lock that closures take, and nothing else yet."""
    async with sql.held(url) as transaction:
        if not url.startswith("sqlite"):
            await transaction.tell(f"{CAMPUS} FOR NO KEY UPDATE")
        yield transaction


def closure(url: str, on: date) -> str:
    """The school is closed on one day."""
    span = days(on, on + timedelta(days=1), ZONE)
    return (
        "INSERT INTO closures (public_id, campus_id, starts_at, ends_at, reason) SELECT 'closed', id, "
        f"{sql.moment(url, span.starts_at)}, {sql.moment(url, span.ends_at)}, '{WHY}' FROM campuses WHERE slug = '{OWL}'"
    )


async def until_it_waits(district: District, asked: asyncio.Task[httpx2.Response], other: httpx2.AsyncClient) -> None:
    """PostgreSQL shows who waits. On SQLite nothing does, so later calls that need all that this one needs but the lock are answered first."""
    if district.engine == "postgresql":
        await sql.until_blocked(district.url)
    else:
        for _ in range(5):
            assert (await other.get("/api/v1/bookings")).status_code == 200
    assert not asked.done()


def refusals(answer: httpx2.Response) -> tuple[int, list[dict[str, Any]]]:
    """The status and the whole reasons."""
    return answer.status_code, answer.json()["reasons"]


def closed(on: date) -> tuple[int, list[dict[str, Any]]]:
    """What a request for that evening is told."""
    message = f"The school is closed that day: {WHY}. Leave this date out or choose another."
    reason = {
        "code": "closed",
        "severity": "refuse",
        "message": message,
        "policy": "closures",
        "occurrence": wall(on, 18),
    }
    return 409, [reason]


async def test_a_request_that_waited_while_the_school_closed_is_refused(district: District) -> None:
    on = day(ahead=40)
    body = ask(on, 18, rooms=[HALL])
    async with Server(district.url) as server, caller(server.base_url, district, "lin") as lin:
        before = await lin.post("/api/v1/bookings/preview", json=body)
        async with closing(district.url) as transaction:
            asked = asyncio.create_task(lin.post("/api/v1/bookings", json=body))
            await until_it_waits(district, asked, lin)
            await transaction.tell(closure(district.url, on))
            await transaction.commit()
            answer = await asked
    assert before.json()["verdict"] == {"allowed": True, "reasons": []}
    assert refusals(answer) == closed(on)
    assert await sql.rows(district.url, STATES) == BEFORE


async def test_control_the_same_request_waits_and_passes_when_another_day_closes(district: District) -> None:
    """It had been asked before the commit, by the server's own clock, and was answered after it."""
    on = day(ahead=40)
    async with (
        Server(district.url) as server,
        caller(server.base_url, district, "lin") as lin,
        closing(district.url) as transaction,
    ):
        asked = asyncio.create_task(lin.post("/api/v1/bookings", json=ask(on, 18, rooms=[HALL])))
        await until_it_waits(district, asked, lin)
        await transaction.tell(closure(district.url, on + timedelta(days=1)))
        committed = clock.now()
        await transaction.commit()
        answer = await asked
    ((requested_at,),) = await sql.rows(
        district.url, f"SELECT requested_at FROM bookings WHERE reference = '{answer.json()['reference']}'"
    )
    assert answer.status_code == 201
    assert instant(requested_at) < committed


@on_postgresql
async def test_control_without_the_lock_on_the_campus_a_closed_day_is_booked(district: District) -> None:
    on = day(ahead=40)
    await sql.tell(district.url, *unlocked("campuses"))
    async with (
        Server(district.url) as server,
        caller(server.base_url, district, "lin") as lin,
        sql.held(district.url) as transaction,
    ):
        await transaction.tell(f"{CAMPUS.replace('campuses', 'campuses_behind')} FOR NO KEY UPDATE")
        await transaction.tell(closure(district.url, on))
        answer = await lin.post("/api/v1/bookings", json=ask(on, 18, rooms=[HALL]))
        await transaction.commit()
    assert answer.status_code == 201


@on_postgresql
async def test_a_request_at_another_school_is_not_held_up(district: District) -> None:
    async with Server(district.url) as server, caller(server.base_url, district, "lin") as lin, closing(district.url):
        answer = await lin.post("/api/v1/bookings", json=ask(day(ahead=40)))
    assert answer.status_code == 201


async def test_the_act_of_closing_takes_that_lock_itself(district: District) -> None:
    on = day(ahead=40)
    database = Database(district.url)
    ((campus,),) = await sql.rows(district.url, CAMPUS)
    async with Server(district.url) as server, caller(server.base_url, district, "lin") as lin:
        async with database.writing() as session:
            await close(session, campus, days(on, on + timedelta(days=1), ZONE), WHY, now=clock.now())
            asked = asyncio.create_task(lin.post("/api/v1/bookings", json=ask(on, 18, rooms=[HALL])))
            await until_it_waits(district, asked, lin)
        answer = await asked
    await database.close()
    assert refusals(answer) == closed(on)


async def test_an_approval_that_waited_while_the_school_closed_is_refused_and_the_hold_stays(
    district: District,
) -> None:
    on = day(ahead=40)
    async with (
        Server(district.url) as server,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "becker") as becker,
    ):
        booked = await lin.post("/api/v1/bookings", json=ask(on, 18, rooms=[HALL]))
        approval = f"/api/v1/bookings/{booked.json()['reference']}/approval"
        async with closing(district.url) as transaction:
            asked = asyncio.create_task(becker.post(approval, json={}))
            await until_it_waits(district, asked, becker)
            await transaction.tell(closure(district.url, on))
            await transaction.commit()
            answer = await asked
        after = await lin.get(booked.headers["Location"])
    assert refusals(answer) == closed(on)
    assert after.json() == booked.json()
    assert examined(district.url) == WELL


@on_postgresql
async def test_control_without_the_lock_on_the_campus_a_closed_day_is_approved(district: District) -> None:
    on = day(ahead=40)
    await sql.tell(district.url, *unlocked("campuses"))
    async with (
        Server(district.url) as server,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "becker") as becker,
    ):
        booked = await lin.post("/api/v1/bookings", json=ask(on, 18, rooms=[HALL]))
        async with sql.held(district.url) as transaction:
            await transaction.tell(f"{CAMPUS.replace('campuses', 'campuses_behind')} FOR NO KEY UPDATE")
            await transaction.tell(closure(district.url, on))
            answer = await becker.post(f"/api/v1/bookings/{booked.json()['reference']}/approval", json={})
            await transaction.commit()
    assert answer.status_code == 200
