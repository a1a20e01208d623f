"""Controls: what each rule of the house forbids is found, and what it allows is not."""

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from tests.house import rules

LONG = "def act():\n" + "    x = 1\n" * 40
HASH = "    --hash=sha256:00\n"
CASES: list[tuple[Callable[[str], list[str]], str, str]] = [
    (lambda text: rules.too_long(text, 250), "x = 1\n" * 251, "x = 1\n" * 250),
    (rules.long_functions, LONG, LONG.removesuffix("    x = 1\n")),
    (rules.long_functions, "class A:\n    async def b(self):\n" + "        x = 1\n" * 40, "class A:\n    pass\n"),
    (rules.many_arguments, "def a(b, c, d, e, f, g): ...", "def a(self, session, b, c, d, e, f, *, now): ..."),
    (rules.many_arguments, "def a(b, c, d, *, e, f, g): ...", "def a(*b, **c): ..."),
    (rules.getters, "def get_room(): ...", "def getter(): ..."),
    (rules.module_docstring, "x = 1", '"""What lives here."""'),
    (rules.more_than_docstring, '"""Rooms."""\nfrom rooms import Room', '"""Rooms."""'),
    (rules.more_than_docstring, "", '"""Rooms."""\n'),
    (lambda name: rules.drawer(PurePosixPath(name)), "src/afterbell/utils.py", "src/afterbell/cancel.py"),
    (lambda name: rules.drawer(PurePosixPath(name)), "src/afterbell/core/cancel.py", "src/afterbell/core_hours.py"),
    (rules.addresses, "see https://py" + "pi.org/simple", "see the package's page"),
    (rules.addresses, "cd /ro" + "ot/afterbell", "the root/afterbell folder"),
    (rules.addresses, "'/ho" + "me/lin/x'", "/api/v1/home/x"),
    (rules.git_calls, "version := $(shell git describe)", "# no git describe here"),
    (rules.git_calls, 'run(["git", "log"])', 'exclude = [".git"]'),
    (rules.fakes, "await asyncio.sle" + "ep(1)", "asleep(1)"),
    (rules.fakes, "from unittest.mo" + "ck import Mock", "class Gate: ..."),
    (rules.loose_lock, "a==1 \\\n" + HASH + "b>=2 \\\n" + HASH, "a==1 \\\n" + HASH + "b==2 ; x \\\n" + HASH),
    (rules.loose_lock, "a==1\n", "a==1 \\\n" + HASH),
    (rules.loose_lock, "--index-url https://x\na==1 \\\n" + HASH, "# a lock\na==1 \\\n" + HASH),
    (lambda text: rules.unlike(text, "a==1 \\\nb==2 \\\n"), "a==2 \\\n" + HASH, "a==1 \\\n" + HASH),
]


@pytest.mark.parametrize(("rule", "bad", "good"), CASES)
def test_a_rule_finds_what_it_forbids_and_leaves_the_rest(
    rule: Callable[[str], list[str]], bad: str, good: str
) -> None:
    assert (bool(rule(bad)), rule(good)) == (True, [])
