"""Setting a rule: lock, check who may and what, write the row, raise the marks, announce. One transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import table
from afterbell.outbox.record import Event, record
from afterbell.places.catalog import RoomRow, district_zone, room
from afterbell.places.models import Campus
from afterbell.policy.projection import Viewer
from afterbell.policy.terms import Terms
from afterbell.policy.verdict import N_, Message
from afterbell.problem import forbidden, malformed, not_found
from afterbell.rules.activities import names_of_activities
from afterbell.rules.book import Book
from afterbell.rules.checking import checked, known_name
from afterbell.rules.models import Rule
from afterbell.rules.reading import rows_of
from afterbell.rules.shapes import CAMPUS, DISTRICT, ROOM, RULES

CHANGED = "rules.changed"
FURTHEST = timedelta(days=3 * 366)
ADMIN = "district_admin"


@dataclass(frozen=True)
class Where:
    """What a rule is set for, or read for: the district, a campus, or a room with its campus."""

    campus_id: int | None = None
    campus: str | None = None
    room: RoomRow | None = None

    @property
    def scope(self) -> str:
        """How far it reaches."""
        return DISTRICT if self.campus_id is None else CAMPUS if self.room is None else ROOM

    @property
    def room_id(self) -> int | None:
        """The room's id, for rows."""
        return self.room.id if self.room else None


@dataclass(frozen=True)
class Wanted:
    """A change that is asked for: `value` None takes the rule back to what holds more widely; `effective_from` None is tomorrow."""

    name: str
    value: Mapping[str, Any] | None
    effective_from: date | None = None


async def find_where(session: AsyncSession, campus: str | None, room_key: str | None) -> Where:
    """404 for a campus or a room that nobody has; 422 when the room is elsewhere."""
    if room_key:
        found = await room(session, room_key)
        if found is None:
            raise not_found()
        if campus not in (None, "", found.campus):
            raise malformed(
                Message(N_("The room is at {campus}. Leave campus out, or name that one."), {"campus": found.campus})
            )
        return Where(found.campus_id, found.campus, found)
    if not campus:
        return Where()
    id_ = await session.scalar(select(Campus.id).where(Campus.slug == campus))
    if id_ is None:
        raise not_found()
    return Where(id_, campus)


def may_set(viewer: Viewer, name: str, where: Where, delegated: Terms) -> bool:
    """District administrators set every rule; a school's approvers and facilities staff those that the district leaves to campuses, for theirs."""
    if where.scope not in RULES[name].scopes:
        return False
    if where.campus_id is None:
        return (ADMIN, None) in viewer.staff
    if ADMIN in viewer.roles_at(where.campus_id):
        return True
    return name in delegated.delegation.names and viewer.decides_at(where.campus_id)


async def set_rule(session: AsyncSession, wanted: Wanted, where: Where, *, by: Viewer, now: datetime) -> date:
    """Writes what holds from a day on and answers the day. The campuses concerned are locked first (FOR NO KEY UPDATE), so that whoever asks for a room is
    judged wholly by the old rules or wholly by the new."""
    name = known_name(wanted.name)
    concerned = Campus.id == where.campus_id if where.campus_id is not None else Campus.id.is_not(None)
    await session.execute(select(Campus.id).where(concerned).order_by(Campus.id).with_for_update(key_share=True))
    today = now.astimezone(ZoneInfo(await district_zone(session))).date()
    district = Book(await rows_of(session, ())).terms(None, today)
    _permit(by, name, where, district)
    value = None if wanted.value is None else checked(name, wanted.value)
    await _known_activities(session, name, value or {})
    day = _day(wanted.effective_from, today)
    row = {
        "name": name,
        "campus_id": where.campus_id,
        "room_id": where.room_id,
        "value": value,
        "effective_from": day,
        "set_by_id": by.person_id,
        "set_at": now,
    }
    await session.execute(insert(table(Rule)), row)
    await session.execute(update(Campus).where(concerned).values(rules_mark=Campus.rules_mark + 1))
    facts = {"rule": name, "scope": where.scope, "effective_from": day.isoformat()}
    told = facts | ({"room": where.room_id} if where.room else {})
    await record(session, Event(CHANGED, now, told, where.campus_id, actor_id=by.person_id))
    return day


def _permit(by: Viewer, name: str, where: Where, district: Terms) -> None:
    if where.scope not in RULES[name].scopes:
        values = {"name": name, "choices": ", ".join(RULES[name].scopes)}
        raise malformed(Message(N_("The rule {name} can be set for: {choices}."), values))
    if may_set(by, name, where, district):
        return
    if where.campus_id is not None and by.decides_at(where.campus_id):
        raise forbidden(Message(N_("The district keeps this rule to itself. Ask a district administrator.")))
    raise forbidden(
        Message(N_("Only district administrators, and a school's approvers and facilities staff, set rules."))
    )


def _day(asked: date | None, today: date) -> date:
    """Tomorrow unless another day is named; what has been cannot be ruled any more."""
    day = asked or today + timedelta(days=1)
    if not today <= day <= today + FURTHEST:
        values = {"today": today.isoformat(), "last": (today + FURTHEST).isoformat()}
        raise malformed(Message(N_("effective_from is a day from {today} to {last}."), values))
    return day


async def _known_activities(session: AsyncSession, name: str, value: Mapping[str, Any]) -> None:
    """A slip here would shut everybody out."""
    asked = (
        {slug for each in value.get("reserved", ()) for slug in each["activities"]} if name == "admission" else set()
    )
    if strange := asked - set(await names_of_activities(session, asked)):
        unknown = {"activity": min(strange)[:80]}
        raise malformed(Message(N_("The activity {activity} is unknown; GET /api/v1/activities lists them."), unknown))
