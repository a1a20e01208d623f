"""What a change would come to, before it is made: the same plan, weighed by the same rules as the act, without a lock. Reads, and changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.change import (
    decides_at_once,
    looked_at,
    only_changers,
    only_the_school_explains,
    whereabouts,
    who_competes,
)
from afterbell.bookings.planned import Plan, plan
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.weighing import weigh
from afterbell.policy.altering import Alteration
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import Verdict


@dataclass(frozen=True)
class Outcome:
    """A change spelled out, and how it fares now. `competes`: what is new holds nothing until it is decided."""

    plan: Plan
    verdict: Verdict
    competes: bool


async def preview_change(
    session: AsyncSession, found: BookingRow, wanted: Alteration, *, by: Viewer, now: datetime
) -> Outcome:
    """Raises what the act raises before it judges: 403, a date that is unknown or over, a time that does not exist, a room elsewhere."""
    only_changers(found, by)
    only_the_school_explains(found, wanted, by)
    place, standing, spaces = await whereabouts(session, found, wanted, by=by, now=now, lock=False)
    spelled = plan(found, wanted, place, spaces, at_once=decides_at_once(found, by), now=now)
    if spelled.empty:
        return Outcome(spelled, Verdict(), competes=False)
    verdict = await weigh(session, spelled, place, standing, by=by, now=now)
    spelled = await who_competes(session, spelled, place)
    return Outcome(looked_at(spelled, verdict), verdict, place.holds == "on_approval")
