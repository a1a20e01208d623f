"""Holding and not holding: what is said where requests compete, by when a partner answers, when a hold lapses, how long withdrawing is free (DESIGN.md 6)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from afterbell.almanac.closures import Closure
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.business import business_days_later
from afterbell.policy.verdict import N_, Finding, Message, note

ANSWER_DAYS, GRACE_DAYS, FREE_DAYS = 5, 1, 5
WARNINGS = 2
FIRST_WARNING = timedelta(days=2)
APART = timedelta(days=1)
MORNING = time(8)


def while_others_may_ask(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """Where requests compete nothing is held, and everybody is told how many others asked for the same time."""
    if not facts.competing:
        return
    for day in wish.dates:
        claim, spaces = wish.claim(day), wish.spaces(day, facts)
        others = sum(bool(each.spaces & spaces) and each.claim.overlaps(claim) for each in facts.asked)
        yield not_held(others, day.original_start)


def not_held(others: int, occurrence: datetime) -> Finding:
    """A note on one date that others asked for too, or nobody yet."""
    text = N_("Not held, {count} others asked.")
    if others < 2:
        text = N_("Not held, one other asked.") if others else N_("Not held, nobody else asked yet.")
    return note("not_held", Message(text, {"count": others}), occurrence=occurrence)


def answer_by(asked_at: datetime, starts: Iterable[datetime], closures: Sequence[Closure], zone: str) -> datetime:
    """Five business days after the question at the same wall hour, or the first date when that is sooner."""
    return min([business_days_later(asked_at, ANSWER_DAYS, closures, zone), *starts])


def free_until(decided_at: datetime, closures: Sequence[Closure], zone: str) -> datetime:
    """Five business days after a partial approval at the same wall hour: until then what was approved may be withdrawn freely."""
    return business_days_later(decided_at, FREE_DAYS, closures, zone)


def next_step(due: datetime, warnings: int, last: datetime, closures: Sequence[Closure], zone: str) -> datetime:
    """When the partner's silence has its next consequence: the warning two days before the answer is `due`, the one on the morning of that day, and the lapse
    one business day after. `last` is the step before (the question itself at first): a worker that was away does not hurry what it missed, so the two
    warnings are a day apart and the lapse comes a business day after the second."""
    there = ZoneInfo(zone)
    wall = due.astimezone(there)
    if warnings == 0:
        return max((wall - FIRST_WARNING).astimezone(due.tzinfo), last)
    if warnings < WARNINGS:
        morning = datetime.combine(wall.date(), MORNING, there).astimezone(due.tzinfo)
        return max(min(morning, due), last + APART)
    return business_days_later(max(due, last), GRACE_DAYS, closures, zone)


def lapses_at(due: datetime, closures: Sequence[Closure], zone: str) -> datetime:
    """The earliest instant at which a hold may lapse, by the closures as they are now."""
    return business_days_later(due, GRACE_DAYS, closures, zone)
