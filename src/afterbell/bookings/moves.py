"""What every act on a booking shares: open it under its locks, move some of its dates, announce once. Who may withdraw or cancel is said in cancel."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.bookings.claims import release
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.events import Moved
from afterbell.bookings.models import Booking, Occurrence, Proposal
from afterbell.bookings.queries import BookingRow, booking, visible_to, whole
from afterbell.bookings.realigning import realign
from afterbell.bookings.rewriting import set_bounds
from afterbell.bookings.stale import Expected, only_as_expected
from afterbell.database import table
from afterbell.outbox.record import record
from afterbell.places.models import Campus
from afterbell.policy.altering import put_forward
from afterbell.policy.lifecycle import BLOCKING, LIVE, WAITING, booking_state
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Finding, Message, as_plain, refuse
from afterbell.problem import forbidden, not_found, refused

SETTLED: Mapping[str, Any] = {"answer_by": None, "warnings": 0, "step_at": None}
Permits = Callable[[BookingRow, Viewer], None]


async def open_booking(
    session: AsyncSession, reference: str, by: Viewer, permits: Permits, expected: Expected = None
) -> BookingRow:
    """The booking as it stands under the locks of its campus (shared) and its row. In this order: 404 when unknown or out of the viewer's scope, 403 when the
    act is not theirs, which `permits` raises, and 412 when it is at none of the expected versions; what an act refuses by its state comes after."""
    found = await opened(session, Booking.reference == reference, visible_to(by))
    if found is None:
        raise not_found()
    permits(found, by)
    await only_as_expected(session, found, expected)
    return found


async def opened(session: AsyncSession, *scope: ColumnElement[bool]) -> BookingRow | None:
    """The same by any condition, for time itself, which is nobody and sees everything."""
    campus = select(Campus.id).join(Booking, Booking.campus_id == Campus.id).where(*scope)
    if (await session.execute(campus.with_for_update(read=True, of=Campus))).first() is None:
        return None
    locked = select(Booking.id).where(*scope).with_for_update(key_share=True)
    if (await session.execute(locked)).first() is None:
        return None
    return await booking(session, whole().where(*scope))


def deciders(found: BookingRow, by: Viewer) -> None:
    """Permits those who decide at its campus."""
    if not by.decides_at(found.campus_id):
        raise forbidden(Message(N_("Only the school's approvers and facilities staff decide requests.")))


def undecided(found: BookingRow, by: Viewer) -> list[DateRow]:
    """The dates that wait for a decision which one of the `deciders` may make; none where only a change waits. A school's own organization is no partner, so
    its staff may decide for it."""
    if found.organization_id in by.organizations and not found.of_school:
        raise refused(
            [refuse("own_request", Message(N_("Nobody decides for their own organization. Ask a colleague.")))]
        )
    waiting = [date for date in found.dates if date.state in WAITING]
    if not waiting and found.change_by is None:
        raise refused(wrong_state(Message(N_("Nothing waits for a decision here any more."))))
    return waiting


def chosen(found: BookingRow, names: Sequence[str] | None) -> list[DateRow]:
    """The dates that a request names by id or original start, or all; 409 `unknown_occurrence` for a name that is none of them."""
    if names is None:
        return list(found.dates)
    by_name = {
        name: date
        for date in found.dates
        for name in (date.public_id, date.original_start.isoformat(timespec="minutes"))
    }
    unknown = [name for name in names if name not in by_name]
    if unknown:
        message = Message(N_("This booking has no date {name}."), {"name": unknown[0][:40]})
        raise refused([refuse("unknown_occurrence", message)])
    return list({by_name[name].id: by_name[name] for name in names}.values())


def moved_day(found: BookingRow, date: DateRow) -> Date:
    """One of its dates where its move puts it; it must have one. Whether that is put forward by a clock change is not kept: the times of the others tell."""
    assert date.move is not None
    to = date.move.span
    others = [(each.move or each).starts_at for each in found.dates if each is not date and each.state in LIVE]
    stays = date.shifted and to.starts_at == date.starts_at
    return Date(date.original_start, to, stays or put_forward(to.starts_at, others, found.zone))


def wrong_state(message: Message) -> list[Finding]:
    """The one reason why a move is not possible from here."""
    return [refuse("wrong_state", message)]


@dataclass(frozen=True)
class Change:
    """What becomes of some dates in an act: the words that a person wrote, or what the rules say, and what is offered instead, by the date's id."""

    dates: Sequence[DateRow]
    to: str
    reason: str | None = None
    findings: Sequence[Finding] = ()
    instead: Mapping[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def reasons(self) -> list[dict[str, Any]] | None:
        """The findings as they are kept."""
        return [as_plain(finding) for finding in self.findings] or None


async def move(
    session: AsyncSession, found: BookingRow, *changes: Change, now: datetime, also: Mapping[str, Any] | None = None
) -> BookingRow:
    """Gives dates their new states, frees the claims of those that no longer block, and raises the booking's version by one, whatever the number of
    changes; `also` are columns of the booking itself. A question is settled once nothing waits. Answers the booking as it now is."""
    moved = {date.id: _moved(date, change) for change in changes for date in change.dates}
    for change in changes:
        await _write(session, change, now)
    dates = tuple(moved.get(date.id, date) for date in found.dates)
    state = booking_state([date.state for date in dates])
    kept = {**(also or {}), **({} if state == "requested" else SETTLED), **_changing(found, dates, also or {}, now)}
    after = replace(found, dates=dates, state=state, version=found.version + 1, **kept)
    values = {"state": state, "version": after.version, "changed_at": now, **kept}
    await session.execute(update(Booking).where(Booking.id == found.id).values(values))
    if found.change_by is not None:
        await realign(session, after)
        await set_bounds(session, after)
    return after


def _changing(found: BookingRow, dates: Sequence[DateRow], also: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A change waits no more when none of its dates is left, and nothing for the whole of a booking that has dates ahead."""
    if found.change_by is None:
        return {}
    ahead = any(date.state in WAITING | BLOCKING and date.starts_at > now for date in dates)
    if any(date.move for date in dates) or (ahead and also.get("proposed", found.proposed)):
        return {}
    return {"change_by": None, "proposed": None}


def _moved(date: DateRow, change: Change) -> DateRow:
    reasons, instead = change.reasons or (), change.instead.get(date.id)
    where = date.move if change.to in BLOCKING else None
    return replace(date, state=change.to, reason=change.reason, reasons=reasons, alternative=instead, move=where)


async def _write(session: AsyncSession, change: Change, now: datetime) -> None:
    ids = [date.id for date in change.dates]
    if not ids:
        return
    if change.to not in BLOCKING:
        await release(session, ids)
        await session.execute(delete(Proposal).where(Proposal.occurrence_id.in_(ids)))
    values = {
        "state": change.to,
        "reason": change.reason,
        "reasons": change.reasons,
        "alternative": None,
        "sequence": Occurrence.sequence + 1,
        "changed_at": now,
    }
    if change.to == "approved":
        values["announced_at"] = case((Occurrence.announced_at.is_(None), now), else_=Occurrence.announced_at)
    await session.execute(update(Occurrence).where(Occurrence.id.in_(ids)).values(values))
    if change.instead:
        dates = table(Occurrence)
        offered = update(dates).where(dates.c.id == bindparam("date")).values(alternative=bindparam("room"))
        rows = [{"date": id_, "room": room} for id_, room in change.instead.items()]
        await session.execute(offered, rows)


async def announce(
    session: AsyncSession,
    kind: str,
    after: BookingRow,
    dates: Sequence[DateRow],
    by: Viewer | None,
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> None:
    """One event for the whole act, with what it says besides; `by` is None for what time does. The rooms are those of the dates, and those where these are
    now: both calendars change."""
    ids = {date.id for date in dates}
    there = [*dates, *(date for date in after.dates if date.id in ids)]
    moved = Moved(
        kind,
        after.id,
        after.campus_id,
        by.person_id if by else None,
        after.reference,
        after.version,
        starts(dates),
        tuple(sorted({room.id for date in there for room in date.rooms})),
        more or {},
    )
    await record(session, moved.event(now))


def starts(dates: Iterable[DateRow]) -> tuple[str, ...]:
    """Dates as events and answers name them: by their original starts."""
    return tuple(date.original_start.isoformat(timespec="minutes") for date in dates)
