"""Any room of a kind beside rooms that are named, and among rooms that are lent on other terms: over HTTP, whatever the order in which they are named."""

from typing import Any

import httpx2
import pytest

from tests.api.problems import codes
from tests.cast import OWL
from tests.conftest import District
from tests.rules.ruling import desk, sets
from tests.stories.asks import ask, day, today
from tests.stories.standing import WELL, examined

WEST, EAST = f"{OWL}/hall-1a", f"{OWL}/hall-1b"
ANY_GYM, ANY_HALL = f"{OWL}/any:gym", f"{OWL}/any:multipurpose"
TWO, THREE = f"{OWL}/hall-2", f"{OWL}/hall-3"


async def posted(who: httpx2.AsyncClient, **changes: Any) -> httpx2.Response:
    """Lin's request for a Tuesday evening of her own choosing."""
    return await who.post("/api/v1/bookings", json=ask(day(ahead=33), 18, **changes))


@pytest.mark.parametrize(
    ("names", "given"),
    [
        ([ANY_HALL, TWO], [THREE, TWO]),
        ([TWO, ANY_HALL], [TWO, THREE]),
        ([ANY_GYM, WEST], [EAST, WEST]),
        ([WEST, ANY_GYM], [WEST, EAST]),
    ],
)
async def test_a_room_that_is_named_is_no_choice_for_its_kind_in_either_order(
    district: District, names: list[str], given: list[str]
) -> None:
    async with desk(district, "lin") as at:
        made = await posted(at["lin"], rooms=names)
    assert (made.status_code, sorted(made.json()["occurrences"][0]["rooms"])) == (201, sorted(given))
    assert examined(district.url) == WELL


async def test_more_of_a_kind_than_can_be_had_at_once_is_said_as_such(district: District) -> None:
    """The whole gym is one of three gyms, and none beside its halves. Control: two are had."""
    few = "Only {} of the rooms for night-owl-high/any:gym can be had at once here, and {} are asked for. Ask for {}."
    async with desk(district, "lin") as at:
        three = await posted(at["lin"], rooms=[ANY_GYM] * 3)
        beside = await posted(at["lin"], rooms=[ANY_GYM, WEST, ANY_GYM])
        two = await posted(at["lin"], rooms=[ANY_GYM] * 2)
    found = [(codes(each), each.json()["reasons"][0]["message"]) for each in (three, beside)]
    assert found == [
        ((409, "room_twice"), few.format(2, 3, "fewer")),
        ((409, "room_twice"), few.format("one", 2, "one")),
    ]
    assert two.status_code == 201


@pytest.mark.parametrize(("name", "value"), [("lengths", {"longest": 60}), ("notice", {"partner": 60, "renewal": 60})])
async def test_another_of_the_kind_is_given_where_a_rooms_own_terms_refuse(
    district: District, name: str, value: dict[str, Any]
) -> None:
    """Control: the room itself is refused. Where the terms of all refuse, one that nobody has is named and the terms are told."""
    async with desk(district, "whitfield", "lin") as at:
        assert (
            await sets(at["whitfield"], name, value, room=TWO, effective_from=today().isoformat())
        ).status_code == 200
        itself, other = [await posted(at["lin"], rooms=[room]) for room in (TWO, ANY_HALL)]
        assert (
            await sets(at["whitfield"], name, value, campus=OWL, effective_from=today().isoformat())
        ).status_code == 200
        none = await posted(at["lin"], rooms=[ANY_HALL])
    code = {"lengths": "too_long", "notice": "short_notice"}[name]
    assert (codes(itself), codes(none)) == ((409, code), (409, code))
    assert (other.status_code, other.json()["occurrences"][0]["rooms"]) == (201, [THREE])
    assert examined(district.url) == WELL
