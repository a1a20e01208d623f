"""How a letter looks: the same words as text and as plain HTML, no pictures, readable aloud."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from afterbell.letters.frame import framed, signed


@dataclass
class Draft:
    """A letter in the making: paragraphs, lists and one link, in order."""

    subject: str
    language: str
    blocks: list[str | tuple[str, Sequence[str]] | tuple[str, str, str]] = field(default_factory=list)

    def say(self, text: str) -> None:
        """A paragraph."""
        self.blocks.append(text)

    def items(self, heading: str, lines: Sequence[str]) -> None:
        """A list under a heading; nothing when it is empty."""
        if lines:
            self.blocks.append((heading, lines))

    def link(self, words: str, address: str) -> None:
        """An address that people press or copy."""
        self.blocks.append(("link", words, address))

    def text(self) -> str:
        """For readers without HTML; lines are not wrapped, so that phones may."""
        return signed("\n\n".join(_plain(block) for block in self.blocks), self.language)

    def html(self) -> str:
        """The same in HTML, every value escaped."""
        return framed("\n".join(_marked(block) for block in self.blocks), self.subject, self.language)


def _plain(block: str | tuple[str, Sequence[str]] | tuple[str, str, str]) -> str:
    if isinstance(block, str):
        return block
    if len(block) == 3:
        return f"{block[1]}:\n{block[2]}"
    return f"{block[0]}\n" + "\n".join(f"  - {line}" for line in block[1])


def _marked(block: str | tuple[str, Sequence[str]] | tuple[str, str, str]) -> str:
    if isinstance(block, str):
        return f"<p>{escape(block)}</p>"
    if len(block) == 3:
        return f'<p><a href="{escape(block[2])}">{escape(block[1])}</a></p>'
    lines = "".join(f"<li>{escape(line)}</li>" for line in block[1])
    return f'<h2 style="font-size:18px">{escape(block[0])}</h2>\n<ul>{lines}</ul>'
