"""Mounts controllers, decides nothing. Who looks and which transaction holds are settled here for every handler."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Router
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.types import ControllerRouterHandler
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.api import ActivitiesApi, BookingsApi
from afterbell.bookings.api_acts import BookingActsApi
from afterbell.bookings.lists import count_waiting
from afterbell.bookings.page_answer import AnswerPage
from afterbell.bookings.page_cancel import CancelPages
from afterbell.bookings.page_change import ChangePages
from afterbell.bookings.page_new import NewBookingPage
from afterbell.bookings.pages import BookingPages
from afterbell.bookings.programs_api import ProgramsApi
from afterbell.bookings.searches import SearchesApi
from afterbell.bookings.timetables import TimetablesApi
from afterbell.database import Database
from afterbell.desk.approvals import ApprovalPages
from afterbell.desk.rule_pages import RulePages
from afterbell.feeds.api import FeedsApi
from afterbell.feeds.door import SecretDoor
from afterbell.feeds.page_mine import MyCalendarsPage
from afterbell.feeds.pages import calendars
from afterbell.feeds.shelf import FeedShelf
from afterbell.feeds.subject import House
from afterbell.letters.api import LettersApi
from afterbell.letters.pages import MessagePages
from afterbell.partners.api import OrganizationsApi
from afterbell.partners.pages import OrganizationPages
from afterbell.people.pages import SignInPages
from afterbell.people.turnstile import Turnstile
from afterbell.people.visits import Doorman
from afterbell.places.api import PlacesApi
from afterbell.places.models import District
from afterbell.policy.projection import Viewer
from afterbell.programme.event import EventPages
from afterbell.programme.find import FindPages
from afterbell.programme.home import home
from afterbell.programme.personas import be_somebody
from afterbell.programme.programme import ProgrammePages
from afterbell.programme.room import RoomPages
from afterbell.programme.school import SchoolPages
from afterbell.rules.api import RulesApi
from afterbell.settings import Settings
from afterbell.web.assets import static_file
from afterbell.web.errors import HANDLERS
from afterbell.web.head import HeadToo
from afterbell.web.health import healthz, openapi_document, readyz, shut_schema
from afterbell.web.idempotency import first_time, keep, mark_of, noted
from afterbell.web.language import choose_language

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_BYTES = 1_000_000
Beside = Callable[[Litestar], AbstractAsyncContextManager[None]]
ALWAYS: tuple[ControllerRouterHandler, ...] = (healthz, readyz, openapi_document, static_file, choose_language)
API: tuple[ControllerRouterHandler, ...] = (
    ActivitiesApi,
    SearchesApi,
    BookingsApi,
    BookingActsApi,
    ProgramsApi,
    TimetablesApi,
    PlacesApi,
    LettersApi,
    OrganizationsApi,
    RulesApi,
    FeedsApi,
)
PAGES: tuple[ControllerRouterHandler, ...] = (
    home,
    be_somebody,
    ProgrammePages,
    EventPages,
    FindPages,
    SchoolPages,
    RoomPages,
    SignInPages,
    NewBookingPage,
    BookingPages,
    CancelPages,
    ChangePages,
    AnswerPage,
    MyCalendarsPage,
    ApprovalPages,
    MessagePages,
    OrganizationPages,
    RulePages,
)


async def provide_session(request: Request[Any, Any, Any]) -> AsyncGenerator[AsyncSession, None]:
    """The one generator dependency of the app: a second one would turn a failed commit into a 500 (DESIGN.md 8). Nothing is checked out before the
    first statement, so bodies are parsed before the write lock is taken. It goes on after the response is made and before the commit: a write that carries
    an Idempotency-Key is stored with its answer."""
    database: Database = request.app.state.database
    reads = request.method in SAFE or request.route_handler.opt.get("reads", False)
    mark = await mark_of(request)
    begin = database.reading if reads and mark is None else database.writing
    async with begin() as session:
        if mark:
            await first_time(database, session, mark, now=clock.now())
        yield session
        if mark:
            await keep(session, mark, request.state.answer, now=clock.now())


async def provide_viewer(request: Request[Any, Any, Any]) -> Viewer:
    """Whoever the doorman let in."""
    viewer: Viewer = request.state.viewer
    return viewer


def make_app(settings: Settings, database: Database, *, beside: Sequence[Beside] = ()) -> Litestar:
    """The whole application; `beside` are lifespans of what works in the same process. The database is closed at the end."""
    house = House(settings.secret, settings.base_url)
    shelf, secret = FeedShelf(database, house), SecretDoor(database, house, limited=settings.rate_limit)
    doorman = Doorman(database, settings.secret, https=settings.https, count=count_waiting)

    app = HeadToo(
        route_handlers=[
            *ALWAYS,
            Router("/", route_handlers=API, after_request=noted),
            *PAGES,
            calendars(shelf, secret),
        ],
        dependencies={"session": Provide(provide_session), "viewer": Provide(provide_viewer)},
        middleware=[doorman],
        exception_handlers=dict(HANDLERS),
        openapi_config=OpenAPIConfig(title="Afterbell", version="1", openapi_router=shut_schema()),
        request_max_body_size=MOST_BYTES,
        lifespan=[_doors(database, doorman, secret), *beside],
        signature_types=[AsyncSession, Viewer],
        logging_config=None,
        pdb_on_exception=False,
    )
    app.state.database = database
    app.state.settings = settings
    app.state.turnstile = Turnstile() if settings.rate_limit else None
    return app


def _doors(database: Database, *buffered: Doorman | SecretDoor) -> Beside:
    @asynccontextmanager
    async def doors(app: Litestar) -> AsyncIterator[None]:
        app.state.district, app.state.demo, app.state.zone = await _district(database)
        flushing = [asyncio.create_task(each.flush_for_ever()) for each in buffered]
        yield
        for task in flushing:
            task.cancel()
        for each in buffered:
            await each.flush()
        await database.close()

    return doors


async def _district(database: Database) -> tuple[str, bool, str]:
    """Its name, which every page shows, whether all is sample data, and the zone of what belongs to no campus."""
    async with database.reading() as session:
        found = (await session.execute(select(District.name, District.demo, District.time_zone))).first()
    return (found[0], found[1], found[2]) if found else ("", False, "UTC")
