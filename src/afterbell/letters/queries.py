"""Letters as staff may read them: those about the campuses where they decide or coordinate. Sign-in secrets are struck out."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.letters.models import Delivery
from afterbell.policy.projection import CONFIDANTS, Viewer
from afterbell.web.paging import number

SECRET_KINDS = ("sign_in", "invitation")
SECRETS = re.compile(r"(?<=/sign-in/)[\w-]+|\b\d{6}\b")


@dataclass(frozen=True)
class LetterRow:
    """One letter. `sent_at` None: not sent (yet)."""

    id: int
    public_id: str
    recipient: str
    subject: str
    text: str
    html: str
    kind: str
    language: str
    state: str
    message_id: str
    attempts: int
    trouble: str | None
    booking: str | None
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True)
class LettersWanted:
    """Filters of GET /messages."""

    to: str | None = None
    booking: str | None = None
    kind: str | None = None


async def list_letters(
    session: AsyncSession, viewer: Viewer, wanted: LettersWanted, *, after: str | None, most: int
) -> list[LetterRow]:
    """Newest first, below the letter whose id is `after`; one statement."""
    columns = [getattr(Delivery, name) for name in LetterRow.__dataclass_fields__]
    query = select(*columns).where(_scope(viewer)).order_by(Delivery.id.desc()).limit(most)
    for column, value in (
        (Delivery.recipient, wanted.to),
        (Delivery.booking, wanted.booking),
        (Delivery.kind, wanted.kind),
    ):
        query = query.where(column == value) if value else query
    if after is not None:
        query = query.where(Delivery.id < number(after))
    return [_redacted(LetterRow(*row)) for row in await session.execute(query)]


async def letter(session: AsyncSession, viewer: Viewer, public_id: str) -> LetterRow | None:
    """One letter, under the same scope and as redacted as in the list."""
    columns = [getattr(Delivery, name) for name in LetterRow.__dataclass_fields__]
    found = await session.execute(select(*columns).where(_scope(viewer), Delivery.public_id == public_id))
    row = found.first()
    return _redacted(LetterRow(*row)) if row else None


def _scope(viewer: Viewer) -> ColumnElement[bool]:
    """Letters name titles, so only those who may read confidential ones see them (policy.projection)."""
    trusted = {at for role, at in viewer.staff if role in CONFIDANTS}
    return true() if None in trusted else Delivery.campus_id.in_([at for at in trusted if at is not None])


def _redacted(row: LetterRow) -> LetterRow:
    if row.kind not in SECRET_KINDS:
        return row
    return replace(
        row,
        text=SECRETS.sub("••••••", row.text),
        html=SECRETS.sub("••••••", row.html),
        subject=SECRETS.sub("••••••", row.subject),
    )
