"""Series that are moved over the night on which the clocks go forward, again and again: a date that was put forward knows its time of the series."""

from datetime import datetime
from typing import Any

import pytest

from tests.api.problems import codes
from tests.api.test_change import HALL, patched
from tests.api.test_spring_gap import DAY, HOUR, instant, moved
from tests.conftest import District
from tests.stories.deciding import Caller, people
from tests.stories.standing import WELL, examined

COUNT = {"rrule": "FREQ=DAILY;COUNT=3"}
PUT_FORWARD = [False, True, False]


def clock(wall: datetime) -> str:
    """Wall time as requests carry it."""
    return f"{wall:%Y-%m-%dT%H:%M}"


def told(booking: dict[str, Any]) -> list[tuple[str, bool]]:
    """When each date begins, and whether it was put forward."""
    return [(each["starts_at"], each.get("shifted", False)) for each in booking["occurrences"]]


def nights(first: datetime, zone: str, shifted: list[bool]) -> list[tuple[str, bool]]:
    """The same of three nights from that wall time on."""
    return [(f"{instant(first + n * DAY, zone):%Y-%m-%dT%H:%M:%SZ}", shifted[n]) for n in range(3)]


async def asked(lin: Caller, first: datetime) -> dict[str, Any]:
    """A series of three nights, an hour each."""
    return await lin.asks(rooms=[HALL], starts_at=clock(first), ends_at=clock(first + HOUR), repeat=COUNT)


@pytest.mark.parametrize("approved", [False, True])
async def test_a_series_moved_into_the_gap_and_out_of_it_is_where_it_was_put(
    district: District, approved: bool
) -> None:
    zone, gap = await moved(district)
    first = gap - DAY
    answers = []
    async with people(district, "lin", "becker") as (_, lin, becker):
        booking = await asked(lin, first + 3 * HOUR)
        if approved:
            booking = (await becker.does(booking["reference"], "approval")).json()
        for to in (first, first + 4 * HOUR, first, first + HOUR, first + 5 * HOUR):
            answer = await patched(lin.http, booking, starts_at=clock(to), ends_at=clock(to + HOUR))
            assert answer.status_code == 200, answer.text
            booking = answer.json()
            if approved and booking["waiting_on"]:
                booking = (await becker.does(booking["reference"], "approval")).json()
            answers.append(told(booking))
    assert answers == [
        nights(first, zone, PUT_FORWARD),
        nights(first + 4 * HOUR, zone, [False] * 3),
        nights(first, zone, PUT_FORWARD),
        nights(first + HOUR, zone, [False] * 3),
        nights(first + 5 * HOUR, zone, [False] * 3),
    ]
    assert examined(district.url) == WELL


async def test_a_date_that_was_put_forward_goes_where_it_is_told(district: District) -> None:
    zone, gap = await moved(district)
    async with people(district, "lin", "becker") as (_, lin, _becker):
        booking = await asked(lin, gap - DAY)
        this = {"scope": "this", "occurrence": clock(gap)}
        longer = (await patched(lin.http, booking, ends_at=clock(gap + 3 * HOUR), **this)).json()
        every = {"scope": "all", "occurrence": clock(gap)}
        all_ = (await patched(lin.http, longer, starts_at=clock(gap + 4 * HOUR), **every)).json()
    assert (told(longer), longer["occurrences"][1]["ends_at"]) == (
        nights(gap - DAY, zone, PUT_FORWARD),
        f"{instant(gap + 3 * HOUR, zone):%Y-%m-%dT%H:%M:%SZ}",
    )
    assert told(all_) == nights(gap - DAY + 4 * HOUR, zone, [False] * 3)


async def test_a_part_of_a_move_into_the_gap_says_so_too(district: District) -> None:
    zone, gap = await moved(district)
    first, was = gap - DAY, gap - DAY + 3 * HOUR
    async with people(district, "lin", "becker") as (_, lin, becker):
        booking = await asked(lin, was)
        approved = (await becker.does(booking["reference"], "approval")).json()
        await patched(lin.http, approved, starts_at=clock(first), ends_at=clock(first + HOUR))
        part = {"occurrences": [clock(was + DAY)], "rest": "waiting"}
        one = (await becker.does(booking["reference"], "approval", **part)).json()
        rest = (await becker.does(booking["reference"], "approval")).json()
        alone = await patched(lin.http, rest, scope="this", occurrence=clock(was), starts_at=clock(gap))
    assert told(one) == [
        nights(was, zone, PUT_FORWARD)[0] if n != 1 else nights(first, zone, PUT_FORWARD)[1] for n in range(2)
    ] + [nights(was, zone, [False] * 3)[2]]
    assert told(rest) == nights(first, zone, PUT_FORWARD)
    assert codes(alone) == (409, "no_such_time")


async def test_a_date_that_is_longer_from_the_beginning_is_still_put_forward(district: District) -> None:
    zone, gap = await moved(district)
    longer = {"original_start": clock(gap), "ends_at": clock(gap + 3 * HOUR)}
    async with people(district, "lin") as (_, lin):
        first = {"starts_at": clock(gap - DAY), "ends_at": clock(gap - DAY + HOUR)}
        booking = await lin.asks(rooms=[HALL], repeat=COUNT, changes=[longer], **first)
        later = (await patched(lin.http, booking, starts_at=clock(gap - DAY + 4 * HOUR))).json()
    assert told(booking) == nights(gap - DAY, zone, PUT_FORWARD)
    assert told(later) == nights(gap - DAY + 4 * HOUR, zone, [False] * 3)
    assert examined(district.url) == WELL
