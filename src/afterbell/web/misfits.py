"""What msgspec finds wrong with a body, as a sentence that can be told in the reader's language. The English is msgspec's own, word for word."""

import re

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
    (
        re.compile(r"Expected (?P<kind>`[^`]+`) matching regex (?P<form>.+)"),
        N_("Expected {kind} matching regex {form}"),
    ),
)


def misfit(text: str) -> Message:
    """The sentence; what is not known stays English."""
    for form, sentence in PLACES:
        if found := form.fullmatch(text):
            return Message(sentence, {"what": _what(found["what"]), "where": found["where"]})
    return _what(text)


def _what(text: str) -> Message:
    for form, sentence in MISFITS:
        if found := form.fullmatch(text):
            return Message(sentence, found.groupdict())
    return Message("{text}", {"text": text})
