"""How a letter looks: the same words in text and in HTML, every value escaped."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.notices.paper import Draft

HOSTILE = "<script>alert(1)</script> & \"Sons\" 'n' <b>"


def draft(words: str, language: str = "en") -> Draft:
    made = Draft(f"Approved: {words}", language)
    made.say(f"For {words}.")
    made.items("Dates", [words, "Tuesday"])
    made.items("Nothing", [])
    made.link("See it", f"https://rooms.example.org/bookings/AB-1?{words}")
    return made


class Reader(HTMLParser):
    """What a mail program shows and follows."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.shown = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Every tag counts, also one that nobody meant."""
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        """Text as it is shown."""
        self.shown += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def test_the_text_word_for_word() -> None:
    assert draft("Clinic").text() == (
        "For Clinic.\n\nDates\n  - Clinic\n  - Tuesday\n\nSee it:\nhttps://rooms.example.org/bookings/AB-1?Clinic\n\n-- \n"
        "Afterbell, school rooms after the bell\n"
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_html_names_its_language_and_has_no_picture(language: str) -> None:
    html = draft("Clinic", language).html()
    tags = {"html", "head", "meta", "title", "body", "h1", "h2", "p", "a", "ul", "li"}
    assert (f'<html lang="{language}">' in html, read(html).tags) == (True, tags)


@given(st.just(HOSTILE) | st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60))
def test_no_value_becomes_markup_and_every_word_is_shown(words: str) -> None:
    found, plain = read(draft(words).html()), read(draft("Clinic").html())
    assert (found.tags, found.shown) == (plain.tags, plain.shown.replace("Clinic", words))
    assert found.links == [f"https://rooms.example.org/bookings/AB-1?{words}"]


def test_control_an_unescaped_value_would_be_seen() -> None:
    careless = draft("Clinic").html().replace("For Clinic.", f"For {HOSTILE}.")
    assert "script" in read(careless).tags
