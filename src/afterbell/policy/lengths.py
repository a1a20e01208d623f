"""How short and how long one date may be. Nothing takes more than a day, set-up and take-down included: the look-ups rely on it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from afterbell.almanac.recurrence import Date
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.verdict import N_, Finding, Message, refuse

LONGEST = timedelta(hours=24)
MINUTE = timedelta(minutes=1)


def not_too_short(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """At least as long as every room of the date asks for; that long is fine."""
    for day in wish.dates:
        shortest = max(each.lengths.shortest for each in wish.terms(day, facts))
        if day.span.length < shortest * MINUTE:
            said = Message(N_("One date takes at least {length} here."), {"length": spoken(shortest)})
            at = day.original_start
            yield refuse("too_short", said, policy="lengths", occurrence=at, would_pass=str(shortest))


def not_too_long(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """At most as long as every room of the date allows, set-up and take-down apart; and at most 24 hours with them, whatever is allowed."""
    for day in wish.dates:
        longest = min(each.lengths.longest for each in wish.terms(day, facts))
        at = day.original_start
        if wish.claim(day).length > LONGEST:
            yield _beyond_a_day(wish, day, longest, facts.zone)
        elif day.span.length > longest * MINUTE:
            said = Message(N_("One date may take at most {length} here."), {"length": spoken(longest)})
            yield refuse("too_long", said, policy="lengths", occurrence=at, would_pass=str(longest))


def _beyond_a_day(wish: Wish, day: Date, longest: int, zone: str) -> Finding:
    """A day by the clock is longer than a day on the night when the clocks go back, and says so."""
    text = N_("One date may take at most 24 hours, set-up and take-down included. {length} would pass.")
    claim, there = wish.claim(day), ZoneInfo(zone)
    starts, ends = (moment.astimezone(there).replace(tzinfo=None) for moment in (claim.starts_at, claim.ends_at))
    more = max(claim.length - (ends - starts), timedelta(0))
    if more and ends - starts <= LONGEST:
        text = N_(
            "One date may take at most 24 hours, set-up and take-down included, and the clocks go back that night. {length} by the clock would pass."
        )
    most = min(longest, (LONGEST - wish.setup - wish.takedown - more) // MINUTE)
    said = Message(text, {"length": spoken(most)})
    return refuse("too_long", said, policy="longest", occurrence=day.original_start, would_pass=str(most))


def spoken(minutes: int) -> str:
    """ "2 h 30 min", the same in both languages."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, f"{rest} min"] if rest or not hours else parts)
