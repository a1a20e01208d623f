"""`/` and `/es`: two doors, and what is on tonight and the next days. In a demo district on this machine also whom one may be."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import HttpMethod, Request, Response, route
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.almanac.span import Span
from afterbell.people.cookies import guest_cookie
from afterbell.places.catalog import district_zone
from afterbell.programme.cards import by_day
from afterbell.programme.personas import may_be_anybody, personas
from afterbell.programme.whats_on import whats_on
from afterbell.web.shell import render, render_for_everybody

DAYS_AHEAD = 14
MOST_SHOWN = 9
AnyRequest = Request[Any, Any, Any]


@route(["/", "/es"], http_method=[HttpMethod.GET, HttpMethod.HEAD], include_in_schema=False)
async def home(request: AnyRequest, session: AsyncSession) -> Response[Any]:
    """The same for every visitor, in Spanish for whoever chose it; a demo's page, which has a form bound to this browser, is never kept."""
    if request.url.path == "/" and request.state.language == "es":
        return Redirect("/es", status_code=303, headers={"Cache-Control": "no-store"})
    now, language = clock.now(), request.state.language
    zone = await district_zone(session)
    found = await whats_on(session, _coming(zone, now=now), most=MOST_SHOWN)
    days = by_day([each for each in found if each.state != "cancelled"], language)
    if not may_be_anybody(request):
        return render_for_everybody(request, "programme/home.html", days=days, people=[])
    page = render(request, "programme/home.html", days=days, people=await personas(session, language, now=now))
    if request.state.viewer.person_id is None:
        page.set_cookie(guest_cookie(request.state))
    return page


def _coming(zone: str, *, now: datetime) -> Span:
    """From now to the end of the fourteenth day."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return Span(now, datetime.combine(today + timedelta(days=DAYS_AHEAD), time(), ZoneInfo(zone)))
