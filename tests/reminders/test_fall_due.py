"""Falling due: each reminder becomes one event when its time has come, if its date still stands and has not begun."""

from datetime import timedelta

from afterbell.reminders.fall_due import fall_due
from tests.conftest import District
from tests.ground.sql import rows
from tests.reminders.booked import ASKED, Series, series

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


async def planned(booked: Series) -> None:
    await booked.approve(now=ASKED + DAY)
    await booked.plan(now=ASKED + DAY)


async def announced(booked: Series) -> int:
    """How many reminders were handed to the outbox."""
    ((count,),) = await rows(
        booked.url, f"SELECT count(*) FROM events WHERE kind = 'reminder.due' AND booking_id = {booked.booking.id}"
    )
    return int(count)


async def test_a_reminder_falls_due_at_its_minute_and_once(district: District) -> None:
    async with series(district, 2) as booked:
        await planned(booked)
        at = booked.eve(0)
        found = [await fall_due(booked.database, now=moment) for moment in (at - MINUTE, at, at, at + MINUTE)]
        assert (found, await booked.states(), await announced(booked)) == ([0, 1, 0, 0], ["sent", "planned"], 1)


async def test_a_date_that_was_cancelled_meanwhile_is_not_reminded(district: District) -> None:
    """Nobody has planned anew since the cancellation."""
    async with series(district, 2) as booked:
        await planned(booked)
        await booked.cancel(0, now=ASKED + 2 * DAY)
        found = await fall_due(booked.database, now=booked.eve(0))
        assert (found, await booked.states(), await announced(booked)) == (1, ["dropped", "planned"], 0)


async def test_a_worker_that_was_away_reminds_of_what_lies_ahead_only(district: District) -> None:
    async with series(district, 3) as booked:
        await planned(booked)
        during = booked.booking.dates[1].starts_at
        assert await fall_due(booked.database, now=during - MINUTE) == 2
        assert (await booked.states(), await announced(booked)) == (["dropped", "sent", "planned"], 1)


async def test_a_date_that_begins_this_moment_is_not_reminded(district: District) -> None:
    async with series(district, 1) as booked:
        await planned(booked)
        await fall_due(booked.database, now=booked.booking.dates[0].starts_at)
        assert (await booked.states(), await announced(booked)) == (["dropped"], 0)


async def test_later_events_bring_no_second_reminder(district: District) -> None:
    async with series(district, 2) as booked:
        await planned(booked)
        at = booked.eve(0)
        await fall_due(booked.database, now=at)
        await booked.cancel(1, now=at + MINUTE)
        await booked.plan(now=at + MINUTE)
        assert (await fall_due(booked.database, now=at + MINUTE), await booked.states()) == (0, ["sent", "dropped"])


async def test_all_that_came_too_late_is_dropped_at_once(district: District) -> None:
    async with series(district, 15) as booked:
        await planned(booked)
        later = booked.booking.dates[-1].ends_at + DAY
        assert [await fall_due(booked.database, now=later), await fall_due(booked.database, now=later)] == [15, 0]
        assert (await booked.states(), await announced(booked)) == (["dropped"] * 15, 0)
