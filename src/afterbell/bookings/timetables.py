"""`/api/v1/rooms/{room}/free` and `/api/v1/campuses/{slug}/week`: when a room is free, and what a campus's week looks like. Open to everybody with a token;
who may read which words is the projection's to say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.almanac.span import Span
from afterbell.bookings.answers_times import FreeAnswer, WeekAnswer
from afterbell.bookings.forms import moment
from afterbell.bookings.free import LEAST, free_times
from afterbell.bookings.present import instant
from afterbell.bookings.week import DAYS, Seen, Week, key_of, week_of
from afterbell.people.access import signed_in
from afterbell.places.catalog import RoomRow, room
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import malformed, not_found
from afterbell.web.paging import listing, page

USUAL, MOST = timedelta(days=28), timedelta(days=62)
A_DAY = 24 * 60
AnyRequest = Request[Any, Any, Any]


class TimetablesApi(Controller):
    """Reads only."""

    path = "/api/v1"

    @get("/rooms/{key:str}/free", gives=FreeAnswer, filters=("from", "to", "minutes"))
    async def by_id(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, key: str) -> dict[str, Any]:
        """When a room is free, by its id."""
        return await _free(request, session, viewer, key)

    @get("/rooms/{school:str}/{slug:str}/free", gives=FreeAnswer, filters=("from", "to", "minutes"))
    async def by_name(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, school: str, slug: str
    ) -> dict[str, Any]:
        """When a room is free, by the names of its school and its own."""
        return await _free(request, session, viewer, f"{school}/{slug}")

    @get("/campuses/{slug:str}/week", gives=WeekAnswer, filters=("from",), pages=True)
    async def week(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, slug: str) -> dict[str, Any]:
        """The rooms of a campus with their dates, day by day for seven days from `from` on, a wall date there (today when it is left out). What the caller may
        not read says Reserved."""
        asked = request.query_params
        at = page(asked.get("limit"), asked.get("cursor"))
        first = _day(asked.get("from"))
        found = await week_of(session, slug, first, signed_in(viewer), after=at.after, most=at.limit, now=clock.now())
        if found is None:
            raise not_found()
        rooms = listing(found.rooms, at, key_of, lambda row: _room_json(row, found))
        last = found.first + timedelta(days=DAYS)
        head = {"campus": found.campus, "time_zone": found.zone, "from": f"{found.first}", "to": f"{last}"}
        return head | rooms


async def _free(request: AnyRequest, session: AsyncSession, viewer: Viewer, key: str) -> dict[str, Any]:
    signed_in(viewer)
    asked, now = request.query_params, clock.now()
    found = await room(session, key)
    if found is None:
        raise not_found()
    since = _moment(asked.get("from"), "from", found.time_zone) or now
    until = _moment(asked.get("to"), "to", found.time_zone) or since + USUAL
    if not timedelta() < until - since <= MOST:
        raise malformed(Message(N_("to is later than from, by at most {most} days."), {"most": MOST.days}))
    least = timedelta(minutes=_minutes(asked.get("minutes")))
    spans = await free_times(session, found, Span(since, until), at_least=least, now=now)
    return {
        "room": f"{found.school}/{found.slug}",
        "time_zone": found.time_zone,
        "from": instant(since),
        "to": instant(until),
        "items": [_span_json(span) for span in spans],
        "next": None,
    }


def _span_json(span: Span) -> dict[str, Any]:
    minutes = int(span.length.total_seconds()) // 60
    return {"starts_at": instant(span.starts_at), "ends_at": instant(span.ends_at), "minutes": minutes}


def _moment(text: str | None, field: str, zone: str) -> datetime | None:
    """A wall date (its midnight there), a wall time there, or an instant."""
    if not text:
        return None
    whole = text if "T" in text else f"{text}T00:00"
    found = moment(whole.replace(" ", "+"), field)
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _minutes(text: str | None) -> int:
    usual = int(LEAST.total_seconds()) // 60
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= A_DAY):
        raise malformed(Message(N_("minutes is a whole number from 1 to {most}."), {"most": A_DAY}))
    return int(text)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
        if not 1900 < found.year < 9000 or found.isoformat() != text:
            raise ValueError(text)
    except ValueError as error:
        raise malformed(Message(N_("{field} is a date such as 2026-12-01."), {"field": "from"})) from error
    return found


def _room_json(row: RoomRow, week: Week) -> dict[str, Any]:
    days = (week.first + timedelta(days=offset) for offset in range(DAYS))
    return {
        "room": {"id": row.public_id, "slug": row.slug, "school": row.school, "name": row.name, "kind": row.kind},
        "days": [
            {"date": f"{day}", "occurrences": [_seen_json(each) for each in week.seen.get((row.id, day), ())]}
            for day in days
        ],
    }


def _seen_json(seen: Seen) -> dict[str, Any]:
    words = seen.words
    return {
        "id": words.id if words else None,
        "reference": words.reference if words else None,
        "organization": words.organization if words else None,
        "title": seen.title,
        "state": seen.state,
        "starts_at": instant(seen.starts_at) if seen.starts_at else None,
        "ends_at": instant(seen.ends_at) if seen.ends_at else None,
        "claim_starts_at": instant(seen.claim_starts_at),
        "claim_ends_at": instant(seen.claim_ends_at),
    }
