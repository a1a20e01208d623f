"""R1 and R2 of RELIABILITY.md: two hundred clients over one slot and over twenty, and sixty-four writers with overlapping wishes for a hundred rooms,
by halves, wholes and pairs, and give some back."""

import random
from datetime import timedelta
from typing import Any

import pytest

from afterbell.database import Database
from afterbell.places.import_rooms import import_rooms
from tests.cast import OWL, OWL_ROOMS, quietly
from tests.conftest import District
from tests.ground import sql
from tests.ground.tally import share
from tests.ground.tamper import DROPPED_GUARD, unlocked
from tests.stories.asks import ask, day, wall, weekly
from tests.stories.crowd import Crowd, Member
from tests.stories.racing import ONE, PROCESSES, SEED, doors, hall
from tests.stories.standing import WELL, examined, lost, overlaps

pytestmark = [pytest.mark.story, pytest.mark.race]

CLIENTS, WRITERS = 200, 64
FURTHER = [f"studio-{number}" for number in range(1, 56)]
ROOMS = [f"{OWL}/{slug}" for slug in (*OWL_ROOMS, "hall-1a", "hall-1b", *FURTHER)]
both_ways = pytest.mark.parametrize(
    ("engine", "shape"), [("sqlite", ONE), ("postgresql", PROCESSES)], indirect=["engine"]
)


async def one_each(crowd: Crowd, district: District, shape: str, slots: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every client asks once, for the slots in turn; the bookings that were made."""
    made: list[dict[str, Any]] = []

    async def asks(member: Member) -> None:
        body = ask(**slots[member.number % len(slots)], organization=member.organization)
        answer = await member.sends("POST", "/bookings", body)
        made.extend([answer.json()] if answer.status_code == 201 else [])

    async with doors(district, shape) as addresses:
        await crowd.goes(district, addresses, CLIENTS, asks)
    return made


@pytest.mark.parametrize(
    ("engine", "shape", "count"),
    [("sqlite", ONE, 20), ("postgresql", PROCESSES, 1), ("postgresql", PROCESSES, 20)],
    indirect=["engine"],
)
async def test_two_hundred_clients_get_each_slot_once(district: District, shape: str, count: int) -> None:
    crowd, made = Crowd(), 0
    for turn in range(share(soak=20, test=1)):
        on = day(ahead=40) + timedelta(days=turn)
        slots = [
            {"on": on, "hour": 2 + number % 10 * 2, "rooms": hall(f"hall-{2 + number // 10}")}
            for number in range(count)
        ]
        bookings = await one_each(crowd, district, shape, slots)
        made += len(bookings)
        assert (len(bookings), await lost(district.url, bookings)) == (count, [])
    assert crowd.tell(f"R1 {count} slots", f"{district.engine}, {shape}", (201, 409)) == 0
    assert (crowd.statuses[201], await overlaps(district.url), examined(district.url)) == (made, [], WELL)


async def furnish(district: District) -> None:
    """A hundred rooms at the school that never closes."""
    head = "school,slug,name,kind,capacity,features,access,spaces,entrance,on_site_phone"
    rows = [f"{OWL},{slug},Studio,dance_studio,40,,step_free,,Door," for slug in FURTHER]
    database = Database(district.url)
    async with database.writing() as session:
        await import_rooms(session, "\n".join([head, *rows, ""]).encode(), quietly)
    await database.close()


class Writer:
    """Asks for whatever its dice say, and takes back one request in five."""

    def __init__(self, member: Member, standing: dict[str, dict[str, Any]]) -> None:
        self.member, self.standing, self.dice = member, standing, random.Random(f"{SEED} {member.number}")

    async def writes(self, times: int) -> None:
        """So many requests, and some withdrawals besides."""
        for _ in range(times):
            answer = await self.member.sends("POST", "/bookings", self._body())
            if answer.status_code == 201:
                booking = answer.json()
                self.standing[booking["reference"]] = booking
                if self.dice.random() < 0.2:
                    await self._takes_back(booking["reference"])

    async def _takes_back(self, reference: str) -> None:
        del self.standing[reference]
        await self.member.sends("POST", f"/bookings/{reference}/withdrawal", {})

    def _body(self) -> dict[str, Any]:
        """One to four hours from any half hour of two evenings, in one room or two, once or on three weeks."""
        dice = self.dice
        on, minutes = day(ahead=40) + timedelta(days=dice.randrange(2)), 30 * dice.randrange(26, 42)
        until = minutes + 30 * dice.randint(2, 8)
        return ask(
            rooms=dice.sample(ROOMS, dice.choice((1, 1, 2))),
            organization=self.member.organization,
            starts_at=wall(on, minutes // 60, minutes % 60),
            ends_at=wall(on + timedelta(days=until // 1440), until % 1440 // 60, until % 60),
            repeat=weekly(3) if dice.random() < 0.2 else None,
            on_conflict=dice.choice(("refuse", "skip")),
            headcount=10,
        )


async def many_overlaps(district: District, shape: str, times: int) -> tuple[Crowd, list[Any]]:
    """What all writers together were answered, and the bookings that stand."""
    crowd, standing = Crowd(), dict[str, dict[str, Any]]()
    await furnish(district)
    async with doors(district, shape) as addresses:
        await crowd.goes(district, addresses, WRITERS, lambda member: Writer(member, standing).writes(times))
    return crowd, list(standing.values())


@both_ways
async def test_sixty_four_writers_over_a_hundred_rooms_leave_no_overlap(district: District, shape: str) -> None:
    crowd, standing = await many_overlaps(district, shape, share(soak=1563, test=8))
    assert crowd.tell("R2", f"{district.engine}, {shape}", (200, 201, 409)) == 0
    assert (crowd.statuses[201] > 100, crowd.statuses[409] > 50) == (True, True)
    assert await lost(district.url, standing) == []
    assert (await overlaps(district.url), examined(district.url)) == ([], WELL)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_control_without_lock_and_guard_the_writers_leave_overlaps_and_the_doctor_finds_them(
    district: District,
) -> None:
    """On SQLite nothing can be taken away here: the write lock is the file's own."""
    await sql.tell(district.url, *unlocked("spaces"))
    crowd = Crowd()
    async with doors(district, ONE) as addresses:
        await sql.tell(district.url, *DROPPED_GUARD["postgresql"])
        on = day(ahead=40)

        async def asks(member: Member) -> None:
            body = ask(on, 18, rooms=hall("hall-1"), organization=member.organization)
            await member.sends("POST", "/bookings", body)

        await crowd.goes(district, addresses, WRITERS, asks)
    assert (crowd.statuses[201] > 1, len(await overlaps(district.url)) > 0) == (True, True)
    assert "two claims overlap in one space" in examined(district.url)[1]
