"""Opening hours against a doorkeeper who looks at the clock every minute, also on the two nights when clocks change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.almanac.hours import Window, as_json, fits, from_json, shared, stretches
from afterbell.almanac.span import Span

ZONE = "America/Los_Angeles"
THERE = ZoneInfo(ZONE)
MINUTE = timedelta(minutes=1)
SPRING, AUTUMN, PLAIN = date(2026, 3, 8), date(2026, 11, 1), date(2026, 6, 16)


def doorkeeper(windows: Sequence[Window], first: date, days: int) -> set[datetime]:
    """The minutes, in UTC, when the door is open: on a window's day he opens when the clock first shows its hour or a later one, and closes so too."""
    open_at: set[datetime] = set()
    for day in (first + timedelta(days=offset) for offset in range(days)):
        begins = datetime.combine(day, time(), THERE).astimezone(UTC)
        ends = datetime.combine(day + timedelta(days=1), time(), THERE).astimezone(UTC)
        clock = [begins + number * MINUTE for number in range((ends - begins) // MINUTE)]
        for window in windows:
            if window.holds_on(day):
                open_at |= set(_between(clock, window))
    return open_at


def _between(clock: Sequence[datetime], window: Window) -> Sequence[datetime]:
    shown = [moment.astimezone(THERE).time() for moment in clock]
    opens = next((index for index, now in enumerate(shown) if now >= window.opens), len(clock))
    if window.closes == time():
        return clock[opens:]
    closes = next((index for index, now in enumerate(shown) if now >= window.closes), len(clock))
    return clock[opens:closes]


# Half of the windows have to do with the small hours of a Sunday, when clocks change.
quarters = (st.integers(0, 95) | st.integers(2, 16)).map(lambda number: time(number // 4, number % 4 * 15))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    opens, closes = sorted([draw(quarters), draw(quarters.filter(lambda at: at != time()))])
    closes = time() if opens == closes or draw(st.booleans()) else closes
    return Window(draw(st.integers(0, 6) | st.just(6)), opens, closes)


@st.composite
def wishes(draw: st.DrawFn, day: date) -> Span:
    """From a quarter of an hour to a day, somewhere on that day or the two beside it."""
    begins = datetime.combine(day - timedelta(days=1), time(), UTC) + draw(st.integers(0, 3 * 96)) * 15 * MINUTE
    return Span(begins, begins + draw(st.integers(1, 96)) * 15 * MINUTE)


@pytest.mark.parametrize("day", [SPRING, AUTUMN, PLAIN])
@settings(max_examples=60)
@given(data=st.data())
def test_a_span_fits_when_the_doorkeeper_has_it_open_every_minute(day: date, data: st.DataObject) -> None:
    some = data.draw(st.lists(windows(), max_size=10))
    wish = data.draw(wishes(day))
    open_at = doorkeeper(some, day - timedelta(days=3), 7)
    every = (wish.starts_at + number * MINUTE for number in range(wish.length // MINUTE))
    assert fits(wish, some, ZONE) == all(minute in open_at for minute in every)


@pytest.mark.parametrize("day", [SPRING, AUTUMN, PLAIN])
@settings(max_examples=30)
@given(some=st.lists(windows(), max_size=10))
def test_stretches_hold_exactly_the_doorkeepers_minutes(day: date, some: list[Window]) -> None:
    found = stretches(some, day - timedelta(days=1), day + timedelta(days=1), ZONE)
    held = {
        span.starts_at + number * MINUTE
        for span in found
        for number in range((span.ends_at - span.starts_at) // MINUTE)
    }
    assert held == doorkeeper(some, day - timedelta(days=1), 3)


@pytest.mark.parametrize("day", [SPRING, AUTUMN, PLAIN])
@settings(max_examples=30)
@given(some=st.lists(windows(), max_size=3), others=st.lists(windows(), max_size=3), data=st.data())
def test_what_two_places_share_is_what_the_doorkeepers_of_both_have_open(
    day: date, some: list[Window], others: list[Window], data: st.DataObject
) -> None:
    bounds = st.none() | st.integers(-2, 2).map(lambda days: day + timedelta(days=days))
    some = [replace(each, since=data.draw(bounds), until=data.draw(bounds)) for each in some]
    first = day - timedelta(days=1)
    assert doorkeeper(shared(some, others), first, 3) == doorkeeper(some, first, 3) & doorkeeper(others, first, 3)


ALWAYS = [Window(weekday, time(), time()) for weekday in range(7)]


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (PLAIN, 24)])
def test_a_school_that_never_closes_is_open_through_every_night(day: date, hours: int) -> None:
    (whole,) = stretches(ALWAYS, day, day, ZONE)
    night = Span(whole.starts_at - timedelta(hours=20), whole.ends_at + timedelta(hours=20))
    assert (whole.length, fits(night, ALWAYS, ZONE)) == (timedelta(hours=hours), True)


def wall(day: int, hour: int, minute: int = 0) -> datetime:
    """A wall time of June 2026; the 15th is a Monday."""
    return datetime(2026, 6, day, hour, minute, tzinfo=THERE)


EVENING = [Window(0, time(15), time(22)), Window(0, time(22), time()), Window(1, time(), time(2))]


@pytest.mark.parametrize(
    ("starts", "ends", "open_then"),
    [
        (wall(15, 15), wall(15, 22), True),
        (wall(15, 14, 59), wall(15, 16), False),
        (wall(15, 21), wall(16, 2), True),
        (wall(15, 21), wall(16, 2, 1), False),
        (wall(16, 15), wall(16, 16), False),
    ],
)
def test_windows_that_meet_at_midnight_are_one_stretch(starts: datetime, ends: datetime, open_then: bool) -> None:
    assert fits(Span(starts, ends), EVENING, ZONE) == open_then


@pytest.mark.parametrize(("day", "open_then"), [(1, False), (8, True), (15, True), (22, False)])
def test_a_window_holds_from_its_first_day_to_its_last(day: int, open_then: bool) -> None:
    term = [Window(0, time(15), time(22), date(2026, 6, 2), date(2026, 6, 15))]
    assert fits(Span(wall(day, 16), wall(day, 17)), term, ZONE) == open_then


@pytest.mark.parametrize(
    ("day", "window", "starts", "ends"),
    [
        (SPRING, Window(6, time(1), time(2, 30)), "2026-03-08T09:00Z", "2026-03-08T10:00Z"),
        (SPRING, Window(6, time(2, 30), time(5)), "2026-03-08T10:00Z", "2026-03-08T12:00Z"),
        (AUTUMN, Window(6, time(0), time(1, 30)), "2026-11-01T07:00Z", "2026-11-01T08:30Z"),
        (AUTUMN, Window(6, time(1, 30), time(3)), "2026-11-01T08:30Z", "2026-11-01T11:00Z"),
    ],
)
def test_an_edge_at_a_clock_change_is_where_the_clock_first_shows_it(
    day: date, window: Window, starts: str, ends: str
) -> None:
    span = Span(datetime.fromisoformat(starts), datetime.fromisoformat(ends))
    assert stretches([window], day, day, ZONE) == [span]


def test_a_window_inside_the_hour_that_spring_leaves_out_is_no_window() -> None:
    assert stretches([Window(6, time(2, 15), time(2, 45))], SPRING, SPRING, ZONE) == []


def test_a_school_without_windows_is_never_open() -> None:
    assert fits(Span(wall(15, 16), wall(15, 17)), [], ZONE) is False


@given(st.lists(windows()))
def test_windows_survive_the_column(some: list[Window]) -> None:
    dated = [Window(each.weekday, each.opens, each.closes, SPRING, AUTUMN) for each in some]
    assert (from_json(as_json(some)), from_json(as_json(dated))) == (some, dated)
