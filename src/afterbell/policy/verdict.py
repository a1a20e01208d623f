"""What a rule answers: findings, gathered in a verdict. Sentences are marked here and rendered by web, letters and API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias, cast

Value: TypeAlias = "str | int | date | datetime | tuple[str | Named, ...] | Message"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name, which extractors look for
    """Marks a sentence for translation without translating it."""
    return text


@dataclass(frozen=True)
class Named:
    """What people called something, by language ("en", "es"); no catalogue translates it."""

    names: Mapping[str, str]


@dataclass(frozen=True)
class Message:
    """A sentence to translate, with the values that fill its braces. Instants in `values` are UTC; readers render them in `zone`. A tuple holds marked words,
    each to be translated, or names, that are told as a list. A value may be a sentence itself; such a message is told at once, and never kept."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    zone: str = "UTC"

    def plain(self) -> str:
        """The untranslated English, for logs and exceptions."""
        return self.text.format(**self.values)

    def __str__(self) -> str:
        return self.plain()


class Severity(StrEnum):
    """REFUSE stops a booking; FLAG adds an approval step; NOTE only informs."""

    REFUSE = "refuse"
    FLAG = "flag"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One reason. `occurrence` is the original start (wall time) of the date it concerns, None for the whole ask; `booking` which of several that are sent
    together, counted from 0. `anyway`: whoever asks could do so all the same, with a reason (policy.anyway)."""

    severity: Severity
    code: str
    message: Message
    policy: str | None = None
    occurrence: datetime | None = None
    would_pass: str | None = None
    booking: int | None = None
    anyway: bool = False


@dataclass(frozen=True)
class Verdict:
    """Every reason at once, never only the first."""

    findings: Sequence[Finding] = ()

    @property
    def refused(self) -> bool:
        """Whether any finding refuses."""
        return any(finding.severity is Severity.REFUSE for finding in self.findings)

    @property
    def flags(self) -> list[Finding]:
        """What whoever decides takes an extra look at."""
        return [finding for finding in self.findings if finding.severity is Severity.FLAG]

    @property
    def reasons(self) -> list[Finding]:
        """The refusals alone."""
        return [finding for finding in self.findings if finding.severity is Severity.REFUSE]

    def about(self, occurrence: datetime) -> list[Finding]:
        """The findings on one date, by its original start."""
        return [finding for finding in self.findings if finding.occurrence == occurrence]


def refuse(
    code: str,
    message: Message,
    *,
    policy: str | None = None,
    occurrence: datetime | None = None,
    would_pass: str | None = None,
) -> Finding:
    """A finding that stops the booking."""
    return Finding(Severity.REFUSE, code, message, policy, occurrence, would_pass)


def note(code: str, message: Message, *, occurrence: datetime | None = None) -> Finding:
    """A finding that only informs."""
    return Finding(Severity.NOTE, code, message, None, occurrence)


def as_plain(finding: Finding) -> dict[str, object]:
    """A finding as JSON can keep it, its sentence untranslated, so that it is read in each reader's language later. The inverse is `from_plain`."""
    values = {name: _kept(value) for name, value in finding.message.values.items()}
    return {
        "code": finding.code,
        "text": finding.message.text,
        "values": values,
        "zone": finding.message.zone,
        "policy": finding.policy,
    }


def from_plain(kept: Mapping[str, Any], *, occurrence: datetime | None = None) -> Finding:
    """The finding that `as_plain` kept, now only a note: what it refused is past."""
    values = {name: _read(value) for name, value in kept["values"].items()}
    return Finding(Severity.NOTE, kept["code"], Message(kept["text"], values, kept["zone"]), kept["policy"], occurrence)


def as_flag(finding: Finding) -> dict[str, object]:
    """A flag as it is kept with a booking, with the date that it is about. The inverse is `from_flag`."""
    at = finding.occurrence
    return as_plain(finding) | {"occurrence": at.isoformat(timespec="minutes") if at else None}


def from_flag(kept: Mapping[str, Any]) -> Finding:
    """The flag that `as_flag` kept."""
    at = datetime.fromisoformat(kept["occurrence"]) if kept["occurrence"] else None
    return replace(from_plain(kept, occurrence=at), severity=Severity.FLAG)


def _kept(value: Value) -> object:
    if isinstance(value, tuple):
        return {"words": [dict(each.names) if isinstance(each, Named) else each for each in value]}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _read(value: Any) -> Value:
    if isinstance(value, dict):
        if "words" in value:
            return tuple(each if isinstance(each, str) else Named(each) for each in value["words"])
        return datetime.fromisoformat(value["at"]) if "at" in value else date.fromisoformat(value["day"])
    return cast(Value, value)
