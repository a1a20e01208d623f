"""What is wrong with a body, in both languages; the English is msgspec's own."""

import msgspec
import pytest

from afterbell.bookings.forms import BookingForm
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
    '{"listing": {"summary": {"en": "a"}, "languages": ["1"]}}': (
        "se esperaba `str` que siga la expresión regular '^[a-z]{2,3}$', en `$.listing.languages[0]`"
    ),
}


@pytest.mark.parametrize("body", MISFITS)
def test_what_does_not_fit_is_told_in_both_languages(body: str) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(body, type=BookingForm)
    text = str(raised.value)
    assert (say_message(misfit(text), "en"), say_message(misfit(text), "es")) == (text, MISFITS[body])


def test_what_is_not_known_stays_as_it_is() -> None:
    assert say_message(misfit("Odd {thing}"), "es") == "Odd {thing}"
