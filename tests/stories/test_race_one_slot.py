"""Sixty-four connections let go at once for one slot, and for eight: one winner a slot, everybody else is told that the room is taken."""

import pytest

from tests.conftest import District
from tests.ground.racers import race
from tests.ground.tally import share, told
from tests.stories.asks import day, wall
from tests.stories.racing import RACERS, SEED, TAKEN, doors, everywhere, field, hall, held, refusals, statuses
from tests.stories.standing import WELL, examined, lost, overlaps

pytestmark = [pytest.mark.story, pytest.mark.race]


def slot(slug: str, hour: int, week: int = 0) -> dict[str, object]:
    """Two hours in a hall."""
    on = day(ahead=40 + 7 * week)
    return {"rooms": hall(slug), "starts_at": wall(on, hour), "ends_at": wall(on, hour + 2)}


@everywhere
async def test_one_of_sixty_four_gets_the_slot_and_the_others_are_told_that_it_is_taken(
    district: District, shape: str
) -> None:
    rounds = share(soak=60, test=3)
    async with doors(district, shape) as addresses:
        answers = [
            await race(field(district, addresses, [slot("hall-2", 4 + turn % 9 * 2, turn // 9)] * RACERS))
            for turn in range(rounds)
        ]
    every = [answer for turn in answers for answer in turn]
    failures = sum(answer.status not in (201, 409) for answer in every)
    told("race one slot", f"{district.engine}, {shape}", [a.seconds for a in every], failures=failures, seed=SEED)
    assert [statuses(turn) for turn in answers] == [{201: 1, 409: RACERS - 1}] * rounds
    assert refusals(every) == TAKEN
    assert await overlaps(district.url) == []
    assert await lost(district.url, held(every)) == []
    assert examined(district.url) == WELL


@everywhere
async def test_sixty_four_over_eight_slots_make_eight_winners(district: District, shape: str) -> None:
    slots = [slot(f"hall-{2 + number % 2}", 4 + number // 2 * 2) for number in range(8)]
    async with doors(district, shape) as addresses:
        answers = await race(field(district, addresses, slots * (RACERS // len(slots))))
    failures = sum(answer.status not in (201, 409) for answer in answers)
    told("race eight slots", f"{district.engine}, {shape}", [a.seconds for a in answers], failures=failures, seed=SEED)
    assert statuses(answers) == {201: 8, 409: RACERS - 8}
    assert refusals(answers) == TAKEN
    assert await overlaps(district.url) == []
    assert await lost(district.url, held(answers)) == []
    assert examined(district.url) == WELL
