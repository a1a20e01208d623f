"""What a change of a booking comes to: the dates that are rewritten, added and given back, and what of it somebody has to decide. Judges nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from afterbell.almanac.recurrence import Date, RepeatRefused, refuse_long
from afterbell.bookings.confidential import listed_openly
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.further import further_dates
from afterbell.bookings.moves import chosen, moved_day, wrong_state
from afterbell.bookings.place import Place
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.repeats import refusal
from afterbell.bookings.rewriting import Further, Rewrite
from afterbell.bookings.room_names import RoomName
from afterbell.bookings.spaces import Spaces
from afterbell.policy.altering import (
    Alteration,
    Shift,
    asks_for_nothing_new,
    in_scope,
    moved,
    needs_decision,
    shift_of,
    walls,
)
from afterbell.policy.ask import MOST_DATES, Ask
from afterbell.policy.assigning import any_of
from afterbell.policy.lifecycle import LIVE, WAITING
from afterbell.policy.rooms import told_twice
from afterbell.policy.verdict import N_, Finding, Message, refuse
from afterbell.problem import refused


@dataclass(frozen=True)
class Plan:
    """A change spelled out. `at_once`: whoever makes it decides there, so that nothing waits. `columns` are new values of the booking itself. `anyway` is
    the reason with which staff go against a rule, `flags` what the rules then say; `reason` is what they tell who asked."""

    found: BookingRow
    rewrites: Sequence[Rewrite]
    further: Sequence[Further]
    fewer: Sequence[DateRow]
    columns: dict[str, Any]
    at_once: bool
    spaces: Spaces
    anyway: str = ""
    flags: Sequence[Finding] = ()
    reason: str = ""

    @property
    def direct(self) -> list[Rewrite]:
        """What is so at once: dates that wait anyway, less of what a date has, and everything when it is made by those who decide."""
        return [each for each in self.rewrites if self.at_once or self._is_free(each)]

    @property
    def asked(self) -> list[Rewrite]:
        """What waits until it is decided; the old approval stands."""
        return [each for each in self.rewrites if not self.at_once and not self._is_free(each)]

    @property
    def back(self) -> list[Rewrite]:
        """Dates that are wanted again as they stand, while a move of theirs waits."""
        return [each for each in self.direct if not each.changes]

    @property
    def waits(self) -> dict[str, Any]:
        """The columns that wait with it: those that an approved booking has to be decided about."""
        gone = {date.id for date in self.fewer}
        approved = any(date.state == "approved" and date.id not in gone for date in self.found.dates)
        if self.at_once or not approved:
            return {}
        decided = ("headcount", "layout")
        return {
            name: value
            for name, value in self.columns.items()
            if name in decided and needs_decision(name, getattr(self.found, name), value)
        }

    @property
    def new_dates(self) -> list[Date]:
        """The dates whose time or rooms are to be judged: further ones, and those that want what they do not have."""
        return [*(each.day for each in self.further), *(each.day for each in self.rewrites if not self.has(each))]

    def has(self, each: Rewrite) -> bool:
        """Whether a date already blocks all that it is to have."""
        was = (each.date.claim, self.spaces.of(each.date.rooms))
        return asks_for_nothing_new(was, (each.claim, self.spaces.of(each.rooms)))

    def _is_free(self, each: Rewrite) -> bool:
        return each.date.state in WAITING or self.has(each)

    @property
    def empty(self) -> bool:
        """Whether everything is so already."""
        return not (self.rewrites or self.further or self.fewer or self.columns)


def _refuse_long(found: BookingRow, days: Sequence[Date]) -> None:
    """A booking may grow to 400 dates and eighteen months, like a request."""
    there = ZoneInfo(found.zone)
    spans = {date.original_start: date.span for date in found.dates if date.state in LIVE}
    spans |= {day.original_start: day.span for day in days}
    walls = [span.starts_at.astimezone(there).replace(tzinfo=None) for span in spans.values()]
    count = len({*(date.original_start for date in found.dates), *spans})
    try:
        refuse_long(min(walls), max(walls), count, MOST_DATES)
    except RepeatRefused as error:
        raise refusal(error) from error


def place_ask(found: BookingRow, rooms: Sequence[str]) -> Ask:
    """What names the place of a booking: the rooms that it has, is to have by a move that waits, and `rooms` besides."""
    held = (room.key for date in found.dates for room in (*date.rooms, *(date.move.rooms if date.move else ())))
    return Ask(
        organization=found.organization,
        title=found.title,
        activity=found.activity,
        rooms=tuple(dict.fromkeys([*held, *rooms])),
        starts=found.dates[0].starts_at,
        ends=found.dates[0].ends_at,
        headcount=found.headcount,
        on_behalf_of=found.on_behalf_of,
    )


def plan(found: BookingRow, wanted: Alteration, place: Place, spaces: Spaces, *, at_once: bool, now: datetime) -> Plan:
    """Raises the refusals that need no facts: a date that is unknown, over or gone, a time that does not exist, more than 400 dates."""
    try:
        wanted = wanted.at(found.zone)
    except RepeatRefused as error:
        raise refusal(error) from error
    rooms = None if wanted.rooms is None else _rooms(wanted.rooms, place, spaces)
    fewer = _fewer(found, wanted, now)
    rewrites = _rewrites(found, wanted, rooms, {date.id for date in fewer}, now) if wanted.times else []
    further = further_dates(found, wanted, rooms, rewrites)
    days = [*(each.day for each in further), *(each.day for each in rewrites)]
    if ahead := [each for each in days if each.span.starts_at > now]:  # what is past is told as such
        _refuse_long(found, ahead)
    changed = [each for each in rewrites if each.changes or each.date.move]
    columns = _columns(found, wanted)
    return Plan(found, changed, further, fewer, columns, at_once, spaces, wanted.anyway, reason=wanted.reason)


def _rooms(names: Sequence[str], place: Place, spaces: Spaces) -> tuple[RoomName, ...]:
    """Each once, and none beside a part of it, also where nothing else of the change is judged."""
    if any(any_of(name) for name in names):
        text = N_("To move a booking name the room itself; any of a kind is given when it is requested.")
        raise refused([refuse("unknown_room", Message(text))])
    found = tuple(place.room(place.named[name][0]) for name in names)
    if (twice := told_twice([spaces.rooms[room.id] for room in found])) is not None:
        raise refused([twice])
    return found


def _columns(found: BookingRow, wanted: Alteration) -> dict[str, Any]:
    """New values of the booking itself; one that it has already takes back what is proposed in its place. No layout is None there."""
    listed_openly(wanted.words.get("listing"), found.visibility)
    proposed = found.proposed or {}
    given = {**wanted.words, "headcount": wanted.headcount, "layout": wanted.layout}
    new = {
        name: None if (name, value) == ("layout", "") else value for name, value in given.items() if value is not None
    }
    return {name: value for name, value in new.items() if value != getattr(found, name) or name in proposed}


def _rewrites(
    found: BookingRow, wanted: Alteration, rooms: tuple[RoomName, ...] | None, without: set[int], now: datetime
) -> list[Rewrite]:
    live = [date for date in found.dates if date.state in LIVE and date.id not in without]
    named = _named_date(found, live, wanted, now)
    stands = moved_day(found, named) if named.move and not wanted.starts else _day(named)
    shift = shift_of(wanted, stands, found.zone) if wanted.starts or wanted.ends else None
    places = in_scope(wanted.scope, [date.starts_at for date in live], live.index(named))
    return [
        _rewrite(found, live[place], shift, rooms, first=live[place] is named)
        for place in places
        if live[place].starts_at > now
    ]


def _rewrite(
    found: BookingRow, date: DateRow, shift: Shift | None, rooms: tuple[RoomName, ...] | None, *, first: bool
) -> Rewrite:
    """A move that waits already stands for what is not said anew: its rooms when only the time is, its time when only the rooms are."""
    day, shift = _measured(found, date, shift)
    try:
        day = moved(day, shift, found.zone, first=first) if shift else day
    except RepeatRefused as error:
        raise refusal(error) from error
    before, after = date.starts_at - date.claim_starts_at, date.claim_ends_at - date.ends_at
    return Rewrite(date, day, day.span.padded(before, after), rooms or (date.move.rooms if date.move else date.rooms))


def _measured(found: BookingRow, date: DateRow, shift: Shift | None) -> tuple[Date, Shift | None]:
    """From where a date is moved, and how: a move that waits gives its start when none is said, and its length when no end is."""
    if date.move and (shift is None or shift.by is None):
        return moved_day(found, date), shift
    if date.move and shift and shift.length is None:
        starts, ends = walls(date.move.span, found.zone)
        shift = replace(shift, length=ends - starts)
    return _day(date), shift


def _day(date: DateRow) -> Date:
    return Date(date.original_start, date.span, date.shifted)


def _named_date(found: BookingRow, live: Sequence[DateRow], wanted: Alteration, now: datetime) -> DateRow:
    """The date that the new time is of: the one that is named, or the first that is still ahead."""
    ahead = [date for date in live if date.starts_at > now]
    if wanted.occurrence is None:
        if not ahead:
            raise refused(wrong_state(Message(N_("All its dates are over or gone. Request a new booking."))))
        return ahead[0]
    date = chosen(found, [wanted.occurrence])[0]
    if date not in ahead and date.state in LIVE and date.starts_at > now:
        raise refused(wrong_state(Message(N_("This date is given back in the same change. Ask for one of the two."))))
    if date not in ahead:
        begun = N_("This date has begun or is over, so it stays as it was. Change a later one.")
        gone = N_("This date was given back or declined. Add it again instead.")
        raise refused(wrong_state(Message(begun if date.starts_at <= now else gone)))
    return date


def _fewer(found: BookingRow, wanted: Alteration, now: datetime) -> list[DateRow]:
    dates = chosen(found, wanted.fewer) if wanted.fewer else []
    if any(date.state not in LIVE or date.starts_at <= now for date in dates):
        raise refused(
            wrong_state(Message(N_("Only dates that wait or are approved and have not begun can be given back.")))
        )
    return dates
