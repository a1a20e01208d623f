"""The facts that an ask is judged by, in a few statements. For an act they are read under the lock."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.closures import Closure
from afterbell.almanac.span import Span
from afterbell.bookings.models import Claim
from afterbell.bookings.occupied import LOOK_BACK, asked_for
from afterbell.bookings.place import Place
from afterbell.bookings.spaces import Spaces
from afterbell.places.models import Campus, ClosureRow
from afterbell.policy.ask import Contest, Facts
from afterbell.policy.projection import Viewer
from afterbell.policy.terms import Terms
from afterbell.rules.activities import names_of_activities
from afterbell.rules.reading import terms_of

NOTICE_REACH = timedelta(days=180)


async def gather_facts(
    session: AsyncSession,
    place: Place,
    spaces: Spaces,
    reach: Span,
    *,
    by: Viewer,
    now: datetime,
    but: Collection[int] = (),
) -> Facts:
    """What holds for a reach of time: closures (back to `now` and some way on, for notice in business days), what is taken, less what the dates `but` block,
    and what others ask for where requests compete; and the terms of the rooms. Two statements, or three; and one where rooms are kept for some activities."""
    competing = place.holds == "on_approval"
    member = None if place.organization_id is None else place.organization_id in by.organizations
    long = Span(min(reach.starts_at, now), max(reach.ends_at, now + NOTICE_REACH))
    terms = await terms_there(session, place.campus_id, place.rules_mark, spaces.rooms, zone=place.zone, now=now)
    return Facts(
        zone=place.zone,
        rooms=spaces.rooms,
        windows=place.windows,
        closures=await closures_of(session, place.campus_id, long),
        taken=await taken(session, spaces.ids, reach, but=but),
        member=member,
        terms=terms,
        competing=competing,
        activities=await activity_names(session, terms.values()),
        asked=await contests(session, place.campus_id, spaces, reach) if competing else (),
    )


async def activity_names(session: AsyncSession, terms: Iterable[Terms]) -> dict[str, dict[str, str]]:
    """Of the activities that the terms name, by slug and language."""
    slugs = {slug for each in terms for kept in each.reserved for slug in kept.activities}
    return await names_of_activities(session, slugs)


async def contests(session: AsyncSession, campus_id: int, spaces: Spaces, reach: Span) -> list[Contest]:
    """What others ask for in these spaces without holding it."""
    return [Contest(each.claim, each.spaces) for each in await asked_for(session, campus_id, spaces.ids, reach)]


async def terms_there(
    session: AsyncSession, campus_id: int, mark: int, rooms: Collection[int], *, zone: str, now: datetime
) -> dict[int, Terms]:
    """The terms of rooms of one campus, as they are today; no statement unless they changed since this process read them."""
    on = now.astimezone(ZoneInfo(zone)).date()
    return await terms_of(session, {campus_id: mark}, dict.fromkeys(rooms, campus_id), on)


async def hours_and_mark(session: AsyncSession, campus_id: int) -> tuple[list[dict[str, Any]], int]:
    """The campus's after-hours windows, as kept, and the mark of its rules."""
    windows, mark = (await session.execute(select(Campus.hours, Campus.rules_mark).where(Campus.id == campus_id))).one()
    return list(windows), mark


async def closures_of(session: AsyncSession, campus_id: int, reach: Span) -> list[Closure]:
    """The campus's and the district's closures that touch a reach of time."""
    return (await closures_by_campus(session, [campus_id], reach))[campus_id]


_CLOSURES = (
    select(ClosureRow.campus_id, ClosureRow.starts_at, ClosureRow.ends_at, ClosureRow.reason)
    .where(or_(ClosureRow.campus_id.in_(bindparam("campuses", expanding=True)), ClosureRow.campus_id.is_(None)))
    .where(ClosureRow.starts_at < bindparam("until"), ClosureRow.ends_at > bindparam("since"))
    .order_by(ClosureRow.starts_at, ClosureRow.id)
)


async def closures_by_campus(session: AsyncSession, campuses: Collection[int], reach: Span) -> dict[int, list[Closure]]:
    """The closures of each campus that touch a reach of time, in order, the district's included. One statement."""
    wanted = {"campuses": list(campuses), "since": reach.starts_at, "until": reach.ends_at}
    rows = await session.execute(_CLOSURES, wanted)
    found: dict[int, list[Closure]] = {campus: [] for campus in campuses}
    for campus, starts_at, ends_at, reason in rows:
        closure = Closure(Span(starts_at, ends_at), reason)
        for each in campuses if campus is None else (campus,):
            found[each].append(closure)
    return found


_TAKEN = (
    select(Claim.space_id, Claim.starts_at, Claim.ends_at, Claim.occurrence_id)
    .where(Claim.space_id.in_(bindparam("spaces", expanding=True)))
    .where(
        Claim.starts_at > bindparam("back"), Claim.starts_at < bindparam("until"), Claim.ends_at > bindparam("since")
    )
    .order_by(Claim.starts_at)
)


async def taken(
    session: AsyncSession, spaces: Sequence[int], reach: Span, *, but: Collection[int] = ()
) -> dict[int, list[Span]]:
    """What blocks each of the spaces in a reach of time, in order, less what the dates `but` block themselves; a claim is never longer than 24 hours, so the
    look-up is bounded."""
    wanted = {"spaces": spaces, "since": reach.starts_at, "until": reach.ends_at}
    found: dict[int, list[Span]] = {}
    for space, starts_at, ends_at, occurrence in await session.execute(
        _TAKEN, wanted | {"back": reach.starts_at - LOOK_BACK}
    ):
        if occurrence not in but:
            found.setdefault(space, []).append(Span(starts_at, ends_at))
    return found
