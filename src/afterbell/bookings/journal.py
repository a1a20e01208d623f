"""What happened to one booking, in order, for those who may see it whole: what was done, when, by whom, and about which dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings import events
from afterbell.bookings.present import instant, seen
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.room_names import ROOM_COLUMNS, room_name
from afterbell.outbox.models import EventRow
from afterbell.people.models import MEMBER, Membership, Person
from afterbell.places.models import Room, School
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_
from afterbell.problem import not_found
from afterbell.web.words import say

PARTNER, STAFF, TIME = "partner", "staff", "time"
WORDS: Mapping[str, str] = {
    events.REQUESTED: N_("Requested"),
    events.APPROVED: N_("Approved"),
    events.DECLINED: N_("Declined"),
    events.WITHDRAWN: N_("Withdrawn"),
    events.CANCELLED: N_("Cancelled"),
    events.QUESTIONED: N_("The school asked a question"),
    events.ANSWERED: N_("The question was answered"),
    events.HOLD_WARNED: N_("Reminded to answer the question"),
    events.LAPSED: N_("Lapsed"),
    events.CHANGED: N_("Changed"),
    events.CHANGE_WITHDRAWN: N_("Change taken back"),
    events.CHANGE_LAPSED: N_("Change not decided in time"),
}
ASKED, GRANTED, REFUSED = N_("Change asked for"), N_("Change approved"), N_("Change not approved")


@dataclass(frozen=True)
class Entry:
    """One event. `actor` and `name` are None for what time did."""

    public_id: str
    kind: str
    at: datetime
    actor: int | None
    name: str | None
    facts: Mapping[str, Any]


def said(kind: str, facts: Mapping[str, Any]) -> str:
    """What happened in a few words, to be translated: an act that was about nothing but a change that waits, or waited, says so."""
    decided = any(facts.get(name) for name in ("approved", "declined"))
    if kind == events.CHANGED and (facts.get("asked") or facts.get("waits")):
        return ASKED
    if kind == events.APPROVED and not decided:
        return GRANTED
    if kind == events.DECLINED and not decided and (facts.get("stayed") or facts.get("kept")):
        return REFUSED
    return WORDS[kind]


async def journal(session: AsyncSession, row: BookingRow, viewer: Viewer) -> list[dict[str, Any]]:
    """The oldest first; 404 below the full level. Staff read who it was; the organization reads its own people's names, and of others only that it was the
    school. Two statements, and one more where it was in rooms that it has left."""
    if seen(row, viewer).details is None:
        raise not_found()
    entries = await _entries(session, row.id)
    theirs = {entry.actor for entry in entries if entry.actor is not None}
    query = select(Membership.person_id).where(
        Membership.organization_id == row.organization_id,
        Membership.state == MEMBER,
        Membership.person_id.in_(theirs),
    )
    members = set(await session.scalars(query))
    rooms = await _rooms(session, row, entries)
    named = bool(viewer.roles_at(row.campus_id))
    return [_as_json(entry, _by(entry, members, named=named), rooms, viewer.language) for entry in entries]


async def _rooms(session: AsyncSession, row: BookingRow, entries: Sequence[Entry]) -> Mapping[int, str]:
    """The keys of every room that an entry names, by id."""
    rooms = {room.id: room.key for date in row.dates for room in date.rooms}
    left = {id_ for entry in entries for id_ in entry.facts.get("rooms", ())} - set(rooms)
    if not left:
        return rooms
    query = select(*ROOM_COLUMNS).join(School, School.id == Room.school_id).where(Room.id.in_(left))
    return rooms | {room.id: room.key for room in map(room_name, await session.execute(query))}


async def _entries(session: AsyncSession, booking_id: int) -> list[Entry]:
    query = (
        select(
            EventRow.public_id,
            EventRow.kind,
            EventRow.happened_at,
            EventRow.actor_id,
            Person.name,
            EventRow.facts,
        )
        .outerjoin(Person, Person.id == EventRow.actor_id)
        .where(EventRow.booking_id == booking_id, EventRow.kind.startswith("booking."))
        .order_by(EventRow.id)
    )
    return [Entry(*row) for row in await session.execute(query)]


def _by(entry: Entry, members: set[int], *, named: bool) -> dict[str, str]:
    if entry.actor is None or entry.name is None:
        return {"role": TIME}
    role = PARTNER if entry.actor in members else STAFF
    return {"role": role, "name": entry.name} if named or role == PARTNER else {"role": role}


def _as_json(entry: Entry, by: dict[str, str], rooms: Mapping[int, str], language: str) -> dict[str, Any]:
    """Rooms by their keys: ids are for inside."""
    told = {name: value for name, value in entry.facts.items() if name != "reference"}
    told["rooms"] = [rooms[id_] for id_ in entry.facts.get("rooms", ()) if id_ in rooms]
    return {
        "id": entry.public_id,
        "type": f"afterbell.{entry.kind}.v1",
        "at": instant(entry.at),
        "by": by,
        "summary": say(said(entry.kind, entry.facts), language),
        "facts": told,
    }
