"""`/find`: which rooms are free, need first. A GET form that works without JavaScript and can be linked to; nobody needs to sign in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from litestar import Controller, HttpMethod, Request, Response, route
from litestar.datastructures import MultiDict
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.almanac.closures import closed_on, days
from afterbell.almanac.span import Span
from afterbell.bookings.availability import NOTICE_REACH, closures_of
from afterbell.bookings.pool import Need
from afterbell.bookings.search import search
from afterbell.bookings.searcher import find_searcher
from afterbell.bookings.searches import spelled_out
from afterbell.partners.organizations import OrganizationRow, organizations
from afterbell.places.catalog import district_zone, schools
from afterbell.places.naming import ACCESS_NAMES, FEATURE_NAMES, KIND_NAMES, LAYOUT_NAMES, OFTEN_NEEDED, choices
from afterbell.policy.ask import Ask, Facts, Wish
from afterbell.policy.notice import earliest_date, latest_date, wall_date
from afterbell.policy.terms import PARTNER, tier_of
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem
from afterbell.programme.answers import MOST_SHOWN, shown
from afterbell.programme.need import FOR, Reading, Typed
from afterbell.programme.wanted import MILES
from afterbell.programme.where import circle, nowhere
from afterbell.rules.reading import district_terms
from afterbell.web.dates import day, times
from afterbell.web.repeat_fields import weekday_choices
from afterbell.web.shell import render, render_for_everybody, wants_part
from afterbell.web.words import say, say_many, say_message

MOST_SCHOOLS = 50
NO_CAMPUS = 0  # no campus has this id, so that only the district's closures count
SATURDAY = 5
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class Open:
    """From which date to which date rooms may be asked for, and a first date that most schools can take."""

    earliest: date
    latest: date
    likely: date


class FindPages(Controller):
    """`/find` and `/es/find`."""

    include_in_schema = False

    @route(["/find", "/es/find"], http_method=[HttpMethod.GET, HttpMethod.HEAD])
    async def find(self, request: AnyRequest, session: AsyncSession) -> Response[Any]:
        """The form, and the answers once a date is given; 422 with the form as it was typed when that cannot be read."""
        now, zone, viewer = clock.now(), await district_zone(session), request.state.viewer
        mine = await organizations(session, viewer.organizations)
        one = chosen(request.query_params, mine)
        bounds = await open_dates(session, zone, tier=tier_of(one.kind) if one else PARTNER, now=now)
        reading = Reading(Typed.of(request.query_params, bounds.likely, one.slug if one and len(mine) > 1 else ""))
        show = partial(_page, request, reading, bounds, mine)
        if not reading.typed.asked:
            return show(schools=await schools(session, most=MOST_SCHOOLS))
        need, wish = await _understood(session, reading, zone)
        if wish is None:
            return show()
        who = await find_searcher(session, one.slug if one else None, None, by=viewer, now=now)
        found = await search(session, need, wish, now=now, most=MOST_SHOWN, who=who)
        language = request.state.language
        return show(found=shown(found, reading.typed, language), when=_when(wish, zone, language))


def chosen(query: MultiDict[Any], mine: Sequence[OrganizationRow]) -> OrganizationRow | None:
    """For which of their organizations somebody looks: the one that the address names, else the first; an address of somebody else's names none of them."""
    return next((each for each in mine if each.slug == query.get(FOR)), mine[0] if mine else None)


async def open_dates(
    session: AsyncSession, zone: str, *, campus_id: int = NO_CAMPUS, tier: str = PARTNER, now: datetime
) -> Open:
    """By the district's calendar and rules alone where no campus is named, which may have others of its own. Two statements."""
    closures = await closures_of(session, campus_id, Span(now, now + NOTICE_REACH))
    facts = Facts(zone, {}, (), closures, {}, None)
    terms = await district_terms(session, wall_date(now, zone))
    earliest = earliest_date(facts, now, terms.notice.days(tier, 1, renewal=False))
    latest = latest_date(facts, now, terms.horizon.months(tier))
    likely = earliest
    while likely < latest and (
        likely.weekday() >= SATURDAY or closed_on(days(likely, likely + timedelta(days=1), zone), closures)
    ):
        likely += timedelta(days=1)
    return Open(earliest, latest, likely)


async def _understood(session: AsyncSession, reading: Reading, zone: str) -> tuple[Need, Wish | None]:
    """What is needed and when; no wish when something cannot be used, and the reading has the complaints."""
    ask = reading.ask()
    need = await _need(session, reading, ask)
    wish = None
    if not reading.complaints:
        try:
            wish = spelled_out(ask, zone)
        except Problem as problem:
            reasons = [reason.message for reason in problem.reasons] or [problem.message]
            reading.complaints["from"] = reasons[0]
    return need, wish


async def _need(session: AsyncSession, reading: Reading, ask: Ask) -> Need:
    fields = reading.typed.fields
    named = (
        [row.slug for row in await schools(session, q=fields["school"], most=MOST_SCHOOLS)] if fields["school"] else []
    )
    if fields["school"] and not named:
        reading.complaints["school"] = Message(
            N_("No school has {name} in its name. Try a shorter part of it."), {"name": fields["school"]}
        )
    near = await circle(session, fields["near"], int(fields["within"])) if fields["near"] else None
    if fields["near"] and near is None:
        reading.complaints["near"] = nowhere(fields["near"])
    features, access = frozenset(reading.typed.features), frozenset(reading.typed.access)
    return Need(ask.headcount, fields["kind"] or None, named, features, access, near, ask.layout)


def _when(wish: Wish, zone: str, language: str) -> str:
    """ "4 dates: Tuesday, December 1, 2026 to Tuesday, December 22, 2026, 5:00 PM – 7:00 PM"."""
    first, last = wish.dates[0], wish.dates[-1]
    return say_many(
        "{first}, {hours}",
        "{count} dates: {first} to {last}, {hours}",
        len(wish.dates),
        language,
        first=day(first.original_start, language),
        last=day(last.original_start, language),
        hours=times(first.span.starts_at, first.span.ends_at, zone, language).replace(" – ", "\N{NO-BREAK SPACE}– "),
    )


def _page(
    request: AnyRequest, reading: Reading, bounds: Open, mine: Sequence[OrganizationRow], **more: Any
) -> Response[Any]:
    """Nobody keeps a page with complaints, nor a part of a page."""
    typed, language = reading.typed, request.state.language
    wrong = {name: say_message(message, language) for name, message in reading.complaints.items()}
    nothing: dict[str, Any] = {"found": None, "when": "", "schools": []}
    part = wants_part(request)
    show = partial(render, status=422 if wrong else 200) if wrong or part else render_for_everybody
    return show(
        request,
        "programme/find_part.html" if part else "programme/find.html",
        typed=typed,
        wrong=wrong,
        mine=[(each.slug, each.name) for each in mine],
        bounds=bounds,
        earliest=day(bounds.earliest, language),
        kinds=[("", say(N_("Any"), language)), *choices(KIND_NAMES, tuple(KIND_NAMES), language)],
        layouts=[("", say(N_("Any"), language)), *choices(LAYOUT_NAMES, tuple(LAYOUT_NAMES), language)],
        weekdays=weekday_choices(language),
        distances=[(str(miles), say_many("{count} mile", "{count} miles", miles, language)) for miles in MILES],
        features=_offered(FEATURE_NAMES, OFTEN_NEEDED, typed.features, language),
        access=_offered(ACCESS_NAMES, tuple(ACCESS_NAMES), typed.access, language),
        **(nothing | more),
    )


def _offered(names: Any, usual: tuple[str, ...], typed: Any, language: str) -> list[tuple[str, str]]:
    """The usual chips, and whatever else the address asks for, so that it can be seen and taken away."""
    return choices(names, (*usual, *(slug for slug in dict.fromkeys(typed) if slug not in usual)), language)
