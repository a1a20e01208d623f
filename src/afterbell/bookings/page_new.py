"""`/bookings/new`: one form to check dates and to ask for a room. What is typed is never lost: whatever is wrong, the same page comes back with it."""

from dataclasses import replace
from typing import Any

from litestar import Controller, Request, Response, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.almanac.span import Span
from afterbell.bookings.enter import enter_booking
from afterbell.bookings.forms import as_ask
from afterbell.bookings.lists import activities
from afterbell.bookings.page_form import Typed, as_body, complaints, typed
from afterbell.bookings.page_view import Wrong, show_form
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.request import preview
from afterbell.bookings.survey import Survey
from afterbell.bookings.twins import Likeness, earlier_twin, likeness
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem
from afterbell.web.body import read_form
from afterbell.web.instead import Instead, elsewhere, sign_in_first

AnyRequest = Request[Any, Any, Any]
LOOK_AGAIN = N_(
    "You changed the room or the times after checking the dates. Look at them once more, then send the request."
)
SIGNED_OUT = N_(
    "You were signed out. Sign in in another window, then send this page again: what you typed is still here."
)
STALE = N_("You signed in again since this page was opened. Nothing is lost: look through it and send it once more.")


class NewBookingPage(Controller):
    """The form; both of its buttons post here, and so does the card with the dates when one of them changes."""

    path = "/bookings/new"
    include_in_schema = False

    @get()
    async def show(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """The form, filled as far as a search knows; dates that it names are checked at once."""
        if viewer.person_id is None:
            raise sign_in_first(request)
        filled = typed(request.query_params)
        ready = not complaints(filled)
        outlook, refusal = await _look(session, filled, viewer) if ready else (None, None)
        return await show_form(request, session, filled, outlook, replace(refusal or Wrong(), status=200))

    @post()
    async def send(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """Checks the dates, or asks for them: 303 to the booking, or this page again with the status of the refusal."""
        filled, late = await _read(request, viewer)
        checks = (await request.form()).get("act") == "check"
        wrong = late or await _wrong(session, filled, whole=not checks)
        refusal = None
        if wrong is None and not checks:
            try:
                row = await _request(session, filled, viewer)
                return elsewhere(
                    f"/bookings/{row.reference}?done={'entered' if row.state == 'approved' else 'requested'}"
                )
            except Problem as problem:
                refusal = problem
        ready = not late and not complaints(filled)
        outlook, unseen = await _look(session, filled, viewer) if ready else (None, None)
        if refusal and outlook:
            await _show_twin(session, filled, outlook, viewer)
        wrong = wrong or (Wrong.of(refusal) if refusal else unseen)
        raise Instead(await show_form(request, session, filled, outlook, wrong or Wrong()))


async def _read(request: AnyRequest, viewer: Viewer) -> tuple[Typed, Wrong | None]:
    """What was typed, and why it cannot be taken from this browser as it is now: signed out, or signed in anew meanwhile."""
    try:
        form = await read_form(request)
    except Problem as problem:
        if problem.status != 403:
            raise
        text = STALE if viewer.person_id else SIGNED_OUT
        return typed(await request.form()), Wrong(403, message=Message(text))
    if viewer.person_id is None:
        return typed(form), Wrong(403, message=Message(SIGNED_OUT))
    return typed(form), None


async def _wrong(session: AsyncSession, filled: Typed, *, whole: bool) -> Wrong | None:
    found = complaints(filled, {each.slug for each in await activities(session)} if whole else None)
    if found:
        return Wrong(422, fields=found)
    if whole and filled.seen not in ("", filled.when):
        return Wrong(409, message=Message(LOOK_AGAIN))
    return None


async def _look(session: AsyncSession, filled: Typed, viewer: Viewer) -> tuple[Survey | None, Wrong | None]:
    """How every date would fare now, those that are left out too; or why nobody can say."""
    try:
        ask = as_ask(as_body(filled, every=True), whole=False)
        return await preview(session, ask, by=viewer, now=clock.now()), None
    except Problem as problem:
        return None, Wrong.of(problem)


async def _request(session: AsyncSession, filled: Typed, viewer: Viewer) -> BookingRow:
    """The booking. Where requests compete nothing refuses the same one twice, so the first is looked for while the rooms are still locked."""
    ask = as_ask(as_body(filled, every=False), whole=True)
    row = await enter_booking(session, ask, by=viewer, now=clock.now())
    twin = await earlier_twin(session, likeness(row), before=row.id)
    if twin:
        raise Instead(elsewhere(f"/bookings/{twin}?done=already"))
    return row


async def _show_twin(session: AsyncSession, filled: Typed, outlook: Survey, viewer: Viewer) -> None:
    """A request that is refused because it was sent before leads to what it made, which frightens nobody. Only to those for whose organization it was asked:
    to anybody else it would tell who has the room."""
    place = outlook.place
    its_own = place.its_campus_id is not None and viewer.enters_at(place.its_campus_id)
    if place.organization_id is None or not (place.organization_id in viewer.organizations or its_own):
        return
    out = frozenset[str]() if filled.skips else filled.left_out
    kept = [date for date in outlook.wish.dates if date.original_start.date().isoformat() not in out]
    like = Likeness(
        place.organization_id,
        " ".join(filled.fields["title"].split()),
        frozenset(room.key for room in place.rooms if room.id in outlook.wish.rooms),
        frozenset(Span(date.span.starts_at, date.span.ends_at) for date in kept),
        as_ask(as_body(filled, every=True), whole=False).on_behalf_of,
    )
    twin = await earlier_twin(session, like, part=filled.skips)
    if twin:
        raise Instead(elsewhere(f"/bookings/{twin}?done=already"))
