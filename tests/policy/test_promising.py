"""What was shown against what is now: nothing to say while nothing has changed, and one precise reason for each date that has."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.recurrence import Repeat
from afterbell.almanac.span import Span
from afterbell.policy.ask import Ask, Facts, RoomFacts
from afterbell.policy.promising import Promise, changes, differing, fields_of, pinned, promise
from afterbell.policy.skip import judge_without
from afterbell.policy.verdict import Finding, Message, Severity, Verdict
from tests.policy.asking import NOW, ROOM, THERE, ZONE, School, closed, wish

TUESDAY = datetime(2026, 11, 10, 18)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
ASK = Ask("clinic", "T", "health", ["a/b"], TUESDAY, TUESDAY + 2 * HOUR, 20, Repeat("FREQ=WEEKLY;COUNT=3"), skips=True)
WISH = wish(TUESDAY, repeat=ASK.repeat)


def taken(*weeks: int) -> School:
    """The school, with the room taken for an hour in these weeks."""
    starts = [(TUESDAY + week * WEEK).replace(tzinfo=THERE) for week in weeks]
    return School(taken=[Span(start, start + HOUR) for start in starts])


def shown(school: School) -> Promise:
    """What a preview shows there."""
    verdict, left = judge_without(WISH, school.facts, NOW)
    return promise(ASK, WISH, verdict, left, school.facts)


def told(before: School, now: School) -> list[tuple[datetime | None, str]]:
    """Date and sentence of each reason."""
    verdict, left = judge_without(WISH, now.facts, NOW)
    found = changes(shown(before), shown(now), verdict, left, ZONE)
    assert {each.code for each in found} <= {"changed_since_preview"}
    return [(each.occurrence, each.message.text) for each in found]


FREE, LEFT = "It was free when you looked. Now: {now}", "It was left out and can be had now."


def test_each_date_that_changed_is_told_and_no_other() -> None:
    assert told(taken(0), taken(0)) == []
    assert told(taken(0), taken(1)) == [(TUESDAY, LEFT), (TUESDAY + WEEK, FREE)]
    assert told(taken(), taken(0, 1, 2)) == [(TUESDAY + week * WEEK, FREE) for week in range(3)]


def test_a_date_that_is_left_out_for_another_reason_is_told() -> None:
    shut = School(closures=[closed(TUESDAY.date())])
    assert told(taken(0), shut) == [(TUESDAY, "It was left out for another reason when you looked. Now: {now}")]


def test_a_new_flag_is_told_and_one_that_was_shown_is_not() -> None:
    flag = Finding(Severity.FLAG, "late", Message("Staff are asked."), occurrence=TUESDAY)
    flagged = promise(ASK, WISH, Verdict([flag]), {}, School().facts)
    plain = promise(ASK, WISH, Verdict(), {}, School().facts)
    found = changes(plain, flagged, Verdict([flag]), {}, ZONE)
    assert [(each.occurrence, each.message.plain()) for each in found] == [
        (TUESDAY, "This has changed since you looked: Staff are asked.")
    ]
    assert changes(flagged, flagged, Verdict([flag]), {}, ZONE) == []


def test_fields_left_out_of_a_preview_may_be_named_later_and_no_other_may_differ() -> None:
    nameless = fields_of(replace(ASK, organization=None, activity=None))
    assert differing(nameless, fields_of(ASK)) == []
    assert differing(fields_of(ASK), nameless) == ["organization", "activity"]
    assert differing(fields_of(ASK), fields_of(replace(ASK, headcount=21, skips=False))) == ["headcount", "on_conflict"]
    assert differing(fields_of(ASK), fields_of(replace(ASK, title="U", note="n", contact={"a": "b"}))) == []
    there = ASK.starts.replace(tzinfo=THERE)
    assert differing(fields_of(replace(ASK, starts=there)), fields_of(replace(ASK, starts=there.astimezone()))) == []


def two_rooms(**busy: Span) -> Facts:
    """Rooms one and two, with what is taken of either."""
    rooms = {n: RoomFacts(n, f"Room {n}", 30, frozenset({n + 10})) for n in (ROOM, 2)}
    return replace(School().facts, rooms=rooms, taken={int(space[1:]): [span] for space, span in busy.items()})


def test_the_room_that_was_shown_is_kept_until_it_is_taken_and_another_is_free() -> None:
    one = wish(TUESDAY)
    other = replace(one, rooms=(2,))
    was = promise(ASK, other, Verdict(), {}, two_rooms())
    six = TUESDAY.replace(tzinfo=THERE)
    busy = Span(six, six + HOUR)
    assert pinned(one, was, two_rooms()).rooms == (2,)
    assert pinned(one, was, two_rooms(s12=busy)).rooms == (ROOM,)
    assert pinned(one, was, two_rooms(s12=busy, s11=busy)).rooms == (2,)
    assert pinned(one, promise(ASK, replace(one, rooms=(3,)), Verdict(), {}, _with_three()), two_rooms()).rooms == (
        ROOM,
    )


def _with_three() -> Facts:
    return replace(two_rooms(), rooms={**two_rooms().rooms, 3: RoomFacts(3, "Room 3", 30, frozenset({13}))})


@given(before=st.sets(st.integers(0, 2)), now=st.sets(st.integers(0, 2)))
def test_there_is_a_reason_exactly_for_the_dates_whose_outcome_differs(before: set[int], now: set[int]) -> None:
    if len(before) < 3:
        differing_weeks = sorted(before ^ now)
        assert [occurrence for occurrence, _ in told(taken(*before), taken(*now))] == [
            TUESDAY + week * WEEK for week in differing_weeks
        ]
