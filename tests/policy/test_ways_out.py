"""What is offered in place of a date that cannot be had: whatever is taken, closed or open, each way out would pass as it is offered."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.closures import Closure
from afterbell.almanac.recurrence import Repeat
from afterbell.almanac.span import Span
from afterbell.policy.ask import Facts, RoomFacts, Wish
from afterbell.policy.rules import judge_times
from afterbell.policy.ways_out import Offered, Way, as_good, needed_of, replaceable, ways_of
from tests.policy.asking import HALF_HOUR, NOW, ROOM, THERE, ZONE, School, closed, wish

TUESDAY = datetime(2026, 11, 10, 18)
SIX = TUESDAY.replace(tzinfo=THERE)
HOUR = timedelta(hours=1)
OTHERS = {2: (30, "gym"), 3: (25, "classroom"), 4: (60, "classroom"), 5: (10, "classroom")}


def offered(room: int) -> Offered:
    """A room beside the one that was asked for, which is a classroom of thirty."""
    capacity, kind = OTHERS.get(room, (30, "classroom"))
    return Offered(RoomFacts(room, f"Room {room}", capacity, frozenset({room + 10})), "here", kind, frozenset())


def facts(taken: dict[int, list[Span]], closures: list[Closure] | None = None) -> Facts:
    """The rooms of the school, with what is taken of each."""
    rooms = {room: offered(room).room for room in (ROOM, *OTHERS)}
    spaces = {room + 10: spans for room, spans in taken.items()}
    return replace(School().facts, rooms=rooms, taken=spaces, closures=closures or [])


def ways(asked: Wish, known: Facts) -> list[Way]:
    """For its first date."""
    day = asked.dates[0]
    room = replaceable(day, asked, known, NOW)
    instead = (
        as_good(offered(room), [offered(each) for each in OTHERS], needed_of(room, day, asked, known), None)
        if room
        else []
    )
    return ways_of(day, asked, known, instead, NOW)


def hours(way: Way) -> tuple[int | None, str, str]:
    """The new room, and the wall times."""
    starts, ends = (moment.astimezone(THERE) for moment in (way.span.starts_at, way.span.ends_at))
    return way.new, f"{starts:%H:%M}", f"{ends:%H:%M}"


def test_two_rooms_of_its_kind_that_fit_and_then_the_nearest_time() -> None:
    """The smallest that holds them first; what is too small or of another kind comes only when nothing better is left."""
    known = facts({ROOM: [Span(SIX, SIX + HOUR)]})
    assert [hours(way) for way in ways(wish(TUESDAY), known)] == [
        (3, "18:00", "20:00"),
        (4, "18:00", "20:00"),
        (None, "19:00", "21:00"),
    ]


def test_when_rooms_are_taken_too_the_other_kind_and_both_sides_of_the_time_are_left() -> None:
    busy = [Span(SIX, SIX + HOUR)]
    known = facts({ROOM: busy, 3: busy, 4: busy})
    assert [hours(way) for way in ways(wish(TUESDAY), known)] == [
        (2, "18:00", "20:00"),
        (None, "19:00", "21:00"),
        (None, "16:00", "18:00"),
    ]


def test_set_up_and_take_down_fit_into_the_gap_and_odd_minutes_are_rounded_where_they_can_be() -> None:
    known = facts({ROOM: [Span(SIX - HALF_HOUR, SIX + timedelta(minutes=7))]}, [])
    found = [hours(way) for way in ways(wish(TUESDAY, people=99, pad=HALF_HOUR), known)]
    assert found == [(None, "18:45", "20:45")]
    tight = facts({ROOM: [Span(SIX, SIX + timedelta(minutes=7)), Span(SIX + timedelta(minutes=129), SIX + 4 * HOUR)]})
    assert (None, "18:07", "20:07") in [hours(way) for way in ways(wish(TUESDAY, people=99), tight)]


def test_a_closed_day_is_had_on_the_nearest_that_is_open_and_what_is_too_long_never() -> None:
    """The day after before the day before; before a week that is closed the last open one, six days away at most; never where another date of the wish is."""
    friday, next_day = TUESDAY - timedelta(days=4), TUESDAY + timedelta(days=1)
    week = [closed(friday.date() + timedelta(days=n)) for n in range(1, 12)]
    daily = wish(TUESDAY, repeat=Repeat("FREQ=DAILY;COUNT=2", frozenset(), ()))
    found = [
        ways(wish(TUESDAY), facts({}, [closed(TUESDAY.date())])),
        ways(wish(TUESDAY), facts({}, week)),
        ways(wish(TUESDAY), facts({}, [*week, *(closed(friday.date() - timedelta(days=n)) for n in range(3))])),
        ways(daily, facts({}, [closed(TUESDAY.date())])),
    ]
    starts = [[way.span.starts_at.astimezone(THERE).replace(tzinfo=None) for way in each] for each in found]
    assert starts == [[next_day], [friday], [], [TUESDAY - timedelta(days=1)]]
    assert ways(wish(TUESDAY, hours=8), facts({})) == []


def test_a_time_that_another_date_of_the_same_wish_needs_is_no_way_out() -> None:
    """Control: without that date it is one."""
    busy = facts({room: [Span(SIX, SIX + HOUR)] for room in (ROOM, *OTHERS)})
    both = wish(TUESDAY, repeat=Repeat("", frozenset(), (TUESDAY + timedelta(hours=2),)))
    assert (None, "19:00", "21:00") not in [hours(way) for way in ways(both, busy)]
    assert (None, "19:00", "21:00") in [hours(way) for way in ways(wish(TUESDAY), busy)]


spans = st.builds(
    lambda start, length: Span(SIX + start * HALF_HOUR, SIX + (start + length) * HALF_HOUR),
    st.integers(-8, 8),
    st.integers(1, 6),
)


@given(
    taken=st.dictionaries(st.sampled_from([ROOM, *OTHERS]), st.lists(spans, max_size=3)),
    shut=st.lists(spans, max_size=1),
)
def test_every_way_out_would_pass_and_there_are_three_at_most(taken: dict[int, list[Span]], shut: list[Span]) -> None:
    known, asked = facts(taken, [Closure(span, "Flood") for span in shut]), wish(TUESDAY)
    found = ways(asked, known)
    assert len(found) <= 3
    assert len({(way.rooms, way.span) for way in found}) == len(found)
    for way in found:
        moved = replace(asked.dates[0], span=way.span)
        assert judge_times(replace(asked, dates=[moved], rooms=way.rooms), known, NOW).reasons == []
        starts = way.span.starts_at.astimezone(THERE)
        assert starts.date() == TUESDAY.date() or (way.new is None and starts.time() == TUESDAY.time()), ZONE
        assert way.new is None or OTHERS[way.new][0] >= asked.headcount
