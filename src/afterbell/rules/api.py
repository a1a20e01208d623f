"""`/api/v1/rules`: what holds where, since when and from when otherwise, for everybody who is signed in; and setting it, for those who may."""

from datetime import date
from typing import Annotated, Any

from litestar import Controller, Request, get, put
from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.people.access import signed_in
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import malformed
from afterbell.rules.setting import Wanted, Where, find_where, set_rule
from afterbell.rules.shapes import terms_from
from afterbell.rules.standing import Change, Stand, Standing, check_scope, stand
from afterbell.rules.wording import TITLES, said
from afterbell.web.body import read_json
from afterbell.web.words import say, say_message

AnyRequest = Request[Any, Any, Any]
Name = Annotated[str, Meta(min_length=1, max_length=40)]
Key = Annotated[str, Meta(min_length=1, max_length=250)]


class RuleForm(Struct, forbid_unknown_fields=True):
    """PUT /rules. `value` null takes the rule back to what holds more widely; without `effective_from` it holds from tomorrow on."""

    name: Name
    value: dict[str, Any] | None
    scope: Name | None = None
    campus: Key | None = None
    room: Key | None = None
    effective_from: Annotated[str, Meta(max_length=10)] | None = None


class ComingAnswer(Struct, forbid_unknown_fields=True):
    """What holds from a later day on; `value` null when it gives way to what holds more widely."""

    scope: str
    value: dict[str, Any] | None
    effective_from: str


class RuleAnswer(Struct, forbid_unknown_fields=True):
    """One rule on one day: its value, the scope that it comes from ("default" for none), in words, and what is coming."""

    name: str
    title: str
    value: dict[str, Any]
    source: str
    effective_from: str | None
    text: list[str]
    may_change: bool
    coming: list[ComingAnswer]


class RuleList(Struct, forbid_unknown_fields=True):
    """Every rule for the district, a campus or a room on one day."""

    scope: str
    campus: str | None
    room: str | None
    on: str
    items: list[RuleAnswer]
    next: None


class RulesApi(Controller):
    """Rules, as docs/api.md says."""

    path = "/api/v1/rules"

    @get("/", gives=RuleList, filters=("scope", "campus", "room", "on"))
    async def listing(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> dict[str, Any]:
        """Filters `campus`, `room`, `on` (a wall date, else today) and `scope`, which must fit them."""
        by, asked = signed_in(viewer), request.query_params
        on = read_day(asked.get("on"), "on")
        where = await find_where(session, asked.get("campus"), asked.get("room"))
        check_scope(asked.get("scope") or None, where)
        found = await stand(session, where, by, now=clock.now(), on=on)
        return _list_json(found, where, viewer.language)

    @put("/", takes=RuleForm, gives=RuleAnswer)
    async def change(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> dict[str, Any]:
        """Sets one rule from a day on, and answers how it stands on that day."""
        form = await read_json(request, RuleForm)
        by, now = signed_in(viewer), clock.now()
        wanted = Wanted(form.name, form.value, read_day(form.effective_from, "effective_from"))
        where = await find_where(session, form.campus, form.room)
        check_scope(form.scope, where)
        day = await set_rule(session, wanted, where, by=by, now=now)
        found = await stand(session, where, by, now=now, on=day)
        return _rule_json(found.rules[form.name], viewer.language)


def read_day(text: str | None, name: str) -> date | None:
    """A wall date; 422 with what passes."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
        if not 1900 < found.year < 9000:
            raise ValueError(text)
    except ValueError as error:
        raise malformed(Message(N_("{field} is a day such as 2026-12-01."), {"field": name})) from error
    return found


def _list_json(found: Stand, where: Where, language: str) -> dict[str, Any]:
    return {
        "scope": where.scope,
        "campus": where.campus,
        "room": f"{where.room.school}/{where.room.slug}" if where.room else None,
        "on": found.on.isoformat(),
        "items": [_rule_json(each, language) for each in found.rules.values()],
        "next": None,
    }


def _rule_json(rule: Standing, language: str) -> dict[str, Any]:
    sentences = said(rule.name, terms_from({rule.name: rule.value}), rule.activities, rule.source)
    return {
        "name": rule.name,
        "title": say(TITLES[rule.name], language),
        "value": dict(rule.value),
        "source": rule.source,
        "effective_from": rule.effective_from.isoformat() if rule.effective_from else None,
        "text": [say_message(each, language) for each in sentences],
        "may_change": rule.may_change,
        "coming": [_coming_json(each) for each in rule.coming],
    }


def _coming_json(change: Change) -> dict[str, Any]:
    row = change.row
    return {"scope": row.scope, "value": row.value, "effective_from": row.effective_from.isoformat()}
