"""What pages load, as ground/assets.py built it: read once and served under names that change with their bytes, so that browsers keep them for good."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from litestar import HttpMethod, Request, Response, route

from afterbell.problem import not_found

BUILT = Path(__file__).parent / "built"
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}
CODINGS = {"br": "br", "gz": "gzip"}  # by the ending of a twin, the smaller first
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}


class NotBuilt(RuntimeError):
    """The files of the pages are missing, with the remedy."""


@dataclass(frozen=True)
class Shelf:
    """Hashed names by the name in templates; media type and bytes by coding ("" for none) by hashed name."""

    names: dict[str, str]
    files: dict[str, tuple[str, dict[str, bytes]]]


@cache
def shelf() -> Shelf:
    """Everything that was built, in memory; raises NotBuilt. Read when the server starts: what is built later shows after a restart."""
    return read_shelf(BUILT)


def read_shelf(folder: Path) -> Shelf:
    """What a folder's manifest names; raises NotBuilt when it, or anything it names, is missing."""
    try:
        entries = json.loads((folder / "manifest.json").read_bytes())["files"]
        files = {}
        for entry in entries.values():
            named = {CODINGS[ending]: twin for ending, twin in entry["twins"].items()} | {"": entry["name"]}
            bodies = {coding: (folder / name).read_bytes() for coding, name in named.items()}
            files[entry["name"]] = (KINDS[Path(entry["name"]).suffix], bodies)
        return Shelf({name: entry["name"] for name, entry in entries.items()}, files)
    except (OSError, ValueError, KeyError) as error:
        raise NotBuilt(
            "The font, script and style sheet of the pages are not built: run `make setup` where this was unpacked, then start again."
        ) from error


def asset(name: str) -> str:
    """The address of a file by its name in web/static or among what ground/assets.py fetches."""
    return f"/static/{shelf().names[name]}"


def coding(accepted: str, offered: Collection[str]) -> str:
    """The one of the offered codings (the best first) that a client wants most, "" for none; what weighs nothing is not wanted (RFC 9110 12.5.3)."""
    weights = dict(_weighed(each) for each in accepted.lower().split(",") if each.strip())
    wanted = {each: weights.get(each, weights.get("*", 0.0)) for each in offered}
    best = max(wanted, key=lambda each: wanted[each], default="")
    plain = weights.get("identity", 0.0)
    return best if best and wanted[best] > 0 and wanted[best] >= plain else ""


def _weighed(text: str) -> tuple[str, float]:
    name, _, weight = text.replace(" ", "").partition(";q=")
    try:
        return name.strip(), float(weight) if weight else 1.0
    except ValueError:
        return name.strip(), 0.0


@route("/static/{name:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], include_in_schema=False)
async def static_file(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    """Immutable: another content has another name."""
    found = shelf().files.get(name)
    if found is None:
        raise not_found()
    kind, bodies = found
    chosen = coding(request.headers.get("accept-encoding", ""), [each for each in CODINGS.values() if each in bodies])
    headers = HEADERS | ({"Content-Encoding": chosen} if chosen else {})
    return Response(bodies[chosen], media_type=kind, headers=headers)
