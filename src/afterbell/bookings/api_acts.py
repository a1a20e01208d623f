"""What is done to a booking over HTTP: each act a sub-resource, answered with the whole booking. Forms are parsed here, acts do the work."""

from typing import Any

from litestar import Controller, Request, Response, post
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.answers import BookingAnswer
from afterbell.bookings.ask_partner import answer, ask_partner
from afterbell.bookings.beside import beside, in_full
from afterbell.bookings.cancel import cancel, withdraw
from afterbell.bookings.decide import approve, decline
from afterbell.bookings.forms import (
    ApprovalForm,
    CancellationForm,
    DeclineForm,
    MessageForm,
    WithdrawalForm,
    part_of,
    why,
)
from afterbell.bookings.forms_change import TakeBackForm
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.take_back import take_back
from afterbell.people.access import signed_in
from afterbell.policy.projection import Viewer
from afterbell.web.body import read_json
from afterbell.web.versions import expected

AnyRequest = Request[Any, Any, Any]
ACT: dict[str, Any] = {"status_code": 200, "gives": BookingAnswer, "tagged": True}


async def answered(
    session: AsyncSession, row: BookingRow, viewer: Viewer, headers: dict[str, str] | None = None
) -> Response[dict[str, Any]]:
    """The booking as the caller may see it, with its version as ETag; what has a `Location` has just been made (201)."""
    made = "Location" in (headers or {})
    body = in_full(row, viewer, await beside(session, row, viewer, new=made))
    tag = {"ETag": f'"{row.version}"'} | (headers or {})
    return Response(body, status_code=201 if made else 200, headers=tag)


class BookingActsApi(Controller):
    """`/api/v1/bookings/{reference}/...`, as API.md says."""

    path = "/api/v1/bookings/{reference:str}"

    @post("/approval", takes=ApprovalForm, **ACT)
    async def approval(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[dict[str, Any]]:
        """Approves everything that waits, or some dates."""
        form = await read_json(request, ApprovalForm)
        part = part_of(form)
        by, only = signed_in(viewer), expected(request)
        row = await approve(session, reference, by=by, now=clock.now(), message=form.message, part=part, expected=only)
        return await answered(session, row, viewer)

    @post("/decline", takes=DeclineForm, **ACT)
    async def decline(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[dict[str, Any]]:
        """Declines everything that waits, or some dates, with a reason."""
        form = await read_json(request, DeclineForm)
        by, reason = signed_in(viewer), why(form.reason)
        row = await decline(
            session, reference, reason, by=by, now=clock.now(), names=form.occurrences, expected=expected(request)
        )
        return await answered(session, row, viewer)

    @post("/question", takes=MessageForm, **ACT)
    async def question(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[dict[str, Any]]:
        """Asks the partner; the booking waits on them."""
        form = await read_json(request, MessageForm)
        by, text = signed_in(viewer), why(form.message)
        row = await ask_partner(session, reference, text, by=by, now=clock.now(), expected=expected(request))
        return await answered(session, row, viewer)

    @post("/answer", takes=MessageForm, **ACT)
    async def answer(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[dict[str, Any]]:
        """The organization answers; the booking waits on the staff again."""
        form = await read_json(request, MessageForm)
        by, text = signed_in(viewer), why(form.message)
        row = await answer(session, reference, text, by=by, now=clock.now(), expected=expected(request))
        return await answered(session, row, viewer)

    @post("/withdrawal", takes=WithdrawalForm, **ACT)
    async def withdrawal(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[dict[str, Any]]:
        """The organization takes back dates that wait, and for a while approved ones."""
        form = await read_json(request, WithdrawalForm)
        by, names, only = signed_in(viewer), form.occurrences, expected(request)
        row = await withdraw(session, reference, by=by, now=clock.now(), names=names, reason=form.reason, expected=only)
        return await answered(session, row, viewer)

    @post("/change/withdrawal", takes=TakeBackForm, **ACT)
    async def change_withdrawal(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[dict[str, Any]]:
        """The organization takes back what it asked to change."""
        form = await read_json(request, TakeBackForm)
        by, only = signed_in(viewer), expected(request)
        row = await take_back(session, reference, by=by, now=clock.now(), names=form.occurrences, expected=only)
        return await answered(session, row, viewer)

    @post("/cancellation", takes=CancellationForm, **ACT)
    async def cancellation(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[dict[str, Any]]:
        """Cancels approved dates, or the rest."""
        form = await read_json(request, CancellationForm)
        by, reason = signed_in(viewer), why(form.reason)
        row = await cancel(
            session, reference, reason, by=by, now=clock.now(), names=form.occurrences, expected=expected(request)
        )
        return await answered(session, row, viewer)
