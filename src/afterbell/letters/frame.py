"""The frame of every letter, as text and as plain HTML: who sends it, its language, its heading. What stands in it is written by whoever writes the letter."""

from html import escape

from afterbell.web.words import say

HEAD = '<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{subject}</title></head>\n'
BODY = '<body style="font:17px/1.5 sans-serif;max-width:38em;margin:1.5em auto;padding:0 1em">\n'


def signed(text: str, language: str) -> str:
    """The text with the sender below the line that mail programs know as the end."""
    return f"{text}\n\n-- \n{_sender(language)}\n"


def framed(body: str, subject: str, language: str) -> str:
    """The whole page; `body` is HTML, in which every value is escaped already, `subject` is not."""
    heading = escape(subject)
    head = HEAD.format(language=language, subject=heading)
    return f'{head}{BODY}<h1 style="font-size:22px">{heading}</h1>\n{body}\n<p>{escape(_sender(language))}</p>\n</body></html>\n'


def linked(words: str, address: str) -> str:
    """Words, and below them an address that can be pressed and read."""
    there = escape(address)
    return f'<p>{escape(words)}<br><a href="{there}">{there}</a></p>'


def _sender(language: str) -> str:
    return say("Afterbell, school rooms after the bell", language)
