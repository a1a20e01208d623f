"""Where requests compete everybody is told how many others asked; and silence of the partner, never of the school, makes a hold lapse after two warnings."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from afterbell.policy.ask import Contest
from afterbell.policy.holds import WARNINGS, answer_by, free_until, lapses_at, next_step, while_others_may_ask
from tests.policy.asking import NOW, SPACE, THERE, ZONE, School, closed, span, wish

MONDAY = date(2026, 10, 5)
FACTS = School().facts


def wall(on: date, hour: int, minute: int = 0) -> datetime:
    """An instant by the clock at the school."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=THERE)


def steps(due: datetime, asked: datetime) -> list[datetime]:
    """When the two warnings and the lapse come, when nobody is late with them."""
    found, last = [], asked
    for warnings in range(WARNINGS + 1):
        last = next_step(due, warnings, last, [], ZONE)
        found.append(last)
    return found


def test_nothing_is_said_where_a_request_holds() -> None:
    assert list(while_others_may_ask(wish(datetime(2026, 11, 3, 16)), FACTS, NOW)) == []


def test_others_are_counted_by_date_and_only_where_they_overlap() -> None:
    asked = [
        span(datetime(2026, 11, 3, 17), datetime(2026, 11, 3, 19)),
        span(datetime(2026, 11, 3, 14), datetime(2026, 11, 3, 17)),
        span(datetime(2026, 11, 3, 18), datetime(2026, 11, 3, 20)),  # begins when ours ends
    ]
    facts = replace(FACTS, competing=True, asked=[Contest(each, frozenset({SPACE})) for each in asked])
    for starts, said in (
        (datetime(2026, 11, 3, 16), "Not held, 2 others asked."),
        (datetime(2026, 11, 3, 19), "Not held, one other asked."),
        (datetime(2026, 11, 4, 16), "Not held, nobody else asked yet."),
    ):
        (note,) = while_others_may_ask(wish(starts), facts, NOW)
        assert (note.code, note.severity, note.occurrence, note.message.plain()) == ("not_held", "note", starts, said)


def test_the_partner_answers_within_five_business_days_and_before_the_first_date() -> None:
    far, soon = NOW + timedelta(days=60), NOW + timedelta(days=3)
    assert answer_by(NOW, [far], [], ZONE) == NOW + timedelta(days=7)
    assert answer_by(NOW, [far], [closed(date(2026, 10, 7))], ZONE) == NOW + timedelta(days=8)
    assert answer_by(NOW, [far, soon], [], ZONE) == soon


def test_withdrawing_is_free_for_five_business_days_at_the_same_wall_hour_also_over_a_clock_change() -> None:
    assert free_until(wall(date(2026, 10, 28), 10), [], ZONE) == wall(date(2026, 11, 4), 10)


def test_warnings_come_two_days_before_and_on_the_morning_of_the_day_and_the_lapse_a_business_day_after() -> None:
    due = wall(MONDAY + timedelta(days=4), 10)  # Friday
    friday, monday = MONDAY + timedelta(days=4), MONDAY + timedelta(days=7)
    assert steps(due, wall(MONDAY - timedelta(days=3), 10)) == [
        wall(friday - timedelta(days=2), 10),
        wall(friday, 8),
        wall(monday, 10),
    ]
    early = wall(friday, 6)
    assert steps(early, NOW)[1:] == [early, wall(monday, 6)]


def test_a_closed_day_is_no_business_day_for_the_lapse() -> None:
    due = wall(MONDAY, 10)
    assert lapses_at(due, [closed(date(2026, 10, 6))], ZONE) == wall(date(2026, 10, 7), 10)


@given(st.integers(0, 20_000), st.lists(st.integers(0, 20_000), min_size=3, max_size=3))
def test_a_worker_that_was_away_hurries_nobody(minutes: int, late: list[int]) -> None:
    """However late each step is taken, a day lies between the warnings, and a business day between the second and the lapse."""
    due, last, taken = NOW + timedelta(minutes=minutes), NOW, []
    for warnings, delay in enumerate(late):
        last = next_step(due, warnings, last, [], ZONE) + timedelta(minutes=delay)
        taken.append(last)
    first, second, lapse = taken
    assert second - first >= timedelta(days=1)
    assert lapse >= lapses_at(max(second, due), [], ZONE) >= due + timedelta(hours=23)
