"""A room's busy times: as events, and as free/busy for programs that look for a free hour. Never a word about who or what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span, minus
from afterbell.bookings.models import Occurrence, OccurrenceRoom, Proposal, ProposalRoom
from afterbell.feeds.events import ENDED, Entry, busy_uid
from afterbell.feeds.lines import fold, utc
from afterbell.feeds.publish import About, Feed, calendar, window, wrapped
from afterbell.places.catalog import RoomRow
from afterbell.places.models import Campus, RoomSpace
from afterbell.policy.projection import Level, show

LIVE = ("held", "approved", "finished")


@dataclass(frozen=True)
class Busy:
    """One date in the room, as much of it as the public may know; or time that a date would need besides, while its move waits: that has an id, and so a UID,
    of its own."""

    public_id: str
    starts_at: datetime
    ends_at: datetime
    state: str
    sequence: int
    changed_at: datetime


async def busy_times(session: AsyncSession, room_id: int, *, now: datetime) -> list[Busy]:
    """The dates that use any space of the room, whichever of its rooms they were booked as; ended ones too, as long as
    the window holds them, so that clients take them off. Where requests compete, one that ended at its first move never stood here. A date that has moved
    elsewhere leaves no trace; where one is to move here, the time that it would need besides is held. Two statements."""
    since, before = window(now)
    columns = [getattr(Occurrence, name) for name in Busy.__dataclass_fields__]
    ended = and_(Occurrence.state.in_(ENDED), Occurrence.sequence > case((Campus.holds == "on_approval", 1), else_=0))
    query = (
        select(*columns)
        .join(Campus, Campus.id == Occurrence.campus_id)
        .where(Occurrence.id.in_(_using(room_id)))
        .where(Occurrence.starts_at >= since, Occurrence.starts_at < before)
        .where(or_(Occurrence.state.in_(LIVE), ended))
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    found = [Busy(*row) for row in await session.execute(query)]
    here = {each.public_id: each for each in found}
    moves = await session.execute(_moves(room_id).where(Proposal.starts_at >= since, Proposal.starts_at < before))
    return sorted(
        [*found, *(each for row in moves for each in _besides(row[0], Span(row[1], row[2]), row[3], here))],
        key=_in_time,
    )


def _sharing(room_id: int) -> Select[int]:
    """The rooms that share a space with it, itself too."""
    mine = select(RoomSpace.space_id).where(RoomSpace.room_id == room_id)
    return select(RoomSpace.room_id).where(RoomSpace.space_id.in_(mine))


def _using(room_id: int) -> Select[int]:
    return select(OccurrenceRoom.occurrence_id).where(OccurrenceRoom.room_id.in_(_sharing(room_id)))


def _moves(room_id: int) -> Select[str, datetime, datetime, datetime]:
    """The dates that are to move to the room, or to what shares a space with it; where requests compete a move holds nothing, like they."""
    to = select(ProposalRoom.occurrence_id).where(ProposalRoom.room_id.in_(_sharing(room_id)))
    query = select(Occurrence.public_id, Proposal.starts_at, Proposal.ends_at, Proposal.asked_at)
    joined = query.join(Proposal, Proposal.occurrence_id == Occurrence.id).join(
        Campus, Campus.id == Occurrence.campus_id
    )
    held = Campus.holds == "on_request", Occurrence.state.in_(LIVE)
    return joined.where(Occurrence.id.in_(to), *held).order_by(Proposal.starts_at, Occurrence.id)


def _besides(public_id: str, to: Span, asked_at: datetime, here: Mapping[str, Busy]) -> list[Busy]:
    """What a move needs that its date has not here already. Another time is another piece, with another UID, so that none has to rise."""
    was = here.get(public_id)
    pieces = minus([to], [Span(was.starts_at, was.ends_at)] if was else [])
    return [
        Busy(
            f"{public_id}:{utc(each.starts_at)}/{utc(each.ends_at)}", each.starts_at, each.ends_at, "held", 0, asked_at
        )
        for each in pieces
    ]


def _in_time(each: Busy) -> datetime:
    return each.starts_at


def room_feed(room: RoomRow, dates: Sequence[Busy], *, secret: bytes, now: datetime) -> Feed:
    """The busy times as events. The words are constant; a date's UID is an HMAC, so that nobody can trace it to a booking."""
    title = show("", None, Level.BUSY).title
    entries = [
        Entry(
            busy_uid(secret, f"room-feed:{room.public_id}", date.public_id),
            date.starts_at,
            date.ends_at,
            room.time_zone,
            date.state,
            date.sequence,
            date.changed_at,
            title,
        )
        for date in dates
    ]
    return Feed(calendar(_about(room), entries), _changed(dates, now))


def free_busy(room: RoomRow, dates: Sequence[Busy], *, secret: bytes, now: datetime) -> Feed:
    """VFREEBUSY of the window (RFC 5545 3.6.4): periods in UTC, sorted and merged; what waits for a decision is tentative."""
    since, before = window(now)
    changed = _changed(dates, now)
    lines = [
        "BEGIN:VFREEBUSY",
        f"UID:{busy_uid(secret, 'free-busy', room.public_id)}",
        f"DTSTAMP:{utc(changed)}",
        f"DTSTART:{utc(since)}",
        f"DTEND:{utc(before)}",
        *(f"FREEBUSY;FBTYPE={kind}:{utc(start)}/{utc(end)}" for start, end, kind in periods(dates)),
        "END:VFREEBUSY",
    ]
    return Feed(wrapped(_about(room), [fold(lines)]), changed)


def periods(dates: Sequence[Busy]) -> list[tuple[datetime, datetime, str]]:
    """Sorted by start; those of one kind that touch or overlap are one. Dates that ended take no time."""
    found: list[tuple[datetime, datetime, str]] = []
    for kind, states in (("BUSY", ("approved", "finished")), ("BUSY-TENTATIVE", ("held",))):
        last: list[tuple[datetime, datetime, str]] = []
        for start, end in sorted((date.starts_at, date.ends_at) for date in dates if date.state in states):
            if last and start <= last[-1][1]:
                last[-1] = (last[-1][0], max(end, last[-1][1]), kind)
            else:
                last.append((start, end, kind))
        found += last
    return sorted(found)


def _about(room: RoomRow) -> About:
    return About(f"{room.name}, {room.school_name}", room.time_zone, "room")


def _changed(dates: Sequence[Busy], now: datetime) -> datetime:
    return max([window(now)[0], *(date.changed_at for date in dates)])
