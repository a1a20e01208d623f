"""How much one organization may have at one campus: hours in a week, dates open at once. What it has already is counted under the lock of its row."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from afterbell.almanac.recurrence import Date
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.lengths import MINUTE, spoken
from afterbell.policy.notice import wall_date
from afterbell.policy.verdict import N_, Finding, Message, Value, refuse


def counts(wish: Wish, facts: Facts) -> bool:
    """Whether some quota has to be counted at all; for the school itself none is."""
    limits = [facts.terms_of(room).quotas for room in wish.every_room]
    return not facts.school_use and any(each.hours_a_week or each.dates_open for each in limits)


def within_the_quota(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """What it has and what it asks for, together; equal is fine, and so is no more than it had before. A week that is too full is told at the first of its
    dates that goes beyond."""
    if facts.school_use or not wish.dates:
        return
    hours, most = _limits(wish, facts)
    if most is not None and facts.asker.dates_open + len(wish.dates) > max(most, facts.before.dates_open):
        yield _too_many(most, facts.asker.dates_open, len(wish.dates), facts.before.dates_open)
    if hours is not None:
        for monday, dates in sorted(_by_week(wish, facts).items()):
            had, before = (each.minutes.get(monday, 0) for each in (facts.asker, facts.before))
            yield from _too_full(monday, dates, hours * 60, had, before)


def beyond_the_quota(wish: Wish, facts: Facts) -> Iterator[Finding]:
    """The dates to leave out so that the others keep to the quotas, each with its own reason: in a week those that would break it, the earlier ones first to
    stay, and of all that then remain the later ones."""
    if facts.school_use or not wish.dates:
        return
    hours, most = _limits(wish, facts)
    kept = sorted(wish.dates, key=lambda each: each.span)
    if hours is not None:
        found = [
            each
            for monday, dates in sorted(_by_week(wish, facts).items())
            for each in _filled(monday, dates, hours * 60, facts)
        ]
        yield from found
        kept = [day for day in kept if day.original_start not in {each.occurrence for each in found}]
    left = len(kept) if most is None else max(most - facts.asker.dates_open, 0)
    for number, day in enumerate(kept[left:], facts.asker.dates_open + left + 1):
        text = N_("One organization has at most {most} dates open at once here. This would be number {number}.")
        if most == 1:
            text = N_("One organization has at most one date open at once here. This would be number {number}.")
        said = Message(text, {"most": most or 0, "number": number})
        yield refuse("quota", said, policy="dates_open", occurrence=day.original_start)


def _limits(wish: Wish, facts: Facts) -> tuple[int | None, int | None]:
    """Hours a week and dates open at once: the narrowest of all rooms, None without a limit."""
    quotas = [facts.terms_of(room).quotas for room in wish.every_room]
    hours = min((each.hours_a_week for each in quotas if each.hours_a_week is not None), default=None)
    return hours, min((each.dates_open for each in quotas if each.dates_open is not None), default=None)


def _filled(monday: date, dates: Sequence[Date], most: int, facts: Facts) -> Iterator[Finding]:
    """A date that does not fit any more is left out; a shorter one after it may fit."""
    used = facts.asker.minutes.get(monday, 0)
    for day in dates:
        length = day.span.length // MINUTE
        if used + length <= most:
            used += length
            continue
        text = N_(
            "One organization has at most {most} a week here. With this date it would be {sum} in the week of {monday}."
        )
        values: dict[str, Value] = {"most": spoken(most), "sum": spoken(used + length), "monday": monday}
        passes = f"{max(most - used, 0) / 60:g}"
        said = Message(text, values)
        yield refuse("quota", said, policy="hours_a_week", occurrence=day.original_start, would_pass=passes)


def _too_many(most: int, had: int, asked: int, before: int) -> Finding:
    left = max(most, before, had) - had
    text = N_(
        "One organization has at most {most} dates open at once here. Yours has {had} and this asks for {asked}; {left} would pass."
    )
    if most == 1:
        text = N_(
            "One organization has at most one date open at once here. Yours has {had} and this asks for {asked}; {left} would pass."
        )
    values = {"most": most, "had": had, "asked": asked, "left": left}
    return refuse("quota", Message(text, values), policy="dates_open", would_pass=str(left))


def _by_week(wish: Wish, facts: Facts) -> dict[date, list[Date]]:
    found: dict[date, list[Date]] = {}
    for day in sorted(wish.dates, key=lambda each: each.span):
        on = wall_date(day.span.starts_at, facts.zone)
        found.setdefault(monday_of(on), []).append(day)
    return found


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def _too_full(monday: date, dates: Sequence[Date], most: int, had: int, before: int) -> Iterator[Finding]:
    """Minutes of use, set-up and take-down apart; several rooms at once count once."""
    asked = sum(day.span.length // MINUTE for day in dates)
    if had + asked <= max(most, before):
        return
    left, used = max(most, before, had) - had, had
    for day in dates:
        used += day.span.length // MINUTE
        if used > had + left:
            break
    text = N_(
        "One organization has at most {most} a week here. In the week of {monday} yours has {had} and this asks for {asked}; {left} would pass."
    )
    values: dict[str, Value] = {
        "most": spoken(most),
        "monday": monday,
        "had": spoken(had),
        "asked": spoken(asked),
        "left": spoken(left),
    }
    passes = f"{left / 60:g}"
    yield refuse(
        "quota", Message(text, values), policy="hours_a_week", occurrence=day.original_start, would_pass=passes
    )
