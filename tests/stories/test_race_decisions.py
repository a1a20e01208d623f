"""Deciding at a barrier: twenty staff over one request, two requests that compete, a decision against a withdrawal and against a new request."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.racers import Answer, Entry, race
from tests.ground.tally import share, told
from tests.ground.tamper import unlocked
from tests.stories.asks import HALL, ask, day, token, weekly
from tests.stories.deciding import GYM, GYM_A, GYM_B, STRANDED, WON, entry, hired, people, standing
from tests.stories.racing import SEED, statuses
from tests.stories.standing import WELL, examined, overlaps

pytestmark = [pytest.mark.story, pytest.mark.race]

STAFF = 20
THEATRE: dict[str, Any] = {"organization": "figueroa-youth-theatre", "title": "Rehearsal", "activity": "performance"}
ACTS = {"approval": {}, "decline": {"reason": "Full"}}


def slot(turn: int) -> dict[str, Any]:
    """Two hours of their own for every turn."""
    return {"on": day(ahead=40) + timedelta(days=turn // 8), "hour": 4 + turn % 8 * 2}


def failures(answers: list[Answer]) -> int:
    """Anything but done or refused."""
    return sum(answer.status not in (200, 201, 409) for answer in answers)


async def test_twenty_staff_decide_one_request_and_it_has_one_outcome(district: District) -> None:
    rounds, dice, every, outcomes = share(soak=60, test=3), random.Random(SEED), [], []
    tokens = await hired(district, STAFF)
    async with people(district, "lin", "becker") as (server, lin, becker):
        for turn in range(rounds):
            reference = (await lin.asks(rooms=[HALL], **slot(turn)))["reference"]
            acts = [dice.choice(sorted(ACTS)) for _ in tokens]
            path = f"/api/v1/bookings/{reference}"
            answers = await race(
                [
                    Entry(server.base_url, f"{path}/{act}", ACTS[act], each)
                    for act, each in zip(acts, tokens, strict=True)
                ]
            )
            won = [act for act, answer in zip(acts, answers, strict=True) if answer.status == 200]
            booking = await becker.sees(reference)
            outcomes.append((won, standing(booking)))
            every += answers
    told("twenty staff", district.engine, [a.seconds for a in every], failures=failures(every), seed=SEED)
    assert statuses(every) == {200: rounds, 409: rounds * (STAFF - 1)}
    fate = {"approval": "approved", "decline": "declined"}
    assert outcomes == [([won], (fate[won], 2, [fate[won]])) for (won,), _ in outcomes]
    assert (await overlaps(district.url), examined(district.url)) == ([], WELL)


async def test_control_a_second_outcome_is_found(district: District) -> None:
    async with people(district, "lin", "becker") as (_, lin, becker):
        reference = (await lin.asks(rooms=[HALL]))["reference"]
        await becker.does(reference, "approval")
    booking = f"(SELECT id FROM bookings WHERE reference = '{reference}')"
    await sql.tell(district.url, f"UPDATE events SET booking_id = {booking} WHERE kind = 'booking.approved'")
    assert "not one for each version" in examined(district.url)[1]


async def test_of_two_overlapping_requests_approved_together_one_wins_and_the_other_is_offered_a_room(
    district: District,
) -> None:
    """Half A against the whole gym, approved by two people at the same moment."""
    rounds, every, found = share(soak=100, test=5), [], []
    async with people(district, "lin", "sam", "becker") as (server, lin, sam, becker):
        for turn in range(rounds):
            one = await lin.asks(rooms=[GYM_A], **slot(turn))
            two = await sam.asks(rooms=[GYM if turn % 2 else GYM_A], **slot(turn), **THEATRE)
            answers = await race(
                [
                    entry(server, district, name, booking["reference"], "approval")
                    for name, booking in (("becker", one), ("whitfield", two))
                ]
            )
            after = {
                answer.status: await becker.sees(b["reference"]) for answer, b in zip(answers, (one, two), strict=True)
            }
            lost = after[409]["occurrences"][0]
            found.append((standing(after[200]), standing(after[409]), lost["reason"], lost["alternative"] is not None))
            every += answers
    told("two compete", district.engine, [a.seconds for a in every], failures=failures(every), seed=SEED)
    assert statuses(every) == {200: rounds, 409: rounds}
    assert found == [(("approved", 2, ["approved"]), ("declined", 2, ["declined"]), WON, True)] * rounds
    assert (await overlaps(district.url), await sql.rows(district.url, STRANDED)) == ([], [])
    assert examined(district.url) == WELL


async def test_of_many_that_compete_crosswise_each_is_decided_once_and_nobody_waits_for_ever(
    district: District,
) -> None:
    """Half A, half B and the whole gym, twelve requests approved at once by twelve people: no deadlock, and nothing is left that nobody can be given."""
    tokens = await hired(district, 12)
    rooms = [GYM_A, GYM_B, GYM] * 4
    async with people(district, "lin", "sam", "becker") as (server, lin, sam, becker):
        made = []
        for number, room in enumerate(rooms):
            who, more = (lin, {}) if number % 2 else (sam, THEATRE)
            made.append(await who.asks(rooms=[room], on=day(ahead=40), hour=10 + number % 2, **more))
        paths = [f"/api/v1/bookings/{booking['reference']}/approval" for booking in made]
        answers = await race([Entry(server.base_url, path, {}, each) for path, each in zip(paths, tokens, strict=True)])
        states = {(await becker.sees(booking["reference"]))["state"] for booking in made}
    assert (failures(answers), states) == (0, {"approved", "declined"})
    assert (await overlaps(district.url), await sql.rows(district.url, STRANDED)) == ([], [])
    assert examined(district.url) == WELL


async def test_an_approval_against_a_withdrawal_has_one_winner(district: District) -> None:
    rounds, every, found = share(soak=100, test=5), [], []
    async with people(district, "lin", "becker") as (server, lin, becker):
        for turn in range(rounds):
            reference = (await lin.asks(rooms=[GYM_A if turn % 2 else HALL], **slot(turn)))["reference"]
            acts = (("becker", "approval"), ("lin", "withdrawal"))
            answers = await race([entry(server, district, name, reference, act) for name, act in acts])
            booking = await becker.sees(reference)
            found.append((answers[0].status == 200, booking["state"] == "approved", booking["version"]))
            every += answers
    told("approve, withdraw", district.engine, [a.seconds for a in every], failures=failures(every), seed=SEED)
    assert statuses(every) == {200: rounds, 409: rounds}
    assert found == [(won, won, 2) for won, _, _ in found]
    assert examined(district.url) == WELL


async def test_requests_against_an_approval_are_refused_or_lose_but_never_wait_in_vain(district: District) -> None:
    """Half of them ask for a second week too and leave out what they cannot have, so that nothing refuses them."""
    rounds, every = share(soak=40, test=3), []
    async with people(district, "lin") as (server, lin):
        for turn in range(rounds):
            mine = await lin.asks(rooms=[GYM_A], **slot(turn))
            one = ask(rooms=[GYM], **slot(turn), **THEATRE)
            bodies = [one, one | {"repeat": weekly(2), "on_conflict": "skip"}] * 6
            others = [Entry(server.base_url, "/api/v1/bookings", body, token(district, "sam")) for body in bodies]
            every += await race([*others, entry(server, district, "becker", mine["reference"], "approval")])
    told("request, approve", district.engine, [a.seconds for a in every], failures=failures(every), seed=SEED)
    assert failures(every) == 0
    assert statuses(every)[200] == rounds
    assert all(answer.status in (200, 201) for number, answer in enumerate(every) if number % 13 % 2)
    assert (await overlaps(district.url), await sql.rows(district.url, STRANDED)) == ([], [])
    assert examined(district.url) == WELL


async def in_the_middle(district: District) -> tuple[list[int], int]:
    """A request has looked at its room and waits at its organization's row for the last word; meanwhile another one is approved for the same time. What both
    are answered, and how many dates are stranded."""
    on = day(ahead=40)
    async with people(district, "lin", "sam", "becker") as (_, lin, sam, becker):
        mine = await lin.asks(rooms=[GYM_A], on=on, hour=10)
        async with sql.held(district.url) as gate:
            await gate.tell(f"SELECT id FROM organizations WHERE slug = '{THEATRE['organization']}' FOR UPDATE")
            late = asyncio.create_task(
                sam.http.post("/api/v1/bookings", json=ask(rooms=[GYM_A], on=on, hour=10, **THEATRE))
            )
            await sql.until_blocked(district.url)
            approval = asyncio.create_task(becker.does(mine["reference"], "approval"))
            await asyncio.wait([approval], timeout=1.0)
            await gate.commit()
        answers = [await late, await approval]
    return [answer.status_code for answer in answers], len(await sql.rows(district.url, STRANDED))


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_an_approval_waits_for_a_request_that_has_looked_already_and_then_declines_it(district: District) -> None:
    assert await in_the_middle(district) == ([201, 200], 0)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_control_without_the_lock_of_the_spaces_that_request_would_wait_in_vain(district: District) -> None:
    """On SQLite nothing can be taken away here: the write lock is the file's own."""
    await sql.tell(district.url, *unlocked("spaces"))
    assert await in_the_middle(district) == ([201, 200], 1)
