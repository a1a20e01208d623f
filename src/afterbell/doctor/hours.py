"""What time tells of one booking: wall clocks over the nights of a clock change, spans, and the reminders that the rules give. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from afterbell.bookings import events
from afterbell.doctor.finding import Complaint
from afterbell.doctor.history import Dated, History, Reminded
from afterbell.policy.lengths import LONGEST
from afterbell.policy.reminding import due_at

WALL = "a date begins at another wall time than the one that names it"
SPAN = "a date does not lie inside its time in the room, or that is longer than a day"
BOUNDS = "a booking's first start or last end is not that of its dates"
UNWANTED = "a reminder is planned for a date that is over, ended or not approved"
MISSING = "an approved date lacks the reminder that the rules give"
ODD_HOUR = "a reminder is planned for another hour, start or person than the rules give"
LONG_BEFORE = timedelta(days=3)
OF_WORDS = frozenset({events.QUESTIONED, events.ANSWERED, events.HOLD_WARNED})
SENTENCES = (WALL, SPAN, BOUNDS, UNWANTED, MISSING, ODD_HOUR)


def timed(found: History, now: datetime) -> Iterator[Complaint]:
    """All that is wrong with the times of one booking."""
    there, displaced = ZoneInfo(found.zone), found.displaced
    for date in found.dates:
        if date.original_start not in displaced and not _at_its_wall_time(date, there):
            yield WALL, date.id
        if not _inside(date):
            yield SPAN, date.id
    if found.dates and (found.first_starts_at, found.last_ends_at) != _bounds(found):
        yield BOUNDS, found.id
    if all(event.handled for event in found.events):
        yield from _reminders(found, now)


def _bounds(found: History) -> tuple[datetime, datetime]:
    """By the dates that were not left out, and where they are to move."""
    kept = [date for date in found.dates if date.state != "skipped"] or found.dates
    starts = [moment for date in kept for moment in (date.starts_at, date.moves_from) if moment]
    return min(starts), max(moment for date in kept for moment in (date.ends_at, date.moves_until) if moment)


def _at_its_wall_time(date: Dated, there: ZoneInfo) -> bool:
    """A time that does not exist is moved forward by the gap, and says so."""
    wall = datetime.fromisoformat(date.original_start)
    instant = wall.replace(tzinfo=there).astimezone(UTC)
    in_gap = instant.astimezone(there).replace(tzinfo=None, fold=0) != wall
    return (date.starts_at, date.shifted) == (instant, in_gap)


def _inside(date: Dated) -> bool:
    whole = date.claim_starts_at <= date.starts_at < date.ends_at <= date.claim_ends_at
    return whole and date.claim_ends_at - date.claim_starts_at <= LONGEST


def _reminders(found: History, now: datetime) -> Iterator[Complaint]:
    """Compared once the relay owes this booking nothing: each planning looked at how it stood then, at a moment that the receipt tells."""
    changes = [each for each in found.events if each.kind not in OF_WORDS]
    moments = sorted(each.planned_at for each in found.events if each.planned_at is not None)
    by_date = {date.id: date for date in found.dates}
    for each in found.reminders:
        if each.state == "planned":
            yield from _planned(each, by_date[each.date_id], found)
    if not changes or changes[-1].planned_at is None:  # nobody listened when that was handed out
        return
    reminded = {each.date_id: each for each in found.reminders if each.person_id == found.requested_by_id}
    for date in found.dates:
        deserves = date.state == "approved" and date.starts_at > moments[-1]
        due = due_at(date.starts_at, found.zone, moments[-1]) if deserves else None
        if due is not None and not _served(reminded.get(date.id), date, now):
            yield MISSING, date.id


def _served(each: Reminded | None, date: Dated, now: datetime) -> bool:
    """Nobody is told again of a date that comes sooner than the one they were told of; a worker that was away drops what it finds when the date has begun."""
    if each is None:
        return False
    told = each.state in ("planned", "sent") or (each.sent_for is not None and each.sent_for >= date.starts_at)
    return told or (each.state == "dropped" and date.starts_at <= now)


def _planned(each: Reminded, date: Dated, found: History) -> Iterator[Complaint]:
    """For the date as it stands, at its usual hour, or where that was past at a decent one that leaves two hours."""
    if date.state != "approved" or each.due_at >= date.starts_at:
        yield UNWANTED, each.id
        return
    usual = due_at(date.starts_at, found.zone, date.starts_at - LONG_BEFORE)
    late = each.due_at == due_at(date.starts_at, found.zone, each.due_at)
    odd = usual is None or each.due_at < usual or not late
    if odd or each.person_id != found.requested_by_id or each.starts_at not in (None, date.starts_at):
        yield ODD_HOUR, each.id
