"""Letters about changes hold what the partner has not been told: one letter an act, nothing of what changed back, each thing once in any order."""

import random
from datetime import datetime, timedelta

from afterbell.outbox.record import Event
from tests.conftest import District
from tests.ground import sql
from tests.notices.handing import MINUTE, announced, hand, written
from tests.reminders.booked import ASKED, Series, series

SECOND = timedelta(seconds=1)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SUBJECTS = "SELECT subject FROM deliveries ORDER BY id"
CLEAR = "DELETE FROM deliveries"
KEEP = ("CREATE TABLE kept AS SELECT * FROM told", "CREATE TABLE kept_bookings AS SELECT * FROM told_bookings")
RESTORE = ("INSERT INTO told SELECT * FROM kept", "INSERT INTO told_bookings SELECT * FROM kept_bookings")
LAYOUTS = "UPDATE rooms SET layouts = '{\"banquet\": 40}' WHERE slug = 'hall-5'"
FORGET = ("DELETE FROM told", "DELETE FROM told_bookings")


async def approved(booked: Series) -> int:
    """Asked for, approved and told; how many acts that were."""
    await booked.approve(now=ASKED)
    await hand(booked.database, await announced(booked.database, booked.booking.id), now=ASKED)
    await due(booked, ASKED + MINUTE)
    await sql.tell(booked.url, CLEAR)
    return 2


async def acts(booked: Series, after: int) -> list[Event]:
    return (await announced(booked.database, booked.booking.id))[after:]


async def due(booked: Series, now: datetime, after: int = 0) -> None:
    """The decisions that fall due."""
    events = await announced(booked.database, booked.booking.id, due=True)
    await hand(booked.database, events[after:], now=now)


async def subjects(booked: Series) -> list[str]:
    """Of each letter, without the reference."""
    return [str(row[0]).split(":")[0] for row in await sql.rows(booked.url, SUBJECTS)]


async def test_a_change_that_waits_then_its_decision_are_two_letters_however_often_they_are_handed_out(
    district: District,
) -> None:
    async with series(district, 3) as booked:
        known = await approved(booked)
        await booked.change(scope="all", starts=booked.booking.dates[0].original_start + HOUR, now=ASKED + DAY)
        await hand(booked.database, await acts(booked, known) * 3, now=ASKED + DAY)
        first = await written(booked.url)
        await booked.approve(now=ASKED + 2 * DAY)
        await hand(booked.database, (await acts(booked, known))[::-1] * 2, now=ASKED + 2 * DAY)
        await due(booked, ASKED + 2 * DAY + MINUTE)
        assert (first, await written(booked.url)) == ([("change", 6)], [("change", 6), ("decision", 6)])
        assert await subjects(booked) == ["Your change waits", "Your change is approved"]


async def test_a_move_that_is_declined_stays_with_the_words_of_the_school(district: District) -> None:
    async with series(district, 2) as booked:
        known = await approved(booked)
        await booked.move(1, 3, now=ASKED + DAY)
        await booked.decline("The floor is waxed", now=ASKED + DAY + SECOND)
        await hand(booked.database, await acts(booked, known), now=ASKED + DAY + 2 * SECOND)
        early = await subjects(booked)
        await due(booked, ASKED + DAY + 2 * MINUTE)
        ((text,),) = await sql.rows(booked.url, "SELECT text FROM deliveries")
        assert (early, await subjects(booked)) == ([], ["Your change is not approved"])
        assert ("The floor is waxed" in text, text.count(" – ")) == (True, 1)


async def test_what_changed_back_before_the_letter_is_never_spoken_of(district: District) -> None:
    async with series(district, 2) as booked:
        known = await approved(booked)
        await booked.move(0, 3, now=ASKED + DAY)
        await booked.take_back(now=ASKED + DAY + SECOND)
        for hours in (48, 0):
            await booked.move(1, hours, now=ASKED + DAY + 2 * SECOND, by=booked.becker)
        await hand(booked.database, await acts(booked, known), now=ASKED + DAY + MINUTE)
        assert await subjects(booked) == []


async def test_control_when_what_was_told_is_forgotten_the_same_change_is_told_again(district: District) -> None:
    async with series(district, 2) as booked:
        known = await approved(booked)
        await booked.move(0, 3, now=ASKED + DAY)
        for _ in range(3):
            await sql.tell(booked.url, *FORGET)
            await hand(booked.database, await acts(booked, known), now=ASKED + DAY)
            await sql.tell(
                booked.url,
                "UPDATE deliveries SET identity = identity || id || '.', message_id = message_id || id || '.'",
            )
        assert await subjects(booked) == ["Your change waits"] * 3


async def test_what_staff_change_is_told_at_once_as_theirs_and_the_partners_own_as_a_confirmation(
    district: District,
) -> None:
    async with series(district, 3) as booked:
        known = await approved(booked)
        await booked.move(0, 48, now=ASKED + DAY, by=booked.becker)
        await booked.change(headcount=8, now=ASKED + 2 * DAY)
        await booked.change(words={"title": "Clinic, moved"}, now=ASKED + 3 * DAY)
        await booked.change(words={"note": "Bring a ladder"}, now=ASKED + 4 * DAY)
        await booked.change(fewer=(booked.booking.dates[2].public_id,), now=ASKED + 5 * DAY)
        await hand(booked.database, await acts(booked, known), now=ASKED + 5 * DAY)
        assert await subjects(booked) == ["The school changed", "Changed", "Changed", "Changed"]
        assert await written(booked.url) == [("change", 2), ("change", 0), ("change", 0), ("change", 1)]


async def test_a_move_by_the_school_tells_that_what_was_asked_for_no_longer_waits(district: District) -> None:
    """Control: the school puts the second where it was asked to go."""
    for hours, hall, dropped in ((-24, "hall-5", True), (48, "hall-6", False)):
        async with series(district, 2, hall) as booked:
            known = await approved(booked)
            await booked.move(1, 48, now=ASKED + DAY)
            await hand(booked.database, await acts(booked, known), now=ASKED + DAY)
            await booked.move(1, hours, now=ASKED + 2 * DAY, by=booked.becker)
            await hand(booked.database, await acts(booked, known + 1), now=ASKED + 2 * DAY)
            texts = await sql.rows(booked.url, "SELECT text FROM deliveries ORDER BY id")
        assert ["one of these dates elsewhere, that no longer waits." in text for (text,) in texts] == [False, dropped]


async def test_more_people_wait_and_are_granted_or_not(district: District) -> None:
    async with series(district, 1) as booked:
        known = await approved(booked)
        for people, answer in ((20, "granted"), (30, "declined")):
            at = ASKED + people * DAY
            await booked.change(headcount=people, now=at)
            await hand(booked.database, await acts(booked, known), now=at)
            await (booked.approve(now=at) if answer == "granted" else booked.decline("No", now=at))
            await hand(booked.database, await acts(booked, known), now=at)
            await due(booked, at + MINUTE)
        texts = [
            str(row[0]).split("\n\n")[1]
            for row in await sql.rows(booked.url, "SELECT text FROM deliveries ORDER BY id")
        ]
        assert texts == [
            "Also asked for\n  - People: 10, now 20",
            "Also changed\n  - People: 10, now 20",
            "Also asked for\n  - People: 20, now 30",
            "Not changed\n  - People: remains 20",
        ]


async def test_a_change_taken_back_is_told_once(district: District) -> None:
    async with series(district, 2) as booked:
        known = await approved(booked)
        await booked.move(0, 3, now=ASKED + DAY)
        await hand(booked.database, await acts(booked, known), now=ASKED + DAY)
        await booked.take_back(now=ASKED + 2 * DAY)
        await hand(booked.database, await acts(booked, known) * 3, now=ASKED + 2 * DAY)
        assert await subjects(booked) == ["Your change waits", "Change taken back"]
        assert await written(booked.url) == [("change", 2), ("change", 1)]


async def test_ten_shuffled_deliveries_tell_each_thing_once(district: District) -> None:
    """Two moves of different dates, one granted and one taken back, and a date added: whatever the order, no date is told twice as the same."""
    async with series(district, 4) as booked:
        known = await approved(booked)
        await sql.tell(booked.url, *KEEP)
        await booked.move(0, 3, now=ASKED + DAY)
        await booked.move(1, 48, now=ASKED + DAY + SECOND, by=booked.becker)
        more = booked.booking.dates[3].original_start + 7 * DAY
        await booked.change(also=(more,), now=ASKED + DAY + 2 * SECOND)
        events = await acts(booked, known)
        for seed in range(10):
            await sql.tell(booked.url, CLEAR, *FORGET, *RESTORE)
            await hand(booked.database, random.Random(seed).sample(events * 4, 12), now=ASKED + DAY + MINUTE)
            assert sorted(await subjects(booked)) == ["The school changed", "Your change waits", "Your change waits"]


async def test_an_added_date_that_is_approved_within_seconds_waits_in_the_first_letter_and_is_approved_in_the_second(
    district: District,
) -> None:
    async with series(district, 1) as booked:
        known = await approved(booked)
        await booked.change(also=(booked.booking.dates[0].original_start + 7 * DAY,), now=ASKED + DAY)
        await booked.approve(now=ASKED + DAY + SECOND)
        await hand(booked.database, await acts(booked, known), now=ASKED + DAY + 2 * SECOND)
        await due(booked, ASKED + DAY + 2 * MINUTE)
        texts = [str(row[0]) for row in await sql.rows(booked.url, "SELECT text FROM deliveries ORDER BY id")]
        lists = [next(part for part in text.split("\n\n") if "\n  - " in part).split("\n")[0] for text in texts]
        assert (await subjects(booked), lists) == (
            ["Your change waits", "Approved"],
            ["Added dates, which wait for a decision", "Approved dates"],
        )


async def test_a_letter_counts_the_dates_that_remain_only_where_some_do(district: District) -> None:
    async with series(district, 2) as booked:
        known = await approved(booked)
        for week in (0, 1):
            await booked.cancel(week, now=ASKED + DAY)
            await hand(booked.database, await acts(booked, known), now=ASKED + DAY)
        texts = [str(row[0]) for row in await sql.rows(booked.url, "SELECT text FROM deliveries ORDER BY id")]
        assert ["1 date remains as it was." in text for text in texts] == [True, False]
        assert ["remain" in text for text in texts] == [True, False]


async def test_a_letter_counts_only_dates_that_are_still_to_come(district: District) -> None:
    async with series(district, 4) as booked:
        known = await approved(booked)
        now = booked.booking.dates[1].starts_at
        for week in (2, 3):
            await booked.cancel(week, now=now)
            await hand(booked.database, await acts(booked, known), now=now)
        await booked.change(also=(further(booked),), now=now)
        await booked.approve(now=now)
        await hand(booked.database, await acts(booked, known), now=now)
        await due(booked, now + MINUTE)
        texts = [str(row[0]) for row in await sql.rows(booked.url, "SELECT text FROM deliveries ORDER BY id")]
        assert ["1 date remains as it was." in text for text in texts] == [True, False, False, False]
        assert ["remain" in text for text in texts] == [True, False, False, False]


async def test_a_decision_about_part_of_a_change_says_what_of_it_still_waits(district: District) -> None:
    async with series(district, 3) as booked:
        known = await approved(booked)
        for week in (0, 1):
            await booked.move(week, 3, now=ASKED + DAY)
        await booked.change(headcount=20, also=(further(booked),), now=ASKED + DAY)
        for days, weeks in ((2, [0]), (3, [])):
            at = ASKED + days * DAY
            await booked.approve(*weeks, now=at)
            await hand(booked.database, await acts(booked, known), now=at)
            await due(booked, at + MINUTE)
        texts = await sql.rows(booked.url, "SELECT text FROM deliveries WHERE kind = 'decision' ORDER BY id")
    first, second, _ = (date.original_start for date in booked.booking.dates)
    assert (await subjects(booked))[-2:] == ["Decided in part", "Approved"]
    assert [still_waiting(text) for (text,) in texts] == [
        [
            f"  - {written_out(further(booked))}, 6:00 PM – 8:00 PM",
            f"  - From {written_out(second)}, 6:00 PM – 8:00 PM to {written_out(second)}, 9:00 PM – 11:00 PM",
            "  - People: 10, now 20",
        ],
        [],
    ]
    assert f"From {written_out(first)}" in texts[0][0].partition("Still waiting")[0]


def further(booked: Series) -> datetime:
    """Five weeks after its last date."""
    return booked.booking.dates[-1].original_start + 35 * DAY


def still_waiting(text: str) -> list[str]:
    """The lines of that list."""
    return even(text.partition("\n\nStill waiting\n")[2].partition("\n\n")[0])


def written_out(on: datetime) -> str:
    return f"{on:%A, %B} {on.day}, {on.year}"


async def test_a_letter_tells_how_often_it_is_now_and_calls_a_layout_by_its_name(district: District) -> None:
    await sql.tell(district.url, LAYOUTS)
    async with series(district, 3) as booked:
        known = await approved(booked)
        first, second, third = (date.original_start for date in booked.booking.dates)
        further, day = third + 7 * DAY, ASKED + DAY
        await booked.move(1, 1, now=day, by=booked.becker)
        await booked.change(also=(further,), layout="banquet", now=day, by=booked.becker)
        await booked.change(words={"title": "Renamed"}, now=day, by=booked.becker)
        for act in await acts(booked, known):
            await hand(booked.database, [act], now=day)
        texts = [str(row[0]) for row in await sql.rows(booked.url, "SELECT text FROM deliveries ORDER BY id")]
    usual = f"How often it is now: Every week on {first:%A}, 6:00 PM – 8:00 PM, 3 dates"
    moved = f"{usual}; {dated(second)}: 7:00 PM – 9:00 PM; also {dated(further)}"
    assert [[line for line in even(text) if line.startswith("How often")] for text in texts] == [[moved], [moved], []]
    assert [[line for line in even(text) if "Layout" in line] for text in texts] == [
        [],
        ["  - Layout: now Round tables"],
        [],
    ]


def dated(on: datetime) -> str:
    return f"{on:%a, %b} {on.day}, {on.year}"


def even(text: str) -> list[str]:
    """Its lines, with plain spaces before AM and PM."""
    return text.replace("\u202f", " ").splitlines()


async def test_a_layout_that_is_taken_off_waits_and_is_granted_in_words(district: District) -> None:
    await sql.tell(district.url, LAYOUTS)
    async with series(district, 1) as booked:
        await booked.change(layout="banquet", now=ASKED)
        known = await approved(booked) + 1
        await booked.change(layout="", now=ASKED + DAY)
        await hand(booked.database, (await acts(booked, known)) * 2, now=ASKED + DAY)
        await booked.approve(now=ASKED + 2 * DAY)
        await hand(booked.database, await acts(booked, known), now=ASKED + 2 * DAY)
        await due(booked, ASKED + 2 * DAY + MINUTE)
        texts = await sql.rows(booked.url, "SELECT text FROM deliveries ORDER BY id")
    assert [str(text).split("\n\n")[1] for (text,) in texts] == [
        "Also asked for\n  - Layout: Round tables, now none",
        "Also changed\n  - Layout: Round tables, now none",
    ]
