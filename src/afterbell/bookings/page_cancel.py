"""Giving dates back: one Cancel, whether it withdraws what waits or cancels what was approved. A page asks first, since it cannot be undone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import MultiDict
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.cancel import can, cancel, withdraw
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.forms import REASON
from afterbell.bookings.page_cards import may_cancel
from afterbell.bookings.page_form import words
from afterbell.bookings.pages import visible
from afterbell.bookings.present import seen, speaks_for
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.stale import Expected
from afterbell.people.access import signed_in
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, forbidden
from afterbell.web.body import read_form
from afterbell.web.instead import Instead, elsewhere
from afterbell.web.shell import render
from afterbell.web.versions import version_seen
from afterbell.web.words import say_message

AnyRequest = Request[Any, Any, Any]
GONE = frozenset({"withdrawn", "cancelled"})
NONE_CHOSEN = N_("Tick at least one date.")
NO_REASON = N_("Write why: whoever reads it can plan better.")
TOO_LONG = N_("At most {most} characters fit here; these are {count}.")
CHANGED = N_("Meanwhile some of these dates have changed. Look at them as they are now, then decide again.")


@dataclass(frozen=True)
class Asked:
    """Which dates shall go and why, and what is wrong with that, by field; "" is about the whole."""

    chosen: Sequence[DateRow]
    reason: str = ""
    wrong: Mapping[str, Message] = field(default_factory=dict)
    status: int = 200


class CancelPages(Controller):
    """The sub-resources are the API's; a form may be posted to either, and does what fits each date."""

    path = "/bookings/{reference:str}"
    include_in_schema = False

    @get(["/cancellation", "/withdrawal"])
    async def ask(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str) -> Response[Any]:
        """The dates that would go, and a last question."""
        row = await visible(request, session, viewer, reference)
        _only_those_who_cancel(row, viewer)
        return _page(request, row, Asked(_chosen(request.query_params, row, viewer)))

    @post(["/cancellation", "/withdrawal"])
    async def act(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str) -> Response[Any]:
        """303 to the booking when they are gone, also when they were before; else the page again with what was typed."""
        form = await read_form(request)
        row = await visible(request, session, signed_in(viewer), reference)
        _only_those_who_cancel(row, viewer)
        reason = words(form.get("reason"))
        chosen = _named(row, form.getall("date", []))
        if chosen and all(date.state in GONE for date in chosen):
            return elsewhere(f"/bookings/{reference}?done=cancelled")
        wrong = _wrong(row, chosen, reason, viewer)
        if wrong:
            raise Instead(_page(request, row, Asked(chosen, reason, wrong, 422)))
        try:
            await _give_back(session, row, Asked(chosen, reason), viewer, version_seen(form))
        except Problem as problem:
            if problem.status not in (409, 412):
                raise
            fresh = await visible(request, session, viewer, reference)
            still = _named(fresh, [date.public_id for date in chosen])
            said = Message(CHANGED) if problem.status == 409 else problem.message
            raise Instead(_page(request, fresh, Asked(still, reason, {"": said}, problem.status))) from problem
        return elsewhere(f"/bookings/{reference}?done=cancelled")


async def _give_back(session: AsyncSession, row: BookingRow, asked: Asked, viewer: Viewer, expected: Expected) -> None:
    """The organization withdraws what it still may and cancels the others, in one transaction; the first of the two finds the version that was seen."""
    now = clock.now()
    waiting = [date.public_id for date in asked.chosen if _withdrawn(row, date, viewer)]
    others = [date.public_id for date in asked.chosen if date.public_id not in waiting]
    if waiting:
        said = asked.reason or None
        await withdraw(session, row.reference, by=viewer, now=now, names=waiting, reason=said, expected=expected)
        expected = None
    if others:
        await cancel(session, row.reference, asked.reason, by=viewer, now=now, names=others, expected=expected)


def _named(row: BookingRow, names: Collection[str]) -> list[DateRow]:
    return [date for date in row.dates if date.public_id in names]


def _only_those_who_cancel(row: BookingRow, viewer: Viewer) -> None:
    """403 for others who see the booking; those who decide it are led to where they decline what waits, unless some of it stands already."""
    if speaks_for(row, viewer):
        return
    if not viewer.decides_at(row.campus_id):
        raise forbidden(Message(N_("Only the organization or the school's approvers and facilities staff can cancel.")))
    if row.state == "requested" and not any(may_cancel(row, date, viewer, clock.now()) for date in row.dates):
        raise Instead(elsewhere(f"/approvals?ref={row.reference}"))


def _chosen(query: MultiDict[Any], row: BookingRow, viewer: Viewer) -> list[DateRow]:
    """The ticked ones, or everything that can go."""
    now = clock.now()
    able = [date for date in row.dates if may_cancel(row, date, viewer, now)]
    ticked = set(query.getall("date", []))
    return able if query.get("all") else [date for date in able if date.public_id in ticked]


def _withdrawn(row: BookingRow, date: DateRow, viewer: Viewer) -> bool:
    """Whether giving the date back takes back a request, which needs no reason: it waits, or a partial approval left the organization free to."""
    return speaks_for(row, viewer) and can(row, date, "withdrawn", clock.now())


def _wrong(row: BookingRow, chosen: Sequence[DateRow], reason: str, viewer: Viewer) -> dict[str, Message]:
    """What is missing; a reason only where something approved is given up."""
    found: dict[str, Message] = {}
    if not chosen:
        found["dates"] = Message(NONE_CHOSEN)
    if not reason and not all(_withdrawn(row, date, viewer) for date in chosen):
        found["reason"] = Message(NO_REASON)
    if len(reason) > REASON:
        found["reason"] = Message(TOO_LONG, {"most": REASON, "count": len(reason)})
    return found


@dataclass(frozen=True)
class Offer:
    """A date that can go. `ticked` when it is among the chosen."""

    date: DateRow
    ticked: bool


def _page(request: AnyRequest, row: BookingRow, asked: Asked) -> Response[Any]:
    viewer: Viewer = request.state.viewer
    now: datetime = clock.now()
    offers = [Offer(date, date in asked.chosen) for date in row.dates if may_cancel(row, date, viewer, now)]
    said = {name: say_message(message, request.state.language) for name, message in asked.wrong.items()}
    return render(
        request,
        "bookings/cancel.html",
        status=asked.status,
        failed=bool(said),
        summary=[(name, text) if name else text for name, text in said.items()],
        errors={"dates": "", "reason": ""} | said,
        title=seen(row, viewer).title,
        reference=row.reference,
        version=row.version,
        zone=row.zone,
        room=row.dates[0].rooms[0],
        offers=offers,
        count=sum(offer.ticked for offer in offers),
        waits=all(_withdrawn(row, offer.date, viewer) for offer in offers if offer.ticked),
        reason=asked.reason,
        most=REASON,
        path="/bookings",
    )
