"""What is judged less strictly: notice and horizon for the school's own use and for what staff move, and what staff ask for anyway, with a reason. What
protects others never gives way: a room that is taken, a closed day, a room too small, the past."""

from collections.abc import Sequence
from dataclasses import replace

from afterbell.policy.ask import Facts, Wish
from afterbell.policy.standing import waived
from afterbell.policy.verdict import Finding, Severity

OVERRIDABLE = frozenset(
    {"short_notice", "too_far", "quota", "too_short", "too_long", "not_for_you", "held_too_much", "outside_hours"}
)


def settled(found: Sequence[Finding], wish: Wish, facts: Facts) -> list[Finding]:
    """The findings as they count: those that are waived for a school are notes, and those that staff may ask against are flags when they do, or say so."""
    told = waived(found) if facts.school_use or facts.by_staff else list(found)
    if facts.anyway is None or not all(facts.terms_of(room).anyway.allowed for room in wish.every_room):
        return told
    return [_given_way(each, asked=facts.anyway) if overridable(each) else each for each in told]


def overridable(finding: Finding) -> bool:
    """Whether staff may ask against it; more than 24 hours in one date nobody may."""
    return finding.severity is Severity.REFUSE and finding.code in OVERRIDABLE and finding.policy != "longest"


def _given_way(finding: Finding, *, asked: bool) -> Finding:
    return replace(finding, severity=Severity.FLAG) if asked else replace(finding, anyway=True)
