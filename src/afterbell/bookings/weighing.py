"""Judging a change: what is new in it, by every rule, as if it were asked for today."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings.availability import NOTICE_REACH, closures_of, gather_facts, terms_there
from afterbell.bookings.place import Place
from afterbell.bookings.planned import Plan
from afterbell.bookings.rewriting import Rewrite
from afterbell.bookings.standing import Standing, asks_anyway
from afterbell.bookings.usage import usage, who_asks
from afterbell.policy.anyway import settled
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.lengths import not_too_short
from afterbell.policy.lifecycle import LIVE
from afterbell.policy.notice import with_more_people
from afterbell.policy.projection import Viewer
from afterbell.policy.rooms import fits_the_rooms, set_up_as_asked
from afterbell.policy.rules import judge
from afterbell.policy.verdict import Finding, Verdict


async def weigh(
    session: AsyncSession, plan_: Plan, place: Place, standing: Standing, *, by: Viewer, now: datetime
) -> Verdict:
    """What is new, by every rule, as if it were asked for today; what a date has already is not judged again. More people must fit every date ahead, with the
    notice that so many need, and no date becomes shorter than the rule has it. Staff who move what a partner has keep to its quotas and to whom rooms are
    for. Raises nothing: a preview shows it, the act refuses what it refuses."""
    found = plan_.found
    own = {each.date.id for each in plan_.rewrites} | {date.id for date in plan_.fewer}
    verdict = Verdict()
    anyway = asks_anyway(plan_.anyway, found.campus_id, found.organization_id, by)
    if plan_.new_dates:
        facts = await _facts(session, plan_, place, standing, by=by, now=now)
        wish = _wish(plan_, plan_.new_dates)
        stays = [each.day.span for each in plan_.rewrites if plan_.has(each)]
        used = await usage(session, place, facts, wish, now=now, but=own, stays=stays)
        facts = replace(facts, asker=who_asks(place).having(used), anyway=anyway)
        if plan_.at_once:
            stands = [*(each.date.span for each in plan_.rewrites), *(date.span for date in plan_.fewer)]
            before = await usage(session, place, facts, wish, now=now, but=own, stays=stands)
            facts = replace(facts, by_staff=True, admitted=found.room_ids, before=before)
        verdict = judge(wish, facts, now)
    if {"headcount", "layout"} & set(plan_.columns) or any(map(_shorter, plan_.rewrites)):
        facts = await _known(session, plan_, place, now=now)
        facts = replace(facts, school_use=standing.school_use, by_staff=plan_.at_once, anyway=anyway)
        said = [*_with_people(plan_, facts, now), *_long_enough(plan_, facts, now)]
        verdict = Verdict([*verdict.findings, *(each for each in said if each not in verdict.findings)])
    return verdict


def _with_people(plan_: Plan, facts: Facts, now: datetime) -> list[Finding]:
    if not {"headcount", "layout"} & set(plan_.columns):
        return []
    ahead = [date for date in plan_.found.dates if date.state in LIVE and date.starts_at > now]
    days = {date.original_start: Date(date.original_start, date.span, date.shifted) for date in ahead}
    days |= {each.day.original_start: each.day for each in plan_.rewrites}
    wish = _wish(plan_, list(days.values()))
    if not wish.dates:
        return []
    fit = [*set_up_as_asked(wish, facts, now), *fits_the_rooms(wish, facts, now)]
    return fit + settled(list(with_more_people(wish, plan_.found.headcount, facts, now)), wish, facts)


def _long_enough(plan_: Plan, facts: Facts, now: datetime) -> list[Finding]:
    """A date may become shorter without a decision, but not shorter than its rooms are lent for."""
    wish = _wish(plan_, [each.day for each in plan_.rewrites if _shorter(each)])
    return settled(list(not_too_short(wish, facts, now)), wish, facts)


def _shorter(each: Rewrite) -> bool:
    return each.day.span.length < each.date.span.length


async def _known(session: AsyncSession, plan_: Plan, place: Place, *, now: datetime) -> Facts:
    """What is known without looking at anybody else's dates. The closures only where notice may have to be counted."""
    more = plan_.columns.get("headcount", 0) > plan_.found.headcount
    rooms = plan_.spaces.rooms
    return Facts(
        zone=place.zone,
        rooms=rooms,
        windows=(),
        closures=await closures_of(session, place.campus_id, Span(now, now + NOTICE_REACH)) if more else (),
        taken={},
        member=True,
        terms=await terms_there(session, place.campus_id, place.rules_mark, rooms, zone=place.zone, now=now),
        asker=who_asks(place),
        laid_out=_laid_out(plan_),
    )


def _laid_out(plan_: Plan) -> Collection[frozenset[int]]:
    return plan_.found.laid_out(plan_.columns.get("layout", plan_.found.layout))


async def _facts(
    session: AsyncSession,
    plan_: Plan,
    place: Place,
    standing: Standing,
    *,
    by: Viewer,
    now: datetime,
) -> Facts:
    claims = [*(each.claim for each in plan_.further), *(each.claim for each in plan_.rewrites)]
    reach = Span(min(claim.starts_at for claim in claims), max(claim.ends_at for claim in claims))
    mine = [date.id for date in plan_.found.dates]
    facts = await gather_facts(session, place, plan_.spaces, reach, by=by, now=now, but=mine)
    held = standing.held if plan_.further else None
    facts = replace(facts, member=True, held=held, school_use=standing.school_use)
    return replace(facts, own=_kept(plan_), laid_out=_laid_out(plan_))


def _kept(plan_: Plan) -> dict[int, list[Span]]:
    """What dates that the change leaves alone have, and where they are to move; and what a date keeps that asks for nothing new. By space."""
    changed = {each.date.id for each in plan_.rewrites} | {date.id for date in plan_.fewer}
    stays = [date for date in plan_.found.dates if date.state in LIVE and date.id not in changed]
    kept = [(each.claim, each.rooms) for each in plan_.rewrites if plan_.has(each)]
    kept += [(each.claim, each.rooms) for date in stays for each in (date, date.move) if each]
    found: dict[int, list[Span]] = {}
    for claim, rooms in kept:
        for space in plan_.spaces.of(rooms):
            found.setdefault(space, []).append(claim)
    return found


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
