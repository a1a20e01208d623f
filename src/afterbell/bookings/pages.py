"""`/bookings` and `/bookings/{reference}`: what was asked for, who has it now, what can be done next. Every title passes through bookings.present."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.decide import TOO_LATE
from afterbell.bookings.lists import Wanted, list_bookings, own_bookings
from afterbell.bookings.models import Booking
from afterbell.bookings.present import same_hours, seen
from afterbell.bookings.queries import BookingRow, DateRow, RoomName, booking, visible_to, whole
from afterbell.policy.lifecycle import BLOCKING, WAITING, may_move
from afterbell.policy.projection import Viewer
from afterbell.problem import not_found
from afterbell.web.instead import sign_in_first
from afterbell.web.paging import listing, page
from afterbell.web.shell import render
from afterbell.web.words import say

AnyRequest = Request[Any, Any, Any]
LIVE = WAITING | BLOCKING
DONE = {
    "requested": ("requested", "approved"),
    "already": ("requested", "approved"),
    "cancelled": ("cancelled", "withdrawn", "approved", "requested"),
}


@dataclass(frozen=True)
class Card:
    """A booking in a list. `full` is None for those who may only see that the room is reserved; `chip` is the state to show, which tells a hold from a
    bare request; `following` is the next of the `live` dates, which wait or stand and are not over."""

    title: str
    full: BookingRow | None
    state: str
    chip: str
    zone: str
    room: RoomName
    decide_by: datetime
    late: bool
    following: DateRow | None
    last: DateRow
    live: int
    dates: int
    mine: bool


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
        return render(
            request,
            "bookings/mine.html",
            cards=_cards(shown["items"], viewer, now),
            older=shown["next"],
            later=at.after is not None,
        )

    @get("/{reference:str}")
    async def read(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str) -> Response[Any]:
        """One booking, or 404 when it is unknown or somebody else's."""
        row = await visible(request, session, viewer, reference)
        now, language = clock.now(), request.state.language
        full = seen(row, viewer).details
        done = request.query_params.get("done", "")
        return render(
            request,
            "bookings/booking.html",
            title=seen(row, viewer).title,
            full=full,
            card=_card(row, viewer, now),
            lines=[_line(date, row, viewer, language, now=now) for date in row.dates],
            one_room=len({date.rooms for date in row.dates}) == 1,
            same_hours=same_hours(row.dates, row.zone),
            words=_words(full, language),
            decides=viewer.decides_at(row.campus_id),
            done=done if row.state in DONE.get(done, ()) else "",
            begun=all(date.starts_at <= now for date in row.dates),
            activity=in_language(full.activity_name, language) if full else "",
        )


async def visible(request: AnyRequest, session: AsyncSession, viewer: Viewer, reference: str) -> BookingRow:
    """The booking if the viewer may know of it; else 404, and the sign-in page for a visitor."""
    if viewer.person_id is None:
        raise sign_in_first(request)
    row = await booking(session, whole().where(Booking.reference == reference, visible_to(viewer)))
    if row is None:
        raise not_found()
    return row


def may_cancel(row: BookingRow, date: DateRow, viewer: Viewer, now: datetime) -> bool:
    """The organization gives back what waits or stands, those who decide what stands; nothing once it has begun."""
    mine = row.organization_id in viewer.organizations
    withdraws = mine and may_move(date.state, "withdrawn", starts_at=date.starts_at, now=now)
    cancels = mine or viewer.decides_at(row.campus_id)
    return withdraws or (cancels and may_move(date.state, "cancelled", starts_at=date.starts_at, now=now))


def _cards(rows: Sequence[BookingRow], viewer: Viewer, now: datetime) -> dict[str, list[Card]]:
    """By what they are waiting for: `waiting`, `coming`, `over`."""
    groups: dict[str, list[Card]] = {"waiting": [], "coming": [], "over": []}
    for card in (_card(row, viewer, now) for row in rows):
        group = "waiting" if card.state == "requested" else "coming" if card.following else "over"
        groups[group].append(card)
    for name in ("waiting", "coming"):
        groups[name].sort(key=lambda card: card.following.starts_at if card.following else card.decide_by)
    return groups


def _card(row: BookingRow, viewer: Viewer, now: datetime) -> Card:
    shown = seen(row, viewer)
    live = [date for date in row.dates if date.state in LIVE]
    return Card(
        title=shown.title,
        full=shown.details,
        state=row.state,
        chip=next((date.state for date in live if row.state == "requested"), row.state),
        zone=row.zone,
        room=row.dates[0].rooms[0],
        decide_by=row.decide_by,
        late=row.decide_by < now,
        following=next((date for date in live if date.ends_at > now), None),
        last=row.dates[-1],
        live=sum(date.ends_at > now for date in live),
        dates=len(row.dates),
        mine=row.organization_id in viewer.organizations,
    )


@dataclass(frozen=True)
class Line:
    """One date of the table. `reason` is None for those who may only see that the room is reserved."""

    name: str
    starts_at: datetime
    ends_at: datetime
    claim_starts_at: datetime
    claim_ends_at: datetime
    state: str
    room: str
    reason: str | None
    shifted: bool
    begun: bool
    can_go: bool


def _line(date: DateRow, row: BookingRow, viewer: Viewer, language: str, *, now: datetime) -> Line:
    full = seen(row, viewer).details
    return Line(
        name=date.public_id,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        claim_starts_at=date.claim_starts_at,
        claim_ends_at=date.claim_ends_at,
        state=date.state,
        room=", ".join(room.name for room in date.rooms),
        reason=_reason(date, language) if full else None,
        shifted=date.shifted,
        begun=date.starts_at <= now,
        can_go=may_cancel(row, date, viewer, now),
    )


def _reason(date: DateRow, language: str) -> str | None:
    """Somebody's own words as they are; ours in the reader's language."""
    return say(TOO_LATE, language) if date.reason == TOO_LATE else date.reason


def _words(full: BookingRow | None, language: str) -> str | None:
    """What was said of every date that still waits or stands, or else of every date: it stands once, above the table."""
    dates = full.dates if full else ()
    said = {_reason(date, language) for date in [each for each in dates if each.state in LIVE] or dates}
    return said.pop() if len(said) == 1 else None


def in_language(names: dict[str, str], language: str) -> str:
    """An activity's name as the reader calls it."""
    return names.get(language) or names.get("en", "")
