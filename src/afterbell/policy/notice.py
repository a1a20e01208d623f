"""How early and how far ahead rooms are asked for: notice in business days (LAUSD), the horizon in months, and permit terms that open by tier."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from afterbell.almanac.recurrence import Date
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.business import after_business_days
from afterbell.policy.terms import STANDARD, Period, Terms, tier_of
from afterbell.policy.verdict import N_, Finding, Message, refuse

USUAL = N_("The school needs {days} business days' notice. The first date that passes is {earliest}.")
LARGE = N_(
    "For {people} people or more the school needs {days} business days' notice. The first date that passes is {earliest}."
)


def with_notice(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """The notice that every room of a date asks for; the last day counts, days on which the district is closed do not."""
    known: dict[int, date] = {}
    for day in wish.dates:
        if day.span.starts_at <= now:
            continue
        days, terms = _most_days(wish.terms(day, facts), wish, facts)
        earliest = known[days] if days in known else known.setdefault(days, earliest_date(facts, now, days))
        if wall_date(day.span.starts_at, facts.zone) < earliest:
            yield _too_soon(day, days, terms, wish, earliest)


def with_more_people(wish: Wish, was: int, facts: Facts, now: datetime) -> Iterator[Finding]:
    """The notice of dates that are to be for more people than they `was`: only where so many need more of it, since what was had in time stays so."""
    before = replace(wish, headcount=was)
    more = [
        day
        for day in wish.dates
        if _most_days(wish.terms(day, facts), wish, facts)[0] > _most_days(wish.terms(day, facts), before, facts)[0]
    ]
    yield from with_notice(replace(wish, dates=more), facts, now)


def _most_days(terms: Sequence[Terms], wish: Wish, facts: Facts) -> tuple[int, Terms]:
    """The strictest of some terms."""
    tier, renewal = tier_of(facts.asker.kind), facts.asker.renewal
    needed = [(each.notice.days(tier, wish.headcount, renewal=renewal), each) for each in terms]
    return max(needed, key=lambda pair: pair[0])


def _too_soon(day: Date, days: int, terms: Terms, wish: Wish, earliest: date) -> Finding:
    said = Message(USUAL, {"days": days, "earliest": earliest})
    if wish.headcount >= (large := terms.notice.large_from) and days == terms.notice.large:
        said = Message(LARGE, {**said.values, "people": large})
    passes = earliest.isoformat()
    return refuse("short_notice", said, policy="notice", occurrence=day.original_start, would_pass=passes)


def within_the_horizon(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """At most so many months ahead, counted from today to the date itself; the last day counts. In a permit term what counts is the day on which it opens."""
    for day in wish.dates:
        on = wall_date(day.span.starts_at, facts.zone)
        terms = wish.terms(day, facts)
        found = _not_open_yet(terms, on, facts, now) or _too_far(terms, on, facts, now)
        if found is not None:
            said, passes = found
            at = day.original_start
            yield refuse("too_far", said, policy="horizon", occurrence=at, would_pass=passes.isoformat())


def _not_open_yet(terms: Sequence[Terms], on: date, facts: Facts, now: datetime) -> tuple[Message, date] | None:
    """The permit term that opens last among the rooms'."""
    tier, today = tier_of(facts.asker.kind), wall_date(now, facts.zone)
    found = [period for each in terms if (period := each.horizon.period(on)) is not None]
    late = [period for period in found if period.opens(tier) > today]
    if not late:
        return None
    last: Period = max(late, key=lambda period: period.opens(tier))
    text = N_("Dates from {first} to {last} can be asked for from {opens} on.")
    return Message(text, {"first": last.first, "last": last.last, "opens": last.opens(tier)}), last.opens(tier)


def _too_far(terms: Sequence[Terms], on: date, facts: Facts, now: datetime) -> tuple[Message, date] | None:
    tier = tier_of(facts.asker.kind)
    months = min((each.horizon.months(tier) for each in terms if each.horizon.period(on) is None), default=None)
    if months is None or on <= (latest := latest_date(facts, now, months)):
        return None
    text = N_("Rooms open {months} months ahead. The last date that passes is {latest}.")
    return Message(text, {"months": months, "latest": latest}), latest


def earliest_date(facts: Facts, now: datetime, days: int = STANDARD.notice.partner) -> date:
    """The first wall date for which so many business days of notice suffice."""
    return after_business_days(wall_date(now, facts.zone), days, facts.closures, facts.zone)


def latest_date(facts: Facts, now: datetime, months: int = STANDARD.horizon.partner) -> date:
    """The last wall date that is open for requests: the same day so many months on, or the month's last."""
    today = wall_date(now, facts.zone)
    count = today.year * 12 + today.month - 1 + months
    first = date(count // 12, count % 12 + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return min(last, first + timedelta(days=today.day - 1))


def wall_date(moment: datetime, zone: str) -> date:
    """The day on which it is there."""
    return moment.astimezone(ZoneInfo(zone)).date()
