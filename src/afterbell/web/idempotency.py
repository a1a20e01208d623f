"""Idempotency-Key: a POST of the API that is sent again has one effect and gets the first answer again, for a day (API.md). The session's provider calls
this; handlers know nothing of it."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256, shake_256
from typing import Any

from litestar import Request, Response
from litestar.response.base import ASGIResponse
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database, table
from afterbell.policy.verdict import N_, Message, refuse
from afterbell.problem import Problem
from afterbell.web.instead import Instead
from afterbell.web.models import Replay

KEPT = timedelta(hours=24)
LONGEST = 255
SECRETS = "/api/v1/feeds"
TOLD = ("content-type", "etag", "location")
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class Mark:
    """What tells one write from another: whose, where, under which key, with which body. `pad` is what the answer is sealed with."""

    person_id: int
    path: str
    key_hash: str
    body_hash: str
    pad: bytes = field(repr=False)


class Answer(Response[Any]):
    """A response that leaves its bytes in the request's state as `answer`: they are made before the commit, and kept by it."""

    def to_asgi_response(self, app: Any, request: AnyRequest, **more: Any) -> ASGIResponse:
        """As every Response, and noted."""
        made = super().to_asgi_response(app, request, **more)
        request.state.answer = made
        return made


async def noted(response: Response[Any]) -> Response[Any]:
    """The `after_request` of the API: the same response as an Answer. It knows no request, so the noting waits until the response meets one."""
    return Answer(
        response.content,
        status_code=response.status_code,
        headers=response.headers,
        media_type=response.media_type,
        cookies=response.cookies,
    )


async def mark_of(request: AnyRequest) -> Mark | None:
    """What marks this write, None when it carries no key. Reads the body, so that it is there before any lock; 422 for a key that nobody can keep. A secret
    feed's address is in the answer and nowhere else, so that answer is not kept: a repeat makes a new address."""
    key, path = request.headers.get("idempotency-key"), request.url.path.rstrip("/")
    if key is None or request.method != "POST" or not path.startswith("/api/v1/") or path == SECRETS:
        return None
    if not 0 < len(key) <= LONGEST:
        text = N_("Idempotency-Key holds from 1 to {most} characters; these are {count}.")
        raise Problem(422, Message(text, {"most": LONGEST, "count": len(key)}))
    person_id: int = request.state.viewer.person_id
    secret: bytes = request.app.state.settings.secret
    where = f"{person_id}:{request.url.path}:{key}".encode()
    named, pad = (hmac.new(secret, use + where, "sha256") for use in (b"key:", b"pad:"))
    body_hash = sha256(await request.body()).hexdigest()
    return Mark(person_id, request.url.path, named.hexdigest(), body_hash, pad.digest())


async def first_time(database: Database, session: AsyncSession, mark: Mark, *, now: datetime) -> None:
    """Returns when this write is to be done now, its key locked until the transaction ends. Raises the first answer again, 409 while the first is under way,
    or 422 when the key came with another body."""
    if not await database.try_lock(session, f"idempotency:{mark.person_id}:{mark.path}:{mark.key_hash}"):
        raise _under_way()
    kept = (await session.execute(select(Replay).where(*_named(mark)))).scalar_one_or_none()
    if kept is None:
        return
    if kept.created_at <= now - KEPT:
        await session.execute(delete(Replay).where(*_named(mark)))
        return
    if kept.body_hash != mark.body_hash:
        text = N_("This Idempotency-Key came with another body before. Take a new key for another request.")
        raise Problem(422, Message(text), [refuse("key_reused", Message(text))])
    headers = kept.headers | {"Idempotency-Replayed": "true"}
    kind = headers.pop("content-type")
    raise Instead(Response(_sealed(kept.body, mark), status_code=kept.status, headers=headers, media_type=kind))


def _under_way() -> Problem:
    text = N_("The first request with this Idempotency-Key is still under way. Send it again in a second.")
    return Problem(409, Message(text), [refuse("key_in_flight", Message(text))], {"Retry-After": "1"})


async def keep(session: AsyncSession, mark: Mark, answer: ASGIResponse, *, now: datetime) -> None:
    """The answer, in the transaction of what it tells; only a success is kept, so that a refusal may pass the next time."""
    if not 200 <= answer.status_code < 300:
        return
    sent = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.encoded_headers}
    row = {
        "person_id": mark.person_id,
        "path": mark.path,
        "key_hash": mark.key_hash,
        "body_hash": mark.body_hash,
        "status": answer.status_code,
        "headers": {name: sent[name] for name in TOLD if name in sent},
        "body": _sealed(answer.body, mark),
        "created_at": now,
    }
    await session.execute(insert(table(Replay)), row)


async def forget(database: Database, *, now: datetime) -> int:
    """Deletes the answers that are older than a day; nothing is written while there are none."""
    old = Replay.created_at <= now - KEPT
    async with database.reading() as session:
        if await session.scalar(select(Replay.created_at).where(old).limit(1)) is None:
            return 0
    async with database.writing() as session:
        gone = await session.execute(delete(Replay).where(old))
        return gone.rowcount if isinstance(gone, CursorResult) else 0


def _sealed(body: bytes, mark: Mark) -> bytes:
    """Bytes that nobody reads without the caller's key and the house's secret, since some answers hold a secret that is shown once; its own inverse. Each pad
    seals one answer."""
    stream = shake_256(mark.pad).digest(len(body))
    return (int.from_bytes(body) ^ int.from_bytes(stream)).to_bytes(len(body))


def _named(mark: Mark) -> tuple[Any, ...]:
    return (Replay.person_id == mark.person_id, Replay.path == mark.path, Replay.key_hash == mark.key_hash)
