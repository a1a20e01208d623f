"""Reading bookings: whole ones by reference, lists by what the viewer may see. Columns, not entities; nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.date_rows import DateRow, dates_of, moves_of
from afterbell.bookings.models import Activity, Booking, Program
from afterbell.partners.models import Organization
from afterbell.people.models import Person
from afterbell.places.models import Campus
from afterbell.policy.lifecycle import LIVE
from afterbell.policy.projection import Viewer


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
    program_name: str | None = None
    answer_by: datetime | None = None
    warnings: int = 0
    step_at: datetime | None = None
    free_until: datetime | None = None
    of_school: bool = False
    layout: str | None = None
    wanted: Sequence[str] | None = None
    anyway: str | None = None
    findings: Sequence[dict[str, Any]] | None = None
    proposed: dict[str, Any] | None = None
    change_by: datetime | None = None
    change_reason: str | None = None
    listed_at: datetime | None = None
    repeat: dict[str, Any] | None = None
    activity_id: int = 0
    organization_kind: str | None = None

    @property
    def room_ids(self) -> frozenset[int]:
        """The rooms of its dates that wait or stand, and those where they are to go: for whom these are was judged when it asked for them."""
        live = [date for date in self.dates if date.state in LIVE]
        return frozenset(room.id for date in live for room in (*date.rooms, *(date.move.rooms if date.move else ())))

    def laid_out(self, layout: str | None) -> frozenset[frozenset[int]]:
        """The rooms of each date that waits or stands, as far as they are set up like that already: whether they can be is not judged again."""
        live = [date for date in self.dates if date.state in LIVE] if layout == self.layout else []
        return frozenset(frozenset(room.id for room in date.rooms) for date in live)


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
    Program.name.label("program_name"),
    Booking.answer_by,
    Booking.warnings,
    Booking.step_at,
    Booking.free_until,
    Organization.school_id.is_not(None).label("of_school"),
    Booking.layout,
    Booking.wanted,
    Booking.anyway,
    Booking.findings,
    Booking.proposed,
    Booking.change_by,
    Booking.change_reason,
    Booking.listed_at,
    Booking.repeat,
    Booking.activity_id,
    Organization.kind.label("organization_kind"),
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
    changing = [row["id"] for row in rows if row["change_by"] is not None]
    moves = await moves_of(session, changing) if changing else {}
    found = {id_: tuple(replace(date, move=moves.get(date.id)) for date in each) for id_, each in dates.items()}
    return [BookingRow(**row, dates=found.get(row["id"], ())) for row in rows]


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
    waits = or_(Booking.state == "requested", Booking.change_by.is_not(None))
    return and_(waits, where, Booking.organization_id.not_in(own))
