"""`/events/{id}`: one date that everybody may come to, and the further dates of its series. 404 for whatever the public may not know of."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Controller, HttpMethod, Request, Response, route
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.feeds.wording import cost, way_to_join
from afterbell.policy.verdict import N_
from afterbell.problem import not_found
from afterbell.programme.cards import access_of, card, directions
from afterbell.programme.whats_on import OnDate, date_of, series_of
from afterbell.settings import Settings
from afterbell.web.shell import render_for_everybody
from afterbell.web.words import say, tongues

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
            facts=_facts(found, language),
            join=_join(found.listing, language),
            contact=str(found.listing.get("public_contact") or ""),
            calendar=f"{settings.base_url}/calendars/events/{found.public_id}.ics",
        )


def _room(name: str, entrance: str, language: str) -> str:
    return say(N_("{room}, entrance: {entrance}"), language, room=name, entrance=entrance) if entrance else name


def _facts(date: OnDate, language: str) -> Sequence[tuple[str, str]]:
    """What families ask, as (what, answer); only what the organization said."""
    listing = date.listing
    asked = (
        (N_("Cost"), cost(listing, language)),
        (N_("Languages"), tongues(listing.get("languages") or (), language)),
        (N_("Ages"), str(listing.get("ages") or "")),
        (N_("Childcare"), say(N_("Yes, during it"), language) if listing.get("childcare") is True else ""),
    )
    return [(say(what, language), answer) for what, answer in asked if answer]


def _join(listing: Mapping[str, Any], language: str) -> tuple[str, str]:
    """How to take part, and where when that is a link; both empty when nothing was said."""
    link = str(listing.get("link") or "")
    return (way_to_join(listing, language), link if link.startswith("https://") else "")
