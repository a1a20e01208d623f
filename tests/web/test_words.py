"""Every sentence that people read has a Spanish one that keeps its braces, and the catalogue holds nothing else."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import afterbell
from afterbell.policy.verdict import Message
from afterbell.web.words import LOCALES, say, say_many, say_message
from tests.web.extract import Sentence, in_python, in_template, sentences

SOURCE = Path(afterbell.__file__).parent
THIN = "\u202f"


def spanish() -> Catalog:
    with (LOCALES / "es" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="es", abort_invalid=True)


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def translated(catalog: Catalog) -> dict[Sentence, tuple[str, ...]]:
    """The catalogue as sentences, each with its one or two Spanish forms."""
    found = {}
    for message in catalog:
        if not message.id:
            continue
        one, many = message.id if isinstance(message.id, tuple) else (message.id, "")
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        found[Sentence(str(one), str(many))] = tuple(str(form or "") for form in forms)
    return found


def complaints(used: Mapping[Sentence, str], catalog: Catalog) -> list[str]:
    """What is missing, what has other braces, and what nobody says any more."""
    known = translated(catalog)
    return sorted(
        [
            *(
                f"{where}: no Spanish for {each.one!r}"
                for each, where in used.items()
                if not all(known.get(each, [""]))
            ),
            *(f"braces differ in the Spanish for {each.one!r}" for each, forms in known.items() if unlike(each, forms)),
            *(f"nobody says {each.one!r} (plural {each.many!r}) any more" for each in known if each not in used),
            *(f"two Spanish sentences for {one!r}" for one in doubled(known)),
        ]
    )


def unlike(each: Sentence, forms: Iterable[str]) -> bool:
    sources = (each.one, each.many) if each.many else (each.one,)
    return any(form and braces(source) != braces(form) for source, form in zip(sources, forms, strict=True))


def doubled(known: Mapping[Sentence, object]) -> list[str]:
    """gettext looks a sentence up by its singular alone, so one may not stand with and without a plural."""
    ones = [each.one for each in known]
    return sorted({one for one in ones if ones.count(one) > 1})


def test_every_sentence_has_a_spanish_one_and_none_is_left_over() -> None:
    assert complaints(sentences(SOURCE), spanish()) == []


def test_control_a_missing_a_broken_and_a_forgotten_translation_are_found() -> None:
    catalog = Catalog(locale="es")
    catalog.add("The room holds {capacity} people.", "Caben {lugares} personas.")
    catalog.add("Nobody says this.", "Nadie lo dice.")
    catalog.add("Half done.", "")
    catalog.add(("{count} date", "{count} dates"), ("{count} fecha", "fechas"))
    used = {
        Sentence("The room holds {capacity} people."): "policy/rules.py",
        Sentence("Half done."): "web/page.html",
        Sentence("{count} date", "{count} dates"): "a.html",
        Sentence("New."): "b.html",
    }
    assert complaints(used, catalog) == [
        "b.html: no Spanish for 'New.'",
        "braces differ in the Spanish for 'The room holds {capacity} people.'",
        "braces differ in the Spanish for '{count} date'",
        "nobody says 'Nobody says this.' (plural '') any more",
        "web/page.html: no Spanish for 'Half done.'",
    ]


def test_sentences_are_found_wherever_they_are_marked() -> None:
    python = 'say("One", lang)\nMessage(N_("Two " "halves"))\nsay_many("{count} a", "{count} as", n, lang)\nsay(known, lang)\n'
    template = '{% if x %}{{ _("Three") }}{% endif %}{{ ngettext("{count} b", "{count} bs", n) }}{{ f("l", _("Four", name=y)) }}'
    assert [*in_python(python), *in_template(template)] == [
        Sentence("One"),
        Sentence("{count} a", "{count} as"),
        Sentence("Two halves"),
        Sentence("Three"),
        Sentence("{count} b", "{count} bs"),
        Sentence("Four"),
    ]


def test_no_page_has_words_that_are_not_marked() -> None:
    """English left bare in a template is read by nobody who reads Spanish. Names of languages and of the house stay as they are."""
    bare = {
        f"{path.relative_to(SOURCE)}: {words}"
        for path in SOURCE.rglob("*.html")
        for words in re.findall(r">\s*([A-Za-z][^<>{}]{2,})\s*<", without_code(path.read_text()))
    }
    assert bare == {"web/page.html: Afterbell"}


def without_code(template: str) -> str:
    """A template's own text: comments, statements and expressions taken out."""
    return re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "{}", template, flags=re.DOTALL)


def test_counts_and_hours_are_said_in_both_languages() -> None:
    hours = Message("The school is not open for visitors then. It is open {hours}.", {"hours": "15:00-22:00"})
    assert [say_many("{count} person", "{count} people", count, "es") for count in (0, 1, 2)] == [
        "0 personas",
        "1 persona",
        "2 personas",
    ]
    assert say("Find a room", "es") == "Buscar un espacio"
    assert [say_message(hours, language) for language in ("en", "es")] == [
        f"The school is not open for visitors then. It is open 3:00{THIN}PM – 10:00{THIN}PM.",
        f"La escuela no recibe visitantes a esa hora. Horario: 3:00{THIN}p.m. – 10:00{THIN}p.m.",
    ]


def test_a_sentence_that_ends_with_an_hour_ends_with_one_stop() -> None:
    message = Message("{weekdays}, {hours}.", {"weekdays": ("Mondays",), "hours": "08:00-00:00"})
    other = Message("{what}...", {"what": "p.m."})
    assert [say_message(message, language) for language in ("en", "es")] == [
        f"Mondays, 8:00{THIN}AM – 12:00{THIN}AM.",
        f"Lunes, 8:00{THIN}a.m. – 12:00{THIN}a.m.",
    ]
    assert say_message(other, "es") == "p.m...."
