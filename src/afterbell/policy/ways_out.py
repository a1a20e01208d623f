"""What could be had instead of a date that cannot: another room as good at the same time, the same rooms at another time of that day, the nearest first, or at
the same time on a day close by where that day has none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from afterbell.almanac.hours import stretches
from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span, minus
from afterbell.policy.admission import for_those_who_ask
from afterbell.policy.anyway import settled
from afterbell.policy.ask import Facts, RoomFacts, Wish
from afterbell.policy.nearby import days_close_by
from afterbell.policy.notice import wall_date
from afterbell.policy.opening import windows_of
from afterbell.policy.quotas import counts, monday_of, within_the_quota
from afterbell.policy.rooms import blocked
from afterbell.policy.rules import judge_times, out_by_its_own_rules
from afterbell.policy.verdict import Severity

MOST, MOST_ROOMS, CANDIDATES = 3, 2, 12
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Offered:
    """A room of the campus: what it is and has, its equipment and its access in one."""

    room: RoomFacts
    school: str
    kind: str
    has: frozenset[str]


@dataclass(frozen=True)
class Way:
    """A way out: all rooms of the date, the one that is new among them (None: they stay), and when."""

    rooms: tuple[int, ...]
    new: int | None
    span: Span


def as_good(one: Offered, rooms: Sequence[Offered], needed: int, layout: str | None) -> list[Offered]:
    """The rooms that would do in its place: they hold the people, set up as asked, and have all it has; those of its school first, then those of its kind, then
    the smallest. A dozen at most. What shares a space with it is no way out."""
    able = [
        each
        for each in rooms
        if each.room.holds(layout) >= needed
        and one.has <= each.has
        and (layout not in one.room.layouts or layout in each.room.layouts)
        and not each.room.spaces & one.room.spaces
    ]
    able.sort(
        key=lambda each: (each.school != one.school, each.kind != one.kind, each.room.holds(layout), each.room.id)
    )
    return able[:CANDIDATES]


def replaceable(day: Date, wish: Wish, facts: Facts, now: datetime) -> int | None:
    """The one room of the date that somebody else has, or that its own rules rule out then; None when there is none, or more than one."""
    hits = [room for room in wish.rooms_of(day) if _cannot_be_had(room, day, wish, facts, now)]
    return hits[0] if len(hits) == 1 else None


def _cannot_be_had(room: int, day: Date, wish: Wish, facts: Facts, now: datetime) -> bool:
    if blocked(facts.rooms[room].spaces, wish.claim(day), facts.taken) is not None:
        return True
    alone = replace(wish, dates=[day], rooms=(room,), elsewhere={})
    return any(each.severity is Severity.REFUSE for each in out_by_its_own_rules(alone, facts, now))


def needed_of(room: int, day: Date, wish: Wish, facts: Facts) -> int:
    """How many people a room has to hold in place of one of the date's rooms."""
    others = sum(facts.rooms[each].holds(wish.layout) for each in wish.rooms_of(day) if each != room)
    return max(wish.headcount - others, 1)


def ways_of(
    day: Date, wish: Wish, facts: Facts, instead: Sequence[Offered], now: datetime, but: Sequence[Way] = ()
) -> list[Way]:
    """At most three, all of them allowed as things stand: two rooms at most, then other times, or one other day where there is no such time. `wish` has the
    dates that are to stay, `facts` know the rooms offered, and what is taken in the days around. Nothing that overlaps `but`, which other dates are offered."""

    def passes(way: Way) -> bool:
        return _allowed(way, day, wish, facts, now) and not any(_meet(way, each, wish, facts) for each in but)

    def first(ways: Iterator[Way], most: int) -> list[Way]:
        return list(islice(filter(passes, ways), most))

    rooms = first(_elsewhere(day, wish, facts, instead, now), MOST_ROOMS)
    times = first(_at_other_times(day, wish, facts), MOST - len(rooms))
    return [*rooms, *(times or first(_on_other_days(day, wish, facts), 1))]


def _meet(one: Way, other: Way, wish: Wish, facts: Facts) -> bool:
    """Whether two ways out, each of another date, could not both be taken."""
    claims = [each.span.padded(wish.setup, wish.takedown) for each in (one, other)]
    spaces = [frozenset().union(*(facts.rooms[room].spaces for room in each.rooms)) for each in (one, other)]
    return claims[0].overlaps(claims[1]) and bool(spaces[0] & spaces[1])


def _elsewhere(day: Date, wish: Wish, facts: Facts, instead: Sequence[Offered], now: datetime) -> Iterator[Way]:
    room, claim = replaceable(day, wish, facts, now), wish.claim(day)
    for each in instead if room is not None else ():
        if blocked(each.room.spaces, claim, facts.taken) is None:
            rooms = tuple(each.room.id if one == room else one for one in wish.rooms_of(day))
            yield Way(rooms, each.room.id, day.span)


def _at_other_times(day: Date, wish: Wish, facts: Facts) -> Iterator[Way]:
    """One in each gap that is long enough, as near to the time asked for as the gap allows, on quarters of an hour where it has them."""
    claim, there = wish.claim(day), ZoneInfo(facts.zone)
    on = day.span.starts_at.astimezone(there).date()
    taken = [span for space in wish.spaces(day, facts) for span in facts.taken.get(space, ())]
    near = [span for span in taken if abs(span.starts_at - claim.starts_at) < timedelta(hours=72)]
    shut = [closure.span for closure in facts.closures]
    gaps = minus(_open_around(on, wish.rooms_of(day), facts), [*near, *shut])
    starts = [found for gap in gaps if (found := _within(gap, claim)) is not None]
    for begins in sorted(starts, key=lambda moment: abs(moment - claim.starts_at)):
        span = Span(begins + wish.setup, begins + wish.setup + day.span.length)
        if span.starts_at.astimezone(there).date() == on and span != day.span:
            yield Way(wish.rooms_of(day), None, span)


def _open_around(on: date, rooms: Sequence[int], facts: Facts) -> list[Span]:
    """When all of the rooms are open on a day, the one before and the one after, each by hours of its own."""
    days = (on - timedelta(days=1), on + timedelta(days=1))
    first, *others = [stretches(windows_of(facts, room), *days, facts.zone) for room in rooms]
    for each in others:
        first = minus(first, minus(first, each))
    return first


def _on_other_days(day: Date, wish: Wish, facts: Facts) -> Iterator[Way]:
    """At the same wall time."""
    return (Way(wish.rooms_of(day), None, span) for span in days_close_by(day.span, facts.zone))


def _within(gap: Span, claim: Span) -> datetime | None:
    """When the claim would begin in the gap; None when it is too short."""
    if claim.length > gap.length:
        return None
    last = gap.ends_at - claim.length
    if gap.starts_at <= claim.starts_at <= last:
        return claim.starts_at
    late = claim.starts_at < gap.starts_at
    exact = gap.starts_at if late else last
    over = timedelta(minutes=exact.minute % 15, seconds=exact.second)
    rounded = exact - over + (QUARTER if late and over else timedelta(0))
    return rounded if gap.starts_at <= rounded <= last else exact


def _allowed(way: Way, day: Date, wish: Wish, facts: Facts, now: datetime) -> bool:
    """By every rule about dates, whom the rooms are for and how much one may have, and in the way of no other date of the same wish."""
    moved = replace(day, span=way.span)
    only = replace(wish, dates=[moved], rooms=way.rooms, elsewhere={})
    rest = [each for each in wish.dates if each.original_start != day.original_start]
    found = [*judge_times(only, facts, now).findings, *settled([*for_those_who_ask(only, facts, now)], only, facts)]
    if any(each.severity is Severity.REFUSE for each in found):
        return False
    claim, spaces = only.claim(moved), only.spaces(moved, facts)
    if any(wish.claim(each).overlaps(claim) and wish.spaces(each, facts) & spaces for each in rest):
        return False
    elsewhere = {**wish.elsewhere, moved.original_start: way.rooms}
    return not _beyond_the_quota(moved, replace(wish, dates=[*rest, moved], elsewhere=elsewhere), facts, now)


def _beyond_the_quota(moved: Date, wish: Wish, facts: Facts, now: datetime) -> bool:
    """Whether a quota refuses the date beside the others of its week, or their number."""
    if not counts(wish, facts):
        return False
    on = {day.original_start: monday_of(wall_date(day.span.starts_at, facts.zone)) for day in wish.dates}
    found = settled([*within_the_quota(wish, facts, now)], wish, facts)
    refused = [each.occurrence for each in found if each.severity is Severity.REFUSE]
    return any(start is None or on[start] == on[moved.original_start] for start in refused)
