"""The language switch: remembers the choice and goes back to the page."""

from typing import Any

from litestar import Request, get
from litestar.datastructures import Cookie
from litestar.response import Redirect

from afterbell.web.words import LANGUAGES

YEAR = 31_536_000


@get("/language", include_in_schema=False)
async def choose_language(request: Request[Any, Any, Any]) -> Redirect:
    """Only local pages are gone back to."""
    wanted = request.query_params.get("to", "en")
    chosen = wanted if wanted in LANGUAGES else "en"
    cookie = Cookie(
        key="language", value=chosen, max_age=YEAR, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return Redirect(local(request.query_params.get("next", "/")), status_code=303, cookies=[cookie])


def local(path: str) -> str:
    """The path if it stays on this site, else the home page."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and path.isprintable()
    return path if safe else "/"
