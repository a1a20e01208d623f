"""A rule that cannot be read is told in the reader's language, whatever is wrong with it."""

from datetime import datetime, timedelta

import pytest

from afterbell.almanac.recurrence import Repeat, expand
from afterbell.almanac.refusals import MalformedRepeat, RepeatRefused
from afterbell.bookings.repeats import UNREADABLE, refusal
from afterbell.web.words import say_message

STARTS = datetime(2027, 3, 2, 18)
WRONG = {
    "no_rule": "X" * 501,
    "twice": "FREQ=DAILY;COUNT=1;COUNT=2",
    "other_freq": "FREQ=OFTEN;COUNT=1",
    "no_freq": "COUNT=1",
    "no_place": "FREQ=WEEKLY;FOO=1;COUNT=2",
    "unreadable": "FREQ=DAILY;COUNT=0",
    "beyond": "FREQ=DAILY;BYMONTH=13;COUNT=2",
    "numbered": "FREQ=WEEKLY;BYDAY=2TU;COUNT=2",
    "counts_nothing": "FREQ=DAILY;BYSETPOS=1;COUNT=2",
    "numbered_weeks": "FREQ=YEARLY;BYWEEKNO=3;BYDAY=2TU;COUNT=2",
    "no_until": "FREQ=DAILY;UNTIL=20270231",
}
SAID = {
    "no_place": (
        "This repeat cannot be read: FOO has no place in a WEEKLY rule.",
        "Esta repetición no se puede leer: FOO no tiene lugar en una regla WEEKLY.",
    ),
    "unreadable": (
        "This repeat cannot be read: COUNT=0 cannot be read; COUNT=12 passes.",
        "Esta repetición no se puede leer: COUNT=0 no se puede leer; se admite COUNT=12.",
    ),
}


def refused(starts: datetime, rule: str) -> RepeatRefused:
    """What a rule is refused with."""
    with pytest.raises(RepeatRefused) as raised:
        expand(starts, starts + timedelta(hours=1), "America/Los_Angeles", Repeat(rule) if rule else None, 400)
    return raised.value


def test_everything_that_can_be_wrong_is_said_in_both_languages() -> None:
    found = {why: refused(STARTS, rule) for why, rule in WRONG.items()}
    found["no_date"] = refused(datetime(1, 1, 1), "")
    assert {why: error.why for why, error in found.items() if isinstance(error, MalformedRepeat)} == {
        why: why for why in UNREADABLE
    }
    said = {why: [say_message(refusal(error).message, each) for each in ("en", "es")] for why, error in found.items()}
    assert {why: tuple(said[why]) for why in SAID} == SAID
    assert [why for why, (english, spanish) in said.items() if english.split(": ")[1] == spanish.split(": ")[1]] == []
