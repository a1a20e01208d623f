"""Rendering pages: the Jinja environment, the words bound to the reader's language, and the headers that every page carries. Knows no room."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import MediaType, Request, Response

from afterbell.web import dates
from afterbell.web.assets import asset
from afterbell.web.words import say, say_many

PUBLIC = ("/find", "/schools", "/sign-in")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pass_context
def translated(context: Context, text: str, /, **values: Any) -> str:
    """`_("...")` in templates; values are escaped by autoescape as the whole sentence is."""
    return say(text, context["language"], **values)


@pass_context
def counted(context: Context, one: str, many: str, count: int, /, **values: Any) -> str:
    """`ngettext(one, many, count)` in templates."""
    return say_many(one, many, count, context["language"], **values)


@pass_context
def local_day(context: Context, moment: datetime, zone: str) -> str:
    """The full wall date of an instant at a place."""
    return dates.day(moment.astimezone(ZoneInfo(zone)), context["language"])


@pass_context
def local_short(context: Context, moment: datetime, zone: str) -> str:
    """The short wall date of an instant at a place."""
    return dates.short_day(moment.astimezone(ZoneInfo(zone)), context["language"])


@pass_context
def local_times(context: Context, starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """From and to, wall time at a place."""
    return dates.times(starts_at, ends_at, zone, context["language"])


@pass_context
def address(context: Context, path: str) -> str:
    """A local address in the page's language: public pages have Spanish ones of their own."""
    return f"/es{path}" if context["language"] == "es" and path.startswith(PUBLIC) else path


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_=translated, ngettext=counted, url=address)
    made.filters.update(local_day=local_day, local_short=local_short)
    made.globals.update(local_times=local_times, asset=asset)
    return made


ENVIRONMENT = _environment()


def render(
    request: Request[Any, Any, Any],
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response[str]:
    """A whole page. `waiting` in the context is the count beside Approvals."""
    state = request.state
    words = {
        "language": getattr(state, "language", "en"),
        "viewer": getattr(state, "viewer", None),
        "csrf": getattr(state, "csrf", ""),
        "path": request.url.path,
        "switch": _switch(request),
        "waiting": 0,
    }
    page = ENVIRONMENT.get_template(template).render(words | context)
    return Response(page, status_code=status, media_type=MediaType.HTML, headers=HEADERS | dict(headers or {}))


def _switch(request: Request[Any, Any, Any]) -> str:
    """The same page in the other language; a form that was posted is shown anew."""
    path = request.url.path
    spanish = getattr(request.state, "language", "en") == "es"
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    plain = path.removeprefix("/es") or "/" if path == "/es" or path.startswith("/es/") else path
    target = (plain if spanish or not plain.startswith(PUBLIC) else f"/es{plain}") + query
    return f"/language?to={'en' if spanish else 'es'}&next={quote(target, safe='')}"
