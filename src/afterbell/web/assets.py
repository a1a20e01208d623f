"""The stylesheet and the mark, read once and served under a name that changes with their bytes, so that browsers keep them for good."""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from litestar import HttpMethod, Request, Response, route

from afterbell.problem import not_found

STATIC = Path(__file__).parent / "static"
KINDS = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@cache
def shelf() -> dict[str, tuple[bytes, bytes, str]]:
    """Every file by its hashed name: bytes, gzipped bytes, media type."""
    found = {}
    for file in sorted(STATIC.iterdir()):
        if file.suffix in KINDS:
            data = file.read_bytes()
            name = f"{file.stem}.{hashlib.sha256(data).hexdigest()[:12]}{file.suffix}"
            found[name] = (data, gzip.compress(data, 9, mtime=0), KINDS[file.suffix])
    return found


def asset(name: str) -> str:
    """The address of a file in static/."""
    stem, _, suffix = name.rpartition(".")
    return next(
        f"/static/{hashed}" for hashed in shelf() if hashed.startswith(f"{stem}.") and hashed.endswith(f".{suffix}")
    )


@route("/static/{name:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], include_in_schema=False)
async def static_file(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    """Immutable: another content has another name."""
    found = shelf().get(name)
    if found is None:
        raise not_found()
    data, zipped, kind = found
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(zipped, media_type=kind, headers=headers | {"Content-Encoding": "gzip"})
    return Response(data, media_type=kind, headers=headers)
