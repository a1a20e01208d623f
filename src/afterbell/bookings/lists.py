"""Lists of bookings by what the viewer may see: for partners, for approvers, for programs. Constant number of statements."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Activity, Booking, Occurrence
from afterbell.bookings.queries import BookingRow, bookings, decided_by, visible_to, whole
from afterbell.partners.models import Organization
from afterbell.places.models import Campus
from afterbell.policy.projection import CONFIDANTS, CONFIDENTIAL, DECIDERS, Viewer
from afterbell.web.paging import number


@dataclass(frozen=True)
class Wanted:
    """Filters of GET /bookings. `since` and `before` are half-open, by the start of some date."""

    state: str | None = None
    campus: str | None = None
    organization: str | None = None
    since: datetime | None = None
    before: datetime | None = None


async def list_bookings(
    session: AsyncSession, viewer: Viewer, wanted: Wanted, *, after: str | None, most: int
) -> list[BookingRow]:
    """Newest first, `most` of them, below the booking whose id is `after`."""
    query = whole().where(visible_to(viewer), *_conditions(wanted, viewer)).order_by(Booking.id.desc()).limit(most)
    if after is not None:
        query = query.where(Booking.id < number(after))
    return await bookings(session, query)


def words_open_to(viewer: Viewer) -> ColumnElement[bool]:
    """Of what `visible_to` lets through, the bookings that the viewer sees in full: policy.projection.level as part of a query. For filters by what a busy
    time keeps to itself, which would tell it by what they leave out."""
    confided = [at for role, at in viewer.staff if role in CONFIDANTS]
    return or_(
        true() if None in confided else Booking.campus_id.in_([at for at in confided if at is not None]),
        Booking.visibility.not_in(CONFIDENTIAL),
        Booking.organization_id.in_(viewer.organizations),
        Booking.requested_by_id == viewer.person_id,
    )


def _conditions(wanted: Wanted, viewer: Viewer) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state:
        found.append(Booking.state == wanted.state)
    if wanted.campus:
        found.append(Campus.slug == wanted.campus)
    if wanted.organization:
        found += [Organization.slug == wanted.organization, words_open_to(viewer)]
    if wanted.since or wanted.before:
        date = select(Occurrence.id).where(Occurrence.booking_id == Booking.id)
        date = date.where(Occurrence.starts_at >= wanted.since) if wanted.since else date
        date = date.where(Occurrence.starts_at < wanted.before) if wanted.before else date
        found.append(exists(date))
    return found


async def own_bookings(
    session: AsyncSession, viewer: Viewer, *, after: str | None = None, most: int = 100
) -> list[BookingRow]:
    """What the viewer's organizations asked for, newest first, below the booking whose id is `after`."""
    query = whole().where(Booking.organization_id.in_(viewer.organizations)).order_by(Booking.id.desc()).limit(most)
    if after is not None:
        query = query.where(Booking.id < number(after))
    return await bookings(session, query)


async def waiting_for(session: AsyncSession, viewer: Viewer, *, most: int = 100) -> list[BookingRow]:
    """What waits for this person's decision: first what begins first, then what is due first; what the partner has to answer comes after it all."""
    order = (Booking.answer_by.is_not(None), Booking.first_starts_at, Booking.decide_by)
    return await bookings(session, whole().where(decided_by(viewer)).order_by(*order).limit(most))


async def count_waiting(session: AsyncSession, viewer: Viewer) -> int:
    """How many requests wait for this person, less those that the partner has to answer; no statement for somebody who decides nowhere, since every page
    asks."""
    if not any(role in DECIDERS for role, _ in viewer.staff):
        return 0
    return (
        await session.scalar(select(func.count(Booking.id)).where(decided_by(viewer), Booking.answer_by.is_(None))) or 0
    )


@dataclass(frozen=True)
class ActivityRow:
    """A kind of use; `name` by language."""

    slug: str
    name: dict[str, str]
    pillar: str
    category: str
    visibility: str


async def activities(session: AsyncSession) -> list[ActivityRow]:
    """Every activity, by pillar and name."""
    query = select(Activity.slug, Activity.name, Activity.pillar, Activity.category, Activity.visibility)
    return [ActivityRow(*row) for row in await session.execute(query.order_by(Activity.pillar, Activity.slug))]
