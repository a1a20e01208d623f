"""Reading bookings: whole ones by reference, lists by what the viewer may see. Columns, not entities; nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Activity, Booking, Occurrence, OccurrenceRoom, Program
from afterbell.partners.models import Organization
from afterbell.people.models import Person
from afterbell.places.models import Campus, Room, School
from afterbell.policy.projection import Viewer


@dataclass(frozen=True)
class RoomName:
    """A room as people name it; `key` is `school-slug/room-slug`."""

    id: int
    key: str
    name: str
    school: str
    school_slug: str
    entrance: str
    on_site_phone: str
    address: str


ROOM_COLUMNS = (
    Room.id,
    Room.slug,
    Room.name,
    School.name,
    School.slug,
    Room.entrance,
    Room.on_site_phone,
    School.street,
    School.city,
    School.zip,
)


def room_name(row: Sequence[Any]) -> RoomName:
    """A room from its `ROOM_COLUMNS`, in their order."""
    id_, slug, name, school, school_slug, entrance, phone, street, city, code = row
    key, address = f"{school_slug}/{slug}", f"{street}, {city} {code}"
    return RoomName(id_, key, name, school, school_slug, entrance, phone, address)


@dataclass(frozen=True)
class DateRow:
    """One date of a booking. `original_start` is naive wall time; the four instants are UTC."""

    id: int
    public_id: str
    original_start: datetime
    starts_at: datetime
    ends_at: datetime
    claim_starts_at: datetime
    claim_ends_at: datetime
    state: str
    reason: str | None
    shifted: bool
    rooms: tuple[RoomName, ...]
    reasons: Sequence[dict[str, Any]] = ()
    alternative: dict[str, Any] | None = None


@dataclass(frozen=True)
class BookingRow:
    """A booking with its dates in order of time. Show it to people only through policy.projection (bookings.present does)."""

    id: int
    reference: str
    version: int
    state: str
    campus_id: int
    campus: str
    campus_name: str
    zone: str
    organization_id: int
    organization: str
    organization_name: str
    activity: str
    activity_name: dict[str, str]
    visibility: str
    title: str
    headcount: int
    contact: dict[str, str]
    note: str
    requested_by_id: int
    requested_by: str
    requested_at: datetime
    decide_by: datetime
    dates: tuple[DateRow, ...]
    verified: bool = True
    entered_as: str = "partner"
    on_behalf_of: dict[str, str] | None = None
    listing: dict[str, Any] | None = None
    program: str | None = None
    answer_by: datetime | None = None
    warnings: int = 0
    step_at: datetime | None = None
    free_until: datetime | None = None
    of_school: bool = False


COLUMNS = (
    Booking.id,
    Booking.reference,
    Booking.version,
    Booking.state,
    Booking.campus_id,
    Campus.slug.label("campus"),
    Campus.name.label("campus_name"),
    Campus.time_zone.label("zone"),
    Booking.organization_id,
    Organization.slug.label("organization"),
    Organization.name.label("organization_name"),
    Activity.slug.label("activity"),
    Activity.name.label("activity_name"),
    Booking.visibility,
    Booking.title,
    Booking.headcount,
    Booking.contact,
    Booking.note,
    Booking.requested_by_id,
    Person.name.label("requested_by"),
    Booking.requested_at,
    Booking.decide_by,
    Organization.verified,
    Booking.entered_as,
    Booking.on_behalf_of,
    Booking.listing,
    Program.slug.label("program"),
    Booking.answer_by,
    Booking.warnings,
    Booking.step_at,
    Booking.free_until,
    Organization.school_id.is_not(None).label("of_school"),
)


@cache
def whole() -> Select[*tuple[Any, ...]]:
    """One row a booking, without its dates."""
    found: Select[*tuple[Any, ...]] = select(*COLUMNS)
    return (
        found.join(Campus, Campus.id == Booking.campus_id)
        .join(Organization, Organization.id == Booking.organization_id)
        .join(Activity, Activity.id == Booking.activity_id)
        .join(Person, Person.id == Booking.requested_by_id)
        .outerjoin(Program, Program.id == Booking.program_id)
    )


async def booking(session: AsyncSession, wanted: Select[*tuple[Any, ...]]) -> BookingRow | None:
    """The one booking of a `whole()` statement, or None; two statements."""
    found = await bookings(session, wanted.limit(1))
    return found[0] if found else None


async def bookings(session: AsyncSession, wanted: Select[*tuple[Any, ...]]) -> list[BookingRow]:
    """Every booking of a `whole()` statement with its dates: two statements, however many there are."""
    rows = (await session.execute(wanted)).mappings().all()
    dates = await dates_of(session, [row["id"] for row in rows])
    return [BookingRow(**row, dates=tuple(dates.get(row["id"], ()))) for row in rows]


async def dates_of(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[DateRow]]:
    """The dates of some bookings, each in order of time, with their rooms."""
    if not ids:
        return {}
    rows = (await session.execute(_dates().where(Occurrence.booking_id.in_(ids)))).all()
    found: dict[int, list[DateRow]] = {}
    for occurrence, room in ((row[:13], row[13:]) for row in rows):
        name = room_name(room)
        of_booking = found.setdefault(occurrence[0], [])
        if of_booking and of_booking[-1].id == occurrence[1]:
            last = of_booking.pop()
            of_booking.append(_date(occurrence, (*last.rooms, name)))
        else:
            of_booking.append(_date(occurrence, (name,)))
    return found


def _date(row: Sequence[Any], rooms: tuple[RoomName, ...]) -> DateRow:
    start = datetime.fromisoformat(row[3])
    times = (row[4], row[5], row[6], row[7])
    return DateRow(row[1], row[2], start, *times, row[8], row[9], row[10], rooms, row[11] or (), row[12])


@cache
def _dates() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Occurrence.booking_id,
            Occurrence.id,
            Occurrence.public_id,
            Occurrence.original_start,
            Occurrence.starts_at,
            Occurrence.ends_at,
            Occurrence.claim_starts_at,
            Occurrence.claim_ends_at,
            Occurrence.state,
            Occurrence.reason,
            Occurrence.shifted,
            Occurrence.reasons,
            Occurrence.alternative,
            *ROOM_COLUMNS,
        )
        .join(OccurrenceRoom, OccurrenceRoom.occurrence_id == Occurrence.id)
        .join(Room, Room.id == OccurrenceRoom.room_id)
        .join(School, School.id == Room.school_id)
        .order_by(Occurrence.starts_at, Occurrence.id, Room.id)
    )


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The scope, as part of the query: own organizations, and the campuses where the viewer has a staff role."""
    if viewer.everywhere:
        return true()
    reach = [
        Booking.organization_id.in_(viewer.organizations) if viewer.organizations else false(),
        Booking.campus_id.in_(viewer.campuses) if viewer.campuses else false(),
    ]
    return or_(*reach)


def decided_by(viewer: Viewer) -> ColumnElement[bool]:
    """What waits for this person's decision: where they decide, less the requests of partners they belong to. A school's own organization is no partner."""
    deciding = [at for role, at in viewer.staff if role in ("site_approver", "facilities", "district_admin")]
    where = true() if None in deciding else Booking.campus_id.in_([at for at in deciding if at is not None])
    own = select(Organization.id).where(Organization.id.in_(viewer.organizations), Organization.school_id.is_(None))
    return and_(Booking.state == "requested", where, Booking.organization_id.not_in(own))
