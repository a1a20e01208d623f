"""`/programme`: what families may come to, day by day. A GET form that works without JavaScript, can be linked to, and needs no sign-in."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Controller, HttpMethod, Request, Response, route
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.almanac.span import Span
from afterbell.bookings.announced import OnDate, of_kind
from afterbell.bookings.lists import ActivityRow, activities
from afterbell.bookings.page_listing import SPOKEN
from afterbell.feeds.wording import in_tongue
from afterbell.places.catalog import Near, SchoolRow, district_zone, near_box, schools
from afterbell.places.models import School
from afterbell.policy.projection import CONFIDENTIAL
from afterbell.policy.verdict import N_, Message
from afterbell.programme.cards import PILLARS, Card, by_day, card
from afterbell.programme.subscribe import programme_calendar
from afterbell.programme.wanted import MILES, Looked, fits, looked
from afterbell.programme.whats_on import whats_on
from afterbell.programme.where import circle, nowhere
from afterbell.settings import Settings
from afterbell.web.dates import day
from afterbell.web.shell import render, render_for_everybody, wants_part
from afterbell.web.words import say, say_many, say_message, tongues

LOOK_AHEAD = timedelta(days=183)
MOST_SCHOOLS = 200
AnyRequest = Request[Any, Any, Any]


class ProgrammePages(Controller):
    """`/programme` and `/es/programme`."""

    include_in_schema = False

    @route(["/programme", "/es/programme"], http_method=[HttpMethod.GET, HttpMethod.HEAD])
    async def programme(self, request: AnyRequest, session: AsyncSession) -> Response[Any]:
        """A day or a week of it; when nothing fits, the next date that would. Seven statements at most, however much is on."""
        now, zone = clock.now(), await district_zone(session)
        wanted = looked(request.query_params, now.astimezone(ZoneInfo(zone)).date())
        places, kinds = await schools(session, most=MOST_SCHOOLS), await activities(session)
        near = await _near(session, wanted)
        _complain(wanted, places, kinds)
        span = wanted.span(zone, now=now)
        conditions = _conditions(wanted, near)
        found = [] if wanted.complaints else await whats_on(session, span, *conditions)
        shown = [each for each in found if fits(each, wanted, near)]
        following = None
        if not shown and not wanted.complaints:
            later = await whats_on(session, Span(span.ends_at, span.ends_at + LOOK_AHEAD), *conditions)
            following = next((each for each in later if fits(each, wanted, near)), None)
        return _page(request, wanted, (shown, following, near), choices=(places, kinds))


async def _near(session: AsyncSession, wanted: Looked) -> Near | None:
    text = wanted.fields["near"]
    if not text:
        return None
    found = await circle(session, text, int(wanted.fields["within"]))
    if found is None:
        wanted.complaints["near"] = nowhere(text)
    return found


def _complain(wanted: Looked, places: list[SchoolRow], kinds: list[ActivityRow]) -> None:
    if wanted.fields["school"] and wanted.fields["school"] not in {place.slug for place in places}:
        wanted.complaints["school"] = Message(N_("Choose a school from the list."))
    if wanted.fields["kind"] and wanted.fields["kind"] not in {kind.slug for kind in kinds} | set(PILLARS):
        wanted.complaints["kind"] = Message(N_("Choose a kind from the list."))


def _conditions(wanted: Looked, near: Near | None) -> list[ColumnElement[bool]]:
    """What the database can leave out by itself."""
    school, kind = wanted.fields["school"], wanted.fields["kind"]
    found = [School.slug == school] if school else []
    if kind:
        found.append(of_kind(kind))
    if near:
        found.append(near_box(near))
    return found


def _page(
    request: AnyRequest,
    wanted: Looked,
    answer: tuple[list[OnDate], OnDate | None, Near | None],
    *,
    choices: tuple[list[SchoolRow], list[ActivityRow]],
) -> Response[Any]:
    """Nobody keeps a page with complaints, nor a part of a page."""
    settings: Settings = request.app.state.settings
    language = request.state.language
    shown, following, near = answer
    wrong = {name: say_message(message, language) for name, message in wanted.complaints.items()}
    part = wants_part(request)
    show = partial(render, status=422 if wrong else 200) if wrong or part else render_for_everybody
    return show(
        request,
        "programme/programme_part.html" if part else "programme/programme.html",
        looked=wanted,
        typed={**wanted.fields, "date": wanted.first.isoformat()},
        wrong=wrong,
        days=by_day(shown, language, near),
        heading=_heading(wanted, language),
        count=say_many("{count} date", "{count} dates", len(shown), language) if shown else "",
        following=_following(following, wanted, language),
        links=_links(wanted),
        schools=[("", say(N_("All schools"), language)), *((place.slug, place.name) for place in choices[0])],
        kinds=_kinds(choices[1], language),
        languages=[("", say(N_("Any"), language)), *((code, tongues([code], language)) for code in SPOKEN)],
        distances=[(str(miles), say_many("{count} mile", "{count} miles", miles, language)) for miles in MILES],
        calendar=programme_calendar(settings.base_url, wanted),
    )


def _heading(wanted: Looked, language: str) -> str:
    first = day(wanted.first, language)
    if wanted.days == 1:
        return first
    last = wanted.first + timedelta(days=wanted.days - 1)
    return say(N_("{first} to {last}"), language, first=first, last=day(last, language))


def _links(wanted: Looked) -> dict[str, str]:
    """Earlier and later by as much as is shown; nothing is earlier than today."""

    def at(first: date) -> str:
        return wanted.link(date="" if first <= wanted.today else first.isoformat())

    step = timedelta(days=wanted.days)
    return {
        "earlier": at(wanted.first - step) if wanted.first > wanted.today else "",
        "later": at(wanted.first + step),
        "without": wanted.link(near="", school="", kind="", language=""),
    }


def _following(following: OnDate | None, wanted: Looked, language: str) -> tuple[Card, str] | None:
    """The next date that fits, and the page that shows it."""
    if following is None:
        return None
    first: datetime = following.starts_at.astimezone(ZoneInfo(following.zone))
    return card(following, language), wanted.link(date=first.date().isoformat())


def _kinds(kinds: list[ActivityRow], language: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(pillar, its name, its kinds) for the choice, by name; what is confidential is never in the programme and is not offered."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for kind in kinds:
        if kind.visibility not in CONFIDENTIAL:
            groups.setdefault(kind.pillar, []).append((kind.slug, in_tongue(kind.name, language)))
    named = [(slug, say(PILLARS[slug], language) if slug in PILLARS else slug, groups[slug]) for slug in groups]
    return sorted((slug, name, sorted(found, key=lambda pair: pair[1])) for slug, name, found in named)
