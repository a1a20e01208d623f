"""How a request fares when it is judged once more before a decision: by the facts as they are now. Dates that hold the room have it; only those that
compete may find it taken, and take their claims here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac import hours
from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings.availability import closures_of, hours_and_mark, taken, terms_there
from afterbell.bookings.claims import Block, SpaceTaken, take
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.rivals import Rival, moving, rivals_of, rooms_of
from afterbell.bookings.spaces import Spaces, find_spaces
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.lifecycle import BLOCKING, WAITING, may_be_approved
from afterbell.policy.rooms import room_taken
from afterbell.policy.rules import judge_again
from afterbell.policy.verdict import N_, Message, Verdict
from afterbell.problem import refused


@dataclass(frozen=True)
class Prospects:
    """How a request would fare if it were approved now, how many people the rooms of a date hold together (of the date with the fewest places, moves as they
    are to be), and who would lose by it."""

    verdict: Verdict
    capacity: int
    rivals: Sequence[Rival] = field(default_factory=list)


async def prospects(session: AsyncSession, found: BookingRow, *, now: datetime) -> Prospects:
    """What approving would judge at this moment about the dates ahead; nothing is locked."""
    ahead = [date for date in found.dates if may_be_approved(date.state, starts_at=date.starts_at, now=now)]
    places = [*rooms_of(found.dates), *(room for date in found.dates if date.move for room in date.move.rooms)]
    spaces = await find_spaces(session, places, lock=False)
    verdict = await _judged(session, found, ahead, spaces, now) if ahead else Verdict()
    return Prospects(verdict, _capacity(found, spaces, now), await rivals_of(session, found, [*ahead, *moving(found)]))


def _capacity(found: BookingRow, spaces: Spaces, now: datetime) -> int:
    layout = (found.proposed or {}).get("layout", found.layout)
    dates = [date for date in found.dates if date.starts_at > now and date.state in WAITING | BLOCKING] or found.dates
    used = {date.move.rooms if date.move else date.rooms for date in dates}
    return min(sum(spaces.rooms[room.id].holds(layout) for room in rooms) for rooms in used)


async def take_again(session: AsyncSession, found: BookingRow, ahead: Sequence[DateRow], *, now: datetime) -> None:
    """Under the locks: the school may have closed meanwhile; and dates that competed without a hold take their claims only now."""
    competing = [date for date in ahead if date.state == "requested"]
    spaces = await find_spaces(session, rooms_of(ahead), lock=bool(competing))
    verdict = await _judged(session, found, ahead, spaces, now)
    if verdict.refused:
        raise refused(verdict.reasons, Message(N_("This can no longer be approved as requested.")))
    if competing:
        await _claim(session, found, competing, spaces)


async def _judged(
    session: AsyncSession, found: BookingRow, ahead: Sequence[DateRow], spaces: Spaces, now: datetime
) -> Verdict:
    reach = Span(min(date.claim_starts_at for date in ahead), max(date.claim_ends_at for date in ahead))
    competing = any(date.state == "requested" for date in ahead)
    windows, mark = await hours_and_mark(session, found.campus_id)
    facts = Facts(
        zone=found.zone,
        rooms=spaces.rooms,
        windows=hours.from_json(windows),
        closures=await closures_of(session, found.campus_id, reach),
        taken=await taken(session, spaces.ids, reach) if competing else {},
        member=True,
        terms=await terms_there(session, found.campus_id, mark, spaces.rooms, zone=found.zone, now=now),
        anyway=True if outside_hours_anyway(found) else None,
    )
    return judge_again(wish_of(found, ahead), facts, now)


def outside_hours_anyway(found: BookingRow) -> bool:
    """Staff asked for it against the hours: then the hours no longer stand in its way."""
    return any(kept["code"] == "outside_hours" for kept in found.findings or ())


async def _claim(session: AsyncSession, found: BookingRow, competing: Sequence[DateRow], spaces: Spaces) -> None:
    blocks = [Block(d.id, Span(d.claim_starts_at, d.claim_ends_at), spaces.of(d.rooms)) for d in competing]
    try:
        await take(session, found.campus_id, blocks)
    except SpaceTaken as error:
        raise refused(
            [room_taken(date_of(date), Span(date.starts_at, date.ends_at), found.zone) for date in competing]
        ) from error


def wish_of(found: BookingRow, dates: Sequence[DateRow]) -> Wish:
    """Some dates of a booking as rules judge them."""
    first = dates[0]
    setup: timedelta = first.starts_at - first.claim_starts_at
    takedown: timedelta = first.claim_ends_at - first.ends_at
    rooms = {date.original_start: tuple(room.id for room in date.rooms) for date in dates}
    usual = rooms[first.original_start]
    elsewhere = {start: each for start, each in rooms.items() if each != usual}
    spelled = [date_of(date) for date in dates]
    return Wish(spelled, found.headcount, setup, takedown, usual, elsewhere, found.layout)


def date_of(date: DateRow) -> Date:
    """One of them."""
    return Date(date.original_start, Span(date.starts_at, date.ends_at), date.shifted)
