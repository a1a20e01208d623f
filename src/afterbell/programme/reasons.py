"""Why a room is not free on a date, in a few words that fit beside it; the whole sentences of policy stand where somebody asks for the room."""

from collections.abc import Mapping

from afterbell.policy.verdict import N_, Finding
from afterbell.web.words import say, say_message

MARKS: Mapping[str, str] = {"room_taken": "error", "closed": "closed"}
SHORT: Mapping[str, str] = {
    "in_past": N_("Already past"),
    "short_notice": N_("Too soon: schools need {days} business days' notice"),
    "too_far": N_("Too far ahead: rooms open {months} months before"),
    "closed": N_("School closed: {reason}"),
}


def mark_of(finding: Finding) -> str:
    """The colour and shape: what is taken, what is closed, and what some other rule refuses."""
    return MARKS.get(finding.code, "warning")


def short_reason(finding: Finding, language: str) -> str:
    """The few words, or policy's own sentence where that is short already."""
    short = SHORT.get(finding.code)
    if short is None:
        return say_message(finding.message, language)
    return say(short, language, **{name: str(value) for name, value in finding.message.values.items()})
