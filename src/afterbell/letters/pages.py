"""`/messages`: what was written to whom, newest first, for staff to read. Says so when letters are kept here instead of being sent."""

from typing import Any

from litestar import Controller, Request, Response, get
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.letters.queries import LettersWanted, letter, list_letters
from afterbell.policy.projection import CONFIDANTS, Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import forbidden, not_found
from afterbell.web.instead import sign_in_first
from afterbell.web.paging import listing, page
from afterbell.web.shell import render
from afterbell.web.words import say

KINDS = {
    "acknowledgement": N_("Request received"),
    "decision": N_("Decision"),
    "change": N_("Change"),
    "cancellation": N_("Cancellation"),
    "question": N_("Question"),
    "answer": N_("Answer"),
    "warning": N_("Last reminder of a question"),
    "lapse": N_("Lapse"),
    "reminder": N_("Reminder"),
    "digest": N_("What waits, once a day"),
    "sign_in": N_("Sign-in"),
    "invitation": N_("Invitation"),
    "membership": N_("Joining"),
}
FILTERS = ("to", "booking", "kind")


class MessagePages(Controller):
    """The list, and one letter beside it."""

    path = "/messages"
    include_in_schema = False

    @get()
    async def show(self, request: Request[Any, Any, Any], session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """Filters `to`, `booking`, `kind`; `id` opens one, or the newest stands beside the list."""
        if viewer.person_id is None:
            raise sign_in_first(request)
        if not viewer.staff:
            raise forbidden(Message(N_("Only the district's staff may see this.")))
        asked = {name: request.query_params.get(name, "").strip() for name in FILTERS}
        wanted = LettersWanted(asked["to"].lower(), asked["booking"].upper(), asked["kind"])
        at = page("30", request.query_params.get("cursor"))
        rows = await list_letters(session, viewer, wanted, after=at.after, most=at.limit + 1)
        shown = listing(rows, at, lambda row: str(row.id), lambda row: row)
        named = request.query_params.get("id")
        opened = await letter(session, viewer, named) if named else next(iter(shown["items"]), None)
        if named and opened is None:
            raise not_found()
        return render(
            request,
            "letters/messages.html",
            letters=shown["items"],
            older=shown["next"],
            opened=opened,
            named=bool(named),
            asked=asked,
            kinds=KINDS,
            kind_choices=[(kind, say(words, request.state.language)) for kind, words in KINDS.items()],
            sends=request.app.state.settings.smtp_url is not None,
            trusted=any(role in CONFIDANTS for role, _ in viewer.staff),
            zone=request.app.state.zone,
        )
