"""Races that meet in one date only, and races between the whole gym and its halves: nobody gets a part of what he asked for."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import District
from tests.ground.racers import race
from tests.ground.tally import share, told
from tests.stories.asks import day, today, wall
from tests.stories.racing import RACERS, SEED, TAKEN, doors, everywhere, field, hall, held, refusals, statuses
from tests.stories.standing import WELL, examined, lost, overlaps

pytestmark = [pytest.mark.story, pytest.mark.race]

SHARED = 98
HALVES = {f"night-owl-high/{slug}" for slug in ("hall-1a", "hall-1b")}


def series(shared: date, closed: date, hour: int) -> list[dict[str, Any]]:
    """Sixty-four series of three dates that have the middle one in common and no other; none touches the day on which the district is closed."""
    avoided = abs((closed - shared).days)
    steps = [step for step in range(1, RACERS + 2) if step != avoided][:RACERS]
    starts = [(step, shared - timedelta(days=step)) for step in steps]
    return [
        {
            "rooms": hall("hall-3"),
            "starts_at": wall(first, hour),
            "ends_at": wall(first, hour + 2),
            "repeat": {"rrule": f"FREQ=DAILY;INTERVAL={step};COUNT=3"},
        }
        for step, first in starts
    ]


@everywhere
async def test_of_series_that_share_one_date_one_is_held_whole_and_no_other_at_all(
    district: District, shape: str
) -> None:
    shared = today() + timedelta(days=SHARED)
    closed = date.fromisoformat(district.cast["closed"])
    hours = range(4, 4 + 2 * share(soak=9, test=1), 2)
    async with doors(district, shape) as addresses:
        answers = [await race(field(district, addresses, series(shared, closed, hour))) for hour in hours]
    every = [answer for turn in answers for answer in turn]
    failures = sum(answer.status not in (201, 409) for answer in every)
    told("race series", f"{district.engine}, {shape}", [a.seconds for a in every], failures=failures, seed=SEED)
    assert [statuses(turn) for turn in answers] == [{201: 1, 409: RACERS - 1}] * len(hours)
    assert refusals(every) == TAKEN
    named = [
        sorted({reason["occurrence"] for answer in turn if answer.status == 409 for reason in answer.json["reasons"]})
        for turn in answers
    ]
    assert named == [[wall(shared, hour)] for hour in hours]
    assert await overlaps(district.url) == []
    assert await lost(district.url, held(every)) == []
    assert examined(district.url) == WELL


@everywhere
async def test_the_gym_goes_whole_to_one_or_by_halves_to_two(district: District, shape: str) -> None:
    on = day(ahead=40)
    hours = range(4, 4 + 2 * share(soak=9, test=2), 2)
    wanted = [hall(("hall-1", "hall-1a", "hall-1b")[number % 3]) for number in range(RACERS)]
    async with doors(district, shape) as addresses:
        answers = [
            await race(
                field(
                    district,
                    addresses,
                    [{"rooms": each, "starts_at": wall(on, hour), "ends_at": wall(on, hour + 2)} for each in wanted],
                )
            )
            for hour in hours
        ]
    every = [answer for turn in answers for answer in turn]
    failures = sum(answer.status not in (201, 409) for answer in every)
    told("race gym", f"{district.engine}, {shape}", [a.seconds for a in every], failures=failures, seed=SEED)
    won = [{room for booking in held(turn) for room in booking["occurrences"][0]["rooms"]} for turn in answers]
    assert [each for each in won if each not in (set(hall("hall-1")), HALVES)] == []
    assert [statuses(turn) for turn in answers] == [{201: len(each), 409: RACERS - len(each)} for each in won]
    assert refusals(every) == TAKEN
    assert await overlaps(district.url) == []
    assert await lost(district.url, held(every)) == []
    assert examined(district.url) == WELL
