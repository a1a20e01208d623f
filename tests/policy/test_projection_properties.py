"""What holds for every viewer and every booking: more roles never show less, a narrower class never shows more, and nothing is public that stands nowhere."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from afterbell.people.models import STAFF_ROLES
from afterbell.policy.lifecycle import BLOCKING, MOVES, STANDING, STATES, WAITING, booking_state, may_move
from afterbell.policy.projection import VISIBILITIES, Level, Viewer, level, public_level
from tests.policy.asking import NOW
from tests.policy.test_lifecycle import LATER

ORDER = [Level.NOTHING, Level.BUSY, Level.LISTED, Level.PUBLIC, Level.FULL]
places = st.sampled_from([None, 1, 2])
viewers = st.builds(
    lambda organizations, staff: Viewer(1, organizations, staff),
    st.frozensets(st.integers(10, 12), max_size=2),
    st.frozensets(st.tuples(st.sampled_from(STAFF_ROLES), places), max_size=3),
)
bookings = st.fixed_dictionaries(
    {
        "visibility": st.sampled_from(VISIBILITIES),
        "campus_id": st.sampled_from([1, 2]),
        "organization_id": st.integers(10, 12),
        "own": st.booleans(),
    }
)


def seen(booking: dict[str, Any], viewer: Viewer) -> int:
    return ORDER.index(level(**booking, viewer=viewer))


@given(viewers, bookings, st.sampled_from(STAFF_ROLES), places, st.integers(10, 12))
def test_who_is_given_a_role_or_joins_never_sees_less(
    viewer: Viewer, booking: dict[str, Any], role: str, place: int | None, organization: int
) -> None:
    hired = replace(viewer, staff=viewer.staff | {(role, place)})
    joined = replace(viewer, organizations=viewer.organizations | {organization})
    assert seen(booking, viewer) <= min(seen(booking, hired), seen(booking, joined))


@given(viewers, bookings)
def test_a_narrower_class_never_shows_more_to_anybody(viewer: Viewer, booking: dict[str, Any]) -> None:
    """From public to hidden."""
    told = [seen(booking | {"visibility": each}, viewer) for each in VISIBILITIES]
    assert all(narrow <= wide for wide, narrow in pairwise(told))


@given(st.sampled_from(VISIBILITIES), st.sampled_from([*STATES, "held"]), st.booleans())
def test_the_public_sees_nothing_that_never_was_announced(visibility: str, state: str, announced: bool) -> None:
    """What waits anew, or was declined then, is told as cancelled, since it was announced once."""
    shown = public_level(visibility=visibility, state=state, announced=announced)
    assert shown is Level.NOTHING or announced or state in STANDING
    assert shown in (Level.NOTHING, Level.LISTED, Level.PUBLIC)


paths = st.lists(st.sampled_from(sorted({to for found in MOVES.values() for to in found})), max_size=8)


@given(st.sampled_from(sorted(WAITING)), paths)
def test_however_a_date_moves_it_blocks_only_while_it_is_held_or_approved(begins: str, wished: list[str]) -> None:
    """And whatever it is, some act may still bring it about that it blocks nothing."""
    state = begins
    for to in wished:
        state = to if may_move(state, to, starts_at=LATER, now=NOW, free_until=LATER) else state
    ways_out = {to for to in MOVES[state] if to not in BLOCKING}
    assert state not in BLOCKING or ways_out


@given(st.lists(st.sampled_from([*STATES, "held"]), min_size=1, max_size=6), st.data())
def test_a_booking_waits_or_stands_whatever_the_order_of_its_dates(states: list[str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(states))
    told = {booking_state(each) for each in (states, shuffled)}
    assert len(told) == 1 or not told & {"requested", "approved"}


@given(st.lists(st.sampled_from([*STATES, "held"]), min_size=1, max_size=6))
def test_what_was_left_out_counts_only_where_nothing_else_is(states: list[str]) -> None:
    kept = [state for state in states if state != "skipped"]
    assert booking_state(states) == (booking_state(kept) if kept else "skipped")
