"""Judging a change: what is new in it, by every rule, as if it were asked for today."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings.availability import gather_facts
from afterbell.bookings.place import Place
from afterbell.bookings.planned import Plan
from afterbell.bookings.standing import Standing, asks_anyway
from afterbell.bookings.usage import asker_of_place
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.lifecycle import LIVE
from afterbell.policy.projection import Viewer
from afterbell.policy.rooms import fits_the_rooms, set_up_as_asked
from afterbell.policy.rules import judge
from afterbell.policy.verdict import Verdict


async def weigh(
    session: AsyncSession, plan_: Plan, place: Place, standing: Standing, *, by: Viewer, now: datetime
) -> Verdict:
    """What is new, by every rule, as if it were asked for today; what a date has already is not judged again. More people must fit every date ahead. Raises
    nothing: a preview shows it, the act refuses what it refuses."""
    found = plan_.found
    own = {each.date.id for each in plan_.rewrites} | {date.id for date in plan_.fewer}
    verdict = Verdict()
    anyway = asks_anyway(plan_.anyway, found.campus_id, found.organization_id, by)
    if plan_.new_dates:
        facts = await _facts(session, plan_, place, standing, own, by=by, now=now)
        wish = _wish(plan_, plan_.new_dates)
        asker = await asker_of_place(session, place, facts, wish, now=now, but=own)
        facts = replace(facts, asker=asker, anyway=anyway)
        verdict = judge(wish, facts, now)
    if {"headcount", "layout"} & set(plan_.columns):
        facts = Facts(found.zone, plan_.spaces.rooms, (), (), {}, True)
        ahead = [date for date in found.dates if date.state in LIVE and date.starts_at > now]
        days = {date.original_start: Date(date.original_start, date.span, date.shifted) for date in ahead}
        days |= {each.day.original_start: each.day for each in plan_.rewrites}
        verdict = _with_people(verdict, _wish(plan_, list(days.values())), facts, now)
    return verdict


def _with_people(verdict: Verdict, wish: Wish, facts: Facts, now: datetime) -> Verdict:
    if not wish.dates:
        return verdict
    said = [*set_up_as_asked(wish, facts, now), *fits_the_rooms(wish, facts, now)]
    return Verdict([*verdict.findings, *(each for each in said if each not in verdict.findings)])


async def _facts(
    session: AsyncSession,
    plan_: Plan,
    place: Place,
    standing: Standing,
    own: Collection[int],
    *,
    by: Viewer,
    now: datetime,
) -> Facts:
    claims = [*(each.claim for each in plan_.further), *(each.claim for each in plan_.rewrites)]
    reach = Span(min(claim.starts_at for claim in claims), max(claim.ends_at for claim in claims))
    facts = await gather_facts(session, place, plan_.spaces, reach, by=by, now=now, but=own)
    held = standing.held if plan_.further else None
    school_use = standing.school_use or plan_.at_once
    return replace(facts, member=True, held=held, school_use=school_use)


def _wish(plan_: Plan, days: Sequence[Date]) -> Wish:
    """The dates with their rooms as they are to be; set-up and take-down are the same for every date of a booking."""
    found = plan_.found
    like = found.dates[0]
    rooms = {date.original_start: tuple(room.id for room in date.rooms) for date in found.dates}
    rooms |= {each.date.original_start: tuple(room.id for room in each.rooms) for each in plan_.rewrites}
    rooms |= {each.day.original_start: tuple(room.id for room in each.rooms) for each in plan_.further}
    mine = {day.original_start: rooms[day.original_start] for day in days}
    usual = next(iter(mine.values()), ())
    return Wish(
        sorted(days, key=lambda day: day.span.starts_at),
        plan_.columns.get("headcount", found.headcount),
        like.starts_at - like.claim_starts_at,
        like.claim_ends_at - like.ends_at,
        usual,
        {start: each for start, each in mine.items() if each != usual},
        plan_.columns.get("layout", found.layout),
    )
