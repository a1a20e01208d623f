"""The week of a campus: its rooms, each with its dates day by day, every title through the projection. A constant number of statements, however full it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Booking, Occurrence, OccurrenceRoom, Proposal, ProposalRoom
from afterbell.partners.models import Organization
from afterbell.places.catalog import RoomRow, rooms_where
from afterbell.places.models import Campus, Room, School
from afterbell.policy.lifecycle import BLOCKING
from afterbell.policy.projection import Level, Viewer, level, show
from afterbell.web.paging import foreign_cursor, number

DAYS = 7
COMPETING = "requested"


@dataclass(frozen=True)
class Words:
    """What of a date only those may read who see its booking whole."""

    id: str
    reference: str
    organization: str


@dataclass(frozen=True)
class Seen:
    """One date in one room as the viewer may see it. Below FULL there are no `words`; for whoever sees nothing of the booking only the time in the room is
    left, which everybody may know, and `state`, `starts_at` and `ends_at` are None."""

    title: str
    claim_starts_at: datetime
    claim_ends_at: datetime
    state: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    words: Words | None


@dataclass(frozen=True)
class Week:
    """Seven wall days from `first` on; `rooms` are one more than a page holds where others follow. `seen` is by room and wall date, in order of time."""

    campus: str
    zone: str
    first: date
    rooms: Sequence[RoomRow]
    seen: Mapping[tuple[int, date], Sequence[Seen]]


def _dates(
    timed: type[Occurrence] | type[Proposal],
    rooms: type[OccurrenceRoom] | type[ProposalRoom],
    state: ColumnElement[str],
) -> Select[*tuple[Any, ...]]:
    """Dates where they stand, or where they are to go."""
    columns = (timed.starts_at, timed.ends_at, timed.claim_starts_at, timed.claim_ends_at)
    return (
        select(
            rooms.room_id,
            Occurrence.public_id,
            state,
            *columns,
            Booking.reference,
            Booking.title,
            Booking.visibility,
            Booking.organization_id,
            Booking.requested_by_id,
            Organization.slug,
            Occurrence.id,
        )
        .select_from(Occurrence)
        .join(rooms, rooms.occurrence_id == Occurrence.id)
        .join(Booking, Booking.id == Occurrence.booking_id)
        .join(Organization, Organization.id == Booking.organization_id)
        .where(Occurrence.campus_id == bindparam("campus"))
        .where(timed.starts_at >= bindparam("since"), timed.starts_at < bindparam("until"))
        .where(Occurrence.state.in_([*sorted(BLOCKING), COMPETING]))
        .where(rooms.room_id.in_(bindparam("rooms", expanding=True)))
    )


_DATES = union_all(
    _dates(Occurrence, OccurrenceRoom, Occurrence.__table__.c.state),
    _dates(Proposal, ProposalRoom, bindparam("waits", type_=String)).join(
        Proposal, Proposal.occurrence_id == Occurrence.id
    ),
)


async def week_of(
    session: AsyncSession, slug: str, first: date | None, viewer: Viewer, *, after: str | None, most: int, now: datetime
) -> Week | None:
    """The week that begins on a wall date, today when none is given; None for an unknown campus. Four statements. Dates belong to the day on which they begin;
    those that compete are seen only by whoever sees them whole, since they take nothing yet. A date that is to move stands in both places: where it is to go as
    if it were asked for there."""
    campus = (
        await session.execute(select(Campus.id, Campus.time_zone, Campus.holds).where(Campus.slug == slug))
    ).first()
    if campus is None:
        return None
    there = ZoneInfo(campus[1])
    first = first or now.astimezone(there).date()
    rooms = await rooms_where(session, Room.campus_id == campus[0], *_beyond(after), most=most + 1)
    since, until = (datetime.combine(first + timedelta(days=days), time(), there) for days in (0, DAYS))
    waits = "held" if campus[2] == "on_request" else COMPETING
    span = {"since": since, "until": until, "waits": waits}
    wanted = {"campus": campus[0], "rooms": [room.id for room in rooms[:most]]} | span
    seen: dict[tuple[int, date], list[Seen]] = {}
    for row in sorted(await session.execute(_DATES, wanted), key=lambda row: (row[3], row[-1])):
        if (found := _seen(row, campus[0], viewer)) is not None:
            seen.setdefault((row[0], row[3].astimezone(there).date()), []).append(found)
    return Week(slug, campus[1], first, rooms, seen)


def key_of(room: RoomRow) -> str:
    """Where a page ends."""
    return f"{room.school}|{room.id}|{room.name}"


def _beyond(after: str | None) -> list[ColumnElement[bool]]:
    """Rooms come by school, name and id, as rooms_where lists them."""
    if after is None:
        return []
    school, _, rest = after.partition("|")
    id_, bar, name = rest.partition("|")
    if not bar:
        raise foreign_cursor()
    later = or_(Room.name > name, and_(Room.name == name, Room.id > number(id_)))
    return [or_(School.slug > school, and_(School.slug == school, later))]


def _seen(row: Sequence[Any], campus_id: int, viewer: Viewer) -> Seen | None:
    _, id_, state, starts_at, ends_at, since, until, reference, title, visibility, organization_id, asker, slug, _ = row
    own = asker == viewer.person_id
    at = level(visibility=visibility, campus_id=campus_id, organization_id=organization_id, viewer=viewer, own=own)
    shown = show(title, Words(id_, reference, slug), at)
    if state == COMPETING and shown.details is None:
        return None
    if at is Level.NOTHING:
        return Seen(shown.title, since, until, None, None, None, None)
    return Seen(shown.title, since, until, state, starts_at, ends_at, shown.details)
