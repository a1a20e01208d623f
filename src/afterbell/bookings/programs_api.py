"""`/api/v1/programs`: submit several bookings as one, and see what belongs together."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from msgspec import UNSET, Struct, UnsetType
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.answers import BookingAnswer
from afterbell.bookings.present import as_json, instant
from afterbell.bookings.program_form import ProgramForm, wanted_of
from afterbell.bookings.program_lists import ProgramRow, bookings_of, list_programs, program
from afterbell.bookings.submit import submit
from afterbell.people.access import signed_in
from afterbell.policy.projection import Viewer
from afterbell.problem import not_found
from afterbell.web.body import read_json
from afterbell.web.paging import listing, page

AnyRequest = Request[Any, Any, Any]


class ProgramAnswer(Struct, forbid_unknown_fields=True):
    """A program. The figures and the bookings are those that the caller sees in full; `calendar` is public; null before something of it is. In a list
    `bookings` is left out; `next` is the cursor of its further bookings."""

    slug: str
    name: str
    organization: str
    count: int
    first_starts_at: str
    last_ends_at: str
    calendar: str | None
    bookings: list[BookingAnswer] | UnsetType = UNSET
    next: str | UnsetType | None = UNSET


class ProgramList(Struct, forbid_unknown_fields=True):
    """A page of programs; `next` is the cursor of the following one."""

    items: list[ProgramAnswer]
    next: str | None


class ProgramsApi(Controller):
    """Programs, as API.md says."""

    path = "/api/v1/programs"

    @post("/", takes=ProgramForm, gives=ProgramAnswer)
    async def submission(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[dict[str, Any]]:
        """201 with the bookings that were made, in their order: all of them, or none and 409 with every reason, each with the `booking` it is about, counted
        from 0. Sent again under the same name the new bookings join the earlier ones."""
        form = await read_json(request, ProgramForm)
        by, now, secret = signed_in(viewer), clock.now(), request.app.state.settings.secret
        rows = await submit(session, wanted_of(form, secret=secret, by=by, now=now), by=by, now=now)
        found = await _visible(session, str(rows[0].program), by)
        body = _program_json(found) | {"bookings": [as_json(row, by) for row in rows], "next": None}
        return Response(body, status_code=201, headers={"Location": f"/api/v1/programs/{found.slug}"})

    @get("/", gives=ProgramList, pages=True)
    async def listing(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> dict[str, Any]:
        """Those of which the caller sees a booking in full, newest first."""
        at = page(request.query_params.get("limit"), request.query_params.get("cursor"))
        rows = await list_programs(session, signed_in(viewer), after=at.after, most=at.limit + 1)
        return listing(rows, at, lambda row: str(row.id), _program_json)

    @get("/{slug:str}", gives=ProgramAnswer, pages=True)
    async def read(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, slug: str) -> dict[str, Any]:
        """One program with its bookings, newest first; 404 when nothing of it may be seen."""
        at = page(request.query_params.get("limit"), request.query_params.get("cursor"))
        found = await _visible(session, slug, signed_in(viewer))
        rows = await bookings_of(session, found, viewer, after=at.after, most=at.limit + 1)
        shown = listing(rows, at, lambda row: str(row.id), lambda row: as_json(row, viewer))
        return _program_json(found) | {"bookings": shown["items"], "next": shown["next"]}


async def _visible(session: AsyncSession, slug: str, viewer: Viewer) -> ProgramRow:
    found = await program(session, slug, viewer)
    if found is None:
        raise not_found()
    return found


def _program_json(row: ProgramRow) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "name": row.name,
        "organization": row.organization,
        "count": row.bookings,
        "first_starts_at": instant(row.first_starts_at),
        "last_ends_at": instant(row.last_ends_at),
        "calendar": f"/calendars/programs/{row.slug}.ics" if row.announced else None,
    }
