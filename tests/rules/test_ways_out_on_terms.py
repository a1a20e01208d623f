"""What is offered in place of a date is lent to who asks: to people like them, for as long, within their quota, and by the hours of each room."""

from datetime import date, datetime, timedelta
from typing import Any

import httpx2

from tests.cast import OWL
from tests.conftest import District
from tests.rules.ruling import desk, sets
from tests.stories.asks import THERE, ask, day, today, weekly
from tests.stories.deciding import Caller

TWO, THREE, FOUR, FIVE = [f"{OWL}/hall-{number}" for number in (2, 3, 4, 5)]
FOR_SCHOOLS = {"reserved": [{"tiers": ["school"]}]}


async def set_now(who: httpx2.AsyncClient, name: str, value: Any, **where: str) -> None:
    """A rule from today on."""
    answer = await sets(who, name, value, effective_from=today().isoformat(), **where)
    assert answer.status_code == 200, answer.text


async def ways(who: httpx2.AsyncClient, body: dict[str, Any]) -> list[list[tuple[str, str]]]:
    """For each date of a preview the rooms and wall times that are offered."""
    answer = (await who.post("/api/v1/bookings/preview", json=body)).json()
    return [
        [(each["room"].partition("/")[2], local(each["starts_at"])) for each in found["alternatives"]]
        for found in answer["occurrences"]
    ]


def local(instant: str) -> str:
    """Wall time at the school."""
    return f"{datetime.fromisoformat(instant).astimezone(THERE):%Y-%m-%dT%H:%M}"


def at(on: date, hour: int) -> str:
    """The same, of a day."""
    return f"{on.isoformat()}T{hour:02}:00"


async def test_a_room_for_others_is_offered_by_neither_preview_nor_decline(district: District) -> None:
    """Control: before the rule it is the first that is offered."""
    first = day(ahead=33)
    body = ask(first, 18, rooms=[TWO])
    async with desk(district, "whitfield", "lin") as people:
        lin, whitfield = people["lin"], people["whitfield"]
        one = await Caller(lin).asks(on=first, hour=18, rooms=[TWO])
        two = await Caller(lin).asks(on=first + timedelta(days=1), hour=18, rooms=[TWO])
        before = await ways(lin, body)
        await whitfield.post(f"/api/v1/bookings/{two['reference']}/decline", json={"reason": "No."})
        await set_now(whitfield, "admission", FOR_SCHOOLS, room=THREE)
        await set_now(whitfield, "lengths", {"longest": 60}, room=FOUR)
        after = await ways(lin, body)
        await whitfield.post(f"/api/v1/bookings/{one['reference']}/decline", json={"reason": "No."})
        declined = [await Caller(lin).sees(each["reference"]) for each in (two, one)]
    halls = [[room for room, starts in found[0] if starts == at(first, 18)] for found in (before, after)]
    assert halls == [["hall-3", "hall-4"], ["hall-5", "hall-6"]]
    assert [each["occurrences"][0]["alternative"]["room"] for each in declined] == [THREE, FIVE]


async def test_dates_beyond_a_quota_are_offered_in_weeks_that_have_room_and_no_slot_twice(district: District) -> None:
    """Control: without the quota nothing is left out and nothing offered."""
    first = day(ahead=33)
    repeat = {"rrule": "FREQ=DAILY;COUNT=4", "except": [(first + timedelta(days=1)).isoformat()]}
    body = ask(first, 18, rooms=[TWO], repeat=repeat, on_conflict="skip")
    async with desk(district, "whitfield", "lin") as people:
        free = await ways(people["lin"], body)
        await set_now(people["whitfield"], "quotas", {"hours_a_week": 2}, campus=OWL)
        full = await ways(people["lin"], body)
    monday = first + timedelta(days=6)
    assert free == [[]] * 3
    assert full == [[], [("hall-2", at(monday, 18))], [("hall-2", at(monday + timedelta(days=1), 18))]]


async def test_hours_of_a_rooms_own_leave_its_own_time_and_the_room_next_door(district: District) -> None:
    """Control: outside the hours of the whole campus no room next door is offered, and the nearest time."""
    first = day(ahead=33)
    window = {"weekday": first.weekday(), "opens": "17:00", "closes": "19:00"}
    hours = {"seasons": [{"instead": True, "windows": [window]}]}
    async with desk(district, "whitfield", "lin") as people:
        await set_now(people["whitfield"], "hours", hours, room=TWO)
        own = await ways(people["lin"], ask(first, 18, rooms=[TWO], repeat=weekly(1)))
        await set_now(people["whitfield"], "hours", hours, campus=OWL)
        all_ = await ways(people["lin"], ask(first, 18, rooms=[TWO]))
    assert own == [[("hall-3", at(first, 18)), ("hall-4", at(first, 18)), ("hall-2", at(first, 17))]]
    assert all_ == [[("hall-2", at(first, 17))]]


async def test_notice_of_a_rooms_own_leaves_the_room_next_door(district: District) -> None:
    """Control: what the whole campus needs so long to prepare is offered nowhere."""
    first = day(ahead=33)
    async with desk(district, "whitfield", "lin") as people:
        await set_now(people["whitfield"], "notice", {"partner": 60}, room=TWO)
        own = await ways(people["lin"], ask(first, 18, rooms=[TWO]))
        await set_now(people["whitfield"], "notice", {"partner": 60}, campus=OWL)
        all_ = await ways(people["lin"], ask(first, 18, rooms=[TWO]))
    assert own == [[("hall-3", at(first, 18)), ("hall-4", at(first, 18))]]
    assert all_ == [[]]
