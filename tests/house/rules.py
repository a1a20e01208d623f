"""The rules of STYLE.md as pure functions over one file's text; each returns complaints, none when the file is in order."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePath

DRAWERS = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "schemas", "types", "constants"}
) | {f"{role}{ending}" for role in ("service", "manager", "handler", "repositor") for ending in ("", "s", "y", "ies")}
LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION, MOST_ARGUMENTS = 250, 350, 40, 5
UNCOUNTED = frozenset({"self", "cls", "session", "now"})
# Written in pieces, so that this file does not hold what it forbids.
HOSTS = re.compile(
    r"(files\.)?python"
    r"hosted\.org|pypi\.(org|io)|registry\.np"
    r"mjs\.org|registry\.yarn"
    r"pkg\.com|deb\.debian\.org"
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(root|home|work|Users)/[\w.]")
GIT_CALL = re.compile(
    r"""(?m)^[^#\n]*(?<![\w./-])git(?=["']?,|\s+(-C|rev-parse|describe|log|clone|status|diff|ls-files|fetch|submodule)\b)"""
)
FAKES = re.compile(r"unittest\.mo" r"ck|\bmo" r"cker\b|assert_cal" r"led|monkeypatch\.set" r"attr|(?<!\w)sle" r"ep\(")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def too_long(text: str, most: int) -> list[str]:
    """A file above the ceiling wants to be two."""
    lines = text.count("\n")
    return [f"{lines} lines, the ceiling is {most}"] if lines > most else []


def long_functions(text: str) -> list[str]:
    """Forty lines from `def` to the end, decorators apart."""
    found = ((node, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions(text))
    return [f"{node.name} has {length} lines" for node, length in found if length > LONGEST_FUNCTION]


def many_arguments(text: str) -> list[str]:
    """Five besides self, session and now; a Fixture or a command line may ask for more (tests and cli are not looked at)."""
    return [f"{node.name} takes {count}" for node in functions(text) if (count := len(counted(node))) > MOST_ARGUMENTS]


def counted(node: Function) -> list[str]:
    """The names of a function's arguments that a reader has to keep in mind."""
    given = node.args
    return [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs) if each.arg not in UNCOUNTED]


def getters(text: str) -> list[str]:
    """Verbs change, noun phrases answer."""
    return [f"{node.name}: name what it answers" for node in functions(text) if node.name.startswith("get_")]


def functions(text: str) -> Iterator[Function]:
    """Every function and method, nested ones too."""
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, Function))


def module_docstring(text: str) -> list[str]:
    """What lives here, and what does not."""
    return [] if ast.get_docstring(ast.parse(text)) else ["no docstring for the module"]


def more_than_docstring(text: str) -> list[str]:
    """An `__init__.py` holds a docstring and nothing else."""
    body = ast.parse(text).body
    only = len(body) == 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return [] if only else ["more, or less, than a docstring"]


def drawer(path: PurePath) -> list[str]:
    """A name that would take anything in."""
    names = (*path.parts[:-1], path.stem)
    return [f"{name} is a drawer: name the act or the thing" for name in names if name in DRAWERS]


def addresses(text: str) -> list[str]:
    """Registry hosts and paths of one machine, which are nobody else's business."""
    return [f"{found.group()!r}" for pattern in (HOSTS, MACHINE_PATHS) for found in pattern.finditer(text)]


def git_calls(text: str) -> list[str]:
    """An unpacked archive must run and test; comments may say git."""
    return [f"{found.group().strip()!r}" for found in GIT_CALL.finditer(text)]


def fakes(text: str) -> list[str]:
    """Tests use real parts and wait for conditions: nothing of ours is replaced, nobody counts on a pause being long enough."""
    return [f"{found.group()!r}" for found in FAKES.finditer(text)]


def loose_lock(text: str) -> list[str]:
    """Every package pinned and hashed, no address, no option."""
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
    loose = [entry.split()[0] for entry in entries if "==" not in entry.split()[0] or "--hash=sha256:" not in entry]
    return [f"{name} is not pinned and hashed" for name in loose] + [
        f"{found!r}" for found in re.findall(r"https?://\S+", text)
    ]


def unlike(smaller: str, larger: str) -> list[str]:
    """Pins of one lock that the other has not, or has otherwise."""
    return sorted(pins(smaller) - pins(larger))


def pins(lock: str) -> set[str]:
    """`name==version` with its marker, without hashes."""
    return {line.rstrip(" \\") for line in lock.splitlines() if line and not line.startswith((" ", "#"))}
