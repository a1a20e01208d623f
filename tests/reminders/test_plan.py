"""Planning is level-triggered: after any events, in any order and number, the reminders are those that the booking should have now."""

import random
from datetime import timedelta

import pytest

from tests.conftest import District
from tests.reminders.booked import ASKED, series

DAY = timedelta(days=1)


async def test_a_request_that_waits_has_no_reminder(district: District) -> None:
    async with series(district, 3) as booked:
        await booked.plan(now=ASKED)
        assert await booked.states() == []


async def test_every_approved_date_has_one_at_ten_the_day_before(district: District) -> None:
    async with series(district, 3) as booked:
        await booked.approve(now=ASKED + DAY)
        for _ in range(3):
            await booked.plan(now=ASKED + DAY)
        assert await booked.states() == ["planned"] * 3
        assert await booked.due() == [booked.eve(week) for week in range(3)]


async def test_a_late_decision_is_reminded_at_the_next_decent_hour(district: District) -> None:
    async with series(district, 1) as booked:
        at = booked.eve(0, 21)
        await booked.approve(now=at)
        await booked.plan(now=at)
        assert await booked.due() == [booked.eve(0, 8) + timedelta(days=1)]


async def test_a_cancelled_date_loses_its_reminder_and_the_others_keep_theirs(district: District) -> None:
    async with series(district, 4) as booked:
        await booked.approve(now=ASKED + DAY)
        await booked.plan(now=ASKED + DAY)
        await booked.cancel(1, 2, now=ASKED + 2 * DAY)
        await booked.plan(now=ASKED + 2 * DAY)
        assert await booked.states() == ["planned", "dropped", "dropped", "planned"]


async def test_a_date_that_was_cancelled_before_anybody_planned_never_gets_one(district: District) -> None:
    async with series(district, 2) as booked:
        await booked.approve(now=ASKED + DAY)
        await booked.cancel(0, now=ASKED + DAY)
        await booked.plan(now=ASKED + DAY)
        assert await booked.due() == [booked.eve(1)]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_the_order_and_number_of_events_the_end_is_the_same(district: District, seed: int) -> None:
    """Acts and deliveries of events are shuffled; the last delivery comes after the last act, as the outbox promises."""
    dice, weeks, left = random.Random(seed), 8, set(range(8))
    async with series(district, weeks) as booked:
        await booked.approve(now=ASKED + DAY)
        for step in range(12):
            at = ASKED + (2 + step) * DAY
            for _ in range(dice.randrange(3)):
                await booked.plan(now=at)
            if left and dice.random() < 0.4:
                gone = dice.sample(sorted(left), dice.randint(1, min(2, len(left))))
                left -= set(gone)
                await booked.cancel(*gone, now=at)
        await booked.plan(now=ASKED + 20 * DAY)
        held = [state for state in await booked.states() if state == "planned"]
        planned = [booked.eve(week) for week in sorted(left)]
        assert (len(held), [at for at in await booked.due() if at in planned]) == (len(left), planned)
