"""Leaving out the dates that cannot be had, when the asker says so (`on_conflict: "skip"`). What concerns the whole ask is never skipped."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from afterbell.policy.anyway import settled
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.quotas import beyond_the_quota
from afterbell.policy.rooms import without_overlapping_itself
from afterbell.policy.rules import judge, judge_times
from afterbell.policy.standing import beyond_what_it_holds
from afterbell.policy.verdict import Finding, Severity, Verdict

Left = Mapping[datetime, Sequence[Finding]]


def judge_without(wish: Wish, facts: Facts, now: datetime) -> tuple[Verdict, Left]:
    """The verdict on the dates that can be had, and why each of the others is left out, by its original start; what refused those is a note now. When none
    can be had the whole wish is judged as it is, and refused."""
    refused = _refused(judge_times(wish, facts, now).findings)
    left = refused | _refused(list(without_overlapping_itself(_without(wish, refused), facts, now)))
    kept = _without(wish, left)
    left |= _refused(settled(list(beyond_the_quota(kept, facts)), kept, facts))
    kept = _without(wish, left)
    if not kept.dates:
        return judge(wish, facts, now), {}
    notes = [replace(each, severity=Severity.NOTE) for findings in left.values() for each in findings]
    return Verdict([*judge(kept, facts, now).findings, *notes]), left


def beyond_its_share(wish: Wish, facts: Facts, now: datetime) -> list[Finding]:
    """The dates to leave out so that the others keep to the quotas, and to what an organization may hold before it is verified."""
    found = list(beyond_the_quota(wish, facts))
    kept = _without(wish, _refused(found))
    return [*found, *beyond_what_it_holds(kept, facts, now)]


def _refused(findings: Sequence[Finding]) -> dict[datetime, list[Finding]]:
    found: dict[datetime, list[Finding]] = {}
    for each in findings:
        if each.severity is Severity.REFUSE and each.occurrence is not None:
            found.setdefault(each.occurrence, []).append(each)
    return found


def _without(wish: Wish, left: Left) -> Wish:
    return replace(wish, dates=[date for date in wish.dates if date.original_start not in left])
