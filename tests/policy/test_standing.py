"""What a request may ask because of who asks, at each edge."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from afterbell.almanac.recurrence import Repeat
from afterbell.policy.projection import ENTERERS, Level, Viewer, level
from afterbell.policy.rules import judge
from afterbell.policy.verdict import Finding, Message, Severity
from tests.policy.asking import NOW, School, codes, wish

GOOD = datetime(2026, 11, 10, 16)


@pytest.mark.parametrize(
    ("held", "count", "reasons"),
    [
        (None, 20, []),
        (0, 12, []),
        (0, 13, ["held_too_much"]),
        (11, 1, []),
        (12, 1, ["held_too_much"]),
        (40, 1, ["held_too_much"]),
    ],
)
def test_an_unverified_organization_holds_twelve_dates_at_most(
    held: int | None, count: int, reasons: list[str]
) -> None:
    series = wish(GOOD, repeat=Repeat(f"FREQ=WEEKLY;COUNT={count}"))
    assert codes(judge(series, replace(School().facts, held=held), NOW)) == reasons


def test_it_is_told_how_many_are_held_and_how_many_would_pass() -> None:
    """Also when more are held than may be: nothing passes then, not less than nothing."""
    (finding,) = judge(wish(GOOD), replace(School().facts, held=40), NOW).findings
    text = "Until it is verified your organization holds at most {most} dates at once. It holds {held} and this asks for {asked}; {left} would pass."
    values = {"most": 12, "held": 40, "asked": 1, "left": 0}
    assert finding == Finding(Severity.REFUSE, "held_too_much", Message(text, values), "unverified", None, "0")


def test_for_the_school_itself_notice_and_horizon_are_notes_and_nothing_else_is() -> None:
    school = replace(School().facts, school_use=True)
    soon, far = GOOD - timedelta(days=30), GOOD + timedelta(days=300)
    found = [judge(wish(at, people=31), school, NOW) for at in (soon, far)]
    assert [codes(each) for each in found] == [["too_many_people"]] * 2
    assert [[(f.code, f.occurrence) for f in each.findings if f.severity is Severity.NOTE] for each in found] == [
        [("short_notice", soon)],
        [("too_far", far)],
    ]
    assert codes(judge(wish(soon), School().facts, NOW)) == ["short_notice"]  # control


@pytest.mark.parametrize("role", ["custodian", "risk", "analyst", *sorted(ENTERERS)])
def test_staff_enter_where_their_role_counts(role: str) -> None:
    here, everywhere = Viewer(1, staff=frozenset({(role, 7)})), Viewer(1, staff=frozenset({(role, None)}))
    may = role in ENTERERS
    assert (here.enters_at(7), here.enters_at(8), everywhere.enters_at(8)) == (may, False, may)


def test_what_somebody_entered_they_read_as_long_as_they_have_a_role_there() -> None:
    staff, nobody = Viewer(1, staff=frozenset({("school_staff", 7)})), Viewer(1)
    seen = [
        level(visibility="busy_only", campus_id=7, organization_id=3, viewer=viewer, own=own)
        for viewer in (staff, nobody)
        for own in (True, False)
    ]
    assert seen == [Level.FULL, Level.BUSY, Level.NOTHING, Level.NOTHING]
