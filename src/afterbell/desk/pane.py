"""Everything about one request, or one change that waits, that a decision needs. Reads, and decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.asked_rooms import asked_words, most_used, usual_rooms
from afterbell.bookings.date_rows import DateRow, Move
from afterbell.bookings.how_often import how_often
from afterbell.bookings.page_dates import SAYS_ALL, in_short
from afterbell.bookings.present import due_at, flags_of, same_hours, seen
from afterbell.bookings.prospects import prospects
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.remarks import RemarkRow, remarks_of
from afterbell.bookings.rivals import Rival
from afterbell.bookings.room_names import RoomName, names_of
from afterbell.bookings.settling import foreseen, granted, to_rewrite
from afterbell.partners.organizations import OrganizationRow, organizations
from afterbell.places.catalog import RoomRow, rooms_where
from afterbell.places.models import Room
from afterbell.policy.lifecycle import WAITING
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Finding, Verdict
from afterbell.web.words import say, say_message

CAN_BE_HAD, HAS_BEGUN = N_("Can be approved"), N_("Has begun, will be declined")
OF_ROOMS = frozenset({"room_taken", "too_many_people"})
TOO_LATE_TO_MOVE = N_("Has begun, stays where it is")


@dataclass(frozen=True)
class PaneLine:
    """One date that waits, or that is asked to `move`, with what the rules say of it now. `rooms` when they are not those of most dates, `to_rooms` when the
    move goes to others."""

    date: DateRow
    kind: str
    label: str
    move: Move | None = None
    rooms: str = ""
    to_rooms: str = ""


@dataclass(frozen=True)
class Loser:
    """A request that competes for the same times, its dates that would be declined, and where its approved dates would not move."""

    reference: str
    title: str
    organization: str
    dates: Sequence[DateRow]
    moves: Sequence[Move]


@dataclass(frozen=True)
class Pane:
    """One request. `blocked` when approving it whole would be refused, for the `obstacles`, `by_rooms` when others may do; `losers` are those who would lose
    dates by it; `same_hours` when every date has the same wall times and none moves; `proposed` are new values of the whole, by column. `rooms` are those of
    most dates, `asked_rooms` what was asked for where any of a kind would do, `others` the rooms that may be given instead; `flags` are the rules that
    it goes against, to be looked at twice; `often` how often it is, in words, "" without a repeat."""

    row: BookingRow
    title: str
    lines: Sequence[PaneLine]
    same_hours: bool
    partner: OrganizationRow
    capacity: int
    blocked: bool
    by_rooms: bool
    obstacles: Sequence[str]
    losers: Sequence[Loser]
    messages: Sequence[RemarkRow]
    due: datetime
    late: bool
    rooms: Sequence[RoomName]
    asked_rooms: str | None
    others: Sequence[tuple[str, RoomRow]]
    flags: Sequence[str]
    often: str

    @property
    def choices(self) -> Sequence[PaneLine]:
        """The dates that can be approved one by one; none when there is but one to decide."""
        return [line for line in self.lines if line.kind == "ok"] if len(self.lines) > 1 else ()

    @property
    def waits(self) -> bool:
        """Whether dates wait that were never decided: a request, at least in part."""
        return any(line.move is None for line in self.lines)

    @property
    def changes(self) -> bool:
        """Whether a change waits: dates that are to move, or new values for the whole."""
        return bool(self.proposed) or any(line.move for line in self.lines)

    @property
    def proposed(self) -> dict[str, Any]:
        """What the whole is to be."""
        return self.row.proposed or {}


def to_decide(row: BookingRow) -> list[DateRow]:
    """The dates that somebody decides about: those that wait, and those that are to move. None where only the whole is to change."""
    return [date for date in row.dates if date.state in WAITING or date.move]


async def open_pane(session: AsyncSession, row: BookingRow, viewer: Viewer, language: str, *, now: datetime) -> Pane:
    """The pane of a booking of which something waits for this viewer."""
    found, dates = await prospects(session, row, now=now), to_decide(row)
    verdict = await _whole_verdict(session, row, found.verdict, now)
    refusals = verdict.reasons
    unsaid = [each for each in refusals if each.occurrence is None or each.code not in SAYS_ALL]
    waiting = [date for date in dates if date.state in WAITING]
    rooms = most_used(dates) if dates else usual_rooms(row)
    lines = [_line(date, rooms, verdict, language, now) for date in dates]
    return Pane(
        row=row,
        title=seen(row, viewer).title,
        lines=lines,
        same_hours=bool(dates) and same_hours(dates, row.zone) and not any(date.move for date in dates),
        partner=(await organizations(session, [row.organization_id]))[0],
        capacity=found.capacity,
        blocked=bool(refusals),
        by_rooms=any(each.code in OF_ROOMS for each in refusals),
        obstacles=list(dict.fromkeys(say_message(each.message, language) for each in unsaid)),
        losers=[_loser(rival, viewer) for rival in found.rivals],
        messages=await remarks_of(session, row.id),
        due=due_at(row),
        late=due_at(row) < now,
        rooms=rooms,
        asked_rooms=asked_words(row, language),
        others=await _rooms(session, row) if waiting else (),
        flags=list(dict.fromkeys(say_message(each.message, language) for each in flags_of(row))),
        often=how_often(row, language),
    )


async def _whole_verdict(session: AsyncSession, row: BookingRow, of_dates: Verdict, now: datetime) -> Verdict:
    """What approving all of it would be judged by: dates that wait, and a change."""
    settled = granted(row, None, "declined", now)
    if not settled.grants:
        return of_dates
    of_change = await foreseen(session, row, settled, [to_rewrite(row, date) for date in settled.moved], now)
    new = [each for each in of_change.findings if each not in of_dates.findings]
    return Verdict([*of_dates.findings, *new])


async def _rooms(session: AsyncSession, row: BookingRow) -> list[tuple[str, RoomRow]]:
    found = await rooms_where(session, Room.campus_id == row.campus_id)
    return [(f"{room.school}/{room.slug}", room) for room in found]


def _loser(rival: Rival, viewer: Viewer) -> Loser:
    booking, moves = rival.booking, [date.move for date in rival.moves if date.move]
    return Loser(booking.reference, seen(booking, viewer).title, booking.organization_name, rival.dates, moves)


def _line(date: DateRow, usual: Sequence[RoomName], verdict: Verdict, language: str, now: datetime) -> PaneLine:
    move = date.move
    there = names_of(move.rooms) if move and move.rooms != date.rooms else ""
    kind, label = _fares(date, verdict.about(date.original_start), language, now)
    return PaneLine(date, kind, label, move, "" if date.rooms == usual else names_of(date.rooms), there)


def _fares(date: DateRow, findings: Sequence[Finding], language: str, now: datetime) -> tuple[str, str]:
    if min(date.starts_at, date.move.starts_at if date.move else date.starts_at) <= now:
        return "over", say(TOO_LATE_TO_MOVE if date.move else HAS_BEGUN, language)
    return in_short(findings[0], language) if findings else ("ok", say(CAN_BE_HAD, language))
