"""`/schools` and `/schools/{slug}`: where a school is, what is on there, when it is open, its rooms and their calendars. Public; whose booking a busy time
is, is not told."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Controller, HttpMethod, Request, Response, route
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.almanac import hours as almanac
from afterbell.almanac.span import Span
from afterbell.bookings.availability import closures_of
from afterbell.places.catalog import RoomRow, SchoolRow, rooms_of, school, schools
from afterbell.places.models import School
from afterbell.places.naming import ACCESS_NAMES, FEATURE_NAMES, KIND_NAMES, named
from afterbell.problem import not_found
from afterbell.programme.cards import by_day
from afterbell.programme.hours import closed_days, weekly
from afterbell.programme.subscribe import room_calendar, school_calendar
from afterbell.programme.whats_on import whats_on
from afterbell.settings import Settings
from afterbell.web.shell import render_for_everybody

CLOSURES_AHEAD = timedelta(days=183)
MOST_CLOSURES = 12
PROGRAMME_AHEAD = timedelta(days=28)
MOST_DATES = 20
MOST_LISTED = 50
LONGEST_WORD = 120
AnyRequest = Request[Any, Any, Any]


class SchoolPages(Controller):
    """Both pages in both languages."""

    include_in_schema = False

    @route(["/schools", "/es/schools"], http_method=[HttpMethod.GET, HttpMethod.HEAD])
    async def listing(self, request: AnyRequest, session: AsyncSession) -> Response[Any]:
        """By slug, fifty at a time, with `?q=` for a part of the name; `?after=` is the last slug shown."""
        asked = request.query_params
        q, after = asked.get("q", "").strip()[:LONGEST_WORD], asked.get("after", "")[:LONGEST_WORD] or None
        found = await schools(session, q=q, after=after, most=MOST_LISTED + 1)
        shown = found[:MOST_LISTED]
        onwards = shown[-1].slug if len(found) > MOST_LISTED else ""
        return render_for_everybody(
            request,
            "programme/schools.html",
            q=q,
            schools=shown,
            onwards=onwards,
            first=after is None,
        )

    @route(["/schools/{slug:str}", "/es/schools/{slug:str}"], http_method=[HttpMethod.GET, HttpMethod.HEAD])
    async def school(self, request: AnyRequest, session: AsyncSession, slug: str) -> Response[Any]:
        """One school; 404 for a slug that none has."""
        found = await school(session, slug)
        if found is None:
            raise not_found()
        now, language = clock.now(), request.state.language
        rooms = await rooms_of(session, slug)
        coming = await whats_on(session, Span(now, now + PROGRAMME_AHEAD), School.slug == slug, most=MOST_DATES)
        settings: Settings = request.app.state.settings
        today = now.astimezone(ZoneInfo(found.time_zone)).date()
        return render_for_everybody(
            request,
            "programme/school.html",
            school=found,
            days=by_day(coming, language),
            more=len(coming) == MOST_DATES,
            calendar=school_calendar(settings.base_url, slug),
            rooms=[shown_room(request, room) for room in rooms],
            hours=weekly(almanac.from_json(found.hours), today, language),
            closures=await _closures(session, found, language, now=now),
        )


async def _closures(session: AsyncSession, at: SchoolRow, language: str, *, now: datetime) -> list[tuple[str, str]]:
    """Those of the next half year, the nearest twelve."""
    coming = await closures_of(session, at.campus_id, Span(now, now + CLOSURES_AHEAD))
    return closed_days(coming[:MOST_CLOSURES], at.time_zone, language)


def shown_room(request: AnyRequest, room: RoomRow) -> dict[str, Any]:
    """A room in the reader's words, with its subscription."""
    settings: Settings = request.app.state.settings
    language = request.state.language
    return {
        "slug": room.slug,
        "name": room.name,
        "kind": named(KIND_NAMES, room.kind, language),
        "capacity": room.capacity,
        "access": [named(ACCESS_NAMES, slug, language) for slug in room.access],
        "features": [named(FEATURE_NAMES, slug, language) for slug in room.features],
        "entrance": room.entrance,
        "calendar": room_calendar(settings.base_url, room.school, room.slug),
    }
