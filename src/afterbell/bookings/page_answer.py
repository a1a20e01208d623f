"""The partner's answer to the school's question, written on the booking's own page, which comes back when it cannot be sent."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.ask_partner import answer
from afterbell.bookings.forms import REASON
from afterbell.bookings.page_form import words
from afterbell.bookings.pages import Back, show_booking, visible
from afterbell.bookings.remarks import last_remark
from afterbell.people.access import signed_in
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem
from afterbell.web.body import read_form
from afterbell.web.instead import Instead, elsewhere
from afterbell.web.versions import version_seen
from afterbell.web.words import say_message

AnyRequest = Request[Any, Any, Any]
NOTHING = N_("Write your answer: the school reads it.")
TOO_LONG = N_("At most {most} characters fit here; these are {count}.")


class AnswerPage(Controller):
    """`/bookings/{reference}/answer`: what the API does, as a form."""

    path = "/bookings/{reference:str}/answer"
    include_in_schema = False

    @get()
    async def again(self, reference: str) -> Response[Any]:
        """Opened instead of posted, as the language switch does."""
        return elsewhere(f"/bookings/{reference}")

    @post()
    async def send(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str) -> Response[Any]:
        """303 to the booking, also for the second half of a double click."""
        form = await read_form(request)
        said = words(form.get("words"))
        row = await visible(request, session, signed_in(viewer), reference)
        wrong = _wrong(said)
        if wrong:
            text = say_message(wrong, request.state.language)
            raise Instead(await show_booking(request, session, row, Back(said, text, status=422)))
        try:
            await answer(session, reference, said, by=viewer, now=clock.now(), expected=version_seen(form))
        except Problem as problem:
            if problem.status not in (409, 412):
                raise
            if await last_remark(session, row.id) != (viewer.person_id, said):
                await _not_sent(request, session, said, problem)
        return elsewhere(f"/bookings/{reference}?done=answered")


async def _not_sent(request: AnyRequest, session: AsyncSession, said: str, problem: Problem) -> None:
    """The booking as it is now, with what was typed and why it was not sent."""
    viewer: Viewer = request.state.viewer
    row = await visible(request, session, viewer, request.path_params["reference"])
    why = problem.message if problem.status == 412 else problem.reasons[0].message
    text = say_message(why, request.state.language)
    raise Instead(await show_booking(request, session, row, Back(said, text, status=problem.status)))


def _wrong(said: str) -> Message | None:
    if not said:
        return Message(NOTHING)
    return Message(TOO_LONG, {"most": REASON, "count": len(said)}) if len(said) > REASON else None
