"""Finding Chromium: what is taken, what is said when there is none, and that CI cannot leave the browser tests out."""

from pathlib import Path

import pytest

from ground.chromium import LEFT_OUT, NoBrowser, found, install, left_out, main

REMEDY = "run `sudo apt-get install chromium`, or leave them out with `BROWSER=0 make test`."


def program(path: Path, *lines: str) -> Path:
    """A program of a few shell lines."""
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(0o755)
    return path


def test_the_first_browser_on_path_is_taken_and_a_named_one_before_it(tmp_path: Path) -> None:
    other = program(tmp_path / "other")
    chrome, snap = program(tmp_path / "google-chrome"), program(tmp_path / "chromium-browser")
    on_path = {"PATH": str(tmp_path)}
    assert (found(on_path), found({**on_path, "AFTERBELL_CHROMIUM": str(other)})) == (snap, other)
    snap.unlink()
    assert found(on_path) == chrome


def test_without_a_browser_one_sentence_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(NoBrowser) as told:
        found({"PATH": str(tmp_path)})
    assert str(told.value) == f"The browser tests need Chromium: {REMEDY}"


def test_a_browser_that_was_named_and_is_not_there_is_told(tmp_path: Path) -> None:
    missing = tmp_path / "gone"
    with pytest.raises(NoBrowser) as told:
        found({"PATH": str(tmp_path), "AFTERBELL_CHROMIUM": str(missing)})
    assert str(told.value) == f"AFTERBELL_CHROMIUM names {missing}, which is no program: name another, or {REMEDY}"


def test_leaving_them_out_is_said_aloud_and_refused_in_ci(capfd: pytest.CaptureFixture[str]) -> None:
    main({"BROWSER": "0", "CI": ""})
    assert capfd.readouterr() == ("", f"{LEFT_OUT}\n")
    assert [left_out({}), left_out({"BROWSER": "1", "CI": "true"})] == [False, False]
    with pytest.raises(NoBrowser) as told:
        main({"BROWSER": "0", "CI": "true"})
    assert str(told.value) == "BROWSER=0 leaves the browser tests out, which CI may not: take it away."


def test_where_there_is_one_nothing_is_said_or_fetched(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    program(tmp_path / "chromium")
    program(tmp_path / "apt-get", "echo fetching", "exit 1")
    main({"PATH": str(tmp_path)})
    assert capfd.readouterr() == ("", "")


def apt(folder: Path, *, works: str) -> dict[str, str]:
    """A PATH whose apt-get writes down what it is asked and makes a browser once `works` holds."""
    browser = folder / "chromium"
    installs = f'[ "$1" = install ] && {{ {works} || exit 100; }} && echo "#!/bin/sh" > {browser} && chmod +x {browser}'
    program(folder / "apt-get", f'echo "$@" >> {folder}/asked', installs, "exit 0")
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def asked(folder: Path) -> list[str]:
    return (folder / "asked").read_text().splitlines()


PUT = "install -y --no-install-recommends chromium"


def test_it_is_installed_at_once_where_the_lists_are_new_enough(tmp_path: Path) -> None:
    install(apt(tmp_path, works="true"))
    assert asked(tmp_path) == [PUT]


def test_the_lists_are_fetched_only_where_the_first_try_fails(tmp_path: Path) -> None:
    install(apt(tmp_path, works=f"grep -q update {tmp_path}/asked"))
    assert asked(tmp_path) == [PUT, "update", PUT]


def test_when_both_tries_fail_the_remedy_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoBrowser) as told:
        install(apt(tmp_path, works="false"))
    assert (str(told.value), asked(tmp_path)) == (
        f"Chromium could not be installed (see above): {REMEDY}",
        [PUT, "update", PUT],
    )
