"""Words in the reader's language. English is the source; the catalogue is read from the .po itself, so nothing is compiled or forgotten."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from afterbell.policy.verdict import Message, Named, Value
from afterbell.web.dates import LOCALES as REGIONS
from afterbell.web.dates import clock_time, day, hour

LANGUAGES = ("en", "es")
LOCALES = Path(__file__).parent / "locales"
CLOCK = re.compile(r"\d\d:\d\d")
STOPS = re.compile(r"(?<=[ap]\.m\.)\.(?!\.)")  # a sentence that ends with "9:00 p.m." needs no stop of its own


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations of one language; an unknown language reads English."""
    path = LOCALES / language / "LC_MESSAGES" / "messages.po"
    if language == "en" or not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def say(text: str, language: str, /, **values: Any) -> str:
    """The sentence in that language, its braces filled. Values are inserted as they are: escape when writing HTML."""
    return catalogue(language).gettext(text).format(**values)


def say_many(one: str, many: str, count: int, language: str, /, **values: Any) -> str:
    """The sentence for a count, which fills `{count}`."""
    return catalogue(language).ngettext(one, many, count).format(count=count, **values)


def tongues(codes: Iterable[str], language: str) -> str:
    """ "English, Spanish" for "en" and "es", "Inglés, español" in Spanish; an unknown code as it was written."""
    names = Locale.parse(REGIONS.get(language, "en_US")).languages
    text = ", ".join(str(names.get(code, code)) for code in codes)
    return text[:1].upper() + text[1:]


def say_message(message: Message, language: str) -> str:
    """A message of policy; its dates are written out, its instants as wall time in the message's zone, its `hours` ("15:00-22:00") as people read them."""
    return STOPS.sub("", say(message.text, language, **_readable(message.values, message.zone, language)))


def _readable(values: Mapping[str, Value], zone: str, language: str) -> dict[str, str]:
    found = {name: _one(value, zone, language) for name, value in values.items()}
    if "hours" in found:
        found["hours"] = CLOCK.sub(lambda wall: clock_time(time.fromisoformat(wall[0]), language), found["hours"])
        found["hours"] = found["hours"].replace("-", " – ")
    return found


def _word(word: str | Named, language: str) -> str:
    """A name that is not known in the language is told in English, as pages do."""
    if isinstance(word, Named):
        return word.names.get(language) or word.names.get("en", "")
    return say(word, language)


def _one(value: Value, zone: str, language: str) -> str:
    if isinstance(value, tuple):
        return ", ".join(_word(each, language) for each in value)
    if isinstance(value, datetime):
        return hour(value.astimezone(ZoneInfo(zone)), language)
    if isinstance(value, date):
        return day(value, language)
    return say_message(value, language) if isinstance(value, Message) else str(value)
