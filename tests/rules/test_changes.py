"""The rules hold for what a booking becomes, not only for what is asked for first: a quota while moves wait, notice for more people, the shortest length."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.problems import codes
from tests.api.test_change import patched
from tests.cast import OWL
from tests.conftest import District
from tests.rules.ruling import sets
from tests.stories.asks import HALL, ask, day, today, wall, weekly
from tests.stories.deciding import Caller, people
from tests.stories.standing import WELL, examined

OTHER = f"{OWL}/hall-3"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FIRST = day(ahead=40)
TODAY = today().isoformat()


async def evenings(lin: Caller, becker: Caller, weeks: int = 1, **more: Any) -> dict[str, Any]:
    """Approved Tuesday evenings in a hall, two hours each."""
    made = await lin.asks(on=FIRST, hour=18, rooms=[HALL], repeat=weekly(weeks), **more)
    done: dict[str, Any] = (await becker.does(made["reference"], "approval")).json()
    return done


async def test_a_quota_counts_where_moves_that_wait_would_go(district: District) -> None:
    """Two of two hours fill the week; as long as it waits a move counts in both weeks."""
    async with people(district, "lin", "becker", "whitfield") as (_, lin, becker, whitfield):
        await sets(whitfield.http, "quotas", {"hours_a_week": 4}, campus=OWL, effective_from=TODAY)
        booking = await evenings(lin, becker, 4)
        places = [wall(FIRST + n * WEEK, 18) for n in range(4)]
        second = await patched(
            lin.http, booking, occurrence=places[1], starts_at=wall(FIRST + DAY, 18), ends_at=wall(FIRST + DAY, 20)
        )
        third = await patched(lin.http, second.json(), occurrence=places[2], starts_at=wall(FIRST + 2 * DAY, 18))
        more = await lin.http.post("/api/v1/bookings", json=ask(FIRST + 3 * DAY, 18, rooms=[HALL]))
        left = await lin.http.post(
            "/api/v1/bookings", json=ask(FIRST + WEEK + DAY, 18, rooms=[HALL], ends_at=wall(FIRST + WEEK + DAY, 21))
        )
        again = await patched(lin.http, second.json(), occurrence=places[1], starts_at=wall(FIRST + 2 * DAY, 18))
        granted = await becker.does(booking["reference"], "approval")
        freed = await lin.http.post("/api/v1/bookings", json=ask(FIRST + WEEK + DAY, 18, rooms=[HALL]))
    assert (second.status_code, codes(third), codes(more), codes(left)) == (200, *[(409, "quota")] * 3)
    assert (again.status_code, granted.status_code, freed.status_code) == (200, 200, 201)
    assert examined(district.url) == WELL


async def test_more_people_need_the_notice_of_so_many(district: District) -> None:
    """Only where that is more than before; those who decide there waive it, as they do when they move a date."""
    large = {"large_from": 60, "large": 60}
    async with people(district, "lin", "becker", "whitfield") as (_, lin, becker, whitfield):
        booking = await evenings(lin, becker)
        await sets(whitfield.http, "notice", large, campus=OWL, effective_from=TODAY)
        asked = await lin.http.post("/api/v1/bookings", json=ask(FIRST + DAY, 18, rooms=[HALL], headcount=60))
        many = await patched(lin.http, booking, headcount=60)
        fewer = await patched(lin.http, booking, headcount=59)
        staff = (await patched(becker.http, fewer.json(), headcount=60)).json()
        yet_more = await patched(lin.http, staff, headcount=61)
    assert codes(asked) == codes(many) == (409, "short_notice")
    assert (fewer.status_code, fewer.json()["proposed"]) == (200, {"headcount": 59})
    assert (staff["headcount"], staff["proposed"], yet_more.status_code) == (60, None, 200)


@pytest.mark.parametrize("scope", ["this", "all"])
async def test_no_date_becomes_shorter_than_the_shortest(district: District, scope: str) -> None:
    async with people(district, "lin", "becker", "whitfield") as (_, lin, becker, whitfield):
        booking = await evenings(lin, becker, 2)
        await sets(whitfield.http, "lengths", {"shortest": 60}, room=HALL, effective_from=TODAY)
        named = {"scope": scope, "occurrence": wall(FIRST, 18)}
        short = await patched(lin.http, booking, ends_at=wall(FIRST, 18, 59), **named)
        fine = await patched(lin.http, booking, ends_at=wall(FIRST, 19), **named)
    assert codes(short) == (409, "too_short")
    assert len(short.json()["reasons"]) == {"this": 1, "all": 2}[scope]
    assert short.json()["reasons"][0]["would_pass"] == "60"
    assert (fine.status_code, fine.json()["waiting_on"]) == (200, None)


async def test_a_room_given_with_the_approval_keeps_to_its_lengths(district: District) -> None:
    """A change with a reason may go against them, and what the date's own room refuses as well was settled before."""
    async with people(district, "lin", "becker", "whitfield") as (_, lin, becker, whitfield):
        made = await lin.asks(on=FIRST, hour=18, rooms=[HALL])
        await sets(whitfield.http, "lengths", {"longest": 60}, room=OTHER, effective_from=TODAY)
        given = await becker.does(made["reference"], "approval", rooms=[OTHER])
        asked = await patched(becker.http, made, rooms=[OTHER])
        moved = await patched(becker.http, made, rooms=[OTHER], anyway="There is no other.")
        done = (await becker.does(made["reference"], "approval", rooms=[OTHER])).json()
        before = await lin.asks(on=FIRST + DAY, hour=18, rooms=[HALL])
        await sets(whitfield.http, "lengths", {"longest": 60}, campus=OWL, effective_from=TODAY)
        settled = (await becker.does(before["reference"], "approval", rooms=[OTHER])).json()
    assert codes(given) == codes(asked) == (409, "too_long")
    assert given.json()["reasons"] == asked.json()["reasons"]
    assert given.json()["detail"] == (
        "A rule of these rooms is against it. Move the booking there with a reason, then approve it, or give others."
    )
    assert (moved.status_code, moved.json()["state"]) == (200, "requested")
    assert [(each["state"], each["rooms"]) for each in (*done["occurrences"], *settled["occurrences"])] == [
        ("approved", [OTHER])
    ] * 2
    assert examined(district.url) == WELL
