"""Bookings over HTTP for programs: preview, request, list, read. What is done to one that exists is in api_acts."""

from datetime import UTC, datetime
from typing import Any

from litestar import Controller, Request, Response, get, patch, post
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings import queries
from afterbell.bookings.answers import ActivityList, BookingAnswer, BookingList, Foreseen, Journal
from afterbell.bookings.api_acts import answered
from afterbell.bookings.change import change_booking
from afterbell.bookings.elsewhere import every_way_out
from afterbell.bookings.enter import enter_booking
from afterbell.bookings.forms import BookingForm, as_ask, moment
from afterbell.bookings.forms_change import ChangeForm, as_alteration
from afterbell.bookings.journal import journal
from afterbell.bookings.lists import ActivityRow, Wanted, activities, list_bookings
from afterbell.bookings.models import Booking
from afterbell.bookings.outlook import foreseen
from afterbell.bookings.present import as_json
from afterbell.bookings.promise import opened, token_of
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.request import preview
from afterbell.people.access import signed_in
from afterbell.policy.lifecycle import STATES
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import malformed, not_found
from afterbell.web.body import read_json
from afterbell.web.paging import listing, page
from afterbell.web.versions import must_expect

AnyRequest = Request[Any, Any, Any]


class BookingsApi(Controller):
    """`/api/v1/bookings`, as API.md says."""

    path = "/api/v1/bookings"

    @post("/preview", status_code=200, reads=True, takes=BookingForm, gives=Foreseen)
    async def preview(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> dict[str, Any]:
        """What a request would answer now, and a token with which it is done exactly so; open to everybody who is signed in, holds nothing."""
        form = await read_json(request, BookingForm)
        ask = as_ask(form, whole=False)
        by, now = signed_in(viewer), clock.now()
        found = await preview(session, ask, by=by, now=now)
        token = token_of(found, ask, secret=request.app.state.settings.secret, by=by, now=now)
        return foreseen(found, await every_way_out(session, found, now=now), token, viewer.language)

    @post("/", takes=BookingForm, needs=("title", "activity"), gives=BookingAnswer)
    async def request(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[dict[str, Any]]:
        """201 with the whole booking, or 409 with every reason: with a `preview_token` whatever is not as it was shown."""
        form = await read_json(request, BookingForm)
        ask, by, now = as_ask(form, whole=True), signed_in(viewer), clock.now()
        promised = opened(ask.token, secret=request.app.state.settings.secret, by=by, now=now)
        row = await enter_booking(session, ask, by=by, now=now, promised=promised)
        return await answered(session, row, viewer, {"Location": f"/api/v1/bookings/{row.reference}"})

    @get("/", gives=BookingList, filters=("state", "campus", "organization", "from", "to"), pages=True)
    async def listing(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> dict[str, Any]:
        """What the caller may see, newest first."""
        asked = request.query_params
        at = page(asked.get("limit"), asked.get("cursor"))
        wanted = Wanted(
            _state(asked.get("state")),
            asked.get("campus"),
            asked.get("organization"),
            _instant(asked.get("from"), "from"),
            _instant(asked.get("to"), "to"),
        )
        rows = await list_bookings(session, signed_in(viewer), wanted, after=at.after, most=at.limit + 1)
        return listing(rows, at, lambda row: str(row.id), lambda row: as_json(row, viewer))

    @get("/{reference:str}", gives=BookingAnswer)
    async def read(self, session: AsyncSession, viewer: Viewer, reference: str) -> Response[dict[str, Any]]:
        """One booking, or 404 when it is unknown or out of scope."""
        return await answered(session, await _visible(session, viewer, reference), viewer)

    @patch("/{reference:str}", takes=ChangeForm, gives=BookingAnswer, tagged=True, tag_required=True)
    async def change(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str
    ) -> Response[dict[str, Any]]:
        """Changes dates, rooms or words; 428 without If-Match."""
        form = await read_json(request, ChangeForm)
        by, only = signed_in(viewer), must_expect(request)
        row = await change_booking(session, reference, as_alteration(form), by=by, now=clock.now(), expected=only)
        return await answered(session, row, viewer)

    @get("/{reference:str}/journal", gives=Journal)
    async def history(self, session: AsyncSession, viewer: Viewer, reference: str) -> dict[str, Any]:
        """What happened to it, for those who may see it whole; 404 for everybody else."""
        row = await _visible(session, viewer, reference)
        return {"items": await journal(session, row, viewer), "next": None}


async def _visible(session: AsyncSession, viewer: Viewer, reference: str) -> BookingRow:
    scope = (Booking.reference == reference, queries.visible_to(signed_in(viewer)))
    row = await queries.booking(session, queries.whole().where(*scope))
    if row is None:
        raise not_found()
    return row


def _state(text: str | None) -> str | None:
    """A filter that no booking could ever pass is a slip: 422 with the words that pass."""
    if text and text not in STATES:
        raise malformed(Message(N_("state is one of {choices}."), {"choices": ", ".join(STATES)}))
    return text


def _instant(text: str | None, field: str) -> datetime | None:
    """A bound of a list: an instant; without an offset it is UTC."""
    if not text:
        return None
    found = moment(text.replace(" ", "+"), field)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class ActivitiesApi(Controller):
    """`/api/v1/activities`."""

    path = "/api/v1/activities"

    @get("/", gives=ActivityList)
    async def listing(self, session: AsyncSession, viewer: Viewer) -> dict[str, Any]:
        """Every activity, its name in the caller's language."""
        signed_in(viewer)
        rows = await activities(session)
        return {"items": [_activity_json(row, viewer.language) for row in rows], "next": None}


def _activity_json(row: ActivityRow, language: str) -> dict[str, Any]:
    name = row.name.get(language) or row.name.get("en", row.slug)
    return {
        "slug": row.slug,
        "name": name,
        "pillar": row.pillar,
        "category": row.category,
        "visibility": row.visibility,
    }
