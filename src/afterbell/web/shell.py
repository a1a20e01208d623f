"""Rendering pages: the Jinja environment, the words bound to the reader's language, and the headers that every page carries. Knows no room."""

import gzip
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import MediaType, Request, Response

from afterbell.policy.projection import DECIDERS, Viewer
from afterbell.policy.projection import PUBLIC as PUBLIC_VIEWER
from afterbell.web import dates
from afterbell.web.assets import asset, coding
from afterbell.web.repeat_fields import weekday_choices
from afterbell.web.veil import veiled
from afterbell.web.words import say, say_many

PUBLIC = ("/find", "/schools", "/sign-in", "/programme", "/events")
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
def wall_day(context: Context, value: date) -> str:
    """A wall date, written out."""
    return dates.day(value, context["language"])


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
    return spanish(path) if context["language"] == "es" else path


def spanish(path: str) -> str:
    """Where the Spanish page of an address lies; pages for people who signed in have one address for both languages."""
    if path == "/" or path.startswith("/?"):
        return f"/es{path[1:]}"
    return f"/es{path}" if path.startswith(PUBLIC) else path


def here(path: str, place: str) -> bool:
    """Whether a page lies at or under a place of the bar, in either language."""
    plain = path.removeprefix("/es") if path.startswith("/es/") else path
    return plain == place or plain.startswith(f"{place}/")


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_=translated, ngettext=counted, url=address)
    made.filters.update(local_day=local_day, local_short=local_short, wall_day=wall_day)
    made.globals.update(local_times=local_times, asset=asset, here=here)
    made.globals.update(quarters=dates.quarters, weekday_choices=weekday_choices)
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
    """A whole page. The doorman left `waiting`, the count beside Approvals; where no page lies he was not asked, and who reads is not `known`."""
    state, known = request.state, request.app.state
    viewer: Viewer = getattr(state, "viewer", PUBLIC_VIEWER)
    words = {
        "language": language_of(request),
        "viewer": viewer,
        "known": hasattr(state, "viewer"),
        "decides": any(role in DECIDERS for role, _ in viewer.staff),
        "district": getattr(known, "district", ""),
        "demo": getattr(known, "demo", False),
        "csrf": veiled(getattr(state, "csrf", "")),
        "path": request.url.path,
        "back": _back(request),
        "switch": _switch(request),
        "waiting": getattr(state, "waiting", 0),
    }
    page = ENVIRONMENT.get_template(template).render(words | context)
    return Response(page, status_code=status, media_type=MediaType.HTML, headers=HEADERS | dict(headers or {}))


def wants_part(request: Request[Any, Any, Any]) -> bool:
    """Whether htmx asks for what it puts into the page that is open; going back, and whoever has no JavaScript, asks for a whole page."""
    return request.headers.get("hx-request-type") == "partial"


def language_of(request: Request[Any, Any, Any]) -> str:
    """The doorman's; where no page lies and he was not asked, the address's or the one chosen with the switch."""
    spanish_one = request.url.path.startswith("/es/") or request.cookies.get("language") == "es"
    return str(getattr(request.state, "language", "es" if spanish_one else "en"))


def render_for_everybody(request: Request[Any, Any, Any], template: str, **context: Any) -> Response[Any]:
    """A public page: to a visitor the same for all and kept for a minute, to somebody signed in their own. Compressed for both: the only secret in it is that
    of its forms, which is veiled. Pages about bookings hold more, beside words that anybody may put into their address, and stay as they are."""
    page = render(request, template, headers={"Vary": "Cookie, Accept-Encoding, HX-Request-Type"}, **context)
    signed_in = getattr(request.state, "viewer", PUBLIC_VIEWER).person_id is not None
    page.headers["Cache-Control"] = "private, no-cache" if signed_in else "public, max-age=60"
    if not coding(request.headers.get("accept-encoding", ""), ["gzip"]):
        return page
    zipped = gzip.compress(str(page.content).encode(), 6, mtime=0)
    return Response(zipped, media_type=MediaType.HTML, headers=page.headers | {"Content-Encoding": "gzip"})


def _back(request: Request[Any, Any, Any]) -> str:
    """Where to go on after signing in: this address, when it can be opened again."""
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query if request.method in ("GET", "HEAD") else "/"


def _switch(request: Request[Any, Any, Any]) -> str:
    """The same page in the other language; a form that was posted is shown anew."""
    path = request.url.path
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    plain = path.removeprefix("/es") or "/" if path == "/es" or path.startswith("/es/") else path
    other = "en" if language_of(request) == "es" else "es"
    target = plain if other == "en" else spanish(plain)
    return f"/language?to={other}&next={quote(target + query, safe='')}"
