"""Deciding about changes that wait: dates that move are granted or stay where they are, and so are new values for the whole booking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac import hours
from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings.availability import closures_of, hours_and_mark, taken, terms_there
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.models import Booking
from afterbell.bookings.moves import moved_day, starts
from afterbell.bookings.prospects import outside_hours_anyway
from afterbell.bookings.queries import BookingRow, booking, whole
from afterbell.bookings.rewriting import Rewrite, forget, rewrite, set_bounds
from afterbell.bookings.spaces import find_spaces
from afterbell.bookings.standing import SCHOOL
from afterbell.bookings.usage import usage
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.lifecycle import LIVE
from afterbell.policy.quotas import within_the_quota
from afterbell.policy.rooms import fits_the_rooms, set_up_as_asked, without_overlapping_itself
from afterbell.policy.rules import judge_again
from afterbell.policy.verdict import N_, Finding, Message, Verdict
from afterbell.problem import refused

NO_LONGER = N_(
    "This change cannot be approved any more. Decline it for the dates that are named, or approve the others alone."
)

BY_ITSELF = N_(
    "By itself this goes beyond a quota. Approve all that is to move in one act, or move it there yourself with a reason, then approve it."
)


@dataclass(frozen=True)
class Settlement:
    """What is decided about a change: dates that move, dates that stay, and the booking's own new values; those not granted are `kept` as they were.
    `reason` is what staff wrote to it; `lost` when what should have moved there was given to somebody else."""

    moved: Sequence[DateRow] = ()
    stayed: Sequence[DateRow] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)
    kept: Sequence[str] = ()
    reason: str | None = None
    lost: bool = False

    @property
    def drops(self) -> bool:
        """Whether new values are not granted."""
        return bool(self.kept)

    @property
    def grants(self) -> bool:
        """Whether anything is changed by it."""
        return bool(self.moved or self.columns)

    @property
    def says(self) -> bool:
        """Whether it is about anything."""
        return bool(self.moved or self.stayed or self.columns or self.drops)

    @property
    def also(self) -> dict[str, Any]:
        """The booking's columns with it."""
        if not self.says:
            return {}
        said = {"change_reason": self.reason}
        return said | ({**self.columns, "proposed": None} if self.columns or self.drops else {})

    @property
    def more(self) -> dict[str, Any]:
        """What its event says."""
        told = {
            "moved": list(starts(self.moved)),
            "stayed": list(starts(self.stayed)),
            "columns": sorted(self.columns),
            "kept": list(self.kept),
            "lost": list(starts(self.stayed)) if self.lost else [],
        }
        return {name: value for name, value in told.items() if value}


def granted(found: BookingRow, named: Sequence[DateRow] | None, rest: str, now: datetime) -> Settlement:
    """Approving: every move and all that is proposed, or the moves of the dates that are named; the others wait or stay. What has begun meanwhile stays."""
    moving = [date for date in found.dates if date.move is not None]
    wanted = moving if named is None else [date for date in moving if date in named]
    able = [date for date in wanted if not too_late(date, now)]
    stayed = [date for date in moving if date not in able and (named is None or date in named or rest == "declined")]
    if named is None and _any_ahead(found, now):
        return Settlement(able, stayed, found.proposed or {})
    if named is None:
        return Settlement(able, stayed, kept=_proposed(found))
    return Settlement(able, stayed, kept=_proposed(found) if rest == "declined" else ())


def refused_moves(found: BookingRow, named: Sequence[DateRow] | None) -> Settlement:
    """Declining: the old approval stands, for all of it or for the dates that are named."""
    moving = [date for date in found.dates if date.move is not None and (named is None or date in named)]
    return Settlement((), moving, kept=_proposed(found) if named is None else ())


def outlived(found: BookingRow, now: datetime) -> Settlement:
    """What nobody can grant any more: moves that are too late, and new values when no date is ahead. The old approval stands."""
    stayed = [date for date in found.dates if too_late(date, now)]
    return Settlement(stayed=stayed, kept=() if _any_ahead(found, now) else _proposed(found))


def too_late(date: DateRow, now: datetime) -> bool:
    """Whether a date that is to move has begun, or would have begun where it was to go."""
    return date.move is not None and min(date.starts_at, date.move.starts_at) <= now


def _any_ahead(found: BookingRow, now: datetime) -> bool:
    return any(date.state in LIVE and date.starts_at > now for date in found.dates)


def _proposed(found: BookingRow) -> list[str]:
    return sorted(found.proposed or ())


async def carry_out(session: AsyncSession, found: BookingRow, settled: Settlement, *, now: datetime) -> BookingRow:
    """Judged again under the locks, then written; the claims follow with the version (moves.move). Answers the booking as it then is."""
    if not settled.says:
        return found
    rewrites = [to_rewrite(found, date) for date in settled.moved]
    await _judge_again(session, found, settled, rewrites, now)
    await rewrite(session, rewrites, now=now)
    await forget(session, [date.id for date in settled.stayed])
    after = await booking(session, whole().where(Booking.id == found.id)) or found
    await set_bounds(session, after)
    return after


def to_rewrite(found: BookingRow, date: DateRow) -> Rewrite:
    """One of its dates where its move puts it; it must have one."""
    where = date.move
    assert where is not None
    return Rewrite(date, moved_day(found, date), where.claim, where.rooms)


async def foreseen(
    session: AsyncSession, found: BookingRow, settled: Settlement, rewrites: Sequence[Rewrite], now: datetime
) -> Verdict:
    """How the booking would fare with the change: the moved dates by what counts again, all of them for their layout, their number of people and each other."""
    ahead = [date for date in found.dates if date.state in LIVE and date.starts_at > now]
    rooms = {room.id: room for date in ahead for room in date.rooms} | {r.id: r for e in rewrites for r in e.rooms}
    spaces = await find_spaces(session, rooms.values(), lock=False)
    facts = Facts(found.zone, spaces.rooms, (), (), {}, True)
    headcount = int(settled.columns.get("headcount", found.headcount))
    layout = settled.columns.get("layout", found.layout)
    if not ahead:
        return Verdict()
    result = {each.date.id: each for each in rewrites}
    all_ = [result.get(date.id) or Rewrite(date, _day(date), date.claim, date.rooms) for date in ahead]
    whole_ = replace(wish_of_rewrites(all_, headcount), layout=layout)
    facts = replace(facts, laid_out=found.laid_out(layout))
    rules = (set_up_as_asked, fits_the_rooms, without_overlapping_itself)
    found_ = [each for rule in rules for each in rule(whole_, facts, now)]
    if rewrites:
        reach = Span(min(e.claim.starts_at for e in rewrites), max(e.claim.ends_at for e in rewrites))
        windows, mark = await hours_and_mark(session, found.campus_id)
        facts = replace(
            facts,
            windows=hours.from_json(windows),
            terms=await terms_there(session, found.campus_id, mark, spaces.rooms, zone=found.zone, now=now),
            closures=await closures_of(session, found.campus_id, reach),
            taken=await taken(session, spaces.ids, reach, but=[date.id for date in found.dates]),
            anyway=True if outside_hours_anyway(found) else None,
        )
        wish = replace(wish_of_rewrites(rewrites, headcount), layout=layout)
        found_ += [
            *judge_again(wish, facts, now).findings,
            *await _beyond_the_quota(session, found, wish, facts, now=now),
        ]
    return Verdict([each for at, each in enumerate(found_) if each not in found_[:at]])


async def _beyond_the_quota(
    session: AsyncSession, found: BookingRow, wish: Wish, facts: Facts, *, now: datetime
) -> list[Finding]:
    """By what the booking would then be: a part of a change may break the quota that the whole keeps to. What staff asked for anyway is settled."""
    if found.entered_as == SCHOOL or any(kept["code"] == "quota" for kept in found.findings or ()):
        return []
    moved = {day.original_start for day in wish.dates}
    own = {date.id: date.span for date in found.dates if date.state in LIVE}
    stays = [date.span for date in found.dates if date.id in own and date.original_start not in moved]
    asker = await usage(session, found, facts, wish, now=now, but=own, stays=stays)
    before = await usage(session, found, facts, wish, now=now, but=own, stays=list(own.values()))
    return list(within_the_quota(wish, replace(facts, asker=asker, before=before), now))


async def _judge_again(
    session: AsyncSession, found: BookingRow, settled: Settlement, rewrites: Sequence[Rewrite], now: datetime
) -> None:
    if not settled.grants:
        return
    verdict = await foreseen(session, found, settled, rewrites, now)
    if verdict.refused:
        quota = all(each.code == "quota" for each in verdict.reasons)
        raise refused(verdict.reasons, Message(BY_ITSELF if quota else NO_LONGER))


def _day(date: DateRow) -> Date:
    return Date(date.original_start, date.span, date.shifted)


def wish_of_rewrites(rewrites: Sequence[Rewrite], headcount: int) -> Wish:
    """Dates as they are to be, as rules judge them; `rewrites` are not empty. Set-up and take-down are those of the first."""
    first = rewrites[0]
    rooms = {each.date.original_start: tuple(room.id for room in each.rooms) for each in rewrites}
    usual = rooms[first.date.original_start]
    return Wish(
        [each.day for each in rewrites],
        headcount,
        first.day.span.starts_at - first.claim.starts_at,
        first.claim.ends_at - first.day.span.ends_at,
        usual,
        {start: each for start, each in rooms.items() if each != usual},
    )
