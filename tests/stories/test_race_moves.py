"""Moves at a barrier: against a request, against another move, crosswise, and against an approval. A time has one holder, nobody loses what he had for a time
that he did not get, and whoever acts on a version that is gone is told so."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import Server
from tests.ground.racers import Answer, Entry, race
from tests.ground.tally import share, told
from tests.ground.tamper import DROPPED_GUARD, unlocked
from tests.stories.asks import ask, day, token, wall
from tests.stories.crowd import DEADLOCKS
from tests.stories.deciding import Caller, entry, people, standing
from tests.stories.gate import together
from tests.stories.racing import SEED, hall
from tests.stories.standing import WELL, examined, overlaps

pytestmark = [pytest.mark.story, pytest.mark.race]

WEDNESDAY = 2
ROUNDS = share(soak=20, test=4)
THEATRE: dict[str, Any] = {"organization": "figueroa-youth-theatre", "title": "Rehearsal", "activity": "performance"}
ROOM = hall("hall-2")
postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


@dataclass
class Ring:
    """Where they race: the server, the three people, and the answers of the race that is under way; `day` is one that nobody has used."""

    district: District
    server: Server
    lin: Caller
    sam: Caller
    becker: Caller
    every: list[Answer] = field(default_factory=list)
    days: Iterator[date] = field(default_factory=lambda: open_days(day(ahead=40)))

    async def two(self, on: date) -> tuple[dict[str, Any], dict[str, Any]]:
        """A booking of either, at the first and at the second time."""
        one = await self.lin.asks(rooms=ROOM, **slot(on, 0))
        return one, await self.sam.asks(rooms=ROOM, **slot(on, 1), **THEATRE)

    def move(self, name: str, booking: dict[str, Any], to: dict[str, Any]) -> Entry:
        """A racer who moves a booking of the version that was answered."""
        path, tag = f"/api/v1/bookings/{booking['reference']}", f'"{booking["version"]}"'
        return Entry(self.server.base_url, path, to, token(self.district, name), "PATCH", {"If-Match": tag})

    def act(self, name: str, booking: dict[str, Any], act: str) -> Entry:
        """A racer who does something else about it."""
        return entry(self.server, self.district, name, booking["reference"], act)

    async def race(self, *entries: Entry) -> list[int]:
        """What they are answered."""
        answers = await race(entries)
        self.every += answers
        return [answer.status for answer in answers]

    async def moved(self, *bookings: dict[str, Any]) -> list[bool]:
        """Whether each is at another time than it was."""
        now = [await self.becker.sees(each["reference"]) for each in bookings]
        times = zip(bookings, now, strict=True)
        return [was["occurrences"][0]["starts_at"] != is_["occurrences"][0]["starts_at"] for was, is_ in times]


def open_days(first: date) -> Iterator[date]:
    """Days on which nobody has anything, without Wednesdays: on one of these the cast's district is closed."""
    days = (first + timedelta(days=n) for n in range(135))
    return (on for on in days if on.weekday() != WEDNESDAY)


def slot(on: date, number: int) -> dict[str, Any]:
    """One of three times of a day, as a request and a change name them."""
    hour = 8 + 4 * number
    return {"starts_at": wall(on, hour), "ends_at": wall(on, hour + 2)}


async def move_against_request(ring: Ring, on: date) -> None:
    """The same time: one gets it."""
    mine = await ring.lin.asks(rooms=ROOM, **slot(on, 0))
    wish = ask(rooms=ROOM, **slot(on, 2), **THEATRE)
    asks = Entry(ring.server.base_url, "/api/v1/bookings", wish, token(ring.district, "sam"))
    assert await ring.race(ring.move("lin", mine, slot(on, 2)), asks) in ([200, 409], [409, 201])


async def move_against_move(ring: Ring, on: date) -> None:
    """The same time: one gets it, and the other stays."""
    one, two = await ring.two(on)
    statuses = await ring.race(ring.move("lin", one, slot(on, 2)), ring.move("sam", two, slot(on, 2)))
    assert sorted(statuses) == [200, 409]
    assert await ring.moved(one, two) == [status == 200 for status in statuses]


async def crosswise(ring: Ring, on: date) -> None:
    """Either has what the other wants until it is given up, and neither gives anything up for nothing: both stay, and nobody waits for ever."""
    one, two = await ring.two(on)
    assert await ring.race(ring.move("lin", one, slot(on, 1)), ring.move("sam", two, slot(on, 0))) == [409, 409]
    assert await ring.moved(one, two) == [False, False]


async def approval_against_move(ring: Ring, on: date) -> None:
    """The move is of the version before the approval: first it passes, and what is approved is where it has gone; second it is told of the new version."""
    mine = await ring.lin.asks(rooms=ROOM, **slot(on, 0))
    statuses = await ring.race(ring.act("becker", mine, "approval"), ring.move("lin", mine, slot(on, 2)))
    found = standing(await ring.becker.sees(mine["reference"]))
    assert (statuses, found, await ring.moved(mine)) in (
        ([200, 200], ("approved", 3, ["approved"]), [True]),
        ([200, 412], ("approved", 2, ["approved"]), [False]),
    )


async def approval_against_taking_back(ring: Ring, on: date) -> None:
    """A change that waits is either granted or taken back."""
    mine = await ring.lin.asks(rooms=ROOM, **slot(on, 0))
    approved = (await ring.becker.does(mine["reference"], "approval")).json()
    assert await ring.race(ring.move("lin", approved, slot(on, 2))) == [200]
    statuses = await ring.race(ring.act("becker", mine, "approval"), ring.act("lin", mine, "change/withdrawal"))
    assert (statuses, await ring.moved(mine)) in (([200, 409], [True]), ([409, 200], [False]))


RACES: Mapping[str, Callable[[Ring, date], Awaitable[None]]] = {
    "move, request": move_against_request,
    "move, move": move_against_move,
    "moves crosswise": crosswise,
    "approve, move": approval_against_move,
    "approve, take back": approval_against_taking_back,
}


async def test_moves_have_one_order_whatever_they_meet(district: District) -> None:
    """One server for all of these races, a day of its own for every round."""
    async with people(district, "lin", "sam", "becker") as (server, lin, sam, becker):
        ring = Ring(district, server, lin, sam, becker)
        for what, meets in RACES.items():
            for _ in range(ROUNDS):
                await meets(ring, next(ring.days))
            failures = sum(answer.status >= 500 for answer in ring.every)
            told(what, district.engine, [answer.seconds for answer in ring.every], failures=failures, seed=SEED)
            ring.every.clear()
    assert (await overlaps(district.url), examined(district.url)) == ([], WELL)
    if district.engine == "postgresql":
        assert await sql.rows(district.url, DEADLOCKS) == [(0,)]


async def in_one_moment(
    district: District, tampered: Sequence[str] = (), late: Sequence[str] = ()
) -> tuple[list[int], int]:
    """A move and a request for the same time, both under way before either is announced: what they are answered, and overlaps. `late` is taken away when the
    server has looked for the guard."""
    async with people(district, "lin") as (_, lin):
        mine = await lin.asks(rooms=ROOM, **slot(day(ahead=40), 0))
    await sql.tell(district.url, *tampered)
    async with people(district, "lin", "sam") as (_, lin, sam):
        await sql.tell(district.url, *late)
        moves = lin.http.patch(
            f"/api/v1/bookings/{mine['reference']}", json=slot(day(ahead=40), 2), headers={"If-Match": '"1"'}
        )
        asks = sam.http.post("/api/v1/bookings", json=ask(rooms=ROOM, **slot(day(ahead=40), 2), **THEATRE))
        answers = await together(district.url, moves, asks)
    return [answer.status_code for answer in answers], len(await overlaps(district.url))


@postgresql
async def test_the_lock_alone_lets_the_request_wait_for_the_move(district: District) -> None:
    assert await in_one_moment(district, late=DROPPED_GUARD["postgresql"]) == ([200, 409], 0)


@postgresql
async def test_control_without_lock_and_guard_both_have_the_time(district: District) -> None:
    assert await in_one_moment(district, unlocked("spaces"), DROPPED_GUARD["postgresql"]) == ([200, 201], 1)
