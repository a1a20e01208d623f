"""Whether a value can be a rule: its shape, and what no shape can say. Every complaint is 422 and says what passes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from afterbell.policy.verdict import N_, Message
from afterbell.problem import malformed
from afterbell.rules.shapes import (
    RULES,
    AdmissionShape,
    HorizonShape,
    HoursShape,
    LengthsShape,
    SeasonShape,
)
from afterbell.web.misfits import misfit

FIRST_YEAR, LAST_YEAR = 2000, 2199


def checked(name: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """The value as it is kept, whole: what is left out has its default in it."""
    shape = RULES[name].shape
    try:
        found = msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise malformed(
            Message(N_("This value cannot be used: {detail}."), {"detail": misfit(str(error), shape)})
        ) from error
    _within_the_calendar(msgspec.to_builtins(found, builtin_types=(date,)))
    _consistent(found)
    kept: dict[str, Any] = msgspec.to_builtins(found)
    return kept


def _within_the_calendar(value: Any) -> None:
    """Days of this age: sums with those at the calendar's ends fail."""
    if isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR:
        text = N_("{day} is no day for a rule. Years from {first} to {last} pass.")
        values = {"day": value.isoformat(), "first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise malformed(Message(text, values))
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        _within_the_calendar(each)


def known_name(name: str) -> str:
    """422 with the names that pass."""
    if name not in RULES:
        raise malformed(Message(N_("name is one of {choices}."), {"choices": ", ".join(RULES)}))
    return name


def _consistent(shape: Struct) -> None:
    if isinstance(shape, LengthsShape) and shape.shortest > shape.longest:
        values = {"shortest": shape.shortest, "longest": shape.longest}
        text = N_("shortest is {shortest} and longest {longest} minutes: the longest must not be less.")
        raise malformed(Message(text, values))
    if isinstance(shape, HorizonShape) and any(each.last < each.first for each in shape.periods):
        raise malformed(Message(N_("A permit term must not end before it begins.")))
    if isinstance(shape, AdmissionShape) and not all(e.kinds or e.tiers or e.activities for e in shape.reserved):
        raise malformed(
            Message(N_("Each reservation names kinds, tiers or activities: say for whom or for what it is."))
        )
    for each in shape.seasons if isinstance(shape, HoursShape) else ():
        _season(each)


def _season(season: SeasonShape) -> None:
    if season.since is not None and season.until is not None and season.until < season.since:
        raise malformed(Message(N_("A season must not end before it begins.")))
    if not season.windows and not season.instead:
        raise malformed(Message(N_("A season without windows adds nothing. Give windows, or instead: true to shut.")))
    for window in season.windows:
        if window.closes <= window.opens and window.closes != "00:00":
            values = {"opens": window.opens, "closes": window.closes}
            text = N_(
                "A window opens at {opens} and closes at {closes}: it must close later, or at 00:00 for midnight."
            )
            raise malformed(Message(text, values))
