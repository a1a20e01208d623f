"""Submissions that need the same rooms at the same two campuses, each naming them in its own order: they queue, one has all of it, nobody is left hanging."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.racers import Entry, race
from tests.ground.tally import share, told
from tests.ground.tamper import unlocked
from tests.stories.asks import CLASSROOM, CLINIC, HALL, ask, day, token, weekly
from tests.stories.deciding import people
from tests.stories.gate import together
from tests.stories.racing import SEED, refusals, statuses
from tests.stories.standing import WELL, examined, lost, overlaps

pytestmark = [pytest.mark.story, pytest.mark.race]

PATH = "/api/v1/programs"
THEATRE = "figueroa-youth-theatre"
RACERS = 8
postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


def submission(organization: str, rooms: Sequence[str], hour: int = 16) -> dict[str, Any]:
    """Two weeks in each of the rooms, in that order."""
    parts = [ask(day(ahead=40), hour, organization=None, rooms=[room], repeat=weekly(2)) for room in rooms]
    return {"name": f"Both places of {organization}", "organization": organization, "bookings": parts}


def entries(base_url: str, district: District, hour: int) -> list[Entry]:
    """The clinic begins at the elementary, the theatre at the owls, all at once."""
    ways = [("lin", CLINIC, (CLASSROOM, HALL)), ("sam", THEATRE, (HALL, CLASSROOM))] * RACERS
    return [
        Entry(base_url, PATH, submission(organization, rooms, hour), token(district, name))
        for name, organization, rooms in ways
    ]


async def test_of_submissions_in_opposite_order_one_has_all_and_the_others_nothing(district: District) -> None:
    every = []
    async with people(district) as (server,):
        for hour in (16, 18, 20)[: share(soak=3, test=1)]:
            answers = await race(entries(server.base_url, district, hour))
            assert statuses(answers) == {201: 1, 409: 2 * RACERS - 1}
            assert refusals(answers) == [["room_taken"] * 4]
            every += answers
    won = [booking for answer in every if answer.status == 201 for booking in answer.json["bookings"]]
    failures = sum(answer.status not in (201, 409) for answer in every)
    told("race programs", district.engine, [answer.seconds for answer in every], failures=failures, seed=SEED)
    assert await overlaps(district.url) == []
    assert await lost(district.url, won) == []
    assert examined(district.url) == WELL


async def opposite(district: District, tampered: Sequence[str] = ()) -> list[int]:
    """What two are answered that name two campuses the other way round, and meet for certain between their first and their second."""
    async with people(district, "lin", "sam") as (_, lin, sam):
        await sql.tell(district.url, *tampered)
        one = lin.http.post(PATH, json=submission(CLINIC, (CLASSROOM, HALL)))
        two = sam.http.post(PATH, json=submission(THEATRE, (HALL, CLASSROOM)))
        return sorted(answer.status_code for answer in await together(district.url, one, two))


@postgresql
async def test_two_that_meet_half_way_queue_by_the_locks(district: District) -> None:
    assert (await opposite(district), examined(district.url)) == ([201, 409], WELL)


@postgresql
async def test_control_without_the_locks_of_the_spaces_each_waits_for_the_others_dates(district: District) -> None:
    """Until the database gives one of them up."""
    assert await opposite(district, unlocked("spaces")) == [201, 503]
