"""`GET /api/v1/messages`: what was written to whom, for staff."""

from typing import Any

from litestar import Controller, Request, get
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.letters.queries import LetterRow, LettersWanted, list_letters
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, forbidden
from afterbell.web.paging import listing, page


class LetterAnswer(Struct, forbid_unknown_fields=True):
    """A letter; what signs somebody in is left out of its text."""

    id: str
    to: str
    subject: str
    text: str
    html: str
    kind: str
    language: str
    state: str
    message_id: str
    attempts: int
    created_at: str
    sent_at: str | None


class LetterList(Struct, forbid_unknown_fields=True):
    """A page of letters; `next` is the cursor of the following one."""

    items: list[LetterAnswer]
    next: str | None


class LettersApi(Controller):
    """Letters, newest first."""

    path = "/api/v1/messages"

    @get("/", gives=LetterList, filters=("to", "booking", "kind"), pages=True)
    async def listing(self, request: Request[Any, Any, Any], session: AsyncSession, viewer: Viewer) -> dict[str, Any]:
        """Staff only; filters `to`, `booking`, `kind`."""
        if viewer.person_id is None:
            raise Problem(401, Message(N_("Sign in first.")), headers={"WWW-Authenticate": "Bearer"})
        if not viewer.staff:
            raise forbidden(Message(N_("Only the district's staff may see this.")))
        asked = request.query_params
        at = page(asked.get("limit"), asked.get("cursor"))
        wanted = LettersWanted(asked.get("to"), asked.get("booking"), asked.get("kind"))
        rows = await list_letters(session, viewer, wanted, after=at.after, most=at.limit + 1)
        return listing(rows, at, lambda row: str(row.id), as_json)


def as_json(row: LetterRow) -> dict[str, Any]:
    """A letter as API.md has it."""
    return {
        "id": row.public_id,
        "to": row.recipient,
        "subject": row.subject,
        "text": row.text,
        "html": row.html,
        "kind": row.kind,
        "language": row.language,
        "state": row.state,
        "message_id": row.message_id,
        "attempts": row.attempts,
        "created_at": row.created_at.isoformat().replace("+00:00", "Z"),
        "sent_at": row.sent_at.isoformat().replace("+00:00", "Z") if row.sent_at else None,
    }
