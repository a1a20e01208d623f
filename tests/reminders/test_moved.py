"""A reminder follows its date: planned for the time that stands, sent anew only for a later one, never for a time that is no more."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from afterbell.reminders.fall_due import fall_due
from tests.conftest import District
from tests.ground.sql import rows, tell
from tests.reminders.booked import ASKED, Series, series

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
FORGET = "UPDATE reminders SET starts_at = (SELECT o.starts_at FROM occurrences o WHERE o.id = reminders.occurrence_id)"
SENT = "SELECT facts FROM events WHERE kind = 'reminder.due' AND booking_id = {id}"


async def planned(booked: Series) -> None:
    await booked.approve(now=ASKED + DAY)
    await booked.plan(now=ASKED + DAY)


async def sent(booked: Series) -> int:
    """How many reminders fell due."""
    return len(await rows(booked.url, SENT.format(id=booked.booking.id)))


async def test_a_move_that_waits_changes_nothing_and_once_granted_the_reminder_is_for_the_new_day(
    district: District,
) -> None:
    async with series(district, 2) as booked:
        await planned(booked)
        await booked.move(0, 2 * 24, now=ASKED + 2 * DAY)
        await booked.plan(now=ASKED + 2 * DAY)
        waiting = await booked.due()
        await booked.approve(now=ASKED + 3 * DAY)
        await booked.plan(now=ASKED + 3 * DAY)
        assert waiting == [booked.eve(0), booked.eve(1)]
        assert (await booked.due(), await booked.states()) == (
            [booked.eve(0, moved=2), booked.eve(1)],
            ["planned"] * 2,
        )


async def test_a_move_that_is_declined_or_taken_back_leaves_the_reminder(district: District) -> None:
    async with series(district, 2) as booked:
        await planned(booked)
        await booked.move(0, 48, now=ASKED + 2 * DAY)
        await booked.decline("No", now=ASKED + 3 * DAY)
        await booked.move(1, 48, now=ASKED + 3 * DAY)
        await booked.take_back(now=ASKED + 4 * DAY)
        await booked.plan(now=ASKED + 4 * DAY)
        assert (await booked.due(), await booked.states()) == ([booked.eve(0), booked.eve(1)], ["planned"] * 2)


async def test_one_that_was_sent_goes_again_for_a_later_start_and_not_for_an_earlier(district: District) -> None:
    async with series(district, 2) as booked:
        await planned(booked)
        at = booked.eve(0)
        await fall_due(booked.database, now=at)
        await booked.move(0, -2, now=at + MINUTE, by=booked.becker)
        await booked.plan(now=at + MINUTE)
        earlier = await booked.states()
        await booked.move(0, 48, now=at + 2 * MINUTE, by=booked.becker)
        for _ in range(3):
            await booked.plan(now=at + 2 * MINUTE)
        assert (earlier, await booked.states()) == (["sent", "planned"], ["planned", "planned"])
        assert await booked.due() == [booked.eve(0, moved=2), booked.eve(1)]
        assert [await fall_due(booked.database, now=booked.eve(0, moved=2)) for _ in range(2)] == [1, 0]
        assert await sent(booked) == 2


async def test_back_at_the_time_that_it_was_sent_for_it_does_not_go_again(district: District) -> None:
    async with series(district, 1) as booked:
        await planned(booked)
        at = booked.eve(0)
        await fall_due(booked.database, now=at)
        for hours in (48, 0):
            await booked.move(0, hours, now=at + MINUTE, by=booked.becker)
            await booked.plan(now=at + MINUTE)
        assert (await booked.states(), await fall_due(booked.database, now=at + HOUR), await sent(booked)) == (
            ["dropped"], 0, 1,
        )  # fmt: skip


async def test_a_date_that_moved_unplanned_is_not_reminded_of_the_old_time(district: District) -> None:
    """The move's event has not been handed out when the old reminder falls due."""
    async with series(district, 1) as booked:
        await planned(booked)
        await booked.move(0, 48, now=ASKED + 2 * DAY, by=booked.becker)
        old = booked.eve(0)
        assert (await fall_due(booked.database, now=old), await sent(booked), await booked.due()) == (
            1, 0, [booked.eve(0, moved=2)],
        )  # fmt: skip
        assert (await fall_due(booked.database, now=booked.eve(0, moved=2)), await sent(booked)) == (1, 1)


async def test_control_when_rows_do_not_keep_their_start_the_old_time_is_reminded_of(district: District) -> None:
    async with series(district, 1) as booked:
        await planned(booked)
        await booked.move(0, 48, now=ASKED + 2 * DAY, by=booked.becker)
        await tell(booked.url, FORGET)
        assert (await fall_due(booked.database, now=booked.eve(0)), await sent(booked)) == (1, 1)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_the_order_and_number_of_events_each_reminder_is_for_the_time_that_stands(
    district: District, seed: int
) -> None:
    """Moves by staff, moves that wait, are granted, declined, taken back, and cancellations, with planning in between by chance."""
    dice, weeks = random.Random(seed), 5
    async with series(district, weeks) as booked:
        await planned(booked)
        shift: dict[int, int] = dict.fromkeys(range(weeks), 0)
        for step in range(10):
            now = ASKED + (2 + step) * DAY
            week = dice.randrange(weeks)
            await one(booked, week, shift, dice, now)
            for _ in range(dice.randrange(3)):
                await booked.plan(now=now)
        await booked.plan(now=ASKED + 20 * DAY)
        assert await kept(booked) == [booked.eve(week, moved=shift[week]) for week in sorted(shift)]


async def one(booked: Series, week: int, shift: dict[int, int], dice: random.Random, now: datetime) -> None:
    """One act by chance; `shift` follows what stands."""
    if week not in shift:
        return
    to, act = dice.choice([1, 2, 3]), dice.choice(["staff", "granted", "declined", "back", "cancel"])
    if act == "cancel":
        del shift[week]
        await booked.cancel(week, now=now)
        return
    await booked.move(week, 24 * to, now=now, by=booked.becker if act == "staff" else None)
    if act == "declined" and shift[week] != to:
        await booked.decline("No", now=now)
    elif act == "back" and shift[week] != to:
        await booked.take_back(now=now)
    elif act == "granted" and shift[week] != to:
        await booked.approve(now=now)
    shift[week] = to if act in ("staff", "granted") else shift[week]


async def kept(booked: Series) -> Sequence[datetime]:
    """When those that are planned fall due, by date."""
    found = await rows(
        booked.url,
        "SELECT r.due_at FROM reminders r JOIN occurrences o ON o.id = r.occurrence_id WHERE r.state = 'planned' ORDER BY o.original_start",
    )
    return [datetime.fromisoformat(str(row[0])).replace(tzinfo=UTC) for row in found]
