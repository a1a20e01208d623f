"""Errors that know their status and their sentence (RFC 9457). Rendering them, as JSON or as a page, is the work of web.errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from afterbell.policy.verdict import N_, Finding, Message


@dataclass
class Problem(Exception):
    """Anything but success. `reasons` carry codes of API.md; `message` is shown in the reader's language."""

    status: int
    message: Message
    reasons: Sequence[Finding] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.plain()


def not_found() -> Problem:
    """Unknown and invisible look alike: 404 for both."""
    return Problem(404, Message(N_("There is nothing here, or it is not yours to see.")))


def forbidden(message: Message | None = None) -> Problem:
    """Visible, but not permitted."""
    return Problem(403, message or Message(N_("You may see this, but not do this. Ask the school's facilities staff.")))


def refused(findings: Sequence[Finding], message: Message | None = None) -> Problem:
    """A rule, a race or a state says no: 409, with every reason at once."""
    return Problem(409, message or Message(N_("This cannot be done as asked.")), findings)


def malformed(message: Message) -> Problem:
    """A field unknown, mistyped or malformed: 422."""
    return Problem(422, message)
