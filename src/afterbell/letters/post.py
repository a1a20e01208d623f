"""Posting: a letter becomes a delivery row in the transaction that caused it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import insert_or_skip, public_id, table
from afterbell.letters.models import Delivery

POSTED = "posted"
NAMESPACE = uuid.UUID("6a1c40a6-7c1d-5e0f-9d55-0c1f4d0b5a11")


@dataclass(frozen=True)
class Letter:
    """What is to be sent. `identity` is the same for the same letter however often it is posted; `until` is when it stops being of use."""

    identity: str
    kind: str
    recipient: str
    language: str
    subject: str
    text: str
    html: str
    person_id: int | None = None
    campus_id: int | None = None
    booking: str | None = None
    until: datetime | None = None


async def post(session: AsyncSession, letter: Letter, *, base_url: str, now: datetime) -> None:
    """Queues the letter unless one of the same identity is there already; the worker sends it after the commit."""
    row = {
        "public_id": public_id(),
        "identity": letter.identity,
        "message_id": message_id(letter.identity, base_url),
        "recipient": letter.recipient,
        "person_id": letter.person_id,
        "campus_id": letter.campus_id,
        "booking": letter.booking,
        "kind": letter.kind,
        "language": letter.language,
        "subject": " ".join(letter.subject.split()),
        "text": letter.text,
        "html": letter.html,
        "state": "waiting",
        "attempts": 0,
        "created_at": now,
        "next_at": now,
        "until": letter.until,
    }
    await insert_or_skip(session, table(Delivery), [row])
    session.info[POSTED] = True


async def posted(session: AsyncSession, letter: Letter, *, base_url: str) -> bool:
    """Whether a letter of the same identity was queued before, whatever it said."""
    same = select(Delivery.id).where(Delivery.message_id == message_id(letter.identity, base_url))
    return (await session.execute(same.limit(1))).first() is not None


def message_id(identity: str, base_url: str) -> str:
    """Stable, so that a repeat after a crash can be told from a new letter; says nothing about whom it is for."""
    return f"<{uuid.uuid5(NAMESPACE, f'{base_url}|{identity}')}@{urlsplit(base_url).hostname}>"
