"""The whole tree keeps the rules of the house; every complaint of one kind is told at once, with its file."""

import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ground.children import ROOT
from tests.house import rules

SKIPPED = frozenset({".venv", "var", ".git", "node_modules", "dist", "build", "__pycache__"})
FLOORS = ("src", "alembic", "ground")
# A command's options are its arguments.
WIDE = frozenset({"src/afterbell/cli.py"})


def files(*tops: str) -> Iterator[Path]:
    """Every file of the project under these folders (or all of it), without what tools leave behind."""
    for top in tops or ("",):
        for folder, names, found in os.walk(ROOT / top):
            names[:] = sorted(
                name for name in names if name not in SKIPPED and not name.endswith("_cache") and name != ".hypothesis"
            )
            yield from (Path(folder) / name for name in sorted(found) if name not in SKIPPED)


def python(*tops: str) -> list[Path]:
    return [path for path in files(*tops) if path.suffix == ".py"]


def complaints(paths: list[Path], rule: Callable[[str], list[str]]) -> list[str]:
    """What a rule says about each of these files, one line each. Without files nothing would ever be found, so that is an error."""
    assert paths
    return [f"{path.relative_to(ROOT)}: {each}" for path in paths for each in rule(path.read_text())]


def texts() -> list[Path]:
    """Every file that is text."""
    return [path for path in files() if not path.is_symlink() and b"\0" not in path.read_bytes()[:8192]]


def test_files_are_small() -> None:
    """A migration is a record, not something to read through."""
    ours = [path for path in python(*FLOORS) if "versions" not in path.parts]
    assert complaints(ours, lambda text: rules.too_long(text, rules.LONGEST_FILE)) == []


def test_test_files_are_small() -> None:
    assert complaints(python("tests"), lambda text: rules.too_long(text, rules.LONGEST_TEST_FILE)) == []


def test_functions_are_small() -> None:
    assert (
        complaints([path for path in python(*FLOORS, "tests") if "versions" not in path.parts], rules.long_functions)
        == []
    )


def test_functions_take_few_arguments() -> None:
    narrow = [path for path in python(*FLOORS) if str(path.relative_to(ROOT)) not in WIDE]
    assert complaints(narrow, rules.many_arguments) == []


def test_nothing_is_got() -> None:
    assert complaints(python(*FLOORS, "tests"), rules.getters) == []


def test_there_are_no_drawers() -> None:
    told = [f"{path.relative_to(ROOT)}: {each}" for path in python() for each in rules.drawer(path.relative_to(ROOT))]
    assert told == []


def test_every_module_says_what_lives_in_it() -> None:
    assert complaints(python(), rules.module_docstring) == []


def test_a_package_is_a_docstring() -> None:
    assert complaints([path for path in python() if path.name == "__init__.py"], rules.more_than_docstring) == []


def test_a_package_has_an_init_everywhere() -> None:
    """import-linter and mypy see nothing in a folder without one."""
    folders = {path.parent for path in python("src/afterbell", "tests")}
    assert sorted(str(folder) for folder in folders if not (folder / "__init__.py").exists()) == []


def test_nothing_names_a_registry_or_a_machine() -> None:
    assert complaints(texts(), rules.addresses) == []


def test_tests_replace_nothing_and_never_pause() -> None:
    """The ground may pause between two looks at a condition; a test may not."""
    assert complaints([path for path in python("tests") if path.parent != ROOT / "tests/ground"], rules.fakes) == []


def test_set_up_never_calls_git() -> None:
    assert complaints([ROOT / "Makefile", ROOT / ".ci/run", *python("ground")], rules.git_calls) == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_a_lock_is_pinned_and_hashed_and_names_no_address(lock: str) -> None:
    assert complaints([ROOT / lock], rules.loose_lock) == []


def test_a_developer_runs_what_everybody_runs() -> None:
    smaller, larger = ((ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock"))
    assert rules.unlike(smaller, larger) == []


def test_the_licence_is_named_and_present() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = (ROOT / "LICENSE").read_text()
    assert (project["license"], project["license-files"]) == ("Apache-2.0", ["LICENSE"])
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
