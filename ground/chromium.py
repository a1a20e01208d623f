"""Finds the Chromium that the browser tests drive, and installs Debian's where root tests on a machine without one. Standard library only.

Called by the Makefile before the tests as `python ground/chromium.py`; tests/browser asks `found` alone, which never installs.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", "chromium")
LEFT_OUT = "browser tests: skipped, BROWSER=0"
REMEDY = "run `sudo apt-get install chromium`, or leave them out with `BROWSER=0 make test`."


class NoBrowser(RuntimeError):
    """Why no browser can be driven, with the remedy in the same sentence."""


def main(environment: Mapping[str, str]) -> None:
    """Says aloud that the browser tests are left out, or sees to it that there is a browser; nothing is said or fetched where there is one."""
    if left_out(environment):
        say(LEFT_OUT)
    elif not sought(environment):
        if os.geteuid() != 0:
            raise NoBrowser(f"The browser tests need Chromium: {REMEDY}")
        install(environment)


def found(environment: Mapping[str, str]) -> Path:
    """The browser; raises NoBrowser where there is none, whoever asks."""
    browser = sought(environment)
    if browser is None:
        raise NoBrowser(f"The browser tests need Chromium: {REMEDY}")
    return browser


def left_out(environment: Mapping[str, str]) -> bool:
    """Whether BROWSER=0 asks for no browser, which CI may not: raises NoBrowser there."""
    if environment.get("BROWSER") != "0":
        return False
    if environment.get("CI"):
        raise NoBrowser("BROWSER=0 leaves the browser tests out, which CI may not: take it away.")
    return True


def sought(environment: Mapping[str, str]) -> Path | None:
    """AFTERBELL_CHROMIUM, else the first of NAMES on PATH; raises NoBrowser when the one that was named does not run."""
    named = environment.get("AFTERBELL_CHROMIUM", "")
    if named and not os.access(named, os.X_OK):
        raise NoBrowser(f"AFTERBELL_CHROMIUM names {named}, which is no program: name another, or {REMEDY}")
    every = [named or None, *(shutil.which(name, path=environment.get("PATH", "")) for name in NAMES)]
    return next((Path(each) for each in every if each), None)


def install(environment: Mapping[str, str]) -> None:
    """Debian's package, with the list of packages brought up to date only where the first try fails; NoBrowser when the second does too."""
    if shutil.which("apt-get", path=environment.get("PATH", "")) is None:
        raise NoBrowser(f"The browser tests need Chromium, and there is no apt-get here to install it: {REMEDY}")
    say("installing Chromium for the browser tests (a minute or two, the first time)")
    quiet = {**environment, "DEBIAN_FRONTEND": "noninteractive"}
    tries = ([INSTALL], [("apt-get", "update"), INSTALL])
    if not any(all(ran(command, quiet) for command in commands) for commands in tries) or not sought(environment):
        raise NoBrowser(f"Chromium could not be installed (see above): {REMEDY}")


def ran(command: tuple[str, ...], environment: Mapping[str, str]) -> bool:
    """Whether it ended well; what it says goes to the error stream."""
    return subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode == 0


def say(what: str) -> None:
    """On the error stream, so that a command's own output stays clean."""
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(os.environ)
    except NoBrowser as reason:
        sys.exit(f"set-up: {reason}")
