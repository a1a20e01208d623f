"""Makes what pages load: fetches the third-party files that package-lock.json names, and writes them and our own under hashed names, with compressed
twins and a manifest, to src/afterbell/web/built. Standard library and brotli; run in `.venv` by ground/setup.py as `python -m ground.assets run|dev`.

Two stamps decide without npm, network or git whether there is anything to do: one in node_modules for what was fetched, one in the manifest for what was
built. Both are written last, so an interrupted step is done again. Which Node did it is in neither: npm only unpacks here, and a Node may come or go.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypedDict

from ground.node import npm
from ground.setup import CannotSetUp, say

STATIC, BUILT, MANIFEST = "src/afterbell/web/static", "src/afterbell/web/built", "manifest.json"
FONT = "node_modules/@fontsource-variable/public-sans"
FETCHED = {
    "htmx.min.js": "node_modules/htmx.org/dist/htmx.min.js",
    "htmx-license.txt": "node_modules/htmx.org/LICENSE",
    "public-sans-latin.woff2": f"{FONT}/files/public-sans-latin-wght-normal.woff2",
    "public-sans-latin-ext.woff2": f"{FONT}/files/public-sans-latin-ext-wght-normal.woff2",
    "public-sans-license.txt": f"{FONT}/LICENSE",
}
NAMED_BY = ("package.json", "package-lock.json", ".npmrc")
SQUEEZED = frozenset({".css", ".js", ".svg", ".txt"})
URL = re.compile(r"""url\((["']?)([\w.-]+)\1\)""")
AGAIN = "run the same command again and it goes on."


class Entry(TypedDict):
    """One file of the manifest: its hashed name, and the names of its twins by ending (br, gz)."""

    name: str
    twins: dict[str, str]


def main(root: Path, kind: str) -> None:
    """Brings web/built to what the lock and web/static say; `dev` also has node_modules, for the files that pages are judged by."""
    done = is_built(root)
    if not is_fetched(root, kind) and not (done and kind == "run"):
        fetch(root, kind)
    if not done:
        build(root)
        say("the pages' files are ready")


def is_built(root: Path) -> bool:
    """Whether the manifest is of these sources and names nothing that has gone."""
    try:
        manifest = json.loads((root / BUILT / MANIFEST).read_bytes())
        files = [file for entry in manifest["files"].values() for file in (entry["name"], *entry["twins"].values())]
        return bool(manifest["stamp"] == stamp(root)) and all((root / BUILT / file).is_file() for file in files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def is_fetched(root: Path, kind: str) -> bool:
    """Whether node_modules was unpacked whole from this lock; what developers fetch is enough for `run`."""
    return any(
        stamp_of(root, each).is_file() and stamp_of(root, each).read_text() == named(root) for each in {kind, "dev"}
    )


def stamp_of(root: Path, kind: str) -> Path:
    """Where the stamp of what was fetched lies: inside node_modules, so that it goes when that goes."""
    return root / "node_modules" / f".afterbell-{kind}"


def named(root: Path) -> str:
    """One hash over everything that decides what is fetched."""
    return digest(*((root / name).read_bytes() for name in NAMED_BY))


def stamp(root: Path) -> str:
    """One hash over everything that a build depends on: what is fetched, our own files with their names, and how it is done."""
    own = [part for path in sources(root) for part in (path.name.encode(), path.read_bytes())]
    return digest(named(root).encode(), Path(__file__).read_bytes(), *own)


def sources(root: Path) -> list[Path]:
    """Our own files, style sheets last: they name the others."""
    found = [path for path in (root / STATIC).iterdir() if path.is_file() and not path.name.startswith(".")]
    return sorted(found, key=lambda path: (path.suffix == ".css", path.name))


def digest(*parts: bytes) -> str:
    """SHA-256 in hex; the lengths are in it, so that nothing can move from one part to the next."""
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def fetch(root: Path, kind: str) -> None:
    """Unpacks what the lock names with `npm ci`; raises CannotSetUp where that cannot be had."""
    unpack = [*npm(root), "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    shutil.rmtree(root / "node_modules", ignore_errors=True)
    say("fetching the pages' font and script")
    command = [*unpack, *(["--omit=dev"] if kind == "run" else [])]
    if subprocess.run(command, cwd=root, check=False).returncode != 0:
        raise CannotSetUp(
            "The pages' font and script could not be fetched (see above): the first time this needs the network or a package mirror that npm is set up "
            f"for; {AGAIN}"
        )
    stamp_of(root, kind).write_text(named(root))


def build(root: Path) -> None:
    """Writes every file under the hash of its bytes, then the manifest, then takes away what it no longer names: whoever reads meanwhile finds whole files."""
    folder = root / BUILT
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, Entry] = {}
    for name, data in contents(root):
        files[name] = write(folder, name, rewritten(name, data, {known: files[known]["name"] for known in files}))
    put(folder / MANIFEST, json.dumps({"stamp": stamp(root), "files": files}, indent=1).encode())
    kept = {MANIFEST, *(file for entry in files.values() for file in (entry["name"], *entry["twins"].values()))}
    for path in folder.iterdir():
        if path.name not in kept:
            path.unlink()


def write(folder: Path, name: str, data: bytes) -> Entry:
    """One file and its twins; answers their names."""
    stem, _, suffix = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{suffix}"
    twins = dict(squeezed(data)) if f".{suffix}" in SQUEEZED else {}
    put(folder / hashed, data)
    for ending, small in twins.items():
        put(folder / f"{hashed}.{ending}", small)
    return {"name": hashed, "twins": {ending: f"{hashed}.{ending}" for ending in twins}}


def contents(root: Path) -> Iterator[tuple[str, bytes]]:
    """Every file by the name it has in templates and style sheets, those that name others last."""
    for name, path in FETCHED.items():
        try:
            yield name, (root / path).read_bytes()
        except OSError as error:
            raise CannotSetUp(f"{path} is missing: remove the folder node_modules; {AGAIN}") from error
    for source in sources(root):
        yield source.name, source.read_bytes()


def rewritten(name: str, data: bytes, known: Mapping[str, str]) -> bytes:
    """A style sheet with the hashed names of the files that it names; a name that nobody knows is a slip of the pen and raises CannotSetUp."""
    if not name.endswith(".css"):
        return data

    def hashed(found: re.Match[str]) -> str:
        if found[2] not in known:
            raise CannotSetUp(
                f"{STATIC}/{name} names {found[2]}, which nothing makes: correct the name or add the file."
            )
        return f'url("{known[found[2]]}")'

    return URL.sub(hashed, data.decode()).encode()


def squeezed(data: bytes) -> Iterator[tuple[str, bytes]]:
    """As small as it goes, once; the same bytes at every build."""
    import brotli  # only here, so that a run with nothing to do needs the standard library alone

    yield "br", brotli.compress(data, quality=11)
    yield "gz", gzip.compress(data, 9, mtime=0)


def put(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


if __name__ == "__main__":
    try:
        main(Path(__file__).resolve().parents[1], sys.argv[1])
    except CannotSetUp as reason:
        sys.exit(f"set-up: {reason}")
    except KeyboardInterrupt:
        sys.exit(f"set-up: stopped; {AGAIN}")
