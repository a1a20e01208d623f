"""`/bookings` and `/bookings/{reference}`: what was asked for, who has it now, what can be done next. Every title passes through bookings.present."""

from typing import Any

from litestar import Controller, Request, Response, get
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.beside import beside
from afterbell.bookings.forms import REASON
from afterbell.bookings.lists import Wanted, list_bookings, own_bookings
from afterbell.bookings.models import Booking
from afterbell.bookings.page_cards import card_of, cards_of, common_words, line_of, programs_on
from afterbell.bookings.present import flags_of, same_hours, seen
from afterbell.bookings.program_lists import names_of
from afterbell.bookings.queries import BookingRow, booking, visible_to, whole
from afterbell.partners.organizations import organizations
from afterbell.policy.projection import Viewer
from afterbell.problem import not_found
from afterbell.web.instead import sign_in_first
from afterbell.web.paging import listing, page
from afterbell.web.shell import render
from afterbell.web.words import say_message

AnyRequest = Request[Any, Any, Any]
DONE = {
    "requested": ("requested", "approved"),
    "entered": ("approved",),
    "already": ("requested", "approved"),
    "cancelled": ("cancelled", "withdrawn", "approved", "requested"),
    "answered": ("requested",),
}


class BookingPages(Controller):
    """For partners what they asked for, for other staff what is to come at their schools."""

    path = "/bookings"
    include_in_schema = False

    @get("/")
    async def listing(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """What waits first, then what is to come by its next date, then what is over."""
        if viewer.person_id is None:
            raise sign_in_first(request)
        now = clock.now()
        at = page(None, request.query_params.get("cursor"))
        if viewer.organizations:
            rows = await own_bookings(session, viewer, after=at.after, most=at.limit + 1)
        else:
            rows = await list_bookings(session, viewer, Wanted(since=now), after=at.after, most=at.limit + 1)
        shown = listing(rows, at, lambda row: str(row.id), lambda row: row)
        cards = cards_of(shown["items"], viewer, now)
        calendars = programs_on(cards)
        return render(
            request,
            "bookings/mine.html",
            cards=cards,
            programs=await names_of(session, calendars),
            calendars=calendars,
            organizations=await organizations(session, viewer.organizations),
            older=shown["next"],
            later=at.after is not None,
        )

    @get("/{reference:str}")
    async def read(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str) -> Response[Any]:
        """One booking, or 404 when it is unknown or somebody else's."""
        row = await visible(request, session, viewer, reference)
        return await show_booking(request, session, row)


async def show_booking(
    request: AnyRequest, session: AsyncSession, row: BookingRow, *, said: str = "", wrong: str = "", status: int = 200
) -> Response[Any]:
    """The page; with what was typed as an answer and what is `wrong` with it, when it comes back for that."""
    viewer: Viewer = request.state.viewer
    now, language = clock.now(), request.state.language
    full = seen(row, viewer).details
    more = await beside(session, row, viewer)
    done = request.query_params.get("done", "")
    return render(
        request,
        "bookings/booking.html",
        status=status,
        title=seen(row, viewer).title,
        full=full,
        card=card_of(row, viewer, now),
        lines=[line_of(date, row, viewer, language, now=now) for date in row.dates],
        others=sum(more.asked.values()) if more else 0,
        messages=more.messages if more else (),
        one_room=len({date.rooms for date in row.dates}) == 1,
        same_hours=same_hours(row.dates, row.zone),
        words=common_words(full, language),
        decides=viewer.decides_at(row.campus_id),
        flags=_flags(row, viewer, language),
        done=done if row.state in DONE.get(done, ()) else "",
        begun=all(date.starts_at <= now for date in row.dates),
        activity=in_language(full.activity_name, language) if full else "",
        said=said,
        wrong=wrong,
        most=REASON,
        path="/bookings",
    )


def _flags(row: BookingRow, viewer: Viewer, language: str) -> list[str]:
    """The rules that it goes against, for the school's staff."""
    if not viewer.roles_at(row.campus_id):
        return []
    return list(dict.fromkeys(say_message(each.message, language) for each in flags_of(row)))


async def visible(request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str) -> BookingRow:
    """The booking if the viewer may know of it; else 404, and the sign-in page for a visitor."""
    if viewer.person_id is None:
        raise sign_in_first(request)
    row = await booking(session, whole().where(Booking.reference == reference, visible_to(viewer)))
    if row is None:
        raise not_found()
    return row


def in_language(names: dict[str, str], language: str) -> str:
    """An activity's name as the reader calls it."""
    return names.get(language) or names.get("en", "")
