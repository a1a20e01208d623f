"""`/events/{id}`: one date that everybody may come to, and the further dates of its series. 404 for whatever the public may not know of."""

from typing import Any

from litestar import Controller, HttpMethod, Request, Response, route
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.feeds.wording import facts, sign_up, way_to_join
from afterbell.policy.verdict import N_
from afterbell.problem import not_found
from afterbell.programme.cards import access_of, card, directions
from afterbell.programme.whats_on import date_of, series_of
from afterbell.settings import Settings
from afterbell.web.shell import render_for_everybody
from afterbell.web.words import say

MOST_FURTHER = 60
AnyRequest = Request[Any, Any, Any]


class EventPages(Controller):
    """`/events/{id}` and `/es/events/{id}`."""

    include_in_schema = False

    @route(["/events/{public_id:str}", "/es/events/{public_id:str}"], http_method=[HttpMethod.GET, HttpMethod.HEAD])
    async def event(self, request: AnyRequest, session: AsyncSession, public_id: str) -> Response[Any]:
        """One date, by its id; cancelled ones are shown as that."""
        found = await date_of(session, public_id)
        if found is None:
            raise not_found()
        now, language = clock.now(), request.state.language
        series = await series_of(session, found, now=now, most=MOST_FURTHER)
        settings: Settings = request.app.state.settings
        return render_for_everybody(
            request,
            "programme/event.html",
            date=found,
            card=card(found, language),
            over=found.ends_at <= now,
            further=[card(each, language) for each in series if each.public_id != found.public_id],
            rooms=[_room(room.name, room.entrance, language) for room in found.rooms],
            access=access_of(found, language),
            directions=directions(found),
            facts=facts(found.listing, language),
            join=(way_to_join(found.listing, language), sign_up(found.listing)),
            contact=str(found.listing.get("public_contact") or ""),
            calendar=f"{settings.base_url}/calendars/events/{found.public_id}.ics",
        )


def _room(name: str, entrance: str, language: str) -> str:
    return say(N_("{room}, entrance: {entrance}"), language, room=name, entrance=entrance) if entrance else name
