"""Making what pages load: when there is something to do, that it needs no network twice, that nothing half done is taken for whole, and what is said when it
cannot be done. The npm is a shell script that unpacks what stands beside it and writes down that it was called."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import brotli
import pytest

from ground.assets import BUILT, FETCHED, MANIFEST, STATIC, is_built, is_fetched, rewritten
from ground.setup import CannotSetUp
from tests.ground.children import ROOT
from tests.test_setup import script

CSS = (
    "@font-face {\n  src: url(\"public-sans-latin.woff2\");\n}\nbody {\n  background: url('mark.svg');\n}\n"
    + "p {}\n" * 200
)
DOING = ["set-up: fetching the pages' font and script", "set-up: the pages' files are ready"]
AGAIN = "run the same command again and it goes on."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with our own files, a lock, and a Node that brings the files of others."""
    root = tmp_path / "project"
    for name in ("package.json", "package-lock.json", ".npmrc", "requirements-node.lock"):
        put(root / name, f"{name}\n")
    put(root / STATIC / "app.css", CSS)
    put(root / STATIC / "mark.svg", "<svg/>")
    shutil.copytree(ROOT / "ground", root / "ground", ignore=shutil.ignore_patterns("__pycache__"))
    for name, path in FETCHED.items():
        put(tmp_path / "store" / Path(path).relative_to("node_modules"), f"bytes of {name}")
    (tmp_path / "bin").mkdir()
    script(tmp_path / "bin" / "node", "echo v20.1.0")
    script(
        tmp_path / "bin" / "npm",
        'if [ "$1" = --version ]; then echo 10; exit; fi',
        f'echo "$@" >> {tmp_path}/called',
        f"cp -r {tmp_path}/store node_modules",
    )
    return root


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run(root: Path, kind: str = "run") -> tuple[int, list[str]]:
    """The code, and what was said; PATH holds nothing but the bin beside the project and the shell's own tools, and pip has no index."""
    tools = root.parent / "tools"
    if not tools.exists():
        tools.mkdir()
        for name in ("cp", "echo", "sh"):
            (tools / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    environment = os.environ | {"PATH": f"{root.parent / 'bin'}:{tools}", "PIP_NO_INDEX": "1"}
    command = [sys.executable, "-m", "ground.assets", kind]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, [line for line in done.stderr.splitlines() if line.startswith("set-up:")]


def called(root: Path) -> list[str]:
    """What npm was asked for."""
    told = root.parent / "called"
    return told.read_text().splitlines() if told.exists() else []


def files(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((root / BUILT).iterdir())}


def test_a_build_names_files_by_their_bytes_with_smaller_twins_and_a_second_one_does_nothing(root: Path) -> None:
    assert run(root) == (0, DOING)
    made, entries = files(root), json.loads((root / BUILT / MANIFEST).read_text())["files"]
    assert run(root) == (0, [])
    (root.parent / "bin" / "npm").unlink()
    shutil.rmtree(root / "node_modules")
    assert run(root) == (0, []), "neither npm nor what it fetched is needed again"
    assert files(root) == made
    assert called(root) == ["ci --no-audit --no-fund --loglevel=error --omit=dev"]
    assert sorted(entries) == sorted([*FETCHED, "app.css", "mark.svg"])
    assert all(re.fullmatch(r"[a-z.-]+\.[0-9a-f]{12}\.\w+", entry["name"]) for entry in entries.values())
    assert {name for name in made if "woff2" in name} == {
        entry["name"] for name, entry in entries.items() if name.endswith("woff2")
    }
    sheet = made[entries["app.css"]["name"]]
    assert sheet.decode().count(entries["public-sans-latin.woff2"]["name"]) == 1
    assert sheet.decode().count(entries["mark.svg"]["name"]) == 1
    assert brotli.decompress(made[entries["app.css"]["twins"]["br"]]) == sheet
    assert gzip.decompress(made[entries["app.css"]["twins"]["gz"]]) == sheet
    assert set(made) == {MANIFEST} | {n for e in entries.values() for n in (e["name"], *e["twins"].values())}


def test_a_changed_source_is_built_again_without_npm_and_leaves_nothing_old(root: Path) -> None:
    run(root)
    old = set(files(root))
    put(root / STATIC / "app.css", CSS + "/* changed */\n")
    assert is_built(root) is False
    assert run(root) == (0, DOING[1:])
    new = set(files(root))
    assert (len(called(root)), len(old - new), len(new - old), is_built(root)) == (1, 3, 3, True)


def test_a_changed_lock_is_fetched_again(root: Path) -> None:
    run(root)
    put(root / "package-lock.json", "another\n")
    assert (run(root), len(called(root))) == ((0, DOING), 2)


def test_a_developer_also_has_what_pages_are_judged_by(root: Path) -> None:
    run(root)
    assert run(root, "dev") == (0, DOING[:1])
    assert (run(root, "dev"), run(root)) == ((0, []), (0, []))
    assert called(root) == [f"ci --no-audit --no-fund --loglevel=error{more}" for more in (" --omit=dev", "")]


@pytest.mark.parametrize("lost", [MANIFEST, "app.", "htmx.min."])
def test_a_build_that_lost_something_is_made_whole(root: Path, lost: str) -> None:
    run(root)
    before = files(root)
    next(path for path in (root / BUILT).iterdir() if path.name.startswith(lost)).unlink()
    (root / BUILT / "app.css.part").write_text("half")
    assert run(root) == (0, DOING[1:])
    assert files(root) == before


def test_a_manifest_that_cannot_be_read_is_no_build(root: Path) -> None:
    run(root)
    for text in ("", "{", "[]", '{"stamp": 1}', '{"files": {"a": 1}, "stamp": ""}'):
        put(root / BUILT / MANIFEST, text)
        assert is_built(root) is False, text
    assert run(root) == (0, DOING[1:])


def test_fetching_that_breaks_off_is_done_again(root: Path) -> None:
    npm = root.parent / "bin" / "npm"
    whole = npm.read_text()
    script(npm, 'if [ "$1" = --version ]; then echo 10; exit; fi', "cp -r . /nowhere-at-all/x", "exit 1")
    told = (
        "set-up: The pages' font and script could not be fetched (see above): the first time this needs the network or a package mirror that npm is set up "
        f"for; {AGAIN}"
    )
    assert run(root) == (1, [DOING[0], told])
    (root / "node_modules").mkdir()
    assert (is_fetched(root, "run"), is_built(root)) == (False, False)
    npm.write_text(whole)
    assert (run(root), is_fetched(root, "run"), is_fetched(root, "dev")) == ((0, DOING), True, False)


@pytest.mark.parametrize("version", ["", "v16.20.2", "nonsense"])
def test_without_a_new_node_and_without_network_one_sentence_says_what_to_do(root: Path, version: str) -> None:
    put(root / "requirements-node.lock", "afterbell-nobody-has-this==1 --hash=sha256:" + "0" * 64 + "\n")
    script(root.parent / "bin" / "node", f"echo {version}" if version else "exit 127")
    told = (
        "set-up: There is no Node 18 or newer with npm here, and none could be installed (see above): install Node (Debian: nodejs and npm), or give pip "
        f"the network or a package mirror; {AGAIN}"
    )
    trying = "set-up: there is no Node 18 or newer with npm here: installing one into .venv (60 MB)"
    assert run(root) == (1, [trying, told])
    assert (called(root), is_built(root)) == ([], False)


def test_a_style_sheet_that_names_what_nobody_makes_is_refused() -> None:
    assert rewritten("app.js", b"url(none.svg)", {}) == b"url(none.svg)"
    assert rewritten("app.css", b"url(data:image/png;base64,AA==)", {}) == b"url(data:image/png;base64,AA==)"
    with pytest.raises(CannotSetUp) as refused:
        rewritten("app.css", b'a { background: url("none.svg") }', {"mark.svg": "mark.1.svg"})
    assert (
        str(refused.value) == f"{STATIC}/app.css names none.svg, which nothing makes: correct the name or add the file."
    )


def test_what_was_built_here_is_of_the_sources_as_they_are() -> None:
    assert is_built(ROOT), "run `make setup`"
