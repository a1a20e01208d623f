"""Any room of a kind: the smallest that fits, one for the whole series where that can be."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.recurrence import Date, Repeat
from afterbell.almanac.span import Span
from afterbell.policy.ask import RoomFacts
from afterbell.policy.assigning import Call, any_of, assigned, fitting, fitting_together
from afterbell.policy.rooms import blocked
from tests.policy.asking import dates

TUE = datetime(2026, 11, 10, 18)
WEEK = timedelta(weeks=1)
ROOMS = {
    1: RoomFacts(1, "Small", 20, frozenset({11})),
    2: RoomFacts(2, "Half", 60, frozenset({12}), {"theater": 90}),
    3: RoomFacts(3, "Other half", 60, frozenset({13})),
    4: RoomFacts(4, "Whole", 120, frozenset({12, 13})),
}
SERIES = dates(TUE, repeat=Repeat("FREQ=WEEKLY;COUNT=3"))


def calls(*choices: tuple[int, ...]) -> list[Call]:
    return [Call(date, date.span, choices) for date in SERIES]


def given_to(taken: dict[int, list[Span]], *choices: tuple[int, ...]) -> list[tuple[int, ...]]:
    found = assigned(calls(*choices), ROOMS, taken)
    return [found[date.original_start] for date in SERIES]


def test_a_kind_is_named_after_its_school() -> None:
    named = [any_of(name) for name in ("owl/any:gym", "owl/gym", "any:gym", "rm_1")]
    assert named == [("owl", "gym"), None, None, None]


def test_the_smallest_that_hold_the_people_are_tried_and_the_largest_when_none_does() -> None:
    rooms = ROOMS.values()
    assert [
        fitting(rooms, people, layout) for people, layout in ((20, None), (61, None), (61, "theater"), (121, None))
    ] == [
        (1, 2, 3, 4),
        (4,),
        (2, 4),
        (4,),
    ]


def test_a_room_that_has_the_layout_comes_before_one_that_has_not() -> None:
    assert [fitting(ROOMS.values(), people, "theater") for people in (20, 91)] == [(2, 1, 3, 4), (2, 4)]


def together(people: int, *names: tuple[int, ...], taken: dict[int, list[Span]] | None = None) -> list[tuple[int, ...]]:
    """What three dates are given when these rooms are to hold so many people together."""
    choices = fitting_together(names, ROOMS, people, None)
    found = assigned([Call(date, date.span, choices, people) for date in SERIES], ROOMS, taken or {})
    return [found[date.original_start] for date in SERIES]


def test_several_rooms_hold_the_people_together() -> None:
    """A kind beside a room that is named, before or after it; two of a kind; and the largest where nothing suffices."""
    kind = (1, 2, 3)
    assert together(140, (4,), kind) == together(121, (4,), kind) == [(4, 1)] * 3
    assert fitting_together([(1,), kind], ROOMS, 80, None) == ((1,), (2, 3))
    assert (together(80, (1,), kind), together(80, kind, (1,))) == ([(1, 2)] * 3, [(2, 1)] * 3)
    assert (together(80, kind, kind), together(81, kind, kind)) == ([(1, 2)] * 3, [(2, 3)] * 3)
    assert together(999, (1,), kind) == [(1, 3)] * 3


def test_what_is_taken_on_one_date_is_made_up_for_by_a_larger_room_then() -> None:
    taken = {12: [SERIES[1].span]}
    assert together(80, (1, 2, 3), (1, 2, 3), taken=taken) == [(1, 3), (1, 3), (1, 3)]
    assert together(120, (1, 2, 3), (1, 2, 3), taken=taken)[0] == (3, 2)


def test_one_room_for_all_dates_where_that_can_be() -> None:
    taken = {12: [SERIES[1].span]}
    assert given_to({}, (2, 3, 4)) == [(2,)] * 3
    assert given_to(taken, (2, 3, 4)) == [(3,)] * 3


def test_else_the_one_that_is_free_on_most_dates_and_another_on_the_odd_one() -> None:
    taken = {12: [SERIES[0].span], 13: [SERIES[1].span, SERIES[2].span]}
    assert given_to(taken, (2, 3)) == [(3,), (2,), (2,)]


def test_where_none_is_free_the_first_is_named() -> None:
    taken = {12: [date.span for date in SERIES], 13: [date.span for date in SERIES]}
    assert given_to(taken, (2, 3, 4)) == [(2,)] * 3


def test_two_of_a_kind_are_two_rooms_and_share_no_space() -> None:
    assert given_to({}, (2, 3, 4), (2, 3, 4)) == [(2, 3)] * 3
    assert given_to({}, (4,), (2, 3, 1)) == [(4, 1)] * 3


@given(st.dictionaries(st.sampled_from([11, 12, 13]), st.lists(st.sampled_from(SERIES), max_size=3, unique=True)))
def test_a_date_is_given_a_room_that_is_free_whenever_one_is(busy: dict[int, list[Date]]) -> None:
    taken = {space: [date.span for date in held] for space, held in busy.items()}
    found = assigned(calls((1, 2, 3, 4)), ROOMS, taken)
    for date in SERIES:
        free = [room for room in ROOMS.values() if blocked(room.spaces, date.span, taken) is None]
        (room,) = found[date.original_start]
        assert not free or ROOMS[room] in free
