"""A change that nobody decided in time ends by itself: what was approved stands, what it would have needed is free again, and the partner is told once."""

from datetime import datetime, timedelta

import pytest

from afterbell import clock
from afterbell.bookings.lapse import expire
from afterbell.bookings.lists import waiting_for
from afterbell.doctor.examine import examine
from afterbell.problem import Problem
from tests.conftest import District
from tests.ground import sql
from tests.notices.handing import announced, hand
from tests.notices.test_told_changes import acts, approved, even, subjects
from tests.reminders.booked import ASKED, Series, series

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WEEKS = 7 * 24
CLAIMS = "SELECT count(*) FROM claims c JOIN occurrences o ON o.id = c.occurrence_id WHERE o.booking_id = {id}"
TEXTS = "SELECT text FROM deliveries ORDER BY id"
TOO_LATE = "What was to move has begun, or would have begun where it was to go. Decline the change instead."


async def moving(booked: Series) -> int:
    """Approved and told, then asked: the first date three weeks and a day later, the third to the day before the first, the last three hours later."""
    known = await approved(booked)
    for week, hours in ((0, 3 * WEEKS + 24), (2, -2 * WEEKS - 24), (3, 3)):
        await booked.move(week, hours, now=ASKED + DAY)
    await hand(booked.database, await acts(booked, known), now=ASKED + DAY)
    await sql.tell(booked.url, "DELETE FROM deliveries")
    return known + 3


async def waits(booked: Series) -> list[int]:
    """How many moves wait in each booking of the list of approvals."""
    async with booked.database.reading() as session:
        return [sum(date.move is not None for date in row.dates) for row in await waiting_for(session, booked.becker)]


async def standing(booked: Series, now: datetime) -> tuple[int, list[int], int]:
    """How many that moment ended, what waits then, and how many claims there are."""
    ended = await expire(booked.database, now=now)
    return ended, await waits(booked), (await sql.rows(booked.url, CLAIMS.format(id=booked.booking.id)))[0][0]


async def test_a_move_ends_when_its_date_begins_or_would_have_begun_and_is_told_once(district: District) -> None:
    async with series(district, 4) as booked:
        known = await moving(booked)
        first, last = booked.booking.dates[0].starts_at, booked.booking.dates[3].starts_at
        times = (first - DAY - MINUTE, first - DAY, first - DAY, first, last)
        found = [await standing(booked, at) for at in times]
        events = await acts(booked, known)
        await hand(booked.database, events * 2, now=last)
        texts = [even(text) for (text,) in await sql.rows(booked.url, TEXTS)]
        assert found == [(0, [3], 7), (1, [2], 6), (0, [2], 6), (1, [1], 5), (1, [], 4)]
        starts = [f"{date.original_start:%Y-%m-%dT%H:%M}" for date in booked.booking.dates]
        assert [(each.kind, each.actor_id, each.facts["dates"], each.facts["stayed"]) for each in events] == [
            ("booking.change_lapsed", None, [starts[week]], [starts[week]]) for week in (2, 0, 3)
        ]
        assert await subjects(booked) == ["Your change was not decided in time"] * 3
        assert [[line for line in text if line.startswith("  - ")] for text in texts] == [
            [f"  - {date.original_start:%A, %B} {date.original_start.day}, {date.original_start:%Y}, 6:00 PM – 8:00 PM"]
            for date in (booked.booking.dates[week] for week in (2, 0, 3))
        ]
        assert await examine(booked.database, now=clock.now()) == []


async def test_new_values_for_the_whole_end_with_its_last_date_to_come(district: District) -> None:
    async with series(district, 2) as booked:
        known = await approved(booked)
        await booked.change(headcount=20, now=ASKED + DAY)
        await hand(booked.database, await acts(booked, known), now=ASKED + DAY)
        first, second = (date.starts_at for date in booked.booking.dates)
        found = [await standing(booked, at) for at in (first, second, second)]
        await hand(booked.database, (await announced(booked.database, booked.booking.id))[known + 1 :], now=second)
        [_, (text,)] = await sql.rows(booked.url, TEXTS)
        assert found == [(0, [0], 2), (1, [], 2), (0, [], 2)]
        assert "Not changed\n  - People: remains 10" in text
        assert await examine(booked.database, now=clock.now()) == []


async def test_until_then_an_approval_says_what_is_too_late_and_grants_what_is_not(district: District) -> None:
    async with series(district, 4) as booked:
        await moving(booked)
        now = booked.booking.dates[0].starts_at
        await booked.approve(now=now)
        assert (await waits(booked), await expire(booked.database, now=now)) == ([], 0)
        await booked.move(1, 8 * WEEKS, now=now)
        with pytest.raises(Problem) as told:
            await booked.approve(now=now + 7 * DAY)
        assert [reason.message.plain() for reason in told.value.reasons] == [TOO_LATE]
