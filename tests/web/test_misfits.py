"""What is wrong with a body, in both languages; the English is msgspec's own."""

import msgspec
import pytest

from afterbell.bookings.forms import BookingForm
from afterbell.rules.shapes import OpeningShape, ReservedShape
from afterbell.web.misfits import misfit
from afterbell.web.words import say_message

MISFITS = {
    "{}": "al objeto le falta el campo obligatorio `rooms`",
    "[]": "se esperaba `object` y llegó `array`",
    '{"a - at `$.b`": 1}': "el objeto tiene el campo desconocido `a - at `$.b``",
    '{"headcount": 0}': "se esperaba `int` >= 1, en `$.headcount`",
    '{"setup_minutes": 481}': "se esperaba `int` <= 480, en `$.setup_minutes`",
    '{"rooms": []}': "se esperaba `array` de longitud >= 1, en `$.rooms`",
    '{"repeat": {"rule": ""}}': "el objeto tiene el campo desconocido `rule`, en `$.repeat`",
}


@pytest.mark.parametrize("body", MISFITS)
def test_what_does_not_fit_is_told_in_both_languages(body: str) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(body, type=BookingForm)
    text = str(raised.value)
    assert (say_message(misfit(text), "en"), say_message(misfit(text), "es")) == (text, MISFITS[body])


PATTERNS = [
    (
        BookingForm,
        '{"listing": {"summary": {"en": "a"}, "languages": ["1"]}}',
        "Expected the code of a language, such as en or es - at `$.listing.languages[0]`",
        "se esperaba el código de un idioma, como en o es, en `$.listing.languages[0]`",
    ),
    (
        OpeningShape,
        '{"weekday": 1, "opens": "8"}',
        "Expected a time of day from 00:00 to 23:59, such as 18:30; midnight is 00:00 - at `$.opens`",
        "se esperaba una hora del día de 00:00 a 23:59, como 18:30; la medianoche es 00:00, en `$.opens`",
    ),
    (
        ReservedShape,
        '{"tiers": ["all"]}',
        "Expected one of: school, agency, partner, other - at `$.tiers[0]`",
        "se esperaba uno de: school, agency, partner, other, en `$.tiers[0]`",
    ),
]


@pytest.mark.parametrize(("shape", "body", "english", "spanish"), PATTERNS)
def test_what_a_pattern_asks_for_is_said_in_words(shape: type, body: str, english: str, spanish: str) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(body, type=shape)
    said = misfit(str(raised.value))
    assert (say_message(said, "en"), say_message(said, "es")) == (english, spanish)


def test_what_is_not_known_stays_as_it_is() -> None:
    assert say_message(misfit("Odd {thing}"), "es") == "Odd {thing}"
