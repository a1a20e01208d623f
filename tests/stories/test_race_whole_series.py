"""R4 of RELIABILITY.md: thirty-two writers, each with many series of twelve to forty dates over a few halls, shuffled. Nobody gets a part of what he asked
for: a series is held whole, or not there at all, or says of each date that it left out why. And no deadlock, which somebody would have to be told of."""

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.tally import share
from tests.stories.asks import ask, day, wall, weekly
from tests.stories.crowd import DEADLOCKS, Crowd, Member
from tests.stories.deciding import people
from tests.stories.racing import ONE, PROCESSES, SEED, doors, hall
from tests.stories.standing import WELL, examined, lost, overlaps

pytestmark = [pytest.mark.story, pytest.mark.race]

WRITERS = 32
HALLS = (["hall-2"], ["hall-3"], ["hall-4", "hall-3"], ["hall-1a"], ["hall-1"], ["hall-2", "hall-1b"])
COUNT = "SELECT count(*) FROM bookings WHERE title = 'Long series'"


def series(dice: random.Random, organization: str) -> dict[str, Any]:
    """Daily, every other day or weekly, from one of ten days on, at one of four hours; half of them leave out what they cannot have."""
    count, step = dice.randint(12, 40), dice.choice(("DAILY", "DAILY;INTERVAL=2", "DAILY;INTERVAL=3"))
    on, hour = day(ahead=30) + timedelta(days=dice.randrange(10)), dice.choice((8, 9, 14, 15))
    return ask(
        organization=organization,
        title="Long series",
        rooms=[room for slug in dice.choice(HALLS) for room in hall(slug)],
        starts_at=wall(on, hour),
        ends_at=wall(on, hour + 2),
        repeat={"rrule": f"FREQ={step};COUNT={count}"},
        on_conflict=dice.choice(("refuse", "skip")),
    )


def partial(body: dict[str, Any], booking: dict[str, Any]) -> list[Any]:
    """The dates of an answered series that are neither held nor left out with a reason; with on_conflict refuse none may be left out."""
    fine = {("held", False), ("skipped", True)} if body["on_conflict"] == "skip" else {("held", False)}
    return [date for date in booking["occurrences"] if (date["state"], bool(date.get("reasons"))) not in fine]


async def asked(district: District, shape: str, times: int) -> tuple[Crowd, list[Any], list[dict[str, Any]]]:
    """How it went, what was partial, and what was made."""
    crowd, odd, made = Crowd(), list[Any](), list[dict[str, Any]]()

    async def writes(member: Member) -> None:
        dice = random.Random(f"{SEED} {member.number}")
        for _ in range(times):
            body = series(dice, member.organization)
            answer = await member.sends("POST", "/bookings", body)
            if answer.status_code == 201:
                made.append(answer.json())
                odd.extend(partial(body, answer.json()))

    async with doors(district, shape) as addresses:
        await crowd.goes(district, addresses, WRITERS, writes)
    return crowd, odd, made


@pytest.mark.parametrize(("engine", "shape"), [("sqlite", ONE), ("postgresql", PROCESSES)], indirect=["engine"])
async def test_long_series_are_held_whole_or_not_at_all(district: District, shape: str) -> None:
    crowd, odd, made = await asked(district, shape, share(soak=20, test=1))
    assert crowd.tell("R4", f"{district.engine}, {shape}", (201, 409)) == 0
    assert (odd, await lost(district.url, made), await overlaps(district.url)) == ([], [], [])
    assert await sql.rows(district.url, COUNT) == [(len(made),)]
    assert len(made) >= len({*map(tuple, HALLS)}) - 2
    if district.engine == "postgresql":
        assert await sql.rows(district.url, DEADLOCKS) == [(0,)]
    assert examined(district.url) == WELL


async def test_control_a_series_of_which_one_date_is_gone_is_found(district: District) -> None:
    async with people(district, "lin") as (_, lin):
        torn = await lin.asks(rooms=hall("hall-2"), repeat=weekly(12))
    last = f"(SELECT id FROM occurrences WHERE public_id = '{torn['occurrences'][-1]['id']}')"
    await sql.tell(
        district.url,
        f"DELETE FROM claims WHERE occurrence_id = {last}",
        f"DELETE FROM occurrence_rooms WHERE occurrence_id = {last}",
        f"DELETE FROM occurrences WHERE id = {last}",
    )
    assert [each.partition(":")[0] for each in await lost(district.url, [torn])] == [torn["reference"]]
    assert "a booking's first start or last end is not that of its dates" in examined(district.url)[1]
