"""The doorman: before any handler he settles who looks (token under /api, cookie elsewhere) and in which language. When he last saw a browser is buffered
and flushed, since a GET never writes."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime
from http.cookies import CookieError, SimpleCookie

from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.database import Database, is_away
from afterbell.people.access import viewer_of_token, viewer_of_visit
from afterbell.people.models import Visit
from afterbell.people.secrets import hashed, new_token
from afterbell.policy.projection import PUBLIC, Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, not_found
from afterbell.web.body import holds_nul
from afterbell.web.words import LANGUAGES

FLUSH_SECONDS = 60
IN_ENGLISH = ("/find", "/schools", "/programme", "/events")
OPEN_TO_ALL = ("/calendars/", "/static/", "/healthz", "/readyz")
OWN_CALENDARS = "/calendars/mine"
Count = Callable[[AsyncSession, Viewer], Awaitable[int]]


class Doorman(ASGIMiddleware):
    """Leaves `viewer`, `language`, `csrf`, `cookie`, `guest` and `waiting` in the request's state. A visitor's forms are bound to the guest cookie, which only
    pages with such a form set: without the cookie every request has another `csrf`, which no form can carry."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, database: Database, secret: bytes, *, https: bool, count: Count) -> None:
        """`count` answers what waits for somebody, which every page says beside its link."""
        self._database = database
        self._count = count
        self._secret = secret
        self.cookie_name = "__Host-afterbell" if https else "afterbell"
        self.guest_name = "__Host-guest" if https else "guest"
        self._seen: dict[str, datetime] = {}

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Runs before routing's dependencies; authentication ends before any write lock is taken."""
        headers = Headers.from_scope(scope)
        path = scope["path"]
        state = scope["state"]
        cookies = _cookies(headers.get("cookie", ""))
        guest = cookies.get(self.guest_name) or new_token()
        state.update(viewer=PUBLIC, cookie=None, cookie_name=self.cookie_name, waiting=0)
        state.update(guest=guest, guest_name=self.guest_name, csrf=self.csrf(guest))
        state["language"] = _language(path, cookies, PUBLIC)
        _without_nul(path, scope["query_string"])
        if path.startswith("/api/"):
            state["viewer"] = await self._by_token(headers.get("authorization", ""))
        elif path.startswith(OWN_CALENDARS) or not path.startswith(OPEN_TO_ALL):
            _same_site(str(scope.get("method", "GET")), headers)
            await self._by_cookie(cookies.get(self.cookie_name), scope)
        state["language"] = _language(path, cookies, state["viewer"])
        await next_app(scope, receive, send)

    async def _by_token(self, authorization: str) -> Viewer:
        """Whose token it is; 401 without one, whatever the address, so that a handler that forgets to ask lets nobody in."""
        scheme, _, token = authorization.partition(" ")
        viewer = None
        if scheme.lower() == "bearer" and token:
            async with self._database.reading() as session:
                viewer = await viewer_of_token(session, token.strip(), now=clock.now())
        if viewer is None:
            told = Message(N_("Send a valid token: Authorization: Bearer ab_..."))
            raise Problem(401, told, headers={"WWW-Authenticate": "Bearer"})
        return viewer

    async def _by_cookie(self, cookie: str | None, scope: Scope) -> None:
        if not cookie:
            return
        now = clock.now()
        key = hashed(cookie)
        async with self._database.reading() as session:
            viewer = await viewer_of_visit(session, cookie, seen=self._seen.get(key), now=now)
            waiting = await self._count(session, viewer) if viewer else 0
        if viewer is not None:
            self._seen[key] = now
            scope["state"].update(viewer=viewer, cookie=cookie, csrf=self.csrf(cookie), waiting=waiting)

    def csrf(self, cookie: str) -> str:
        """What a form of this browser must carry: bound to its cookie, useless to any other site."""
        return hmac.new(self._secret, f"csrf:{cookie}".encode(), "sha256").hexdigest()

    async def flush(self) -> None:
        """Writes down when browsers were last seen; what the database would not take is kept for the next time."""
        seen, self._seen = self._seen, {}
        if not seen:
            return
        try:
            async with self._database.writing() as session:
                for key, at in seen.items():
                    await session.execute(update(Visit).where(Visit.token_hash == key).values(seen_at=at))
        except Exception as error:
            if not is_away(error):
                raise
            self._seen = seen | self._seen

    async def flush_for_ever(self) -> None:
        """Until cancelled; what could not be written is seen again soon."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()


def _without_nul(path: str, query: bytes) -> None:
    """PostgreSQL takes no NUL: nothing has such an address, and no filter may hold one."""
    if "\0" in path and not path.startswith(OPEN_TO_ALL):
        raise not_found()
    if b"%00" in query:
        raise holds_nul()


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header[:4096]).items()}
    except CookieError:
        return {}


def _language(path: str, cookies: dict[str, str], viewer: Viewer) -> str:
    """The address alone decides on public pages, which are cached for everybody; elsewhere the choice made with the switch, then the person's own
    language."""
    if path == "/es" or path.startswith("/es/"):
        return "es"
    if path.startswith(IN_ENGLISH):
        return "en"
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
