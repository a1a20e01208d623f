"""What an organization has at a campus already, where its terms set a quota. Its row is locked first, so that two requests at once count each other.
A move that waits counts where it is to go, too."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.availability import terms_there
from afterbell.bookings.models import Booking, Occurrence, Proposal
from afterbell.bookings.place import Place
from afterbell.bookings.queries import BookingRow
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


async def usage(
    session: AsyncSession,
    whose: Place | BookingRow,
    facts: Facts,
    wish: Wish,
    *,
    now: datetime,
    but: Collection[int] = (),
    stays: Sequence[Span] = (),
) -> Asker:
    """What an organization has at a campus, by week, when that counts (one statement), less the dates `but`, which are asked for anew or, what `stays`, come
    to nothing new."""
    if whose.organization_id is None or not counts(wish, facts):
        return Asker()
    since = min(now, _monday(wish, facts.zone))
    had = await _had(session, whose.organization_id, [whose.campus_id], since, but)
    return _having(Asker(), [*had.get(whose.campus_id, ()), *((span,) for span in stays)], facts.zone, now)


async def askers_by_campus(
    session: AsyncSession, organization_id: int, zones: Mapping[int, str], asker: Asker, wish: Wish, *, now: datetime
) -> dict[int, Asker]:
    """The same `asker` with what the organization has at each of the campuses, which come with their `zones`; campuses where it has nothing are left out.
    One statement."""
    since = min(now, *(_monday(wish, zone) for zone in set(zones.values())))
    had = await _had(session, organization_id, zones, since, ())
    return {campus: _having(asker, spans, zones[campus], now) for campus, spans in had.items()}


def _having(asker: Asker, had: Sequence[Sequence[Span]], zone: str, now: datetime) -> Asker:
    open_ = sum(max(span.ends_at for span in spans) > now for spans in had)
    return replace(asker, minutes=_by_week(had, zone), dates_open=open_)


def who_asks(place: Place) -> Asker:
    """Who asks, without what they have; the school itself is of no kind."""
    kind = None if place.its_campus_id is not None else place.organization_kind
    return Asker(kind, place.activity, place.renewal)


def _by_week(had: Sequence[Sequence[Span]], zone: str) -> dict[date, int]:
    """Minutes by Monday. A date that is to move may end in either week and counts in both; within one week it counts once, as long as it may be."""
    minutes: dict[date, int] = {}
    for spans in had:
        for week in {monday_of(wall_date(span.starts_at, zone)) for span in spans}:
            here = [span.length // MINUTE for span in spans if monday_of(wall_date(span.starts_at, zone)) == week]
            minutes[week] = minutes.get(week, 0) + max(here)
    return minutes


async def _had(
    session: AsyncSession, organization_id: int, campuses: Collection[int], since: datetime, but: Collection[int]
) -> dict[int, list[tuple[Span, ...]]]:
    """By campus, where each date stands, and where it is to go while that waits."""
    times = (Occurrence.starts_at, Occurrence.ends_at, Proposal.starts_at, Proposal.ends_at)
    query = (
        select(Occurrence.id, Booking.campus_id, *times)
        .join(Booking, Booking.id == Occurrence.booking_id)
        .outerjoin(Proposal, Proposal.occurrence_id == Occurrence.id)
    )
    mine = (Booking.organization_id == organization_id, Booking.campus_id.in_(campuses))
    late = or_(Occurrence.ends_at > since, Proposal.ends_at > since)
    rows: Sequence[Any] = (await session.execute(query.where(*mine, Occurrence.state.in_(USED), late))).all()
    found: dict[int, list[tuple[Span, ...]]] = {}
    for id_, campus, starts_at, ends_at, to, until in rows:
        if id_ not in but:
            moved = [Span(to, until)] if to is not None else []
            found.setdefault(campus, []).append((Span(starts_at, ends_at), *moved))
    return found


def _monday(wish: Wish, zone: str) -> datetime:
    """Some way before the first week that is asked for begins."""
    first = min(day.span.starts_at for day in wish.dates)
    monday = monday_of(wall_date(first, zone))
    return datetime.combine(monday, time(), ZoneInfo(zone)) - timedelta(days=1)
