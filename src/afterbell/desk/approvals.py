"""`/approvals`: what waits for this person's decision, one request beside the list, and the two acts that decide it."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import MultiDict
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings import events
from afterbell.bookings.decide import approve, decline
from afterbell.bookings.forms import REASON
from afterbell.bookings.models import Booking
from afterbell.bookings.page_form import words
from afterbell.bookings.pages import in_language
from afterbell.bookings.present import seen
from afterbell.bookings.queries import booking, last_decision, visible_to, whole
from afterbell.desk.inbox import Wanted, open_inbox
from afterbell.people.access import signed_in
from afterbell.policy.projection import DECIDERS, Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, forbidden, not_found
from afterbell.web.body import read_form
from afterbell.web.instead import Instead, elsewhere, sign_in_first
from afterbell.web.shell import render
from afterbell.web.words import say_message

AnyRequest = Request[Any, Any, Any]
DONE = ("approved", "declined")
NO_REASON = N_("Write the reason: the partner reads it.")
TOO_LONG = N_("At most {most} characters fit here; these are {count}.")


@dataclass(frozen=True)
class Attempt:
    """What came of a decision: done (which, and the title), or not, with the words that were typed, what is wrong with them, or the refusal."""

    done: tuple[str, str] = ("", "")
    said: str = ""
    wrong: Message | None = None
    problem: Problem | None = None

    @property
    def status(self) -> int:
        """Of the page that tells it."""
        return 422 if self.wrong else self.problem.status if self.problem else 200


class ApprovalPages(Controller):
    """Deny by default: only those who decide somewhere, each for their own schools, nobody for their own organization."""

    include_in_schema = False

    @get("/approvals")
    async def show(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """The list, with the request named by `ref` beside it, or else the one `next` in it, or the first."""
        if viewer.person_id is None:
            raise sign_in_first(request)
        asked = request.query_params
        wanted = Wanted(asked.get("ref", ""), asked.get("next", ""))
        return await _page(request, session, wanted, Attempt(done=await _done(session, viewer, asked)))

    @get(["/bookings/{reference:str}/approval", "/bookings/{reference:str}/decline"])
    async def again(self, reference: str) -> Response[Any]:
        """A decision that is opened instead of posted, as the language switch does."""
        return elsewhere(f"/approvals?ref={reference}")

    @post("/bookings/{reference:str}/approval")
    async def approval(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[Any]:
        """Approves all that waits; the words are optional."""
        said = await _said(request, session, reference, needed=False)
        try:
            await approve(session, reference, by=signed_in(viewer), now=clock.now(), message=said or None)
        except Problem as problem:
            await _not_done(request, session, reference, Attempt(said=said, problem=problem), events.APPROVED)
        return await _on(request, reference, "approved")

    @post("/bookings/{reference:str}/decline")
    async def decline(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[Any]:
        """Declines all that waits; without a reason the page comes back."""
        said = await _said(request, session, reference, needed=True)
        try:
            await decline(session, reference, said, by=signed_in(viewer), now=clock.now())
        except Problem as problem:
            await _not_done(request, session, reference, Attempt(said=said, problem=problem), events.DECLINED)
        return await _on(request, reference, "declined")


async def _said(request: AnyRequest, session: AsyncSession, reference: str, *, needed: bool) -> str:
    """The words to the partner; what cannot be taken is shown again as typed."""
    said = words((await read_form(request)).get("words"))
    wrong = None
    if needed and not said:
        wrong = Message(NO_REASON)
    elif len(said) > REASON:
        wrong = Message(TOO_LONG, {"most": REASON, "count": len(said)})
    if wrong:
        raise Instead(await _page(request, session, Wanted(reference), Attempt(said=said, wrong=wrong)))
    return said


async def _not_done(request: AnyRequest, session: AsyncSession, reference: str, attempt: Attempt, kind: str) -> None:
    """A refusal, told beside the request as it is now. The second half of a double click finds its own work done, which is no refusal."""
    viewer: Viewer = request.state.viewer
    if attempt.status != 409:
        assert attempt.problem
        raise attempt.problem
    row = await booking(session, whole().where(Booking.reference == reference, visible_to(viewer)))
    last = await last_decision(session, row.id) if row else None
    if last is None or (last.kind, last.person_id) != (kind, viewer.person_id):
        raise Instead(await _page(request, session, Wanted(reference), attempt))


async def _on(request: AnyRequest, reference: str, did: str) -> Response[Any]:
    """To the list, where the next request stands open beside it; a phone shows the list alone."""
    following = words((await request.form()).get("next"))
    beside = f"&next={following}" if following.removeprefix("AB-").isalnum() and following.isascii() else ""
    return elsewhere(f"/approvals?done={did}&about={reference}{beside}")


async def _done(session: AsyncSession, viewer: Viewer, asked: MultiDict[Any]) -> tuple[str, str]:
    """What the last decision did, and to which title; nothing when it is not so any more."""
    did, reference = asked.get("done", ""), asked.get("about", "")
    if did not in DONE or not reference:
        return "", ""
    row = await booking(session, whole().where(Booking.reference == reference, visible_to(viewer)))
    return (did, seen(row, viewer).title) if row and row.state == did else ("", "")


async def _page(request: AnyRequest, session: AsyncSession, wanted: Wanted, attempt: Attempt) -> Response[Any]:
    viewer: Viewer = request.state.viewer
    if not any(role in DECIDERS for role, _ in signed_in(viewer).staff):
        raise forbidden(Message(N_("Only the school's approvers and facilities staff decide requests.")))
    language = request.state.language
    inbox = await open_inbox(session, viewer, wanted, language, now=clock.now())
    if inbox is None:
        raise not_found()
    pane = inbox.pane
    return render(
        request,
        "desk/approvals.html",
        status=attempt.status,
        failed=attempt.status != 200,
        summary=_summary(attempt, language),
        inbox=inbox,
        opened=bool(wanted.named),
        activity=in_language(pane.row.activity_name, language) if pane else "",
        attempt=attempt,
        wrong=say_message(attempt.wrong, language) if attempt.wrong else "",
        most=REASON,
        path="/approvals",
    )


def _summary(attempt: Attempt, language: str) -> list[str | tuple[str, str]]:
    if attempt.wrong:
        return [("words", say_message(attempt.wrong, language))]
    if attempt.problem is None:
        return []
    whole_ones = [reason.message for reason in attempt.problem.reasons if reason.occurrence is None]
    return [say_message(message, language) for message in whole_ones or [attempt.problem.message]]
