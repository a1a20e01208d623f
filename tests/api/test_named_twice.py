"""A room that is named twice, or beside a part of itself, where a booking changes or is decided: told, however it is named, and nothing is changed."""

import pytest

from tests.api.problems import told, written
from tests.api.test_change import patched
from tests.cast import OWL
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import HALL
from tests.stories.deciding import people

WHOLE, WEST = f"{OWL}/hall-1", f"{OWL}/hall-1a"
TWICE = (409, ("room_twice", "Hall 2 is named twice. Name each room once."))
PART = (409, ("room_twice", "Hall 1, whole and Hall 1, west half share the same space. Choose one of them."))


@pytest.mark.parametrize("by_id", [False, True])
async def test_a_room_named_twice_is_told_by_change_and_approval(district: District, by_id: bool) -> None:
    """By its key and by its opaque id it is the same room; and the whole of a booking's room beside its half is nothing new to judge, yet cannot be."""
    public = str((await sql.rows(district.url, "SELECT public_id FROM rooms WHERE slug = 'hall-2'"))[0][0])
    same = [HALL, public if by_id else HALL]
    async with people(district, "lin", "becker") as (_, lin, becker):
        hall, gym = await lin.asks(rooms=[HALL]), await lin.asks(rooms=[WHOLE])
        before = await written(district.url)
        answers = [
            told(await patched(lin.http, hall, rooms=same)),
            told(await becker.does(hall["reference"], "approval", rooms=same)),
            told(await patched(lin.http, gym, rooms=[WHOLE, WEST])),
            told(await becker.does(gym["reference"], "approval", rooms=[WHOLE, WEST])),
        ]
        after = await written(district.url)
    assert answers == [TWICE, TWICE, PART, PART]
    assert after == before
