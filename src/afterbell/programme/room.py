"""`/schools/{slug}/rooms/{room}`: when a room is free in the four weeks that may be asked for next, day by day. Public: whose booking takes the other times,
and what for, is never told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Controller, HttpMethod, Request, Response, route
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.almanac.span import Span
from afterbell.bookings.free import free_times
from afterbell.places.catalog import RoomRow, room
from afterbell.problem import not_found
from afterbell.programme.find import open_dates
from afterbell.programme.school import shown_room
from afterbell.web.dates import day, times
from afterbell.web.shell import render_for_everybody

DAYS = 28
QUARTER = timedelta(minutes=15)
LEAST = timedelta(minutes=30)
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class FreeTime:
    """A stretch of one day, as people read it, and the page that asks for it."""

    hours: str
    link: str


class RoomPages(Controller):
    """One page in both languages."""

    include_in_schema = False

    @route(
        ["/schools/{slug:str}/rooms/{name:str}", "/es/schools/{slug:str}/rooms/{name:str}"],
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
    )
    async def room(self, request: AnyRequest, session: AsyncSession, slug: str, name: str) -> Response[Any]:
        """404 for a name that no room of the school has."""
        found = await room(session, f"{slug}/{name}")
        if found is None:
            raise not_found()
        now, language, zone = clock.now(), request.state.language, found.time_zone
        bounds = await open_dates(session, zone, campus_id=found.campus_id, now=now)
        last = bounds.earliest + timedelta(days=DAYS)
        reach = Span(*(datetime.combine(at, time(), ZoneInfo(zone)) for at in (bounds.earliest, last)))
        spans = await free_times(session, found, reach, at_least=LEAST, now=now)
        return render_for_everybody(
            request,
            "programme/room.html",
            room=shown_room(request, found),
            school=found.school,
            school_name=found.school_name,
            first=day(bounds.earliest, language),
            last=day(last - timedelta(days=1), language),
            days=list(by_day(found, spans, language)),
        )


def by_day(found: RoomRow, spans: Sequence[Span], language: str) -> Iterator[tuple[str, list[FreeTime]]]:
    """(written date, its free times) for each day that has some, cut at midnight and to quarter-hours, as the request form has them."""
    days: dict[date, list[FreeTime]] = {}
    for span in spans:
        for on, starts, ends in _parts(span, ZoneInfo(found.time_zone)):
            days.setdefault(on, []).append(_free(found, on, starts, ends, language))
    for on, free in days.items():
        yield day(on, language), free


def _parts(span: Span, there: ZoneInfo) -> Iterator[tuple[date, datetime, datetime]]:
    starts, end = _up(span.starts_at), span.ends_at
    while starts < end:
        on = starts.astimezone(there).date()
        midnight = datetime.combine(on + timedelta(days=1), time(), there).astimezone(UTC)
        ends = _down(min(midnight, end))
        if ends - starts >= LEAST:
            yield on, starts, ends
        starts = midnight


def _up(moment: datetime) -> datetime:
    return -((datetime.min.replace(tzinfo=UTC) - moment) // QUARTER) * QUARTER + datetime.min.replace(tzinfo=UTC)


def _down(moment: datetime) -> datetime:
    return (moment - datetime.min.replace(tzinfo=UTC)) // QUARTER * QUARTER + datetime.min.replace(tzinfo=UTC)


def _free(found: RoomRow, on: date, starts: datetime, ends: datetime, language: str) -> FreeTime:
    there = ZoneInfo(found.time_zone)
    wall = {name: f"{at.astimezone(there):%H:%M}" for name, at in (("from", starts), ("to", ends))}
    asked = {"room": f"{found.school}/{found.slug}", "date": on.isoformat(), **wall}
    return FreeTime(times(starts, ends, found.time_zone, language), "/bookings/new?" + urlencode(asked))
