"""Mounts controllers, decides nothing. Who looks and which transaction holds are settled here for every handler."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.api import ActivitiesApi, BookingsApi
from afterbell.bookings.searches import SearchesApi
from afterbell.database import Database
from afterbell.feeds.pages import room_feeds
from afterbell.feeds.shelf import FeedShelf
from afterbell.letters.api import LettersApi
from afterbell.people.visits import Doorman
from afterbell.places.api import PlacesApi
from afterbell.policy.projection import Viewer
from afterbell.settings import Settings
from afterbell.web.errors import HANDLERS
from afterbell.web.health import healthz, openapi_document, readyz

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_BYTES = 1_000_000
Beside = Callable[[Litestar], AbstractAsyncContextManager[None]]


async def provide_session(request: Request[Any, Any, Any]) -> AsyncGenerator[AsyncSession, None]:
    """The one generator dependency of the app: a second one would turn a failed commit into a 500 (DESIGN.md 8). Nothing is checked out before the
    first statement, so bodies are parsed before the write lock is taken."""
    database: Database = request.app.state.database
    begin = database.reading if request.method in SAFE else database.writing
    async with begin() as session:
        yield session


async def provide_viewer(request: Request[Any, Any, Any]) -> Viewer:
    """Whoever the doorman let in."""
    viewer: Viewer = request.state.viewer
    return viewer


def make_app(settings: Settings, database: Database, *, beside: Sequence[Beside] = ()) -> Litestar:
    """The whole application; `beside` are lifespans of what works in the same process. The database is closed at the end."""
    shelf = FeedShelf(database, settings.secret)
    doorman = Doorman(database, settings.secret, https=settings.https)

    @asynccontextmanager
    async def doors(app: Litestar) -> AsyncIterator[None]:
        flushing = asyncio.create_task(doorman.flush_for_ever())
        yield
        flushing.cancel()
        await doorman.flush()
        await database.close()

    app = Litestar(
        route_handlers=[
            healthz,
            readyz,
            openapi_document,
            ActivitiesApi,
            SearchesApi,
            BookingsApi,
            PlacesApi,
            LettersApi,
            room_feeds(shelf),
        ],
        dependencies={"session": Provide(provide_session), "viewer": Provide(provide_viewer)},
        middleware=[doorman],
        exception_handlers=dict(HANDLERS),
        openapi_config=OpenAPIConfig(title="Afterbell", version="1", path="/api/_schema", render_plugins=[]),
        request_max_body_size=MOST_BYTES,
        lifespan=[doors, *beside],
        signature_types=[AsyncSession, Viewer],
        logging_config=None,
        pdb_on_exception=False,
    )
    app.state.database = database
    app.state.settings = settings
    return app
