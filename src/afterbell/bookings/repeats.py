"""What to say when a first date or a rule cannot be followed, and how a repeat is kept."""

from typing import Any

from afterbell.almanac.recurrence import Repeat
from afterbell.almanac.refusals import (
    ContradictoryRepeat,
    MalformedRepeat,
    NoSuchTime,
    RepeatRefused,
    SecondOfTwo,
    TooLongSeries,
    TooManyDates,
)
from afterbell.policy.verdict import N_, Finding, Message, refuse
from afterbell.problem import Problem, malformed, refused

SENTENCES = {
    "ends_before_start": N_("The end must be later than the start."),
    "endless_repeat": N_("The repeat has no end. Give a COUNT or an UNTIL, for example FREQ=WEEKLY;COUNT=12."),
    "too_frequent": N_("Rooms repeat daily at most, not more often. For example FREQ=WEEKLY;COUNT=12."),
}
CONTRADICTIONS = {
    "count_and_until": N_("A repeat ends after a number of dates or on a day, not both. {rule} passes."),
    "until_before_start": N_("The repeat ends before its first date. The first day on which it may end is {day}."),
    "no_such_day": N_("None of these months has such a day. {part} passes."),
    "never": N_(
        "No day is as this repeat says. Name days that it reaches before its end, for example FREQ=MONTHLY;BYDAY=2TU;COUNT=6."
    ),
    "all_left_out": N_("Every date is left out. Keep at least one of them."),
}

UNREADABLE = {
    "no_rule": N_("a rule such as FREQ=WEEKLY;COUNT=12 passes"),
    "twice": N_("a part stands twice"),
    "other_freq": N_("FREQ={freq} is not followed; DAILY, WEEKLY, MONTHLY and YEARLY rules pass"),
    "no_freq": N_("it has no FREQ; a rule such as FREQ=WEEKLY;COUNT=12 passes"),
    "no_place": N_("{part} has no place in a {freq} rule"),
    "unreadable": N_("{part} cannot be read; {passes} passes"),
    "beyond": N_("{name} holds numbers from 1 to {most}"),
    "numbered": N_("{part} has a number, which MONTHLY and YEARLY rules take"),
    "counts_nothing": N_("BYSETPOS counts among the days of another part, such as BYDAY"),
    "numbered_weeks": N_("with BYWEEKNO the days of BYDAY have no number"),
    "no_date": N_("{day} is no date for a booking"),
    "no_until": N_("{part} is no date"),
}


def refusal(error: RepeatRefused) -> Problem:
    """A refusal (409) with its code; a rule that is no rule at all is malformed (422)."""
    if isinstance(error, MalformedRepeat):
        detail = Message(UNREADABLE[error.why], error.values)
        return malformed(Message(N_("This repeat cannot be read: {detail}."), {"detail": detail}))
    return refused([_finding(error)])


def _finding(error: RepeatRefused) -> Finding:
    """With what would pass, wherever that can be said."""
    if isinstance(error, TooManyDates):
        message = Message(N_("One booking may have at most {most} dates."), {"most": error.most})
        return refuse(error.code, message, policy="dates", would_pass=str(error.most))
    if isinstance(error, TooLongSeries):
        text = N_(
            "From the first to the last date of a booking it is at most {months} months. {day} passes as the last."
        )
        message = Message(text, {"months": error.months, "day": error.would_pass})
        return refuse(error.code, message, policy="dates", would_pass=error.would_pass.isoformat())
    if isinstance(error, ContradictoryRepeat):
        return refuse(error.code, Message(CONTRADICTIONS[error.why], error.values), would_pass=error.would_pass)
    if isinstance(error, NoSuchTime):
        text = N_("The clocks go forward that night and this time does not exist. {wall} does.")
        message = Message(text, {"wall": f"{error.would_pass:%H:%M}"})
        return refuse(error.code, message, would_pass=error.would_pass.isoformat(timespec="minutes"))
    if isinstance(error, SecondOfTwo):
        text = N_("The clocks go back that night and {wall} comes twice; here it means the first. {next} comes once.")
        message = Message(text, {"wall": f"{error.wall:%H:%M}", "next": f"{error.would_pass:%H:%M}"})
        return refuse(error.code, message, would_pass=error.would_pass.isoformat(timespec="minutes"))
    return refuse(error.code, Message(SENTENCES[error.code]))


def as_kept(repeat: Repeat) -> dict[str, Any]:
    """The whole repeat as the column bookings.repeat holds it, in the words of API.md; `also` is wall time. Whoever reads it finds bookings of before 0.3 with
    the rule alone."""
    return {
        "rrule": repeat.rrule,
        "except": [day.isoformat() for day in sorted(repeat.skip)],
        "also": [wall.isoformat(timespec="minutes") for wall in sorted(repeat.also)],
    }
