"""A letter holds what its reader has not been told: repeats and shuffles do no harm, a correction within the minute is silent, decisions in a row are one
letter. Without what was told each of these fails."""

import random
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.cancel import withdraw
from afterbell.bookings.decide import Part, approve
from tests.conftest import District
from tests.ground import sql
from tests.notices.handing import MINUTE, announced, hand, written
from tests.reminders.booked import ASKED, Series, series

SECOND = timedelta(seconds=1)
FORGET = "DELETE FROM told"
CLEAR = (FORGET, "DELETE FROM deliveries", "DELETE FROM events WHERE kind = 'decision.due'")
TOLD = "SELECT o.original_start, t.state FROM told t JOIN occurrences o ON o.id = t.occurrence_id ORDER BY o.original_start"


async def part(booked: Series, *weeks: int, session: AsyncSession, seconds: int) -> None:
    """Becker approves the dates of those weeks; the others wait."""
    names = [booked.booking.dates[week].public_id for week in weeks]
    at = ASKED + timedelta(seconds=seconds)
    await approve(session, booked.booking.reference, by=booked.becker, now=at, part=Part(names, "waiting"))


async def test_any_order_of_events_handed_out_five_times_each_writes_each_letter_once(district: District) -> None:
    async with series(district, 3) as booked:
        await booked.approve(now=ASKED + SECOND)
        await booked.cancel(1, now=ASKED + 2 * SECOND)
        acts = await announced(booked.database, booked.booking.id)
        later = ASKED + MINUTE + 2 * SECOND
        for seed in range(8):
            await sql.tell(district.url, *CLEAR)
            chance = random.Random(seed)
            await hand(booked.database, chance.sample(acts * 5, 15), now=ASKED + 3 * SECOND)
            due = await announced(booked.database, booked.booking.id, due=True)
            await hand(booked.database, chance.sample(due * 2, 10), now=later)
            kinds = sorted(kind for kind, _ in await written(district.url))
            assert kinds == ["acknowledgement", "cancellation", "decision"], f"seed {seed}"
            assert [state for _, state in await sql.rows(district.url, TOLD)] == ["approved", "cancelled", "approved"]


async def test_control_when_what_was_told_is_forgotten_the_same_decision_is_told_again(district: District) -> None:
    async with series(district, 2) as booked:
        await booked.approve(now=ASKED)
        acts = await announced(booked.database, booked.booking.id)
        await hand(booked.database, acts[1:] * 3, now=ASKED)
        for event in await announced(booked.database, booked.booking.id, due=True):
            await sql.tell(district.url, FORGET)
            await hand(booked.database, [event], now=ASKED + MINUTE)
    assert await written(district.url) == [("decision", 2)] * 3


async def test_what_is_withdrawn_within_the_minute_is_never_told_as_approved(district: District) -> None:
    """The partner hears that the dates are withdrawn, at once, and no more."""
    async with series(district, 3) as booked:
        async with booked.database.writing() as session:
            await part(booked, 0, 1, session=session, seconds=1)
            await withdraw(session, booked.booking.reference, by=booked.lin, now=ASKED + 30 * SECOND)
        await hand(booked.database, await announced(booked.database, booked.booking.id), now=ASKED + 31 * SECOND)
        at_once = await written(district.url)
        due = await announced(booked.database, booked.booking.id, due=True)
        await hand(booked.database, due, now=ASKED + MINUTE + SECOND)
        assert (len(due), at_once) == (1, [("acknowledgement", 3), ("cancellation", 3)])
        assert await written(district.url) == at_once


async def test_control_what_is_withdrawn_after_the_minute_was_told_as_approved(district: District) -> None:
    async with series(district, 3) as booked:
        async with booked.database.writing() as session:
            await part(booked, 0, 1, session=session, seconds=1)
        await hand(booked.database, await announced(booked.database, booked.booking.id), now=ASKED + 2 * SECOND)
        due = await announced(booked.database, booked.booking.id, due=True)
        await hand(booked.database, due, now=ASKED + MINUTE + SECOND)
        async with booked.database.writing() as session:
            await withdraw(session, booked.booking.reference, by=booked.lin, now=ASKED + 2 * MINUTE)
        acts = await announced(booked.database, booked.booking.id)
        await hand(booked.database, acts[-1:], now=ASKED + 2 * MINUTE)
    assert await written(district.url) == [("acknowledgement", 3), ("decision", 3), ("cancellation", 3)]


async def test_decisions_in_a_row_are_one_letter_once_the_last_has_stood_a_minute(district: District) -> None:
    async with series(district, 3) as booked:
        for week, seconds in ((0, 1), (1, 40), (2, 80)):
            async with booked.database.writing() as session:
                await part(booked, week, session=session, seconds=seconds)
        acts = await announced(booked.database, booked.booking.id)
        await hand(booked.database, acts[1:], now=ASKED + 81 * SECOND)
        first, second, third = await announced(booked.database, booked.booking.id, due=True)
        await hand(booked.database, [first], now=ASKED + MINUTE + SECOND)
        await hand(booked.database, [second], now=ASKED + 100 * SECOND)
        early = await written(district.url)
        await hand(booked.database, [third], now=ASKED + 140 * SECOND)
    assert (early, await written(district.url)) == ([], [("decision", 3)])
