"""`/api/v1/feeds`: a secret calendar's address, told once; and taking it back."""

from typing import Annotated, Any

from litestar import Controller, Request, delete, post
from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.feeds.secret import create_feed, revoke_feed
from afterbell.people.access import signed_in
from afterbell.policy.projection import Viewer
from afterbell.settings import Settings
from afterbell.web.body import read_json

Slug = Annotated[str, Meta(min_length=1, max_length=120)]


class FiltersForm(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What a secret calendar leaves out: all but one campus, all but one activity or pillar."""

    campus: Slug | None = None
    activity: Slug | None = None


class FeedForm(Struct, forbid_unknown_fields=True):
    """The body of POST /feeds."""

    scope: str
    filters: FiltersForm | None = None


class FeedAnswer(Struct, forbid_unknown_fields=True):
    """A calendar's id and its address, which is told this once."""

    id: str
    url: str


class FeedsApi(Controller):
    """Secret calendars, as API.md says."""

    path = "/api/v1/feeds"

    @post("/", takes=FeedForm, gives=FeedAnswer)
    async def create(self, request: Request[Any, Any, Any], session: AsyncSession, viewer: Viewer) -> dict[str, str]:
        """201 with the address, which nobody can ask for again; posting again makes another and revokes this one."""
        form = await read_json(request, FeedForm)
        settings: Settings = request.app.state.settings
        given = form.filters or FiltersForm()
        filters = {name: value for name in ("campus", "activity") if (value := getattr(given, name))}
        made = await create_feed(session, form.scope, filters, by=signed_in(viewer), now=clock.now())
        return {"id": made.id, "url": made.url(settings.base_url)}

    @delete("/{id_:str}")
    async def revoke(self, session: AsyncSession, viewer: Viewer, id_: str) -> None:
        """204, and the address answers 410."""
        await revoke_feed(session, id_, by=signed_in(viewer), now=clock.now())
