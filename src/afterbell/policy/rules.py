"""The rules of booking, each five pure lines that return findings; `judge` tells them all together. Numbers are policy.terms', sources DOMAIN.md's."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from afterbell.almanac.hours import Window, fits
from afterbell.almanac.recurrence import Date
from afterbell.policy.admission import for_those_who_ask
from afterbell.policy.anyway import settled
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.holds import while_others_may_ask
from afterbell.policy.lengths import LONGEST, not_too_long, not_too_short
from afterbell.policy.notice import wall_date, with_notice, within_the_horizon
from afterbell.policy.opening import doors
from afterbell.policy.quotas import within_the_quota
from afterbell.policy.rooms import (
    each_room_once,
    fits_the_rooms,
    set_up_as_asked,
    while_nobody_has_them,
    without_overlapping_itself,
)
from afterbell.policy.standing import asks_for_a_partner, held_too_much
from afterbell.policy.verdict import N_, Finding, Message, Verdict, refuse

Rule = Callable[[Wish, Facts, datetime], Iterator[Finding]]


def judge(wish: Wish, facts: Facts, now: datetime) -> Verdict:
    """Every reason at once, in the order in which people can mend them."""
    return _verdict(RULES, wish, facts, now)


def judge_again(wish: Wish, facts: Facts, now: datetime) -> Verdict:
    """What still counts when a request is decided: notice, horizon and membership were settled when it was made."""
    rules = (fits_the_rooms, each_room_once, while_the_school_is_open, not_on_a_closed_day, while_nobody_has_them)
    return _verdict(rules, wish, facts, now)


def out_by_its_own_rules(wish: Wish, facts: Facts, now: datetime) -> list[Finding]:
    """What a room's own hours, lengths, notice and admission refuse, whoever has it: by these another of its kind may be chosen."""
    rules: tuple[Rule, ...] = (while_the_school_is_open, not_too_short, not_too_long, for_those_who_ask)
    if not facts.school_use:
        rules = (*rules, with_notice)
    return [each for rule in rules for each in rule(wish, facts, now)]


def judge_times(wish: Wish, facts: Facts, now: datetime) -> Verdict:
    """Only what concerns the dates: what a search asks of every room. First what is the same for all rooms of a campus, then what is this room's own."""
    return Verdict([*judge_the_time(wish, facts, now).findings, *judge_the_room(wish, facts, now).findings])


def judge_the_time(wish: Wish, facts: Facts, now: datetime) -> Verdict:
    """What is wrong with the dates whichever room is meant: nothing here looks at rooms or claims, so that a search asks it once for many rooms."""
    rules = (
        not_in_the_past,
        with_notice,
        within_the_horizon,
        while_the_school_is_open,
        not_on_a_closed_day,
        not_too_short,
        not_too_long,
    )
    return _verdict(rules, wish, facts, now)


def _verdict(rules: "Sequence[Rule]", wish: Wish, facts: Facts, now: datetime) -> Verdict:
    return Verdict(settled([finding for rule in rules for finding in rule(wish, facts, now)], wish, facts))


def judge_the_room(wish: Wish, facts: Facts, now: datetime) -> Verdict:
    """Who has the rooms, and who else asks for them."""
    return _verdict((while_nobody_has_them, while_others_may_ask), wish, facts, now)


def not_in_the_past(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """A date that has begun cannot be asked for."""
    for day in wish.dates:
        if day.span.starts_at <= now:
            yield _about(day, "in_past", Message(N_("This date has passed. Choose a later one.")))


def while_the_school_is_open(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """Set-up and take-down lie inside the after-hours windows of every room and of its parts too: somebody must unlock for them. What is longer than a day is
    `not_too_long`'s."""
    open_at = {
        room: list(doors(facts.windows, facts.terms_of(room), facts.rooms[room].name)) for room in wish.every_room
    }
    for day in wish.dates:
        claim = wish.claim(day)
        rooms = wish.rooms_of(day) if claim.length <= LONGEST else ()
        kept = {id(door.windows): door for room in reversed(rooms) for door in reversed(open_at[room])}
        shut = [door for door in kept.values() if not fits(claim, door.windows, facts.zone)]
        if shut:
            hours = _hours_on(day, shut[-1].windows, facts)
            said = _open_then(hours, shut[-1].room)
            yield _about(day, "outside_hours", said, policy="hours", would_pass=hours)


def _open_then(hours: str | None, room: str | None) -> Message:
    """A room, or the part of it that is shut, is named when it has hours of its own."""
    if room is not None:
        text = N_("{room} is not open then. It is open {hours}.")
        closed = N_("{room} is not open on that day. Choose another day, or another room.")
        return Message(text, {"room": room, "hours": hours}) if hours else Message(closed, {"room": room})
    if hours is None:
        return Message(N_("The school is not open for visitors on that day. Choose another day."))
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


RULES: tuple[Rule, ...] = (
    asks_for_a_partner,
    for_those_who_ask,
    held_too_much,
    set_up_as_asked,
    fits_the_rooms,
    each_room_once,
    not_in_the_past,
    with_notice,
    within_the_horizon,
    while_the_school_is_open,
    not_on_a_closed_day,
    not_too_short,
    not_too_long,
    within_the_quota,
    without_overlapping_itself,
    while_nobody_has_them,
    while_others_may_ask,
)


def _hours_on(day: Date, windows: Sequence[Window], facts: Facts) -> str | None:
    """ "15:00-22:00" on that date, several joined by commas, None when it is closed all day."""
    open_then = [window for window in windows if window.holds_on(wall_date(day.span.starts_at, facts.zone))]
    return ", ".join(f"{window.opens:%H:%M}-{window.closes:%H:%M}" for window in open_then) or None


def _about(
    day: Date, code: str, message: Message, *, policy: str | None = None, would_pass: str | None = None
) -> Finding:
    return refuse(code, message, policy=policy, occurrence=day.original_start, would_pass=would_pass)
