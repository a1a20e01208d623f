"""`/bookings/{reference}/change`: one form that shows what a change comes to and then makes it, and the way to take one back that waits."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings import events
from afterbell.bookings.change import change_booking, only_changers
from afterbell.bookings.decisions import Decision, last_decision
from afterbell.bookings.moves import starts
from afterbell.bookings.page_change_form import Typed, alteration, as_it_stands, complaints, typed
from afterbell.bookings.page_change_preview import Preview, preview_of
from afterbell.bookings.page_change_view import Wrong, show_change
from afterbell.bookings.page_form import words
from afterbell.bookings.pages import Back, show_booking, visible
from afterbell.bookings.preview_change import preview_change
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.stale import Expected
from afterbell.bookings.take_back import take_back
from afterbell.people.access import signed_in
from afterbell.policy.altering import Alteration, walls
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem
from afterbell.web.body import read_form
from afterbell.web.instead import Instead, elsewhere
from afterbell.web.versions import version_seen
from afterbell.web.words import say_message

AnyRequest = Request[Any, Any, Any]
NOTHING = N_("Nothing would be otherwise yet. Say what to change, then look at the preview.")
LOOK_AGAIN = N_("You changed something after the preview. Look at it once more, then send the change.")
STALE = N_(
    "Meanwhile this booking was changed. Below is how it stands now, with what you typed; look at it, then decide."
)


class ChangePages(Controller):
    """For the organization that asked, and for those who decide there; both buttons post here, and the preview comes first."""

    path = "/bookings/{reference:str}/change"
    include_in_schema = False

    @get()
    async def show(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str) -> Response[Any]:
        """The form as the booking stands, beginning with the date that the query names."""
        row = await visible(request, session, viewer, reference)
        only_changers(row, viewer)
        filled = as_it_stands(row, words(request.query_params.get("date")))
        return await show_change(request, session, row, filled, None, Wrong(), now=clock.now())

    @post()
    async def send(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str) -> Response[Any]:
        """Shows what the change comes to, or makes it: 303 to the booking, or this page again with the status of the refusal."""
        form = await read_form(request)
        row = await visible(request, session, signed_in(viewer), reference)
        only_changers(row, viewer)
        filled, expected, makes = typed(form, row), version_seen(form), form.get("act") == "change"
        wanted, wrong = _wanted(filled, row, makes=makes)
        if wanted and wrong is None and makes:
            wrong = await _make(request, session, wanted, expected)
            if wrong is None:
                return elsewhere(f"/bookings/{reference}?done=changed")
            row = await visible(request, session, viewer, reference)
        elif expected is not None and row.version not in expected:
            wrong = wrong or Wrong(412, {"": Message(STALE)})
        preview, unseen = await _look(request, session, row, filled)
        raise Instead(
            await show_change(request, session, row, filled, preview, wrong or unseen or Wrong(), now=clock.now())
        )

    @get("/withdrawal")
    async def again(self, reference: str) -> Response[Any]:
        """Opened instead of posted, as the language switch does."""
        return elsewhere(f"/bookings/{reference}")

    @post("/withdrawal")
    async def back(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str) -> Response[Any]:
        """Takes all of it back that waits to be changed; 303 to the booking, also for the second half of a double click."""
        form = await read_form(request)
        by, only = signed_in(viewer), version_seen(form)
        row = await visible(request, session, by, reference)
        try:
            await take_back(session, reference, by=by, now=clock.now(), expected=only)
        except Problem as problem:
            if problem.status not in (409, 412):
                raise
            last = await last_decision(session, row.id)
            if last is None or (last.kind, last.person_id) != (events.CHANGE_WITHDRAWN, viewer.person_id):
                await _not_back(request, session, reference, problem)
        return elsewhere(f"/bookings/{reference}?done=taken-back")


def _wanted(filled: Typed, row: BookingRow, *, makes: bool) -> tuple[Alteration | None, Wrong | None]:
    now = clock.now()
    found = complaints(filled, row, now)
    if found:
        return None, Wrong(422, found)
    wanted = alteration(filled, row, now)
    if wanted is None:
        return None, Wrong(422, {"": Message(NOTHING)})
    if makes and filled.seen != filled.about:
        return wanted, Wrong(409, {"": Message(LOOK_AGAIN)})
    return wanted, None


async def _make(request: AnyRequest, session: AsyncSession, wanted: Alteration, expected: Expected) -> Wrong | None:
    """Makes the change; why not, when it is refused, and then nothing of it is left for the page that is shown instead. The second half of a double click
    finds its own work done."""
    viewer, reference = request.state.viewer, request.path_params["reference"]
    try:
        async with session.begin_nested():
            await change_booking(session, reference, wanted, by=viewer, now=clock.now(), expected=expected)
    except Problem as problem:
        if problem.status not in (409, 412):
            raise
        row = await visible(request, session, viewer, reference)
        last = await last_decision(session, row.id)
        if last is None or last.person_id != viewer.person_id or not _was_this(last, row, wanted, expected):
            return Wrong.of(problem)
    return None


def _was_this(last: Decision, row: BookingRow, wanted: Alteration, expected: Expected) -> bool:
    """Whether the last thing that was done is what this form asks for, from the version that it was made from."""
    facts = last.facts
    if last.kind != events.CHANGED or (expected is not None and facts["version"] - 1 not in expected):
        return False
    given = {"headcount": wanted.headcount, "layout": wanted.layout, **wanted.words}
    stands = all((_value(row, name) or None) == (value or None) for name, value in given.items() if value is not None)
    gone = {*facts.get("withdrawn", ()), *facts.get("cancelled", ())}
    fewer = set(starts([date for date in row.dates if date.public_id in wanted.fewer]))
    also = [start.isoformat(timespec="minutes") for start in wanted.also]
    return stands and gone == fewer and facts.get("added", []) == also and _went_there(facts, row, wanted)


def _value(row: BookingRow, name: str) -> Any:
    return (row.proposed or {}).get(name, getattr(row, name))


def _went_there(facts: Any, row: BookingRow, wanted: Alteration) -> bool:
    """Whether the named date is, or is to go, where this form wants it."""
    moved = {*facts.get("moved", ()), *facts.get("asked", ())}
    if not wanted.times:
        return not moved
    date = next((each for each in row.dates if each.public_id == wanted.occurrence), None)
    if date is None or not {*starts([date])} <= moved or (wanted.scope == "this" and len(moved) > 1):
        return False
    where = date.move or date
    begins, ends = walls(where.span, row.zone)
    rooms = {room.key for room in where.rooms}
    there = wanted.starts in (None, begins) and wanted.ends in (None, ends)
    return there and (wanted.rooms is None or set(wanted.rooms) == rooms)


async def _look(
    request: AnyRequest, session: AsyncSession, row: BookingRow, filled: Typed
) -> tuple[Preview | None, Wrong | None]:
    """What the change comes to now, or why nobody can say."""
    now, viewer = clock.now(), request.state.viewer
    wanted = None if complaints(filled, row, now) else alteration(filled, row, now)
    if wanted is None:
        return None, None
    try:
        outcome = await preview_change(session, row, wanted, by=viewer, now=now)
    except Problem as problem:
        return None, Wrong.of(problem)
    preview = preview_of(outcome, request.state.language)
    return (None, Wrong(422, {"": Message(NOTHING)})) if preview.empty else (preview, None)


async def _not_back(request: AnyRequest, session: AsyncSession, reference: str, problem: Problem) -> None:
    """The booking as it is now, and why its change was not taken back."""
    row = await visible(request, session, request.state.viewer, reference)
    why = problem.message if problem.status == 412 else problem.reasons[0].message
    text = say_message(why, request.state.language)
    raise Instead(await show_booking(request, session, row, Back(trouble=text, status=problem.status)))
