"""The relay: every committed event reaches every listener, each once, whatever fails, repeats or comes late."""

import asyncio
from datetime import timedelta

import pytest

from afterbell.database import Database
from afterbell.outbox.record import ANNOUNCED, Event, record
from afterbell.outbox.relay import relay
from tests.conftest import Ground
from tests.ground.sql import rows, tell
from tests.outbox.events import NOW, Broken, announce, counting, effects, opened, receipts

MINUTE = timedelta(minutes=1)


async def break_off(database: Database, event: Event) -> None:
    """A change that fails after its announcement."""
    async with database.writing() as session:
        await record(session, event)
        raise Broken


async def test_an_event_exists_when_its_change_was_committed_and_only_then(migrated: Ground) -> None:
    async with opened(migrated) as database:
        heard: list[list[str]] = []
        database.after_commit.append(lambda info: heard.append([event.kind for event in info.get(ANNOUNCED, ())]))
        await announce(database, "kept")
        with pytest.raises(Broken):
            await break_off(database, Event("lost", NOW, {}))
    assert (await rows(migrated.url, "SELECT kind FROM events"), heard) == ([("kept",)], [["kept"]])


async def test_every_listener_of_a_kind_hears_it_once(migrated: Ground) -> None:
    listeners = {"a": (("one", counting("one")), ("two", counting("two"))), "b": (("one", counting("one")),)}
    async with opened(migrated) as database:
        await announce(database, "a", "b", "c")
        handled = [await relay(database, listeners, lease_seconds=2, now=NOW) for _ in range(2)]
    assert (handled, await effects(migrated)) == ([3, 0], ["one-a-1", "two-a-1", "one-b-2"])
    assert await receipts(migrated) == [(1, "one"), (1, "two"), (2, "one")]
    assert await rows(migrated.url, "SELECT count(*) FROM events WHERE handled_at IS NULL OR lease IS NOT NULL") == [
        (0,)
    ]


async def test_a_listener_that_fails_is_tried_again_and_the_others_are_not_repeated(migrated: Ground) -> None:
    """What the failed one wrote is taken back with its receipt."""
    listeners = {"a": (("bad", counting("bad", broken=2)), ("good", counting("good")))}
    async with opened(migrated) as database:
        await announce(database, "a")
        first = await relay(database, listeners, lease_seconds=2, now=NOW)
        at_once = await relay(database, listeners, lease_seconds=2, now=NOW)
        after_first = await effects(migrated), await receipts(migrated)
        second = await relay(database, listeners, lease_seconds=2, now=NOW + 2 * MINUTE)
        third = await relay(database, listeners, lease_seconds=2, now=NOW + 10 * MINUTE)
    assert (first, at_once, after_first, second, third) == (1, 0, (["good-a-1"], [(1, "good")]), 1, 1)
    assert (await effects(migrated), await receipts(migrated)) == (["good-a-1", "bad-a-1"], [(1, "bad"), (1, "good")])
    assert await rows(migrated.url, "SELECT attempts, handled_at IS NOT NULL FROM events") in ([(2, 1)], [(2, True)])


async def test_an_event_is_never_given_up(migrated: Ground) -> None:
    listeners = {"a": (("bad", counting("bad", broken=10**9)),)}
    async with opened(migrated) as database:
        await announce(database, "a")
        at = NOW
        for _ in range(30):
            assert await relay(database, listeners, lease_seconds=2, now=at) == 1
            at += timedelta(hours=3)
    assert await rows(migrated.url, "SELECT attempts FROM events WHERE handled_at IS NULL") == [(30,)]


async def test_control_without_its_receipt_a_repeat_has_a_second_effect(migrated: Ground) -> None:
    listeners = {"a": (("one", counting("one")),)}
    async with opened(migrated) as database:
        await announce(database, "a")
        await relay(database, listeners, lease_seconds=2, now=NOW)
        await tell(migrated.url, "UPDATE events SET handled_at = NULL")
        await relay(database, listeners, lease_seconds=2, now=NOW)
        once = await effects(migrated)
        await tell(
            migrated.url, "UPDATE events SET handled_at = NULL", "DELETE FROM receipts", "DELETE FROM organizations"
        )
        await relay(database, listeners, lease_seconds=2, now=NOW)
    assert (once, await effects(migrated)) == (["one-a-1"], ["one-a-1"])
    assert await receipts(migrated) == [(1, "one")]


async def test_what_commits_late_with_a_lower_number_is_not_passed_over(migrated: Ground) -> None:
    """Events are found by flag: number two was handled while number one was still uncommitted."""
    listeners = {kind: (("one", counting("one")),) for kind in ("early", "late")}
    async with opened(migrated) as database:
        await announce(database, "late", "early")
        await tell(migrated.url, "UPDATE events SET handled_at = happened_at WHERE id = 1")
        await relay(database, listeners, lease_seconds=2, now=NOW)
        await tell(migrated.url, "UPDATE events SET handled_at = NULL WHERE id = 1")
        await relay(database, listeners, lease_seconds=2, now=NOW)
    assert await effects(migrated) == ["one-early-2", "one-late-1"]


async def test_events_are_handed_out_twenty_at_a_time_in_their_order(migrated: Ground) -> None:
    listeners = {"a": (("one", counting("one")),)}
    async with opened(migrated) as database:
        await announce(database, *["a"] * 45)
        handled = [await relay(database, listeners, lease_seconds=2, now=NOW) for _ in range(4)]
    assert (handled, await effects(migrated)) == ([20, 20, 5, 0], [f"one-a-{number}" for number in range(1, 46)])


async def test_relays_side_by_side_share_the_work_without_a_repeat(migrated: Ground) -> None:
    listeners = {"a": (("one", counting("one")), ("two", counting("two")))}
    async with opened(migrated) as first, opened(migrated) as second:
        await announce(first, *["a"] * 60)
        handled = await asyncio.gather(
            *(relay(database, listeners, lease_seconds=60, now=NOW) for database in (first, second, first, second))
        )
    assert sum(handled) == 60
    assert sorted(await effects(migrated)) == sorted(
        f"{name}-a-{number}" for name in ("one", "two") for number in range(1, 61)
    )


async def test_an_event_is_not_handed_out_before_its_time(migrated: Ground) -> None:
    async with opened(migrated) as database:
        await announce(database, "a", at=NOW + MINUTE)
        handled = [await relay(database, {}, lease_seconds=2, now=at) for at in (NOW, NOW + MINUTE)]
    assert handled == [0, 1]
