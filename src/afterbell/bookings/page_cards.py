"""Bookings as their pages show them: a card in a list, a line for each date. Plain values through bookings.present; reads nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from afterbell.almanac.span import Span
from afterbell.bookings.asked_rooms import usual_rooms
from afterbell.bookings.cancel import can
from afterbell.bookings.date_rows import DateRow, Move
from afterbell.bookings.present import answers_for, because, due_at, seen, speaks_for
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.room_names import RoomName, names_of
from afterbell.policy.lifecycle import BLOCKING, WAITING
from afterbell.policy.projection import Viewer, public_level

LIVE = WAITING | BLOCKING


@dataclass(frozen=True)
class Card:
    """A booking in a list. `full` is None for those who may only see that the room is reserved; `chip` is the state to show, which tells a hold from a
    bare request; `due` is when whoever has it now should act, `late` when that has passed, `asked` when it is the partner who has it; `following` is the
    next of the `live` dates, which wait or stand and are not over; `free_until` while approved dates may still be given back freely;
    `answers` when this person may answer the school's question, if there is one. `rooms` are those of most dates, `room` is the first of them; `change_by`
    until when a change is decided that waits. `program` is the slug of that which it belongs to, for its organization alone, and `announced` whether its
    calendar shows something of it by now."""

    title: str
    full: BookingRow | None
    state: str
    chip: str
    zone: str
    room: RoomName
    due: datetime
    late: bool
    asked: bool
    free_until: datetime | None
    following: DateRow | None
    last: DateRow
    live: int
    dates: int
    mine: bool
    answers: bool
    rooms: str
    change_by: datetime | None
    program: str = ""
    announced: bool = False


def may_cancel(row: BookingRow, date: DateRow, viewer: Viewer, now: datetime) -> bool:
    """The organization gives back what waits or stands, those who decide what stands; nothing once it has begun."""
    mine = speaks_for(row, viewer)
    withdraws = mine and can(row, date, "withdrawn", now)
    cancels = mine or viewer.decides_at(row.campus_id)
    return withdraws or (cancels and can(row, date, "cancelled", now))


def cards_of(rows: Sequence[BookingRow], viewer: Viewer, now: datetime) -> dict[str, list[Card]]:
    """By what they are waiting for: `waiting`, `coming`, `over`."""
    groups: dict[str, list[Card]] = {"waiting": [], "coming": [], "over": []}
    for card in (card_of(row, viewer, now) for row in rows):
        group = "waiting" if card.state == "requested" else "coming" if card.following else "over"
        groups[group].append(card)
    for name in ("waiting", "coming"):
        groups[name].sort(key=lambda card: card.following.starts_at if card.following else card.due)
    return groups


def card_of(row: BookingRow, viewer: Viewer, now: datetime) -> Card:
    """The card of a booking; the first of its usual rooms says where to go."""
    shown, usual = seen(row, viewer), usual_rooms(row)
    live = [date for date in row.dates if date.state in LIVE]
    return Card(
        title=shown.title,
        full=shown.details,
        state=row.state,
        chip=next((date.state for date in live if row.state == "requested" and date.state != "approved"), row.state),
        zone=row.zone,
        room=usual[0],
        due=due_at(row),
        late=due_at(row) < now,
        asked=row.answer_by is not None,
        free_until=_freely(row, now),
        following=next((date for date in live if date.ends_at > now), None),
        last=row.dates[-1],
        live=sum(date.ends_at > now for date in live),
        dates=len(row.dates),
        mine=row.organization_id in viewer.organizations,
        answers=answers_for(row, viewer),
        rooms=names_of(usual),
        change_by=row.change_by,
        program=row.program or "" if row.organization_id in viewer.organizations else "",
        announced=any(public_level(visibility=row.visibility, state=date.state, announced=False) for date in row.dates),
    )


def programs_on(groups: dict[str, list[Card]]) -> dict[str, bool]:
    """The programs of all these cards by slug, and whether anybody could subscribe to the calendar of each: before something is public there is none."""
    found: dict[str, bool] = {}
    for card in (card for cards in groups.values() for card in cards if card.program):
        found[card.program] = found.get(card.program, False) or card.announced
    return found


def _freely(row: BookingRow, now: datetime) -> datetime | None:
    """Only while some approved date is ahead."""
    ahead = any(date.state == "approved" and date.starts_at > now for date in row.dates)
    return row.free_until if ahead and row.free_until is not None and row.free_until >= now else None


@dataclass(frozen=True)
class Instead:
    """Another room that was free when the date was declined, and the page that asks for it."""

    name: str
    link: str


@dataclass(frozen=True)
class Line:
    """One date of the table. `reason`, `instead` and `move` (where it is asked to go) are None for those who may only see that the room is reserved;
    `moves_room` when it is to be in other rooms; `elsewhere` when it is in other rooms than most."""

    name: str
    starts_at: datetime
    ends_at: datetime
    claim_starts_at: datetime
    claim_ends_at: datetime
    state: str
    room: str
    reason: str | None
    instead: Instead | None
    shifted: bool
    begun: bool
    can_go: bool
    move: Move | None
    moves_room: str
    elsewhere: bool = False


def lines_of(row: BookingRow, viewer: Viewer, language: str, *, now: datetime) -> list[Line]:
    """A line for each date, in order of time."""
    usual = usual_rooms(row)
    lines = [_line_of(date, row, viewer, language, now=now) for date in row.dates]
    return [replace(line, elsewhere=date.rooms != usual) for line, date in zip(lines, row.dates, strict=True)]


def _line_of(date: DateRow, row: BookingRow, viewer: Viewer, language: str, *, now: datetime) -> Line:
    full = seen(row, viewer).details
    move = date.move if full else None
    return Line(
        name=date.public_id,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        claim_starts_at=date.claim_starts_at,
        claim_ends_at=date.claim_ends_at,
        state=date.state,
        room=names_of(date.rooms),
        reason=because(date, language) if full else None,
        instead=_instead(date, row) if full else None,
        shifted=date.shifted,
        begun=date.starts_at <= now,
        can_go=may_cancel(row, date, viewer, now),
        move=move,
        moves_room=names_of(move.rooms) if move and move.rooms != date.rooms else "",
    )


def _instead(date: DateRow, row: BookingRow) -> Instead | None:
    offer = date.alternative
    if offer is None:
        return None
    return Instead(offer["name"], request_of(offer["room"], date.span, row.zone, row.headcount))


def request_of(room: str, span: Span, zone: str, people: int) -> str:
    """The page that asks for one date of a room, with what is known filled in."""
    starts, ends = (moment.astimezone(ZoneInfo(zone)) for moment in (span.starts_at, span.ends_at))
    asked = {
        "room": room,
        "date": starts.date().isoformat(),
        "from": f"{starts:%H:%M}",
        "to": f"{ends:%H:%M}",
        "weeks": "1",
        "people": str(people),
    }
    return "/bookings/new?" + urlencode(asked)


def common_words(full: BookingRow | None, language: str) -> str | None:
    """What was said of every date that still waits or stands, or else of every date: it stands once, above the table."""
    dates = full.dates if full else ()
    said = {because(date, language) for date in [each for each in dates if each.state in LIVE] or dates}
    return said.pop() if len(said) == 1 else None
