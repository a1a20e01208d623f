"""Finds every sentence that is meant to be translated: in Python by its syntax tree, in templates by Jinja's own parser."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import nodes

from afterbell.web.shell import ENVIRONMENT

ONE = frozenset({"_", "N_", "say"})
COUNTED = frozenset({"ngettext", "say_many"})


@dataclass(frozen=True)
class Sentence:
    """An English source; `many` is its plural, empty where there is no count."""

    one: str
    many: str = ""


def sentences(folder: Path) -> dict[Sentence, str]:
    """Every sentence under a folder, with the file where it was seen last."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".html"):
            text = path.read_text()
            read = in_python(text) if path.suffix == ".py" else in_template(text)
            found.update(dict.fromkeys(read, str(path.relative_to(folder))))
    return found


def in_python(text: str) -> Iterator[Sentence]:
    """Literals given to `_`, `N_` and `say`, and the pairs given to `say_many`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            given = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
            yield from sentence(name, given)


def in_template(text: str) -> Iterator[Sentence]:
    """The same for `_` and `ngettext` in a template."""
    for node in ENVIRONMENT.parse(text).find_all(nodes.Call):
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        given = [arg.value if isinstance(arg, nodes.Const) else None for arg in node.args]
        yield from sentence(name, given)


def sentence(name: str, given: Sequence[object]) -> Iterator[Sentence]:
    """The sentence of one call, when it is literal."""
    if name in ONE and given and isinstance(given[0], str):
        yield Sentence(given[0])
    if name in COUNTED and len(given) > 1 and isinstance(given[0], str) and isinstance(given[1], str):
        yield Sentence(given[0], given[1])
