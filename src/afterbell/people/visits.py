"""The doorman: before any handler he settles who looks (token under /api, cookie elsewhere) and in which language. When he last saw a browser is buffered
and flushed, since a GET never writes."""

import asyncio
import hmac
from datetime import datetime
from http.cookies import CookieError, SimpleCookie

from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from sqlalchemy import update

from afterbell import clock
from afterbell.database import Database
from afterbell.people.access import viewer_of_token, viewer_of_visit
from afterbell.people.models import Visit
from afterbell.people.secrets import hashed
from afterbell.policy.projection import PUBLIC, Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem
from afterbell.web.words import LANGUAGES

FLUSH_SECONDS = 60
OPEN_TO_ALL = ("/calendars/", "/static/", "/healthz", "/readyz")


class Doorman(ASGIMiddleware):
    """Leaves `viewer`, `language`, `csrf` and `cookie` in the request's state."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, database: Database, secret: bytes, *, https: bool) -> None:
        self._database = database
        self._secret = secret
        self.cookie_name = "__Host-afterbell" if https else "afterbell"
        self._seen: dict[str, datetime] = {}

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Runs before routing's dependencies; authentication ends before any write lock is taken."""
        headers = Headers.from_scope(scope)
        path = scope["path"]
        state = scope["state"]
        cookies = _cookies(headers.get("cookie", ""))
        state.update(viewer=PUBLIC, cookie=None, cookie_name=self.cookie_name, csrf=self.csrf(cookies.get("guest", "")))
        state["language"] = _language(path, cookies, PUBLIC)
        if path.startswith("/api/"):
            state["viewer"] = await self._by_token(headers.get("authorization", ""))
        elif not path.startswith(OPEN_TO_ALL):
            _same_site(str(scope.get("method", "GET")), headers)
            await self._by_cookie(cookies.get(self.cookie_name), scope)
        state["language"] = _language(path, cookies, state["viewer"])
        await next_app(scope, receive, send)

    async def _by_token(self, authorization: str) -> Viewer:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            return PUBLIC
        async with self._database.reading() as session:
            return await viewer_of_token(session, token.strip(), now=clock.now()) or PUBLIC

    async def _by_cookie(self, cookie: str | None, scope: Scope) -> None:
        if not cookie:
            return
        now = clock.now()
        key = hashed(cookie)
        async with self._database.reading() as session:
            viewer = await viewer_of_visit(session, cookie, seen=self._seen.get(key), now=now)
        if viewer is not None:
            self._seen[key] = now
            scope["state"].update(viewer=viewer, cookie=cookie, csrf=self.csrf(cookie))

    def csrf(self, cookie: str) -> str:
        """What a form of this browser must carry: bound to its cookie, useless to any other site."""
        return hmac.new(self._secret, f"csrf:{cookie}".encode(), "sha256").hexdigest()

    async def flush(self) -> None:
        """Writes down when browsers were last seen."""
        seen, self._seen = self._seen, {}
        if not seen:
            return
        async with self._database.writing() as session:
            for key, at in seen.items():
                await session.execute(update(Visit).where(Visit.token_hash == key).values(seen_at=at))

    async def flush_for_ever(self) -> None:
        """Until cancelled; what could not be written is seen again soon."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header[:4096]).items()}
    except CookieError:
        return {}


def _language(path: str, cookies: dict[str, str], viewer: Viewer) -> str:
    """The address decides on public pages, then the choice made with the switch, then the person's own language."""
    if path == "/es" or path.startswith("/es/"):
        return "es"
    chosen = cookies.get("language", "")
    if chosen in LANGUAGES:
        return chosen
    return viewer.language if viewer.language in LANGUAGES else "en"


def _same_site(method: str, headers: Headers) -> None:
    """Browsers say where an unsafe call comes from; another site's is refused even before its form is read."""
    if method in {"GET", "HEAD", "OPTIONS"}:
        return
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Problem(403, Message(N_("This form came from another site. Open the page here and try again.")))
