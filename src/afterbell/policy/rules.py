"""The rules of booking, each five pure lines that return findings; `judge` tells them all together. Numbers and sources are DOMAIN.md's."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from afterbell.almanac.hours import fits
from afterbell.almanac.recurrence import Date
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.business import after_business_days
from afterbell.policy.holds import while_others_may_ask
from afterbell.policy.rooms import each_room_once, fits_the_rooms, while_nobody_has_them, without_overlapping_itself
from afterbell.policy.standing import asks_for_a_partner, held_too_much, waived
from afterbell.policy.verdict import N_, Finding, Message, Verdict, refuse

NOTICE_DAYS = 15
HORIZON_MONTHS = 6
LONGEST = timedelta(hours=24)

Rule = Callable[[Wish, Facts, datetime], Iterator[Finding]]


def judge(wish: Wish, facts: Facts, now: datetime) -> Verdict:
    """Every reason at once, in the order in which people can mend them."""
    found = [finding for rule in RULES for finding in rule(wish, facts, now)]
    return Verdict(waived(found) if facts.school_use else found)


def judge_again(wish: Wish, facts: Facts, now: datetime) -> Verdict:
    """What still counts when a request is decided: notice, horizon and membership were settled when it was made."""
    rules = (fits_the_rooms, each_room_once, while_the_school_is_open, not_on_a_closed_day, while_nobody_has_them)
    return Verdict([finding for rule in rules for finding in rule(wish, facts, now)])


def judge_times(wish: Wish, facts: Facts, now: datetime) -> Verdict:
    """Only what concerns the dates: what a search asks of every room."""
    rules = (
        not_in_the_past,
        with_notice,
        within_the_horizon,
        while_the_school_is_open,
        not_on_a_closed_day,
        not_too_long,
        while_nobody_has_them,
        while_others_may_ask,
    )
    return Verdict([finding for rule in rules for finding in rule(wish, facts, now)])


def not_in_the_past(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """A date that has begun cannot be asked for."""
    for day in wish.dates:
        if day.span.starts_at <= now:
            yield _about(day, "in_past", Message(N_("This date has passed. Choose a later one.")))


def with_notice(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """Fifteen business days before the first use (LAUSD); days on which the district is closed do not count."""
    earliest = earliest_date(facts, now)
    for day in wish.dates:
        if now < day.span.starts_at and _wall_date(day.span.starts_at, facts.zone) < earliest:
            yield _about(
                day,
                "short_notice",
                Message(
                    N_("The school needs {days} business days' notice. The first date that passes is {earliest}."),
                    {"days": NOTICE_DAYS, "earliest": earliest},
                ),
                policy="notice",
                would_pass=earliest.isoformat(),
            )


def within_the_horizon(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """At most six months ahead, counted from today to the date itself; the last day counts."""
    latest = latest_date(facts, now)
    for day in wish.dates:
        if _wall_date(day.span.starts_at, facts.zone) > latest:
            yield _about(
                day,
                "too_far",
                Message(
                    N_("Rooms open {months} months ahead. The last date that passes is {latest}."),
                    {"months": HORIZON_MONTHS, "latest": latest},
                ),
                policy="horizon",
                would_pass=latest.isoformat(),
            )


def while_the_school_is_open(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """Set-up and take-down lie inside the after-hours windows too: somebody must unlock for them. What is longer than a day is `not_too_long`'s."""
    for day in wish.dates:
        claim = wish.claim(day)
        if claim.length <= LONGEST and not fits(claim, facts.windows, facts.zone):
            hours = _hours_on(day, facts)
            yield _about(day, "outside_hours", _open_then(hours), policy="hours", would_pass=hours)


def _open_then(hours: str | None) -> Message:
    if hours is None:
        return Message(N_("The school is not open for visitors on that day of the week. Choose another day."))
    return Message(N_("The school is not open for visitors then. It is open {hours}."), {"hours": hours})


def not_on_a_closed_day(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """A closure that touches the time in the room refuses the date."""
    for day in wish.dates:
        claim = wish.claim(day)
        hit = next((closure for closure in facts.closures if closure.span.overlaps(claim)), None)
        if hit is not None:
            yield _about(
                day,
                "closed",
                Message(
                    N_("The school is closed that day: {reason}. Leave this date out or choose another."),
                    {"reason": hit.reason},
                ),
                policy="closures",
            )


def not_too_long(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """At most 24 hours in the room, which the look-ups rely on."""
    for day in wish.dates:
        if wish.claim(day).length > LONGEST:
            yield _about(
                day,
                "outside_hours",
                Message(N_("One date may take at most 24 hours, set-up and take-down included.")),
                policy="longest",
            )


RULES: tuple[Rule, ...] = (
    asks_for_a_partner,
    held_too_much,
    fits_the_rooms,
    each_room_once,
    not_in_the_past,
    with_notice,
    within_the_horizon,
    while_the_school_is_open,
    not_on_a_closed_day,
    not_too_long,
    without_overlapping_itself,
    while_nobody_has_them,
    while_others_may_ask,
)


def earliest_date(facts: Facts, now: datetime) -> date:
    """The first wall date for which notice suffices."""
    return after_business_days(_wall_date(now, facts.zone), NOTICE_DAYS, facts.closures, facts.zone)


def latest_date(facts: Facts, now: datetime) -> date:
    """The last wall date that is open for requests: the same day six months on, or the month's last."""
    today = _wall_date(now, facts.zone)
    months = today.year * 12 + today.month - 1 + HORIZON_MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return min(last, first + timedelta(days=today.day - 1))


def _wall_date(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _hours_on(day: Date, facts: Facts) -> str | None:
    """ "15:00-22:00" on that weekday, several joined by commas, None when it is closed all day."""
    at = day.original_start.date()
    windows = [
        window
        for window in facts.windows
        if window.weekday == at.weekday()
        and (window.since is None or window.since <= at)
        and (window.until is None or at <= window.until)
    ]
    return ", ".join(f"{window.opens:%H:%M}-{window.closes:%H:%M}" for window in windows) or None


def _about(
    day: Date, code: str, message: Message, *, policy: str | None = None, would_pass: str | None = None
) -> Finding:
    return refuse(code, message, policy=policy, occurrence=day.original_start, would_pass=would_pass)
