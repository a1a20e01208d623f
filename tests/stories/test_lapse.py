"""A hold lapses only while the partner owes an answer: two warnings, then the dates are free. `tick --at` moves through the days."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from afterbell.policy.business import business_days_later
from tests.cast import ZONE
from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import afterbell
from tests.stories.asks import HALL, day, weekly
from tests.stories.deciding import GYM_A, Caller, people, standing, told
from tests.stories.standing import WELL, examined

pytestmark = pytest.mark.story

MINUTE = timedelta(minutes=1)


def ticked(district: District, at: datetime) -> int:
    """How many warnings and lapses one `tick --at` took."""
    done = afterbell(district.url, "tick", "--at", at.isoformat(), "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    return found["expiries"]


def due_of(booking: dict[str, Any]) -> datetime:
    """By when the partner answers."""
    assert booking["waiting_on"]["role"] == "partner"
    return datetime.fromisoformat(booking["waiting_on"]["due"])


async def questioned(lin: Caller, becker: Caller, **changes: Any) -> dict[str, Any]:
    """A request with an open question."""
    booking = await lin.asks(repeat=weekly(2), **changes)
    found: dict[str, Any] = (await becker.does(booking["reference"], "question", message="How many chairs?")).json()
    return found


async def test_two_warnings_then_the_dates_lapse_each_once_and_others_can_have_the_room(district: District) -> None:
    async with people(district, "lin", "becker", "sam") as (_, lin, becker, sam):
        booking = await questioned(lin, becker, rooms=[HALL])
        competing = await questioned(lin, becker, rooms=[GYM_A])
        reference, due = booking["reference"], due_of(booking)
        there = due.astimezone(ZoneInfo(ZONE))
        first, second = due - timedelta(days=2), there.replace(hour=8, minute=0, second=0, microsecond=0)
        second = min(second, there)
        lapse = business_days_later(due, 1, [], ZONE)
        counts = [
            ticked(district, at)
            for at in (first - MINUTE, first + MINUTE, first + MINUTE, second - MINUTE, second + MINUTE, lapse - MINUTE)
        ]
        before = await lin.sees(reference)
        counts += [ticked(district, lapse + MINUTE), ticked(district, lapse + MINUTE)]
        after = [await lin.sees(each["reference"]) for each in (booking, competing)]
        late = await lin.does(reference, "answer", message="Twenty")
        taken = await sam.asks(organization="figueroa-youth-theatre", activity="performance", rooms=[HALL])
        events = await told(district.url, reference)
    assert counts == [0, 2, 0, 0, 2, 0, 2, 0]
    assert standing(before) == ("requested", 4, ["held", "held"])
    assert [standing(each) for each in after] == [("lapsed", 5, ["lapsed", "lapsed"])] * 2
    assert [date["reason"] for date in after[0]["occurrences"]] == [
        "The school's question was not answered in time."
    ] * 2
    assert (after[0]["waiting_on"], late.status_code, taken["state"]) == (None, 409, "requested")
    assert [(kind, facts["version"], facts.get("warning")) for kind, facts in events] == [
        ("booking.requested", 1, None),
        ("booking.questioned", 2, None),
        ("booking.hold_warned", 3, 1),
        ("booking.hold_warned", 4, 2),
        ("booking.lapsed", 5, None),
    ]
    actors = await sql.rows(
        district.url, "SELECT DISTINCT actor_id FROM events WHERE kind IN ('booking.hold_warned', 'booking.lapsed')"
    )
    assert actors == [(None,)]
    assert examined(district.url) == WELL


async def test_nothing_lapses_because_the_school_is_late_nor_after_an_answer(district: District) -> None:
    """Control: the third, whose question stays open, is warned and lapses through the same ticks."""
    async with people(district, "lin", "becker") as (_, lin, becker):
        forgotten = await lin.asks(rooms=[HALL], hour=10)
        answered = await questioned(lin, becker, rooms=[HALL], hour=14)
        open_one = await questioned(lin, becker, rooms=[HALL], hour=18)
        due = due_of(open_one)
        counts = [ticked(district, due - timedelta(days=2) + MINUTE)]
        await lin.does(answered["reference"], "answer", message="Twenty")
        counts += [ticked(district, due + timedelta(days=days) + MINUTE) for days in (0, 5, 9)]
        states = [(await lin.sees(each["reference"]))["state"] for each in (forgotten, answered, open_one)]
    assert counts == [2, 1, 1, 0]
    assert states == ["requested", "requested", "lapsed"]
    assert day() > due.date() + timedelta(days=9)


async def test_an_approved_date_stays_when_the_others_lapse(district: District) -> None:
    async with people(district, "lin", "becker") as (_, lin, becker):
        booking = await questioned(lin, becker, rooms=[HALL])
        await becker.does(
            booking["reference"], "approval", occurrences=[booking["occurrences"][0]["id"]], rest="waiting"
        )
        due = due_of(booking)
        for days in (-2, 0, 5):
            ticked(district, due + timedelta(days=days) + MINUTE)
        after = await lin.sees(booking["reference"])
    assert standing(after) == ("approved", 6, ["approved", "lapsed"])
