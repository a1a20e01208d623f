"""`/calendars/mine`: somebody's secret calendars: make one, make its address anew, revoke it. An address is shown once, right after it was made."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from litestar import Controller, Request, Response, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.feeds.door import NAMES
from afterbell.feeds.secret import (
    CAMPUS_STAFF,
    CUSTODIAN,
    MINE,
    ORGANIZATION,
    create_feed,
    feeds_of,
    revoke_feed,
    scopes_of,
)
from afterbell.people.access import signed_in
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_
from afterbell.settings import Settings
from afterbell.web.body import read_form
from afterbell.web.instead import elsewhere, sign_in_first
from afterbell.web.shell import render
from afterbell.web.words import say

AnyRequest = Request[Any, Any, Any]
HELP: Mapping[str, str] = {
    MINE: N_("What you asked for yourself, with its state."),
    ORGANIZATION: N_("What anybody of your organization asked for, with its state."),
    CAMPUS_STAFF: N_("Everything at your schools, as far as you may see it."),
    CUSTODIAN: N_("When to open and when to lock, which room, which entrance, how many people."),
}


class MyCalendarsPage(Controller):
    """For whoever is signed in, about themselves alone."""

    path = "/calendars/mine"
    include_in_schema = False

    @get("/")
    async def mine(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """What there is, and when each was last fetched."""
        if viewer.person_id is None:
            raise sign_in_first(request)
        return await _page(request, session, viewer)

    @post("/", status_code=200)
    async def make(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """Makes an address, or makes it anew, and shows it: the one answer that holds it, so it leads nowhere else."""
        form = await read_form(request)
        scope = str(form.get("scope", ""))
        made = await create_feed(session, scope, {}, by=signed_in(viewer), now=clock.now())
        settings: Settings = request.app.state.settings
        return await _page(request, session, viewer, scope, made.url(settings.base_url))

    @post("/revocation")
    async def revoke(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """Whoever has the address gets nothing more."""
        form = await read_form(request)
        await revoke_feed(session, str(form.get("id", "")), by=signed_in(viewer), now=clock.now())
        return elsewhere("/calendars/mine?done=revoked")

    @get("/revocation")
    async def again(self) -> Response[Any]:
        """A form that is opened instead of posted, as the language switch does."""
        return elsewhere("/calendars/mine")


async def _page(
    request: AnyRequest, session: AsyncSession, viewer: Viewer, scope: str = "", url: str = ""
) -> Response[Any]:
    language = request.state.language
    known = await feeds_of(session, viewer)
    scopes = (*scopes_of(viewer), *(each for each in known if each not in scopes_of(viewer)))
    webcal = "webcal://" + url.partition("://")[2]
    return render(
        request,
        "feeds/mine.html",
        feeds=[(each, say(NAMES[each], language), say(HELP[each], language), known.get(each)) for each in scopes],
        may=scopes_of(viewer),
        fresh=scope,
        link=url,
        webcal=webcal,
        google="https://calendar.google.com/calendar/r?cid=" + quote(webcal, safe=""),
        zone=request.app.state.zone,
        done="revoked" if request.query_params.get("done") == "revoked" else "",
        path="/bookings",
    )
