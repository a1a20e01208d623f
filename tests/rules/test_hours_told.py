"""Whose hours a refusal tells: a room is named when they are its own, the school when the campus or the district sets them."""

from typing import Any

import pytest

from tests.cast import OWL
from tests.conftest import District
from tests.rules.ruling import desk, sets
from tests.stories.asks import HALL, ask, today

SHUT = {"seasons": [{"instead": True, "windows": []}]}
SCHOOL = "The school is not open for visitors on that day. Choose another day."
ROOM = "Hall 2 is not open on that day. Choose another day, or another room."


@pytest.mark.parametrize(("where", "said"), [({}, SCHOOL), ({"campus": OWL}, SCHOOL), ({"room": HALL}, ROOM)])
async def test_no_other_room_is_offered_where_none_is_open(
    district: District, where: dict[str, str], said: str
) -> None:
    async with desk(district, "whitfield", "lin") as at:
        await sets(at["whitfield"], "hours", SHUT, effective_from=today().isoformat(), **where)
        shown: dict[str, Any] = (await at["lin"].post("/api/v1/bookings/preview", json=ask(rooms=[HALL]))).json()
    assert [each["message"] for each in shown["verdict"]["reasons"]] == [said]
