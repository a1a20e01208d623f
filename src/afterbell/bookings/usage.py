"""What an organization has at a campus already, where its terms set a quota. Its row is locked first, so that two requests at once count each other."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.availability import terms_there
from afterbell.bookings.models import Booking, Occurrence
from afterbell.bookings.place import Place
from afterbell.partners.models import Organization
from afterbell.policy.ask import Asker, Facts, Wish
from afterbell.policy.lengths import MINUTE
from afterbell.policy.lifecycle import WAITING
from afterbell.policy.notice import wall_date
from afterbell.policy.quotas import counts, monday_of
from afterbell.policy.terms import Quotas

USED = (*sorted(WAITING), "approved", "finished")


async def lock_quota(session: AsyncSession, place: Place, *, now: datetime) -> None:
    """Before the spaces, in the order in which everybody locks; nothing where no quota is set."""
    rooms = [room.id for room in place.rooms]
    found = await terms_there(session, place.campus_id, place.rules_mark, rooms, zone=place.zone, now=now)
    if place.organization_id is None or all(each.quotas == Quotas() for each in found.values()):
        return
    row = select(Organization.id).where(Organization.id == place.organization_id)
    await session.execute(row.with_for_update(key_share=True))


async def asker_of_place(
    session: AsyncSession, place: Place, facts: Facts, wish: Wish, *, now: datetime, but: Collection[int] = ()
) -> Asker:
    """Who asks; with what they have, by week, when that counts (one statement), less the dates `but`, which are asked for anew."""
    kind = None if place.its_campus_id is not None else place.organization_kind
    known = Asker(kind, place.activity, place.renewal)
    if place.organization_id is None or not counts(wish, facts):
        return known
    since = min(now, _monday(wish, facts))
    minutes: dict[date, int] = {}
    had = await _had(session, place, since, but)
    for starts_at, ends_at in had:
        week = monday_of(wall_date(starts_at, facts.zone))
        minutes[week] = minutes.get(week, 0) + (ends_at - starts_at) // MINUTE
    return Asker(kind, place.activity, place.renewal, minutes, sum(ends_at > now for _, ends_at in had))


async def _had(
    session: AsyncSession, place: Place, since: datetime, but: Collection[int]
) -> Sequence[tuple[datetime, datetime]]:
    query = select(Occurrence.starts_at, Occurrence.ends_at, Occurrence.id).join(
        Booking, Booking.id == Occurrence.booking_id
    )
    mine = (Booking.organization_id == place.organization_id, Booking.campus_id == place.campus_id)
    rows = await session.execute(query.where(*mine, Occurrence.state.in_(USED), Occurrence.ends_at > since))
    return [(starts_at, ends_at) for starts_at, ends_at, id_ in rows if id_ not in but]


def _monday(wish: Wish, facts: Facts) -> datetime:
    """Some way before the first week that is asked for begins."""
    first = min(day.span.starts_at for day in wish.dates)
    monday = monday_of(wall_date(first, facts.zone))
    return datetime.combine(monday, time(), ZoneInfo(facts.zone)) - timedelta(days=1)
