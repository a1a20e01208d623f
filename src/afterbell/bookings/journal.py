"""What happened to one booking, in order, for those who may see it whole: what was done, when, by whom, and about which dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.present import instant, seen
from afterbell.bookings.queries import BookingRow
from afterbell.outbox.models import EventRow
from afterbell.people.models import MEMBER, Membership, Person
from afterbell.policy.projection import Viewer
from afterbell.problem import not_found

PARTNER, STAFF, TIME = "partner", "staff", "time"


@dataclass(frozen=True)
class Entry:
    """One event. `actor` and `name` are None for what time did."""

    public_id: str
    kind: str
    at: datetime
    actor: int | None
    name: str | None
    facts: Mapping[str, Any]


async def journal(session: AsyncSession, row: BookingRow, viewer: Viewer) -> list[dict[str, Any]]:
    """The oldest first; 404 below the full level. Staff read who it was; the organization reads its own people's names, and of others only that it was the
    school. Two statements."""
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
    rooms = {room.id: room.key for date in row.dates for room in date.rooms}
    named = bool(viewer.roles_at(row.campus_id))
    return [_as_json(entry, _by(entry, members, named=named), rooms) for entry in entries]


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


def _as_json(entry: Entry, by: dict[str, str], rooms: Mapping[int, str]) -> dict[str, Any]:
    """Rooms by their keys: ids are for inside."""
    told = {name: value for name, value in entry.facts.items() if name != "reference"}
    told["rooms"] = [rooms[id_] for id_ in entry.facts.get("rooms", ()) if id_ in rooms]
    return {
        "id": entry.public_id,
        "type": f"afterbell.{entry.kind}.v1",
        "at": instant(entry.at),
        "by": by,
        "facts": told,
    }
