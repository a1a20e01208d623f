"""What a viewer sees, as one table; and that no word of a booking passes below FULL."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.policy.projection import PUBLIC, RESERVED, VISIBILITIES, Level, Viewer, level, public_level, show

HERE, THERE = 1, 2
OURS, THEIRS = 10, 20
N, B, F = Level.NOTHING, Level.BUSY, Level.FULL

# (who, what they see of a booking here that is public, listed, busy_only, hidden)
TABLE = {
    "nobody signed in": (PUBLIC, (N, N, N, N)),
    "signed in, nothing else": (Viewer(1), (N, N, N, N)),
    "a member of the organization": (Viewer(1, frozenset({OURS})), (F, F, F, F)),
    "a member of a rival": (Viewer(1, frozenset({THEIRS})), (N, N, N, N)),
    **{
        f"{role} here": (Viewer(1, staff=frozenset({(role, HERE)})), (F, F, secret, secret))
        for role, secret in {
            "site_approver": F,
            "facilities": F,
            "district_admin": F,
            "coordinator": F,
            "school_staff": B,
            "custodian": B,
            "risk": B,
            "analyst": B,
        }.items()
    },
    "facilities everywhere": (Viewer(1, staff=frozenset({("facilities", None)})), (F, F, F, F)),
    "analyst everywhere": (Viewer(1, staff=frozenset({("analyst", None)})), (F, F, B, B)),
    "site approver elsewhere": (Viewer(1, staff=frozenset({("site_approver", THERE)})), (N, N, N, N)),
    "approver elsewhere, custodian here": (
        Viewer(1, staff=frozenset({("site_approver", THERE), ("custodian", HERE)})),
        (F, F, B, B),
    ),
    "custodian here, and a member": (
        Viewer(1, frozenset({OURS}), frozenset({("custodian", HERE)})),
        (F, F, F, F),
    ),
}  # fmt: skip


def seen(viewer: Viewer) -> tuple[Level, ...]:
    return tuple(
        level(visibility=visibility, campus_id=HERE, organization_id=OURS, viewer=viewer) for visibility in VISIBILITIES
    )


def test_the_table_of_levels() -> None:
    assert {who: seen(viewer) for who, (viewer, _) in TABLE.items()} == {
        who: levels for who, (_, levels) in TABLE.items()
    }


def test_the_visibilities_are_those_of_the_table() -> None:
    assert VISIBILITIES == ("public", "listed", "busy_only", "hidden")


def told(state: str, *, announced: bool) -> tuple[Level, ...]:
    return tuple(public_level(visibility=visibility, state=state, announced=announced) for visibility in VISIBILITIES)


def test_the_public_sees_what_is_or_was_announced_as_far_as_its_class_allows() -> None:
    announced = (Level.PUBLIC, Level.LISTED, N, N)
    states = ("approved", "finished", "cancelled", "requested", "held", "declined", "lapsed", "skipped", "withdrawn")
    assert {state: told(state, announced=state in states[:3]) for state in states} == dict.fromkeys(
        states[:3], announced
    ) | dict.fromkeys(states[3:], (N,) * 4)
    assert told("withdrawn", announced=True) == announced, "given back after it was approved"


@dataclass(frozen=True)
class Words:
    """A booking's own words, each with a mark."""

    organization: str
    note: str


@given(st.text(min_size=1), st.sampled_from([Level.NOTHING, Level.BUSY]))
def test_below_full_no_word_passes(text: str, at: Level) -> None:
    mark = f"mark<{text}>"
    shown = show(mark, Words(mark, mark), at)
    assert (mark in repr(shown), shown.title, shown.details) == (False, RESERVED, None)


def test_control_at_full_every_word_passes() -> None:
    words = Words("Eastside", "bring chairs")
    shown = show("Grief group", words, Level.FULL)
    assert (shown.title, shown.details) == ("Grief group", words)


@pytest.mark.parametrize(
    ("viewer", "everywhere", "campuses", "decides"),
    [
        (PUBLIC, False, frozenset(), False),
        (Viewer(1, staff=frozenset({("site_approver", HERE), ("risk", THERE)})), False, frozenset({HERE, THERE}), True),
        (Viewer(1, staff=frozenset({("coordinator", HERE)})), False, frozenset({HERE}), False),
        (Viewer(1, staff=frozenset({("facilities", None)})), True, frozenset(), True),
        (Viewer(1, staff=frozenset({("site_approver", THERE)})), False, frozenset({THERE}), False),
    ],
)
def test_where_a_viewer_serves_and_decides(
    viewer: Viewer, everywhere: bool, campuses: frozenset[int], decides: bool
) -> None:
    assert (viewer.everywhere, viewer.campuses, viewer.decides_at(HERE)) == (everywhere, campuses, decides)
