"""`POST /api/v1/searches`: need first, over all schools. Open to everybody with a token; holds nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any

from litestar import Controller, Request, post
from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.answers import OfferList
from afterbell.bookings.forms import Layout, Minutes, Moment, People, RepeatForm, Slug, moment, repeat_of
from afterbell.bookings.known_words import refuse_unknown
from afterbell.bookings.nearby import Instead
from afterbell.bookings.pool import Need
from afterbell.bookings.present import instant as written
from afterbell.bookings.search import Answer, search
from afterbell.bookings.searcher import find_searcher
from afterbell.bookings.survey import ask_there, dates_of_ask
from afterbell.people.access import signed_in
from afterbell.places.api import read_near, room_json
from afterbell.places.catalog import RoomRow, district_zone
from afterbell.places.models import KINDS
from afterbell.policy.ask import Ask, Wish
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Finding, Message
from afterbell.problem import malformed
from afterbell.web.body import one_line, read_json
from afterbell.web.errors import reason_json
from afterbell.web.paging import page

Words = Annotated[list[Annotated[str, Meta(max_length=120)]], Meta(max_length=50)]


instant = lru_cache(4096)(written)  # a search names the same dates again and again


class SearchForm(Struct, forbid_unknown_fields=True):
    """What the room must be and when; `near` is "LAT,LON", and in a `layout` the people must fit the room set up like that. For an `organization` of the
    caller's, or an `activity`, rooms are judged as a booking would be."""

    headcount: People
    starts_at: Moment
    ends_at: Moment
    near: Annotated[str, Meta(max_length=60)] | None = None
    within_km: float | None = None
    schools: Words = []
    kind: str | None = None
    features: Words = []
    access: Words = []
    layout: Layout | None = None
    repeat: RepeatForm | None = None
    setup_minutes: Minutes = 0
    takedown_minutes: Minutes = 0
    organization: Slug | None = None
    activity: Slug | None = None


class SearchesApi(Controller):
    """`/api/v1/searches`."""

    path = "/api/v1/searches"

    @post("/", status_code=200, reads=True, takes=SearchForm, gives=OfferList, filters=("limit",))
    async def search(self, request: Request[Any, Any, Any], session: AsyncSession, viewer: Viewer) -> dict[str, Any]:
        """The `limit` best of all rooms that fit: free on all dates first, then on most. No second page: a narrower need serves people better."""
        signed_in(viewer)
        at = page(request.query_params.get("limit"), None)
        form = await read_json(request, SearchForm)
        need, now = _need(form), clock.now()
        await refuse_unknown(session, need)
        wish = asked_wish(form, await district_zone(session))
        who = await find_searcher(session, form.organization, form.activity, by=viewer, now=now)
        found = await search(session, need, wish, now=now, most=at.limit, who=who)
        items = [_answer_json(each, viewer.language) for each in found.answers]
        return {"items": items, "next": None, "fitting": found.fitting}


def asked_wish(form: SearchForm, zone: str) -> Wish:
    """The dates of a body, in wall time of the district."""
    return spelled_out(_ask(form), zone)


def spelled_out(ask: Ask, zone: str) -> Wish:
    """The dates of an ask at a place; raises what a booking would be refused with."""
    there = ask_there(ask, zone)
    return Wish(dates_of_ask(there, zone), ask.headcount, ask.setup, ask.takedown, (), layout=ask.layout)


def _need(form: SearchForm) -> Need:
    if form.kind is not None and form.kind not in KINDS:
        raise malformed(Message(N_("kind is one of {choices}."), {"choices": ", ".join(KINDS)}))
    if form.within_km is not None and not form.near:
        raise malformed(Message(N_("within_km also needs near: LAT,LON in degrees, such as 34.05,-118.25.")))
    near = read_near(form.near, None if form.within_km is None else str(form.within_km))
    return Need(
        form.headcount, form.kind, form.schools, frozenset(form.features), frozenset(form.access), near, _layout(form)
    )


def _layout(form: SearchForm) -> str | None:
    return one_line(form.layout).lower() or None if form.layout else None


def _ask(form: SearchForm) -> Ask:
    starts, ends = moment(form.starts_at, "starts_at"), moment(form.ends_at, "ends_at")
    return Ask(
        organization=None,
        title="",
        activity=None,
        rooms=(),
        starts=starts,
        ends=ends,
        headcount=form.headcount,
        repeat=repeat_of(form.repeat) if form.repeat else None,
        setup=timedelta(minutes=form.setup_minutes),
        takedown=timedelta(minutes=form.takedown_minutes),
        layout=_layout(form),
    )


def _answer_json(answer: Answer, language: str) -> dict[str, Any]:
    by_date: dict[datetime, list[Finding]] = {}
    for finding in answer.conflicts:
        if finding.occurrence is not None:
            by_date.setdefault(finding.occurrence, []).append(finding)
    return {
        "room": room_json(answer.room),
        "school": answer.room.school,
        "distance_km": answer.distance_km,
        "free": answer.free,
        "of": answer.of,
        "already_open": answer.already_open,
        "conflicts": [
            _conflict_json(start, found, answer.instead.get(start, ()), language) for start, found in by_date.items()
        ],
        "not_held": [reason_json(finding, language) for finding in answer.not_held],
        "only_for": [reason_json(finding, language) for finding in answer.only_for],
    }


def _conflict_json(
    start: datetime, findings: list[Finding], instead: Sequence[tuple[RoomRow, Instead]], language: str
) -> dict[str, Any]:
    reasons = [reason_json(finding, language) for finding in findings]
    return {
        "original_start": start.isoformat(timespec="minutes"),
        "reason": reasons[0],
        "reasons": reasons,
        "alternatives": [_instead_json(room, each) for room, each in instead],
    }


def _instead_json(room: RoomRow, each: Instead) -> dict[str, Any]:
    """`distance_km` from the room that cannot be had: 0 in the same school, null where a school's place is not known."""
    return {
        "room": f"{room.school}/{room.slug}",
        "name": room.name,
        "starts_at": instant(each.span.starts_at),
        "ends_at": instant(each.span.ends_at),
        "distance_km": each.km,
    }
