"""Giving the dates of a request other rooms as it is approved: the one of "any classroom", or one that suits better. Part of the approval, so it has no version
of its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date
from afterbell.bookings.availability import activity_names, terms_there
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.models import Booking
from afterbell.bookings.moves import chosen, deciders, moved_day, open_booking, undecided, wrong_state
from afterbell.bookings.place import Place, find_place
from afterbell.bookings.planned import place_ask
from afterbell.bookings.prospects import wish_of
from afterbell.bookings.queries import BookingRow, booking, visible_to, whole
from afterbell.bookings.realigning import realign
from afterbell.bookings.rewriting import Rewrite, propose, rewrite
from afterbell.bookings.rivals import as_asked
from afterbell.bookings.room_names import RoomName
from afterbell.bookings.spaces import Spaces, find_spaces
from afterbell.bookings.stale import Expected
from afterbell.bookings.standing import SCHOOL
from afterbell.bookings.usage import who_asks
from afterbell.policy.admission import for_those_who_ask
from afterbell.policy.anyway import settled
from afterbell.policy.ask import Facts, Wish
from afterbell.policy.assigning import any_of
from afterbell.policy.lengths import not_too_long, not_too_short
from afterbell.policy.lifecycle import BLOCKING
from afterbell.policy.projection import Viewer
from afterbell.policy.rooms import set_up_as_asked, told_twice
from afterbell.policy.verdict import N_, Finding, Message, Verdict, refuse
from afterbell.problem import not_found, refused

AGAINST = N_(
    "A rule of these rooms is against it. Move the booking there with a reason, then approve it, or give others."
)


async def assign_rooms(
    session: AsyncSession,
    reference: str,
    names: Sequence[str] | None,
    rooms: Sequence[str],
    *,
    by: Viewer,
    now: datetime,
    expected: Expected = None,
) -> None:
    """Dates that wait get these rooms, and those that are to move. Under the locks of the old rooms and the new. 409 `unknown_room` for a room that is not
    there; that somebody has one of them is told by date."""
    glimpse = await booking(session, whole().where(Booking.reference == reference, visible_to(by)))
    if glimpse is None:
        raise not_found()
    deciders(glimpse, by)
    place = (
        None
        if any(any_of(name) for name in rooms)
        else await find_place(session, place_ask(glimpse, rooms), now=now, lock=True)
    )
    if place is None or place.campus_id != glimpse.campus_id:
        raise refused([refuse("unknown_room", Message(N_("There is no such room here. Name rooms of this campus.")))])
    spaces = await find_spaces(session, place.rooms, lock=True)
    found = await open_booking(session, reference, by, deciders, expected)
    waiting = undecided(found, by)
    wanted = waiting if names is None else [date for date in chosen(found, names) if date in waiting]
    moving = [date for date in (found.dates if names is None else chosen(found, names)) if date.move is not None]
    given = _given(rooms, place, spaces)
    ahead = [date for date in wanted if date.starts_at > now]
    if not ahead and not moving:
        raise refused(wrong_state(Message(N_("No date waits for a room here. Approve without naming rooms."))))
    await _judge(session, found, [*ahead, *map(as_asked, moving)], place, spaces, given, now=now)
    rewrites = [Rewrite(date, _day(date), date.claim, given) for date in ahead]
    await rewrite(session, [each for each in rewrites if each.changes], now=now)
    moves = [Rewrite(d, moved_day(found, d), d.move.claim, given) for d in moving if d.move]
    await propose(session, moves, now=now)
    after = await _read(session, found)
    if any(date.state in BLOCKING for date in after.dates):
        await realign(session, after)


async def _judge(
    session: AsyncSession,
    found: BookingRow,
    dates: Sequence[DateRow],
    place: Place,
    spaces: Spaces,
    given: tuple[RoomName, ...],
    *,
    now: datetime,
) -> None:
    """For whom the rooms are, how they are set up and how long they are lent, as when the booking is changed; approving has no reason to go against it,
    changing has. What a date's own rooms refuse too was settled when it was asked for."""
    facts = await _facts(session, found, place, spaces, now=now)
    layout = (found.proposed or {}).get("layout", found.layout)
    reasons: list[Finding] = []
    for date in dates:
        wish = replace(wish_of(found, [date]), layout=layout)
        before = {each.code for each in _refusals(wish, facts, now)}
        after = _refusals(replace(wish, rooms=tuple(room.id for room in given)), facts, now)
        reasons += [each for each in after if each.code not in before and each not in reasons]
    if reasons:
        raise refused(reasons, Message(AGAINST))


async def _facts(session: AsyncSession, found: BookingRow, place: Place, spaces: Spaces, *, now: datetime) -> Facts:
    terms = await terms_there(session, place.campus_id, place.rules_mark, spaces.rooms, zone=place.zone, now=now)
    return Facts(
        zone=place.zone,
        rooms=spaces.rooms,
        windows=(),
        closures=(),
        taken={},
        member=True,
        terms=terms,
        school_use=found.entered_as == SCHOOL,
        asker=who_asks(place),
        anyway=False,
        activities=await activity_names(session, terms.values()),
        admitted=found.room_ids,
    )


def _refusals(wish: Wish, facts: Facts, now: datetime) -> list[Finding]:
    rules = (for_those_who_ask, set_up_as_asked, not_too_short, not_too_long)
    return Verdict(settled([each for rule in rules for each in rule(wish, facts, now)], wish, facts)).reasons


def _given(rooms: Sequence[str], place: Place, spaces: Spaces) -> tuple[RoomName, ...]:
    """Each once, and none beside a part of it."""
    given = tuple(place.room(place.named[name][0]) for name in rooms)
    if (twice := told_twice([spaces.rooms[room.id] for room in given])) is not None:
        raise refused([twice])
    return given


async def _read(session: AsyncSession, found: BookingRow) -> BookingRow:
    return await booking(session, whole().where(Booking.id == found.id)) or found


def _day(date: DateRow) -> Date:
    return Date(date.original_start, date.span, date.shifted)
