"""`/rules` and `/rules/{name}`: what holds where, in plain words, for everybody who is signed in; and the form that changes it, for those who may."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.bookings.lists import activities
from afterbell.desk.rule_form import LABELS, WEEK, Typed, bounds, choices, filled, shows, typed_in, value_of
from afterbell.people.access import signed_in
from afterbell.places.catalog import rooms_where
from afterbell.places.models import Campus, Room
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import Message
from afterbell.problem import Problem, not_found
from afterbell.rules.api import read_day
from afterbell.rules.setting import Wanted, Where, find_where, set_rule
from afterbell.rules.shapes import RULES, terms_from
from afterbell.rules.standing import Change, Standing, stand
from afterbell.rules.wording import ABOUT, SCOPE_NAMES, TITLES, said
from afterbell.web.body import read_form
from afterbell.web.instead import Instead, elsewhere, sign_in_first
from afterbell.web.shell import render
from afterbell.web.words import say, say_message

AnyRequest = Request[Any, Any, Any]
MOST_ROOMS = 500


class RulePages(Controller):
    """For the district, or with `campus` or `room` for these."""

    path = "/rules"
    include_in_schema = False

    @get("/")
    async def listing(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """Every rule in a few words."""
        if viewer.person_id is None:
            raise sign_in_first(request)
        where = await _where(request, session)
        found = await stand(session, where, viewer, now=clock.now())
        return render(
            request,
            "desk/rules.html",
            rules=[_told(each, request.state.language) for each in found.rules.values()],
            where=where,
            query=_query(where),
            campuses=await _campuses(session),
            rooms=await _rooms(session, where),
            path="/rules",
        )

    @get("/{name:str}")
    async def read(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, name: str) -> Response[Any]:
        """One rule, with what is coming and what was."""
        if viewer.person_id is None:
            raise sign_in_first(request)
        return await _page(request, session, name, await _where(request, session))

    @post("/{name:str}")
    async def change(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, name: str) -> Response[Any]:
        """Sets it from the day that was named, or tomorrow; what cannot be taken is shown again as typed."""
        form, by, now = await read_form(request), signed_in(viewer), clock.now()
        where = await _where(request, session)
        if name not in RULES:
            raise not_found()
        typed = typed_in(name, form)
        if typed.wrong:
            raise Instead(await _page(request, session, name, where, typed))
        try:
            day = read_day(str(form.get("effective_from") or ""), "effective_from")
            before = (await stand(session, where, by, now=now)).rules[name].value
            value = None if form.get("act") == "widen" else value_of(name, typed, before)
            await set_rule(session, Wanted(name, value, day), where, by=by, now=now)
        except Problem as problem:
            if problem.status != 422:
                raise
            raise Instead(await _page(request, session, name, where, typed, problem.message)) from problem
        return elsewhere(f"/rules/{name}?done=set{_query(where).replace('?', '&')}")


async def _where(request: AnyRequest, session: AsyncSession) -> Where:
    asked = request.query_params
    return await find_where(session, asked.get("campus", "")[:250] or None, asked.get("room", "")[:250] or None)


def _query(where: Where) -> str:
    """What leads back to the same place."""
    if where.room is not None:
        return f"?room={where.room.school}/{where.room.slug}"
    return f"?campus={where.campus}" if where.campus else ""


async def _campuses(session: AsyncSession) -> list[tuple[str, str]]:
    rows = await session.execute(select(Campus.slug, Campus.name).order_by(Campus.name, Campus.id))
    return [(slug, name) for slug, name in rows]


async def _rooms(session: AsyncSession, where: Where) -> list[tuple[str, str]]:
    if where.campus_id is None:
        return []
    rows = await rooms_where(session, Room.campus_id == where.campus_id, most=MOST_ROOMS)
    return [(f"{row.school}/{row.slug}", f"{row.name}, {row.school_name}") for row in rows]


def _told(rule: Standing, language: str) -> dict[str, Any]:
    """One rule as the pages show it."""
    return {
        "name": rule.name,
        "title": TITLES[rule.name],
        "about": ABOUT[rule.name],
        "source": SCOPE_NAMES[rule.source],
        "since": rule.effective_from,
        "sentences": _sentences(rule, rule.value, rule.source, language),
        "coming": [_change(rule, each, language) for each in rule.coming],
        "past": [_change(rule, each, language) for each in rule.past],
        "may_change": rule.may_change,
    }


def _sentences(rule: Standing, value: Any, scope: str, language: str) -> list[str]:
    terms = terms_from({rule.name: value})
    return [say_message(each, language) for each in said(rule.name, terms, rule.activities, scope)]


def _change(rule: Standing, change: Change, language: str) -> dict[str, Any]:
    """`sentences` are empty for a row that gives way to what holds more widely."""
    row = change.row
    sentences = [] if row.value is None else _sentences(rule, row.value, row.scope, language)
    return {"scope": SCOPE_NAMES[row.scope], "day": row.effective_from, "by": change.by, "sentences": sentences}


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    name: str,
    where: Where,
    typed: Typed | None = None,
    wrong: Message | None = None,
) -> Response[Any]:
    """The rule and its form; 422 when something is wrong with what was `typed`."""
    if name not in RULES:
        raise not_found()
    viewer, language = request.state.viewer, request.state.language
    found = await stand(session, where, viewer, now=clock.now())
    rule = found.rules[name]
    bad = typed is not None and (bool(typed.wrong) or wrong is not None)
    shown = typed or filled(name, rule.value)
    errors = {key: say_message(message, language) for key, message in shown.wrong.items()}
    return render(
        request,
        "desk/rule.html",
        status=422 if bad else 200,
        failed=bad,
        summary=[*errors.items(), *([say_message(wrong, language)] if wrong else [])],
        rule=_told(rule, language),
        where=where,
        campus=await session.scalar(select(Campus.name).where(Campus.id == where.campus_id)),
        query=_query(where),
        typed=shown,
        errors=errors,
        labels=LABELS.get(name, {}),
        limits={key: bounds(name, key) for key in LABELS.get(name, ())},
        choices=await _choices(session, name, language),
        week=WEEK,
        by_form=shows(name, rule.value),
        done=request.query_params.get("done", "") == "set",
        path="/rules",
    )


async def _choices(session: AsyncSession, name: str, language: str) -> dict[str, list[tuple[str, str]]]:
    """What can be ticked, in the reader's language; activities are named by the district."""
    named = [(each.slug, each.name.get(language) or each.name["en"]) for each in await activities(session)]
    return {
        key: [(slug, word if key == "activities" else say(word, language)) for slug, word in pairs]
        for key, pairs in choices(name, named).items()
    }
