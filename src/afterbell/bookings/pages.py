"""`/bookings` and `/bookings/{reference}`: what was asked for, who has it now, what can be done next. Every title passes through bookings.present."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.asked_rooms import asked_words
from afterbell.bookings.beside import beside
from afterbell.bookings.change import may_change
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.forms import REASON
from afterbell.bookings.how_often import how_often
from afterbell.bookings.lists import Wanted, list_bookings, own_bookings
from afterbell.bookings.models import Booking
from afterbell.bookings.page_cards import LIVE, card_of, cards_of, common_words, lines_of, programs_on
from afterbell.bookings.present import answers_for, flags_of, same_hours, seen
from afterbell.bookings.program_lists import names_of
from afterbell.bookings.queries import BookingRow, booking, visible_to, whole
from afterbell.partners.organizations import organizations
from afterbell.places.naming import layout_words
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
    "changed": ("requested", "approved", "cancelled", "withdrawn"),
    "taken-back": ("requested", "approved"),
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


@dataclass(frozen=True)
class Back:
    """Why the page of a booking comes back: what was `said` as an answer and what is `wrong` with it, or `trouble` with another act."""

    said: str = ""
    wrong: str = ""
    trouble: str = ""
    status: int = 200


async def show_booking(
    request: AnyRequest, session: AsyncSession, row: BookingRow, back: Back = Back()
) -> Response[Any]:
    """The page of one booking as the viewer may see it."""
    viewer: Viewer = request.state.viewer
    now, language = clock.now(), request.state.language
    full = seen(row, viewer).details
    more = await beside(session, row, viewer)
    done = request.query_params.get("done", "")
    return render(
        request,
        "bookings/booking.html",
        status=back.status,
        failed=back.status != 200,
        title=seen(row, viewer).title,
        full=full,
        card=card_of(row, viewer, now),
        lines=lines_of(row, viewer, language, now=now),
        others=sum(more.asked.values()) if more else 0,
        messages=more.messages if more else (),
        same_hours=same_hours(row.dates, row.zone),
        words=common_words(full, language),
        decides=viewer.decides_at(row.campus_id),
        flags=_flags(row, viewer, language),
        done=done if row.state in DONE.get(done, ()) else "",
        begun=all(date.starts_at <= now for date in row.dates),
        activity=in_language(full.activity_name, language) if full else "",
        back_with=back,
        most=REASON,
        path="/bookings",
        **_about_changing(row if full else None, viewer, language, now),
    )


def _flags(row: BookingRow, viewer: Viewer, language: str) -> list[str]:
    """The rules that it goes against, for the school's staff."""
    if not viewer.roles_at(row.campus_id):
        return []
    return list(dict.fromkeys(say_message(each.message, language) for each in flags_of(row)))


def _about_changing(row: BookingRow | None, viewer: Viewer, language: str, now: datetime) -> dict[str, Any]:
    """Whether this person may change it or take a change back, and what was asked for; nothing of it below the full level."""
    if row is None:
        return {"changes": False, "takes_back": False, "asked_rooms": None, "often": ""}
    return {
        "changes": may_change(row, viewer) and any(_can_change(date, now) for date in row.dates),
        "takes_back": row.change_by is not None and answers_for(row, viewer),
        "asked_rooms": asked_words(row, language),
        "often": how_often(row, language),
        "layout_named": layout_words(language),
    }


def _can_change(date: DateRow, now: datetime) -> bool:
    return date.state in LIVE and date.starts_at > now


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
