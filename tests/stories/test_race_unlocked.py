"""What the locks are for: the same two acts at the same moment, with the row locks and without them. The races with many rounds lie in test_race_decisions
and test_race_skips; here each protection is taken away once."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.tamper import DROPPED_GUARD, unlocked
from tests.stories.asks import HALL, day
from tests.stories.deciding import GYM, GYM_A, people
from tests.stories.gate import UNLOCKED_BOOKINGS, together
from tests.stories.standing import WELL, examined, overlaps

pytestmark = [pytest.mark.story, pytest.mark.race]
postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
AGAINST = pytest.mark.parametrize(
    ("other", "act", "body"), [("whitfield", "decline", {"reason": "Full"}), ("lin", "withdrawal", {})]
)
THEATRE: dict[str, Any] = {"organization": "figueroa-youth-theatre", "title": "Rehearsal", "activity": "performance"}
VERSIONS = "not one for each version"


async def approval_against(
    district: District, other: str, act: str, body: dict[str, str], tampered: Sequence[str] = ()
) -> list[int]:
    """What an approval and the other act on the same booking are answered. The booking is made before anything is taken away."""
    async with people(district, "lin") as (_, lin):
        reference = (await lin.asks(rooms=[HALL]))["reference"]
    await sql.tell(district.url, *tampered)
    async with people(district, "becker", other) as (_, becker, second):
        both = becker.does(reference, "approval"), second.does(reference, act, **body)
        return [answer.status_code for answer in await together(district.url, *both)]


@postgresql
@AGAINST
async def test_of_an_approval_and_what_contradicts_it_the_second_is_refused(
    district: District, other: str, act: str, body: dict[str, str]
) -> None:
    assert (await approval_against(district, other, act, body), examined(district.url)) == ([200, 409], WELL)


@postgresql
@AGAINST
async def test_control_without_the_lock_of_the_booking_both_pass_and_the_doctor_finds_it(
    district: District, other: str, act: str, body: dict[str, str]
) -> None:
    assert await approval_against(district, other, act, body, UNLOCKED_BOOKINGS) == [200, 200]
    assert VERSIONS in examined(district.url)[1]


async def two_approvals(district: District, tampered: Sequence[str] = (), late: Sequence[str] = ()) -> list[int]:
    """What two people are answered who approve two requests that compete for half a gym, `late` taken away when the server has looked for the guard."""
    async with people(district, "lin", "sam") as (_, lin, sam):
        one = await lin.asks(rooms=[GYM_A], on=day(ahead=40))
        two = await sam.asks(rooms=[GYM], on=day(ahead=40), **THEATRE)
    await sql.tell(district.url, *tampered)
    async with people(district, "becker", "whitfield") as (_, becker, whitfield):
        await sql.tell(district.url, *late)
        both = becker.does(one["reference"], "approval"), whitfield.does(two["reference"], "approval")
        return [answer.status_code for answer in await together(district.url, *both)]


@postgresql
async def test_of_two_competing_approvals_one_passes_by_the_locks_alone(district: District) -> None:
    assert await two_approvals(district, late=DROPPED_GUARD["postgresql"]) == [200, 409]
    assert await overlaps(district.url) == []


@postgresql
async def test_control_without_locks_and_guard_two_competing_approvals_are_not_kept_apart(district: District) -> None:
    """Both pass and overlap, or each waits for the other's dates until the database gives one of them up; never the one answer that is promised."""
    found = await two_approvals(district, [*UNLOCKED_BOOKINGS, *unlocked("spaces")], DROPPED_GUARD["postgresql"])
    assert found in ([200, 200], [200, 503], [503, 200])
    assert (found == [200, 200]) == bool(await overlaps(district.url))
