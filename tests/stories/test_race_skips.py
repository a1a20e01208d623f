"""Series that leave out what they cannot have, at a barrier with plain requests for one of their dates: each date has one holder, the others are told why they
were left out, and nobody is refused who could have had something."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.racers import Answer, Entry, race
from tests.ground.tally import share, told
from tests.ground.tamper import DROPPED_GUARD, unlocked
from tests.stories.asks import HALL, ask, day, token, wall, weekly
from tests.stories.deciding import people
from tests.stories.gate import together
from tests.stories.racing import SEED, held, refusals
from tests.stories.standing import WELL, examined, lost, overlaps

pytestmark = [pytest.mark.story, pytest.mark.race]

ON = day(ahead=40)
THEATRE: dict[str, Any] = {"organization": "figueroa-youth-theatre", "title": "Rehearsal", "activity": "performance"}
RACERS = 8
LEFT_OUT = ([["held"], ["held", "skipped", "held"]], 0)
postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


def entries(base_url: str, district: District, on: date, hour: int) -> list[Entry]:
    """Eight series over three weeks that skip, and eight requests for the week in the middle."""
    series = ask(on, hour, rooms=[HALL], repeat=weekly(3), on_conflict="skip")
    middle = ask(on + timedelta(weeks=1), hour, rooms=[HALL], **THEATRE)
    bodies = [("lin", series), ("sam", middle)] * RACERS
    return [Entry(base_url, "/api/v1/bookings", body, token(district, name)) for name, body in bodies]


def fates(answers: list[Answer]) -> dict[str, list[str]]:
    """By date, what became of it in each booking that was made, the held one first; what was left out says that the room is taken."""
    found: dict[str, list[str]] = {}
    for booking in held(answers):
        for each in booking["occurrences"]:
            why = [reason["code"] for reason in each.get("reasons", ())]
            found.setdefault(each["original_start"], []).append(" ".join([each["state"], *why]))
    return {start: sorted(states) for start, states in sorted(found.items())}


async def test_each_date_has_one_holder_and_the_rest_are_left_out_or_refused(district: District) -> None:
    every = []
    async with people(district) as (server,):
        for turn in range(share(soak=28, test=2)):
            on, hour = ON + timedelta(days=turn // 4), 6 + 4 * (turn % 4)
            answers = await race(entries(server.base_url, district, on, hour))
            made = fates(answers)
            assert list(made) == [wall(on + timedelta(weeks=week), hour) for week in range(3)]
            assert [[state for state in states if state == "held"] for states in made.values()] == [["held"]] * 3
            assert {state for states in made.values() for state in states} <= {"held", "skipped room_taken"}
            assert {code for codes in refusals(answers) for code in codes} == {"room_taken"}
            assert await lost(district.url, held(answers)) == []
            every += answers
    failures = sum(answer.status not in (201, 409) for answer in every)
    told("skip, request", district.engine, [a.seconds for a in every], failures=failures, seed=SEED)
    assert (failures, await overlaps(district.url), examined(district.url)) == (0, [], WELL)


async def in_one_moment(
    district: District, tampered: Sequence[str] = (), late: Sequence[str] = ()
) -> tuple[list[list[str]], int]:
    """A plain request for the middle week, then a series that skips, both under way before either is announced: what became of their dates, and overlaps.
    `late` is taken away when the server has looked for the guard."""
    await sql.tell(district.url, *tampered)
    async with people(district, "lin", "sam") as (_, lin, sam):
        await sql.tell(district.url, *late)
        middle = sam.http.post("/api/v1/bookings", json=ask(ON + timedelta(weeks=1), rooms=[HALL], **THEATRE))
        series = lin.http.post("/api/v1/bookings", json=ask(ON, rooms=[HALL], repeat=weekly(3), on_conflict="skip"))
        answers = await together(district.url, middle, series)
    states = [[each["state"] for each in answer.json()["occurrences"]] for answer in answers]
    return states, len(await overlaps(district.url))


@postgresql
async def test_the_lock_alone_makes_the_series_wait_before_it_looks(district: District) -> None:
    assert await in_one_moment(district, late=DROPPED_GUARD["postgresql"]) == LEFT_OUT


@postgresql
async def test_the_guard_alone_refuses_the_claim_and_the_date_is_left_out_then(district: District) -> None:
    assert await in_one_moment(district, unlocked("spaces")) == LEFT_OUT


@postgresql
async def test_control_without_lock_and_guard_the_date_has_two_holders(district: District) -> None:
    found = await in_one_moment(district, unlocked("spaces"), DROPPED_GUARD["postgresql"])
    assert found == ([["held"], ["held"] * 3], 1)
