"""What msgspec finds wrong with a body, as a sentence that can be told in the reader's language. The English is msgspec's own, word for word;
only what a pattern asks for is said in words."""

import re
from typing import Any

from msgspec import inspect

from afterbell.policy.verdict import N_, Message

PLACES = (
    (re.compile(r"(?P<what>.+) - at `key` in (?P<where>`\$[^`]*`)", re.DOTALL), N_("{what} - at `key` in {where}")),
    (re.compile(r"(?P<what>.+) - at (?P<where>`\$[^`]*`)", re.DOTALL), N_("{what} - at {where}")),
)
MISFITS = (
    (
        re.compile(r"Object contains unknown field (?P<field>.+)", re.DOTALL),
        N_("Object contains unknown field {field}"),
    ),
    (re.compile(r"Object missing required field (?P<field>.+)"), N_("Object missing required field {field}")),
    (re.compile(r"Expected (?P<kind>`[^`]+`), got (?P<given>`[^`]+`)"), N_("Expected {kind}, got {given}")),
    (
        re.compile(r"Expected (?P<kind>`[^`]+`) of length (?P<range>[<>=]+ \d+)"),
        N_("Expected {kind} of length {range}"),
    ),
    (re.compile(r"Expected (?P<kind>`[^`]+`) (?P<range>[<>=]+ -?[\d.]+)"), N_("Expected {kind} {range}")),
    (re.compile(r"Expected `str` matching regex '\^\((?P<choices>[\w|]+)\)\$'"), N_("Expected one of: {choices}")),
    (
        re.compile(r"Expected `str` matching regex '\^\(\[01\].*"),
        N_("Expected a time of day from 00:00 to 23:59, such as 18:30; midnight is 00:00"),
    ),
    (
        re.compile(r"Expected `str` matching regex '\^\[a-z\].*"),
        N_("Expected the code of a language, such as en or es"),
    ),
)


CHOICE = re.compile(r"Invalid enum value (?P<value>.+) - at `(?P<where>\$[^`]*)`", re.DOTALL)


def misfit(text: str, shape: type | None = None) -> Message:
    """The sentence; what is not known stays English. The `shape` tells what may be chosen, which msgspec does not say."""
    chosen = CHOICE.fullmatch(text)
    if chosen and shape is not None and (choices := choices_at(shape, chosen["where"])):
        said = Message(N_("{value} is none of the choices: {choices}"), {"value": chosen["value"], "choices": choices})
        return Message(N_("{what} - at {where}"), {"what": said, "where": f"`{chosen['where']}`"})
    for form, sentence in PLACES:
        if found := form.fullmatch(text):
            return Message(sentence, {"what": _what(found["what"]), "where": found["where"]})
    return _what(text)


def choices_at(shape: type, where: str) -> str:
    """The words that may stand at a place such as $.bookings[0].on_conflict; empty where anything may."""
    kinds: list[Any] = [inspect.type_info(shape)]
    for name in re.findall(r"\.(\w+)", where):
        kinds = [
            field.type for kind in _alone(kinds) for field in getattr(kind, "fields", ()) if field.encode_name == name
        ]
    return ", ".join(str(value) for kind in _alone(kinds) for value in getattr(kind, "values", ()))


def _alone(kinds: list[Any]) -> list[Any]:
    """What stands in unions and lists."""
    found = [each for kind in kinds for each in getattr(kind, "types", [getattr(kind, "item_type", kind)])]
    return found if found == kinds else _alone(found)


def _what(text: str) -> Message:
    for form, sentence in MISFITS:
        if found := form.fullmatch(text):
            return Message(sentence, _listed(found.groupdict()))
    return Message("{text}", {"text": text})


def _listed(values: dict[str, str]) -> dict[str, str]:
    return values | {"choices": values["choices"].replace("|", ", ")} if "choices" in values else values
