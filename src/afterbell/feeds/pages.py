"""`/calendars/...` over HTTP: conditional requests, a gzipped twin, no cookie, never an empty calendar in place of an error. Plain ASGI, because a poll
should cost as little as an answer can."""

from urllib.parse import parse_qsl

import structlog
from litestar import asgi
from litestar.datastructures import Headers
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from afterbell import clock
from afterbell.database import is_away
from afterbell.feeds.answer import OPEN, PREFLIGHT, SECRET, Pairs, Ready, Visit, give
from afterbell.feeds.door import SecretDoor
from afterbell.feeds.shelf import FeedShelf
from afterbell.feeds.subject import Asked, asked

FOR_ALL, FOR_ONE = b"public, max-age=300", b"private, no-cache"
ALLOWED = (b"allow", b"GET, HEAD, OPTIONS")
PRIVATE = "p/"
log = structlog.get_logger()


def calendars(shelf: FeedShelf, door: SecretDoor) -> ASGIRouteHandler:
    """The mounted little application. Pages under `/calendars/mine` are routes of their own and come first."""

    @asgi("/calendars", is_mount=True, copy_scope=True)
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        method = str(scope.get("method", "GET"))
        path = scope["path"].strip("/")
        private = path.startswith(PRIVATE)
        always: Pairs = SECRET if private else OPEN
        visit = Visit(send, Headers.from_scope(scope), always, method != "HEAD")
        if method == "OPTIONS":
            await visit.answer(204, [ALLOWED] if private else PREFLIGHT, None)
        elif method not in ("GET", "HEAD"):
            await visit.tell(405, b"Calendars are read, not written.\n", ALLOWED)
        elif private:
            await _secret(door, path.removeprefix(PRIVATE), visit)
        else:
            await _public(shelf, asked(path, _parameters(scope["query_string"])), visit)

    return answer


async def _public(shelf: FeedShelf, wish: Asked | None, visit: Visit) -> None:
    feed = None
    if wish is not None:
        try:
            feed = await _fetched(shelf, wish)
        except Exception as error:
            if not is_away(error):
                raise
            await _away(visit)
            return
    if feed is None:
        await visit.tell(404, b"There is no such calendar.\n")
    else:
        await give(feed, visit, FOR_ALL)


async def _fetched(shelf: FeedShelf, wish: Asked) -> Ready | None:
    """What was good last is still given while the database is away."""
    now = clock.now()
    warm = shelf.warm(wish, now=now)
    if warm is not None:
        return warm
    try:
        return await shelf.fetch(wish, now=now)
    except Exception as error:
        last = shelf.last_good(wish) if is_away(error) else None
        if last is None:
            raise
        return last


async def _secret(door: SecretDoor, name: str, visit: Visit) -> None:
    """Nothing here may tell the address to a log, so that no error leaves this function."""
    try:
        found = await door.open(name, now=clock.now())
    except Exception as error:
        if not is_away(error):
            log.error("fault in a secret calendar", exc_info=error)
        await _away(visit)
        return
    if isinstance(found, Ready):
        await give(found, visit, FOR_ONE)
    elif found.wait:
        await visit.tell(429, b"Too often; what you have stays good.\n", (b"retry-after", str(found.wait).encode()))
    else:
        await visit.tell(found.status, found.sentence)


def _parameters(query: bytes) -> dict[str, str]:
    """The last of each name; bytes that are no UTF-8 name nothing that exists."""
    return dict(parse_qsl(query[:2_000].decode("latin-1")))


async def _away(visit: Visit) -> None:
    await visit.tell(503, b"The calendar is away for a moment; what you have stays good.\n", (b"retry-after", b"30"))
