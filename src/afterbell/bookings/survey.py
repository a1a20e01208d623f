"""What an ask comes to, for a preview and for the act alike: its place, its dates spelled out, its spaces, and the facts it is judged by. For an act every
row that others may touch is locked first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Date, RepeatRefused, expand
from afterbell.almanac.span import Span
from afterbell.bookings.availability import gather_facts
from afterbell.bookings.confidential import listed_openly
from afterbell.bookings.place import Place, find_place, unknown_activity
from afterbell.bookings.programs import program_of
from afterbell.bookings.repeats import refusal
from afterbell.bookings.spaces import Spaces, find_spaces
from afterbell.bookings.standing import asks_anyway, settle
from afterbell.bookings.usage import lock_quota, usage, who_asks
from afterbell.policy.amending import UnknownDate, amended
from afterbell.policy.ask import MOST_DATES, Ask, Facts, RoomFacts, Wish
from afterbell.policy.assigning import Call, any_of, assigned, beside_the_named, fitting_together, most_at_once
from afterbell.policy.projection import Viewer
from afterbell.policy.promising import Promise, pinned
from afterbell.policy.rules import judge, out_by_its_own_rules
from afterbell.policy.skip import Left, judge_without
from afterbell.policy.verdict import N_, Finding, Message, Verdict, refuse
from afterbell.problem import malformed, refused

TWICE = N_("changes names one date twice. Put all that is otherwise about a date into one entry.")


@dataclass(frozen=True)
class Survey:
    """An ask with everything that judging and writing it need. `verdict` is how it fares, `left` which dates are left out and why."""

    ask: Ask
    place: Place
    wish: Wish
    spaces: Spaces
    facts: Facts
    program: tuple[int, str] | None
    verdict: Verdict = field(default_factory=Verdict)
    left: Left = field(default_factory=dict)


async def survey(
    session: AsyncSession, ask: Ask, *, by: Viewer, now: datetime, lock: bool, promised: Promise | None = None
) -> Survey:
    """The place (campus locked), the dates spelled out, the spaces (locked), and then, under the locks, the facts and the verdict. The rooms that were
    `promised` are given where they can still be had."""
    place = await find_place(session, ask, now=now, lock=lock)
    if place is None:
        raise refused([refuse("unknown_room", Message(_no_room(ask)))])
    _known_activity(ask, place)
    listed_openly(ask.listing, ask.visibility or (place.visibility if ask.activity else None))
    ask = ask_there(ask, place.zone)
    dates = dates_of_ask(ask, place.zone)
    place, standing = await settle(session, ask, place, by=by, now=now, lock=lock)
    program = None
    if lock and ask.program and place.organization_id is not None and standing.member:
        program = await program_of(session, ask.program, place.organization_id)
    if lock:
        await lock_quota(session, place, now=now)
    spaces = await find_spaces(session, place.rooms, lock=lock)
    _enough_rooms(ask, place, spaces.rooms)
    reach = reach_of([date.span.padded(ask.setup, ask.takedown) for date in dates])
    facts = await gather_facts(session, place, spaces, reach, by=by, now=now)
    facts = replace(facts, member=standing.member, held=standing.held, school_use=standing.school_use)
    wish = _wish(ask, place, dates, facts)
    wish = pinned(wish, promised, facts) if promised else wish
    asker = who_asks(place).having(await usage(session, place, facts, wish, now=now))
    if any(len(rooms) > 1 for rooms in place.named.values()) and promised is None:
        wish = _wish(ask, place, dates, replace(facts, asker=asker), now=now)
    anyway = asks_anyway(ask.anyway, place.campus_id, place.organization_id, by)
    facts = replace(facts, asker=asker, anyway=anyway)
    found = Survey(ask, place, wish, spaces, facts, program)
    verdict, left = _judged(found, now)
    return replace(found, verdict=verdict, left=left)


def _judged(found: Survey, now: datetime) -> tuple[Verdict, Left]:
    if found.ask.skips:
        return judge_without(found.wish, found.facts, now)
    return judge(found.wish, found.facts, now), {}


def _no_room(ask: Ask) -> str:
    if any(any_of(name) for name in ask.names):
        return N_(
            "There is no such room. Name rooms of one school site, as school/room, or any of a kind, as school/any:classroom."
        )
    return N_("There is no such room. Name rooms of one school site, as school/room.")


def _enough_rooms(ask: Ask, place: Place, rooms: Mapping[int, RoomFacts]) -> None:
    """Any of a kind may be asked for several times, as often as the school has such rooms at once beside those that are named."""
    for names in (ask.rooms, *(change.rooms or () for change in ask.changes)):
        meant = [place.named[name] for name in names]
        for name in filter(any_of, names):
            count, asked = len(place.named[name]), sum(each == name for each in names)
            at_once = most_at_once(beside_the_named(place.named[name], meant, rooms), rooms)
            if asked > count or asked > at_once > 0:
                raise refused([_too_few(name, asked, count, at_once)])


def _too_few(name: str, asked: int, count: int, at_once: int) -> Finding:
    """Says how many the school has, or how many of them can be had at the same time."""
    many = N_("The school has {count} rooms for {name}, and {asked} are asked for. Ask for fewer.")
    one = N_("The school has one room for {name}, and {asked} are asked for. Ask for one.")
    if asked <= count:
        many = N_(
            "Only {count} of the rooms for {name} can be had at once here, and {asked} are asked for. Ask for fewer."
        )
        one = N_("Only one of the rooms for {name} can be had at once here, and {asked} are asked for. Ask for one.")
        count = at_once
    said = Message(one if count == 1 else many, {"count": count, "name": name, "asked": asked})
    return refuse("room_twice", said, would_pass=str(count))


def _known_activity(ask: Ask, place: Place) -> None:
    if ask.activity is not None and place.activity_id is None:
        raise unknown_activity(ask.activity)


def ask_there(ask: Ask, zone: str) -> Ask:
    """The ask in wall time of the place."""
    try:
        return ask.at(zone)
    except RepeatRefused as error:
        raise refusal(error) from error


def dates_of_ask(ask: Ask, zone: str) -> list[Date]:
    """The dates spelled out, those that are otherwise among them; the ask's times are wall times there. Raises what a booking is refused with."""
    if len({change.original_start for change in ask.changes}) < len(ask.changes):
        raise malformed(Message(TWICE))
    try:
        dates = expand(ask.starts, ask.ends, zone, ask.repeat, MOST_DATES)
        _leaves_out_what_is_there(ask, dates, zone)
        return amended(dates, ask.changes, zone)
    except RepeatRefused as error:
        raise refusal(error) from error
    except UnknownDate as error:
        named = error.original_start.isoformat(timespec="minutes")
        text = N_("The series has no date {name}. Name dates by the start that the series gives them.")
        raise refused([refuse("unknown_occurrence", Message(text, {"name": named}))]) from error


def _leaves_out_what_is_there(ask: Ask, dates: list[Date], zone: str) -> None:
    """A date to leave out that the series does not have is a slip: the one that was meant would be booked."""
    if ask.repeat is None or not ask.repeat.skip:
        return
    whole = expand(ask.starts, ask.ends, zone, replace(ask.repeat, skip=frozenset()), MOST_DATES + len(ask.repeat.skip))
    days = sorted({date.original_start.date() for date in whole})
    for day in sorted(ask.repeat.skip - set(days)):
        nearest = min(days, key=lambda each: abs(each - day))
        text = N_("The series has no date on {day} to leave out. The nearest is {nearest}.")
        said = Message(text, {"day": day, "nearest": nearest})
        raise refused([refuse("unknown_occurrence", said, would_pass=nearest.isoformat())])


def reach_of(claims: "list[Span]") -> Span:
    """From the first instant in the rooms to the last."""
    return Span(min(claim.starts_at for claim in claims), max(claim.ends_at for claim in claims))


def _wish(ask: Ask, place: Place, dates: list[Date], facts: Facts, *, now: datetime | None = None) -> Wish:
    """The dates with their rooms; where any of a kind would do, one that is free, and with `now` one whose own rules let it be had."""
    named = {change.original_start: change.rooms for change in ask.changes if change.rooms is not None}
    wish = Wish(dates, ask.headcount, ask.setup, ask.takedown, (), {}, ask.layout)
    if all(len(each) == 1 for each in place.named.values()):
        elsewhere = {start: tuple(place.named[name][0] for name in rooms) for start, rooms in named.items()}
        return replace(wish, rooms=tuple(place.named[name][0] for name in ask.rooms), elsewhere=elsewhere)
    choices = {names: _choices(names, ask, place, facts) for names in {tuple(ask.rooms), *named.values()}}
    of_date = {date.original_start: choices[named.get(date.original_start, tuple(ask.rooms))] for date in dates}
    open_ = [each for found in choices.values() for each in found if len(each) > 1]
    return _with_any(wish, of_date, facts, _barred(wish, open_, facts, now) if now else ())


def _barred(wish: Wish, choices: list[tuple[int, ...]], facts: Facts, now: datetime) -> frozenset[tuple[int, datetime]]:
    """The rooms of a kind with the dates on which their hours, lengths, notice or admission rule them out; nothing where all are lent on the same terms."""
    found = set()
    rooms = {room for each in choices for room in each}
    if len({facts.terms_of(room) for room in rooms}) == 1:
        return frozenset()
    for room in rooms:
        said = out_by_its_own_rules(replace(wish, rooms=(room,)), facts, now)
        dates = wish.dates if any(each.occurrence is None for each in said) else ()
        found |= {(room, each.occurrence) for each in said if each.occurrence is not None}
        found |= {(room, date.original_start) for date in dates}
    return frozenset(found)


def _choices(names: tuple[str, ...], ask: Ask, place: Place, facts: Facts) -> tuple[tuple[int, ...], ...]:
    return fitting_together([place.named[name] for name in names], facts.rooms, ask.headcount, ask.layout)


def _with_any(
    wish: Wish,
    choices: Mapping[datetime, tuple[tuple[int, ...], ...]],
    facts: Facts,
    barred: Collection[tuple[int, datetime]],
) -> Wish:
    """The wish with rooms given to every date, of those that would do for the names that it was asked with."""
    calls = [
        Call(date, wish.claim(date), choices[date.original_start], wish.headcount, wish.layout) for date in wish.dates
    ]
    given = assigned(calls, facts.rooms, facts.taken, barred)
    usual = given[wish.dates[0].original_start]
    return replace(wish, rooms=usual, elsewhere={start: rooms for start, rooms in given.items() if rooms != usual})
