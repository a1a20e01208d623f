"""How the rules stand somewhere on a day: what holds, where it comes from, what is coming, and whether somebody may change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.people.models import Person
from afterbell.places.catalog import district_zone
from afterbell.policy.projection import Viewer
from afterbell.policy.terms import Terms
from afterbell.policy.verdict import N_, Message
from afterbell.problem import malformed
from afterbell.rules.activities import names_of_activities
from afterbell.rules.book import RuleRow, coming, in_force
from afterbell.rules.checking import checked
from afterbell.rules.models import Rule
from afterbell.rules.reading import COLUMNS
from afterbell.rules.setting import Where, may_set
from afterbell.rules.shapes import CAMPUS, DISTRICT, RULES, SCOPES, terms_from

DEFAULT = "default"


@dataclass(frozen=True)
class Change:
    """A row that comes into force later, or did before."""

    row: RuleRow
    by: str


@dataclass(frozen=True)
class Standing:
    """One rule somewhere on a day. `source` is the scope that it comes from, or "default"; `effective_from` None for a default; `activities` are the names, by
    language, of those that it may tell of."""

    name: str
    value: Mapping[str, Any]
    source: str
    effective_from: date | None
    coming: Sequence[Change]
    past: Sequence[Change]
    may_change: bool
    activities: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Stand:
    """All of them, and the terms that they make."""

    on: date
    today: date
    terms: Terms
    rules: Mapping[str, Standing]


async def stand(session: AsyncSession, where: Where, viewer: Viewer, *, now: datetime, on: date | None = None) -> Stand:
    """Two statements, whatever the number of rules, and one where rooms are reserved for some activities."""
    today = now.astimezone(ZoneInfo(await district_zone(session))).date()
    changes = await _changes(session, where)
    rows, names = [each.row for each in changes], {each.row.id: each.by for each in changes}
    day = on or today
    held = in_force(rows, day)
    terms = terms_from({name: row.value or {} for name, row in held.items()})
    everywhere = [row for row in rows if row.scope == DISTRICT]
    district = terms_from({name: row.value or {} for name, row in in_force(everywhere, today).items()})
    activities = await names_of_activities(session, _named(rows))
    found = {}
    for name in RULES:
        own = [row for row in rows if row.name == name]
        row = held.get(name)
        ahead = [Change(each, names[each.id]) for each in coming(own, day)]
        found[name] = Standing(
            name=name,
            value=row.value or {} if row else checked(name, {}),
            source=row.scope if row else DEFAULT,
            effective_from=row.effective_from if row else None,
            coming=ahead,
            past=[Change(each, names[each.id]) for each in reversed(own) if each.effective_from <= day],
            may_change=may_set(viewer, name, where, district),
            activities=activities,
        )
    return Stand(day, today, terms, found)


async def _changes(session: AsyncSession, where: Where) -> list[Change]:
    """Every row that reaches there, with who set it."""
    query = select(*COLUMNS, Person.name).join(Person, Person.id == Rule.set_by_id).order_by(Rule.id)
    query = query.where(or_(Rule.campus_id.is_(None), Rule.campus_id == where.campus_id))
    query = query.where(or_(Rule.room_id.is_(None), Rule.room_id == where.room_id))
    return [Change(RuleRow(*row[:-1]), row[-1]) for row in await session.execute(query)]


def _named(rows: Sequence[RuleRow]) -> set[str]:
    """The activities for which something is reserved, by slug."""
    kept = [each for row in rows if row.name == "admission" for each in (row.value or {}).get("reserved", ())]
    return {slug for each in kept for slug in each.get("activities", ())}


def check_scope(scope: str | None, where: Where) -> None:
    """A scope that is named beside its place must be that place's: 422."""
    if scope is None or scope == where.scope:
        return
    if scope not in SCOPES:
        raise malformed(Message(N_("scope is one of {choices}."), {"choices": ", ".join(SCOPES)}))
    needs = {
        DISTRICT: N_("scope district goes without campus and room."),
        CAMPUS: N_("scope campus goes with a campus and no room."),
    }
    raise malformed(Message(needs.get(scope, N_("scope room goes with a room."))))
