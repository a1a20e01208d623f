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
from afterbell.bookings.page_promise import Look, checked, look, promised
from afterbell.bookings.page_view import Wrong, show_form
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.survey import Survey
from afterbell.bookings.twins import Likeness, earlier_twin, likeness
from afterbell.policy.assigning import any_of
from afterbell.policy.projection import Viewer
from afterbell.policy.promising import Promise
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem
from afterbell.web.body import read_form
from afterbell.web.instead import Instead, elsewhere, sign_in_first

AnyRequest = Request[Any, Any, Any]
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
        found, refusal = await _look(request, session, filled) if ready else (None, None)
        return await show_form(request, session, filled, found, replace(refusal or Wrong(), status=200))

    @post()
    async def send(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """Checks the dates, or asks for them: 303 to the booking, or this page again with the status of the refusal."""
        filled, late = await _read(request, viewer)
        checks = (await request.form()).get("act") != "request"
        shown, changed = (None, None) if late or complaints(filled) else checked(filled, **_for_whom(request))
        wrong = late or await _wrong(session, filled, None if checks else changed, whole=not checks)
        refusal = None
        if wrong is None and not checks:
            try:
                row = await _request(session, filled, shown, viewer)
                return elsewhere(
                    f"/bookings/{row.reference}?done={'entered' if row.state == 'approved' else 'requested'}"
                )
            except Problem as problem:
                refusal = problem
        ready = not late and not complaints(filled)
        found, unseen = await _look(request, session, filled) if ready else (None, None)
        if refusal and found:
            await _show_twin(session, filled, found.survey, viewer)
        wrong = wrong or (Wrong.of(refusal) if refusal else unseen)
        raise Instead(await show_form(request, session, filled, found, wrong or Wrong()))


def _for_whom(request: AnyRequest) -> dict[str, Any]:
    """What a token is sealed with: it opens for nobody else."""
    return {"secret": request.app.state.settings.secret, "by": request.state.viewer, "now": clock.now()}


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


async def _wrong(session: AsyncSession, filled: Typed, changed: Message | None, *, whole: bool) -> Wrong | None:
    found = complaints(filled, {each.slug for each in await activities(session)} if whole else None)
    if found:
        return Wrong(422, fields=found)
    return Wrong(409, message=changed) if changed else None


async def _look(request: AnyRequest, session: AsyncSession, filled: Typed) -> tuple[Look | None, Wrong | None]:
    """How every date would fare now, those that are left out too; or why nobody can say."""
    try:
        return await look(session, filled, **_for_whom(request)), None
    except Problem as problem:
        return None, Wrong.of(problem)


async def _request(session: AsyncSession, filled: Typed, shown: Promise | None, viewer: Viewer) -> BookingRow:
    """The booking, as it was shown. Where requests compete nothing refuses the same one twice, so the first is looked for while the rooms are still locked."""
    ask = as_ask(as_body(filled, every=False), whole=True)
    row = await enter_booking(session, ask, by=viewer, now=clock.now(), promised=promised(shown, filled, ask))
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
    ask = as_ask(as_body(filled, every=False), whole=False)
    wish, keys = outlook.wish, {room.id: room.key for room in place.rooms}
    wanted = frozenset(ask.names if any(any_of(name) for name in ask.names) else ())
    out = frozenset[str]() if filled.skips else filled.left_out
    dates = (
        (
            Span(date.span.starts_at, date.span.ends_at),
            frozenset(() if wanted else (keys[room] for room in wish.rooms_of(date))),
        )
        for date in wish.dates
        if date.original_start.date().isoformat() not in out
    )
    title = " ".join(filled.fields["title"].split())
    like = Likeness(
        place.organization_id, title, frozenset(dates), ask.on_behalf_of, wanted, ask.visibility or place.visibility
    )
    twin = await earlier_twin(session, like, part=filled.skips)
    if twin:
        raise Instead(elsewhere(f"/bookings/{twin}?done=already"))
