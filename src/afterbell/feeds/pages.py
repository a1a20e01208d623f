"""`/calendars/rooms/{school}/{room}.ics` over HTTP: conditional requests, a gzipped twin, no cookie, never an empty calendar in place of an error."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from litestar import asgi
from litestar.datastructures import Headers
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from afterbell import clock
from afterbell.database import is_away
from afterbell.feeds.shelf import FeedShelf, Shelved

Pairs = list[tuple[bytes, bytes]]
ALWAYS: Pairs = [
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"Accept-Encoding"),
]
PREFLIGHT: Pairs = [
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since"),
    (b"access-control-max-age", b"86400"),
]
REFUSED = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})
CACHE = (b"cache-control", b"public, max-age=300")


def room_feeds(shelf: FeedShelf) -> ASGIRouteHandler:
    """The mounted little application: plain ASGI, because a poll should cost as little as an answer can."""

    @asgi("/calendars/rooms", is_mount=True, copy_scope=True)
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        method = str(scope.get("method", "GET"))
        if method == "OPTIONS":
            await _send(send, 204, PREFLIGHT)
        elif method not in ("GET", "HEAD"):
            await _send(send, 405, [(b"allow", b"GET, HEAD, OPTIONS")], b"Calendars are read, not written.\n")
        else:
            await _feed(shelf, scope, send, with_body=method == "GET")

    return answer


async def _feed(shelf: FeedShelf, scope: Scope, send: Send, *, with_body: bool) -> None:
    key = _key(scope["path"])
    now = clock.now()
    feed = shelf.warm(key, now=now)
    if feed is None and key:
        try:
            feed = await shelf.fetch(key, now=now)
        except Exception as error:
            if not is_away(error):
                raise
            feed = shelf.last_good(key)
            if feed is None:
                await _send(
                    send,
                    503,
                    [(b"retry-after", b"30")],
                    b"The calendar is away for a moment; what you have stays good.\n",
                )
                return
    if feed is None:
        await _send(send, 404, [], b"There is no such calendar.\n")
        return
    await _answer(feed, Headers.from_scope(scope), send, with_body=with_body)


async def _answer(feed: Shelved, headers: Headers, send: Send, *, with_body: bool) -> None:
    zipped = _takes_gzip(headers.get("accept-encoding", ""))
    body, etag = (feed.zipped, feed.zipped_etag) if zipped else (feed.body, feed.etag)
    kept: Pairs = [(b"etag", etag.encode()), (b"last-modified", feed.last_modified.encode()), CACHE]
    if _unchanged(feed, headers):
        await _send(send, 304, kept, None)
        return
    kept.append((b"content-type", b"text/calendar; charset=utf-8"))
    if zipped:
        kept.append((b"content-encoding", b"gzip"))
    await _send(send, 200, kept, body, with_body=with_body)


def _takes_gzip(accepted: str) -> bool:
    """Named, and not with the weight of nothing (RFC 9110 12.5.3)."""
    codings = [coding.replace(" ", "").partition(";") for coding in accepted.lower().split(",")]
    return any(name == "gzip" and weight not in REFUSED for name, _, weight in codings)


def _unchanged(feed: Shelved, headers: Headers) -> bool:
    """If-None-Match beats If-Modified-Since (RFC 9110 13.2.2); a date that cannot be read counts as absent."""
    tags = headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in known or bool(known & {feed.etag, feed.zipped_etag})
    since = headers.get("if-modified-since")
    try:
        moment = parsedate_to_datetime(since) if since else None
    except (ValueError, TypeError):
        return False
    return moment is not None and _aware(moment) >= feed.changed_at


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _key(path: str) -> str:
    """`school/room` from `.../school/room.ics`; empty for anything else."""
    parts = path.strip("/").split("/")[-2:]
    named = len(parts) == 2 and parts[1].endswith(".ics") and "\0" not in path
    return f"{parts[0]}/{parts[1].removesuffix('.ics')}" if named else ""


async def _send(send: Send, status: int, headers: Pairs, body: bytes | None = b"", *, with_body: bool = True) -> None:
    pairs = [*ALWAYS, *headers]
    if body is not None and status != 204:
        pairs.append((b"content-length", str(len(body)).encode()))
        if not any(name == b"content-type" for name, _ in pairs):
            pairs.append((b"content-type", b"text/plain; charset=utf-8"))
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body if body and with_body else b"", "more_body": False})
