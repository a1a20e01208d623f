"""What to say when a first date or a rule cannot be followed."""

from afterbell.almanac.recurrence import MalformedRepeat, NoSuchTime, RepeatRefused, TooManyDates
from afterbell.policy.verdict import N_, Message, refuse
from afterbell.problem import Problem, malformed, refused

SENTENCES = {
    "ends_before_start": N_("The end must be later than the start."),
    "endless_repeat": N_("The repeat has no end. Give a COUNT or an UNTIL, for example FREQ=WEEKLY;COUNT=12."),
    "too_frequent": N_("Rooms repeat daily or weekly, not more often. For example FREQ=WEEKLY;COUNT=12."),
}


def refusal(error: RepeatRefused) -> Problem:
    """A refusal (409) with its code; a rule that is no rule at all is malformed (422)."""
    if isinstance(error, MalformedRepeat):
        return malformed(Message(N_("This repeat cannot be read: {detail}."), {"detail": str(error)}))
    if isinstance(error, TooManyDates):
        message = Message(N_("One booking may have at most {most} dates."), {"most": error.most})
        return refused([refuse(error.code, message, policy="dates", would_pass=str(error.most))])
    if isinstance(error, NoSuchTime):
        wall = f"{error.would_pass:%H:%M}"
        message = Message(
            N_("The clocks go forward that night and this time does not exist. {wall} does."), {"wall": wall}
        )
        return refused([refuse(error.code, message, would_pass=error.would_pass.isoformat(timespec="minutes"))])
    return refused([refuse(error.code, Message(SENTENCES[error.code]))])
