"""For whom rooms are looked for: an organization and an activity that a search names, judged as a booking of theirs would be."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, case, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Booking, Occurrence
from afterbell.bookings.place import ACTIVITY, ORGANIZATION, YEAR, unknown_activity
from afterbell.database import Instant
from afterbell.places.models import School
from afterbell.policy.ask import Asker
from afterbell.policy.projection import Viewer
from afterbell.policy.standing import NOT_A_MEMBER
from afterbell.policy.terms import LOW_RISK
from afterbell.problem import refused


@dataclass(frozen=True)
class Searcher:
    """Who looks, without what they have: `its_campus_id` is where the organization is a school, whose own organization may not have been made yet;
    `held` is how many dates an unverified organization holds, None where nothing limits it."""

    asker: Asker = field(default_factory=Asker)
    organization_id: int | None = None
    its_campus_id: int | None = None
    held: int | None = None

    def member_at(self, campus_id: int) -> bool | None:
        """Whether they may ask there: a school at its own campus only. None while nobody is named."""
        if self.its_campus_id is not None:
            return self.its_campus_id == campus_id
        return None if self.organization_id is None else True


NOBODY = Searcher()
_one = select(literal(1).label("one")).subquery()
_school = select(School.campus_id).where(School.slug == bindparam("organization")).subquery()
_holds = (
    select(func.count(Occurrence.id))
    .join(Booking, Booking.id == Occurrence.booking_id)
    .where(
        Booking.organization_id == ORGANIZATION.c.id,
        Occurrence.state == "held",
        Occurrence.ends_at > bindparam("now", type_=Instant()),
    )
    .scalar_subquery()
)
_WHO = (
    select(
        ORGANIZATION.c.id,
        ORGANIZATION.c.kind,
        case((ORGANIZATION.c.id.is_(None), _school.c.campus_id), else_=ORGANIZATION.c.campus_id),
        ORGANIZATION.c.renews,
        case((ORGANIZATION.c.verified.is_(False), _holds)),
        ACTIVITY.c.slug,
        ACTIVITY.c.insurance,
    )
    .select_from(_one)
    .outerjoin(ORGANIZATION, true())
    .outerjoin(_school, true())
    .outerjoin(ACTIVITY, true())
)


async def find_searcher(
    session: AsyncSession, organization: str | None, activity: str | None, *, by: Viewer, now: datetime
) -> Searcher:
    """One statement, none where neither is named. 422 for an activity that there is not; 409 `not_a_member` for an organization that this person does not
    speak for, or that there is not: a preview says the same of both."""
    if organization is None and activity is None:
        return NOBODY
    named = {"organization": organization, "activity": activity, "year_ago": now - YEAR, "now": now}
    id_, kind, campus, renews, held, slug, insurance = (await session.execute(_WHO, named)).one()
    if activity is not None and slug is None:
        raise unknown_activity(activity)
    member = by.enters_at(campus) if campus is not None else id_ in by.organizations
    if organization is not None and not member:
        raise refused([NOT_A_MEMBER])
    asker = Asker(None if campus is not None else kind, slug, bool(renews) and insurance in LOW_RISK)
    return Searcher(asker, id_, campus, held)
