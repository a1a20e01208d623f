"""The life of a date and of a booking: which moves there are, what a booking is called, and by when it is decided."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.closures import Closure
from afterbell.policy.lifecycle import BLOCKING, MOVES, booking_state, decide_by, given_back, may_be_approved, may_move
from tests.policy.asking import NOW, ZONE, closed

STATES = [
    "requested", "held", "approved", "skipped", "offered", "declined", "withdrawn",
    "lapsed", "cancelled", "suspended", "displaced", "finished", "no_show",
]  # fmt: skip
LATER = NOW + timedelta(days=30)


def test_these_moves_and_no_others() -> None:
    legal = {(state, to) for state, to in product(STATES, STATES) if may_move(state, to, starts_at=LATER, now=NOW)}
    assert legal == {
        ("requested", "approved"),
        ("requested", "declined"),
        ("requested", "withdrawn"),
        ("requested", "lapsed"),
        ("held", "approved"),
        ("held", "declined"),
        ("held", "withdrawn"),
        ("held", "lapsed"),
        ("approved", "cancelled"),
        *product(("skipped", "declined", "withdrawn", "lapsed", "cancelled"), ("requested", "held", "approved")),
    }


def test_a_decision_approves_only_what_waits() -> None:
    """What is gone may return approved, but by a change, whose dates are judged as if they were asked for anew."""
    assert [state for state in STATES if may_be_approved(state, starts_at=LATER, now=NOW)] == ["requested", "held"]
    assert not may_be_approved("held", starts_at=NOW, now=NOW)


def test_an_approved_date_is_withdrawn_only_while_that_is_free() -> None:
    """A partial approval may leave a partner with dates that are of no use alone."""
    ends = [NOW + timedelta(days=5), NOW, NOW - timedelta(microseconds=1)]
    assert [may_move("approved", "withdrawn", starts_at=LATER, now=NOW, free_until=end) for end in ends] == [
        True,
        True,
        False,
    ]


def test_nothing_happens_to_a_date_that_has_begun() -> None:
    instant = timedelta(microseconds=1)
    moves = [may_move("held", "approved", starts_at=at, now=NOW) for at in (NOW + instant, NOW, NOW - instant)]
    assert moves == [True, False, False]


def test_only_held_and_approved_dates_block() -> None:
    assert sorted(BLOCKING) == ["approved", "held"]


@given(st.lists(st.sampled_from(["requested", "held", "approved", "declined", "withdrawn", "cancelled"]), min_size=1))
def test_a_booking_is_called_by_its_dates(states: list[str]) -> None:
    """API.md: requested while any date waits; else approved if any is; else what became of the last."""
    waits = "requested" in states or "held" in states
    assert booking_state(states) == ("requested" if waits else "approved" if "approved" in states else states[-1])


FRIDAY_EVENING = datetime(2026, 10, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "closures", "due"),
    [
        (NOW, [], NOW + timedelta(days=3)),
        (NOW, [closed(date(2026, 10, 7))], NOW + timedelta(days=4)),
        (FRIDAY_EVENING, [], FRIDAY_EVENING + timedelta(days=5)),
        (datetime(2026, 10, 29, 17, tzinfo=UTC), [], datetime(2026, 11, 3, 18, tzinfo=UTC)),
    ],
)
def test_a_request_is_decided_within_three_business_days_at_the_same_wall_hour(
    asked: datetime, closures: list[Closure], due: datetime
) -> None:
    """Friday at six in the evening is Saturday in UTC, and still a Friday; the last one crosses the November change."""
    assert decide_by(asked, [LATER + timedelta(days=60)], closures, ZONE) == due


def test_a_request_is_decided_before_its_first_date() -> None:
    soon = NOW + timedelta(hours=20)
    assert decide_by(NOW, [LATER, soon], [], ZONE) == soon


def test_only_what_was_approved_before_is_told_as_given_back() -> None:
    told = {(state, was) for state in MOVES for was in (False, True) if given_back(state, announced=was)}
    assert told == {(state, True) for state in MOVES if state not in ("approved", "cancelled")}


def test_what_is_gone_may_be_asked_for_again_and_nothing_else_returns() -> None:
    gone = {state for state, to in MOVES.items() if to & {"held", "requested"}}
    assert gone == {"skipped", "declined", "withdrawn", "lapsed", "cancelled"}
