"""`/approvals`: what waits for this person's decision, one request beside the list, and the acts that decide it or ask about it."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import MultiDict
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings import events
from afterbell.bookings.ask_partner import ask_partner
from afterbell.bookings.assign import AGAINST
from afterbell.bookings.decide import Part, approve, decline
from afterbell.bookings.decisions import last_decision
from afterbell.bookings.forms import REASON
from afterbell.bookings.models import Booking
from afterbell.bookings.page_form import words
from afterbell.bookings.pages import in_language
from afterbell.bookings.present import seen
from afterbell.bookings.queries import BookingRow, booking, visible_to, whole
from afterbell.bookings.remarks import last_remark
from afterbell.bookings.settling import BY_ITSELF
from afterbell.desk.attempt import Attempt, Typed, complaints, typed_in, was_this
from afterbell.desk.inbox import Wanted, open_inbox, waiting_entries
from afterbell.people.access import signed_in
from afterbell.places.naming import layout_words
from afterbell.policy.projection import DECIDERS, Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, forbidden, not_found
from afterbell.web.body import read_form
from afterbell.web.instead import Instead, elsewhere, sign_in_first
from afterbell.web.shell import render, wants_part
from afterbell.web.words import say_message

AnyRequest = Request[Any, Any, Any]
DONE = ("approved", "declined", "some", "asked", "changed", "kept")
# These say what would work beside the rules that are against it, so they are told with them.
WAYS_ROUND = (AGAINST, BY_ITSELF)
NO_REASON = N_("Write the reason: the partner reads it.")
NO_QUESTION = N_("Write the question: the partner reads it.")


class ApprovalPages(Controller):
    """Deny by default: only those who decide somewhere, each for their own schools, nobody for their own organization."""

    include_in_schema = False

    @get("/approvals")
    async def show(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """The list, with the request named by `ref` beside it, or else the one `next` in it, or the first; for an open page the list alone."""
        if viewer.person_id is None:
            raise sign_in_first(request)
        asked = request.query_params
        if wants_part(request):
            return await _list(request, session, asked.get("next", ""))
        wanted = Wanted(asked.get("ref", ""), asked.get("next", ""))
        return await _page(request, session, wanted, Attempt(done=await _done(session, viewer, asked)))

    @get([f"/bookings/{{reference:str}}/{act}" for act in ("approval", "decline", "question")])
    async def again(self, reference: str) -> Response[Any]:
        """A decision that is opened instead of posted, as the language switch does."""
        return elsewhere(f"/approvals?ref={reference}")

    @post("/bookings/{reference:str}/approval")
    async def approval(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[Any]:
        """Approves all that waits, or the ticked dates; the words are optional."""
        typed = await _typed(request, session, reference)
        part = _part(typed)
        try:
            by, said, only = signed_in(viewer), typed.said or None, typed.expected
            async with session.begin_nested():
                await approve(session, reference, by=by, now=clock.now(), message=said, part=part, expected=only)
        except Problem as problem:
            await _not_done(request, session, reference, Attempt(typed, problem=problem), events.APPROVED)
        return await _on(request, reference, await _did(session, reference, "approved", some=typed.some))

    @post("/bookings/{reference:str}/decline")
    async def decline(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[Any]:
        """Declines all that waits, or the ticked dates; without a reason the page comes back."""
        typed = await _typed(request, session, reference, NO_REASON)
        names = typed.names if typed.some else None
        try:
            by, only = signed_in(viewer), typed.expected
            async with session.begin_nested():
                await decline(session, reference, typed.said, by=by, now=clock.now(), names=names, expected=only)
        except Problem as problem:
            await _not_done(request, session, reference, Attempt(typed, problem=problem), events.DECLINED)
        return await _on(request, reference, await _did(session, reference, "declined", some=typed.some))

    @post("/bookings/{reference:str}/question")
    async def question(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[Any]:
        """Asks the partner; without a question the page comes back."""
        typed = await _typed(request, session, reference, NO_QUESTION)
        try:
            by, only = signed_in(viewer), typed.expected
            await ask_partner(session, reference, typed.said, by=by, now=clock.now(), expected=only)
        except Problem as problem:
            await _not_done(request, session, reference, Attempt(typed, problem=problem), events.QUESTIONED)
        return await _on(request, reference, "asked")


def _part(typed: Typed) -> Part | None:
    """What of it is approved, and in which rooms; None is all of it in the rooms that it has."""
    if typed.some:
        return Part(typed.names, typed.rest, typed.rooms)
    return Part(None, "declined", typed.rooms) if typed.rooms else None


async def _did(session: AsyncSession, reference: str, outcome: str, *, some: bool) -> str:
    """How the next page tells what was decided: about a request, or about a change alone, whole or in part."""
    row = await booking(session, whole().where(Booking.reference == reference))
    last = await last_decision(session, row.id) if row else None
    facts = last.facts if last else {}
    if row is None or facts.get("waiting") or row.change_by is not None:
        return "some"
    if facts.get("approved") or facts.get("declined"):
        every = {date.state for date in row.dates} == {outcome} if outcome == "approved" else not some
        return outcome if row.state == outcome and every else "some"
    return "changed" if outcome == "approved" else "kept"


async def _list(request: AnyRequest, session: AsyncSession, shown: str) -> Response[Any]:
    """The list alone, for the page that is open with the request `shown` beside it."""
    viewer = _decider(request)
    entries = await waiting_entries(session, viewer, now=clock.now())
    return render(request, "desk/approvals_part.html", entries=entries, shown=shown)


def _decider(request: AnyRequest) -> Viewer:
    """Whoever decides somewhere; 403 for all others."""
    viewer: Viewer = request.state.viewer
    if not any(role in DECIDERS for role, _ in signed_in(viewer).staff):
        raise forbidden(Message(N_("Only the school's approvers and facilities staff decide requests.")))
    return viewer


async def _typed(request: AnyRequest, session: AsyncSession, reference: str, needed: str = "") -> Typed:
    """The form; what cannot be taken is shown again as typed. Words are required when `needed` says why."""
    typed = typed_in(await read_form(request))
    wrong = complaints(typed, needed)
    if wrong:
        raise Instead(await _page(request, session, Wanted(reference), Attempt(typed, wrong=wrong)))
    return typed


async def _not_done(request: AnyRequest, session: AsyncSession, reference: str, attempt: Attempt, kind: str) -> None:
    """A refusal, told beside the request as it is now. The second half of a double click finds its own work done, which is no refusal."""
    viewer: Viewer = request.state.viewer
    if attempt.status not in (409, 412):
        assert attempt.problem
        raise attempt.problem
    row = await booking(session, whole().where(Booking.reference == reference, visible_to(viewer)))
    if row is None or not await _done_before(session, row, attempt.typed, viewer, kind):
        raise Instead(await _page(request, session, Wanted(reference), attempt))


async def _done_before(session: AsyncSession, row: BookingRow, typed: Typed, viewer: Viewer, kind: str) -> bool:
    if kind == events.QUESTIONED:
        return await last_remark(session, row.id) == (viewer.person_id, typed.said)
    last = await last_decision(session, row.id)
    if last is None or (last.kind, last.person_id) != (kind, viewer.person_id):
        return False
    return was_this(last, row, typed, "approved" if kind == events.APPROVED else "declined")


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
    return (did, seen(row, viewer).title) if row and _still(row, did) else ("", "")


def _still(row: BookingRow, did: str) -> bool:
    if did == "asked":
        return row.answer_by is not None
    if did in ("changed", "kept"):
        return row.state == "approved" and row.change_by is None
    return row.state in ("requested", "approved", "declined") if did == "some" else row.state == did


async def _page(request: AnyRequest, session: AsyncSession, wanted: Wanted, attempt: Attempt) -> Response[Any]:
    viewer, language = _decider(request), request.state.language
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
        wrong={name: say_message(message, language) for name, message in attempt.wrong.items()},
        most=REASON,
        layout_named=layout_words(language),
        path="/approvals",
    )


def _summary(attempt: Attempt, language: str) -> list[str | tuple[str, str]]:
    if attempt.wrong:
        return [(name, say_message(message, language)) for name, message in attempt.wrong.items()]
    if attempt.problem is None:
        return []
    if attempt.problem.status == 412:
        return [say_message(attempt.problem.message, language)]
    told, message = attempt.problem.reasons, attempt.problem.message
    if message.text in WAYS_ROUND:
        return [" ".join(say_message(each, language) for each in (*(reason.message for reason in told), message))]
    whole_ones = [each.message for each in told if each.occurrence is None or attempt.typed.rooms]
    return [say_message(each, language) for each in whole_ones or [message]]
