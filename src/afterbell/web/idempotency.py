"""Idempotency-Key: a POST of the API that is sent again has one effect and gets the first answer again, for a day (API.md). The session's provider calls
this; handlers know nothing of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
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
from afterbell.web.seal import seal_of

KEPT = timedelta(hours=24)
LONGEST = 255
TOLD = ("content-type", "etag", "location")
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class Mark:
    """What tells one write from another: whose, where, under which key, with which body. `seal` opens and closes the kept answer."""

    person_id: int
    path: str
    key_hash: str
    body_hash: str
    seal: Fernet = field(repr=False)


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
    """What marks this write, None when it carries no key. Reads the body, so that it is there before any lock; 422 for a key that nobody can keep. A
    closing slash is no other path. Nobody reads a kept answer without the caller's key too, since some hold an address that is shown once."""
    key, path = request.headers.get("idempotency-key"), request.url.path.rstrip("/")
    if key is None or request.method != "POST" or not path.startswith("/api/v1/"):
        return None
    if not 0 < len(key) <= LONGEST:
        text = N_("Idempotency-Key holds from 1 to {most} characters; these are {count}.")
        raise Problem(422, Message(text, {"most": LONGEST, "count": len(key)}))
    person_id: int = request.state.viewer.person_id
    where = f"{person_id}:{path}:{key}".encode()
    body_hash = sha256(await request.body()).hexdigest()
    seal = seal_of(request.app.state.settings.secret, b"kept answer:" + where)
    return Mark(person_id, path, sha256(where).hexdigest(), body_hash, seal)


async def first_time(database: Database, session: AsyncSession, mark: Mark, *, now: datetime) -> None:
    """Returns when this write is to be done now, its key locked until the transaction ends. Raises the first answer again, 422 when the key came with another
    body, or 409: while the first is under way, and when its answer was sealed under a secret that the house has no more."""
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
    raise Instead(_opened(kept, mark))


def _opened(kept: Replay, mark: Mark) -> Response[bytes]:
    """The first answer again. Whatever it told is done, so one that cannot be read is no reason to do it twice."""
    try:
        headers = {name: mark.seal.decrypt(value).decode() for name, value in kept.headers.items()}
        body = mark.seal.decrypt(kept.body)
    except InvalidToken:
        text = N_(
            "What came with this Idempotency-Key was done, but its answer can be read no more: the service has a new secret. "
            "Look at what there is now, and take a new key for another request."
        )
        raise Problem(409, Message(text), [refuse("answer_unreadable", Message(text))]) from None
    kind = headers.pop("content-type")
    told = headers | {"Idempotency-Replayed": "true"}
    return Response(body, status_code=kept.status, headers=told, media_type=kind)


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
        "headers": {name: mark.seal.encrypt(sent[name].encode()).decode() for name in TOLD if name in sent},
        "body": mark.seal.encrypt(answer.body),
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


def _named(mark: Mark) -> tuple[Any, ...]:
    return (Replay.person_id == mark.person_id, Replay.path == mark.path, Replay.key_hash == mark.key_hash)
