"""A calendar as an answer over HTTP: validators, a gzipped twin, no cookie; the same for public and secret ones, which differ in their headers alone."""

import gzip
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from litestar.datastructures import Headers
from litestar.types import Send

from afterbell.feeds.publish import Feed

Pairs = list[tuple[bytes, bytes]]
OPEN: Pairs = [
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"Accept-Encoding"),
]
SECRET: Pairs = [
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"Accept-Encoding"),
    (b"x-robots-tag", b"noindex"),
    (b"referrer-policy", b"no-referrer"),
]
PREFLIGHT: Pairs = [
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since"),
    (b"access-control-max-age", b"86400"),
]
REFUSED = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})


@dataclass(frozen=True)
class Ready:
    """A feed ready to be sent, plain and gzipped, each with its own strong ETag. `last_modified` is empty where only the ETag tells."""

    body: bytes
    etag: str
    zipped: bytes
    zipped_etag: str
    last_modified: str
    changed_at: datetime | None

    @property
    def size(self) -> int:
        """What it takes in memory, nearly."""
        return len(self.body) + len(self.zipped)


@dataclass(frozen=True)
class Visit:
    """Who fetches, and the headers that go with every answer there; `with_body` is false for HEAD."""

    send: Send
    headers: Headers
    always: Pairs
    with_body: bool

    async def tell(self, status: int, sentence: bytes, *more: tuple[bytes, bytes]) -> None:
        """Anything but a calendar."""
        await self.answer(status, list(more), sentence)

    async def answer(self, status: int, headers: Pairs, body: bytes | None) -> None:
        """None for an answer that has no body at all."""
        pairs = [*self.always, *headers]
        if body is not None:
            pairs.append((b"content-length", str(len(body)).encode()))
            if not any(name == b"content-type" for name, _ in pairs):
                pairs.append((b"content-type", b"text/plain; charset=utf-8"))
        await self.send({"type": "http.response.start", "status": status, "headers": pairs})
        sent = body if body and self.with_body else b""
        await self.send({"type": "http.response.body", "body": sent, "more_body": False})


def ready(feed: Feed) -> Ready:
    """Two makings of the same bytes have the same validators, in every process."""
    digest = hashlib.sha256(feed.body).hexdigest()[:32]
    at = feed.changed_at
    return Ready(
        body=feed.body,
        etag=f'"{digest}"',
        zipped=gzip.compress(feed.body, 6, mtime=0),
        zipped_etag=f'"{digest}-gzip"',
        last_modified=format_datetime(at, usegmt=True) if at else "",
        changed_at=at.replace(microsecond=0) if at else None,
    )


async def give(feed: Ready, visit: Visit, cache: bytes) -> None:
    """200 with the calendar, or 304 to whoever has it."""
    zipped = _takes_gzip(visit.headers.get("accept-encoding", ""))
    body, etag = (feed.zipped, feed.zipped_etag) if zipped else (feed.body, feed.etag)
    kept: Pairs = [(b"etag", etag.encode()), (b"cache-control", cache)]
    if feed.last_modified:
        kept.append((b"last-modified", feed.last_modified.encode()))
    if _unchanged(feed, visit.headers):
        await visit.answer(304, kept, None)
        return
    kept.append((b"content-type", b"text/calendar; charset=utf-8"))
    if zipped:
        kept.append((b"content-encoding", b"gzip"))
    await visit.answer(200, kept, body)


def _takes_gzip(accepted: str) -> bool:
    """Named, and not with the weight of nothing (RFC 9110 12.5.3)."""
    codings = [coding.replace(" ", "").partition(";") for coding in accepted.lower().split(",")]
    return any(name == "gzip" and weight not in REFUSED for name, _, weight in codings)


def _unchanged(feed: Ready, headers: Headers) -> bool:
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
    return moment is not None and feed.changed_at is not None and _aware(moment) >= feed.changed_at


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
