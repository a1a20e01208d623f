"""What the rooms of a campus share when dates are judged: zone, hours, closures, and whether requests compete. Campuses of one district are mostly alike,
so each kind of situation is judged once, however many rooms are in it. The one place where the facts of a candidate room are put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from json import loads
from zoneinfo import ZoneInfo

from sqlalchemy import String, bindparam, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac import hours
from afterbell.almanac.closures import Closure
from afterbell.almanac.openings import DAY, left_free, openings
from afterbell.almanac.recurrence import Date
from afterbell.almanac.span import Span
from afterbell.bookings.availability import NOTICE_REACH, closures_by_campus, closures_of
from afterbell.bookings.pool import Candidate
from afterbell.bookings.searcher import Searcher
from afterbell.places.catalog import RoomRow
from afterbell.places.models import Campus
from afterbell.policy.ask import Asker, Contest, Facts, RoomFacts, Wish
from afterbell.policy.nearby import CLOSE_BY, FURTHEST, days_close_by, other_time
from afterbell.policy.opening import opened
from afterbell.policy.rooms import without_overlapping_itself
from afterbell.policy.rules import judge_the_time
from afterbell.policy.terms import Terms
from afterbell.policy.verdict import Finding
from afterbell.rules.reading import books_of

NOBODYS = RoomFacts(0, "", 0, frozenset({0}))
MOST_READ = 1024


@dataclass(eq=False)
class Situation:
    """Shared facts, and what the rules say of one wish there before anybody looks at a room. `member`, `held` and `of_school` (which asks for itself) are as in
    Facts: None while nobody is named who asks."""

    zone: str
    windows: Sequence[hours.Window]
    closures: Sequence[Closure]
    competing: bool
    terms: Terms
    wish: Wish
    now: datetime
    asker: Asker
    member: bool | None = None
    held: int | None = None
    of_school: bool = False
    reaches: dict[int, Span] = field(default_factory=dict)
    opened: dict[int, list[Span]] = field(default_factory=dict)
    moves: dict[tuple[int, tuple[Span, ...]], timedelta | None] = field(default_factory=dict)
    days: dict[int, list[Span]] = field(default_factory=dict)
    others: dict[int, list[Span]] = field(default_factory=dict)

    def facts(self, room: RoomFacts, taken: Mapping[int, Sequence[Span]], asked: Sequence[Contest] = ()) -> Facts:
        """What one room in this situation is judged by."""
        rooms = {room.id: room}
        return Facts(
            self.zone,
            rooms,
            self.windows,
            self.closures,
            taken,
            self.member,
            competing=self.competing,
            asked=asked,
            held=self.held,
            school_use=self.of_school,
            terms={room.id: self.terms},
            asker=self.asker,
        )

    @cached_property
    def refused(self) -> Mapping[datetime, Sequence[Finding]]:
        """The refusals of each date that has some, by its original start. Dates that overlap each other do so in every room."""
        wish, facts = replace(self.wish, rooms=(NOBODYS.id,), elsewhere={}), self.facts(NOBODYS, {})
        said = [*judge_the_time(wish, facts, self.now).reasons, *without_overlapping_itself(wish, facts, self.now)]
        found: dict[datetime, list[Finding]] = {}
        for finding in said:
            if finding.occurrence is not None:
                found.setdefault(finding.occurrence, []).append(finding)
        return found

    @cached_property
    def possible(self) -> int:
        """Bit number k is set when date number k of the wish is not refused."""
        return sum(1 << k for k, date in enumerate(self.wish.dates) if date.original_start not in self.refused)

    def reach(self, k: int) -> Span:
        """Date number k with the time on both sides to which it might move."""
        if k not in self.reaches:
            self.reaches[k] = self.wish.claim(self.wish.dates[k]).padded(FURTHEST, FURTHEST)
        return self.reaches[k]

    def open_around(self, k: int) -> list[Span]:
        """When the campus is open around date number k: worked out once, since all its rooms ask."""
        if k not in self.opened:
            self.opened[k] = openings(opened(self.windows, self.terms), self.closures, self.reach(k), self.zone)
        return self.opened[k]

    def moved(self, k: int, blocked: tuple[Span, ...]) -> timedelta | None:
        """By how much to move date number k past what is `blocked` (policy.nearby). Evenings are booked alike, so many rooms have the same answer."""
        if (k, blocked) not in self.moves:
            free = left_free(self.open_around(k), blocked, self.reach(k))
            self.moves[k, blocked] = other_time(self.wish.claim(self.wish.dates[k]), free)
        return self.moves[k, blocked]

    def other_claims(self, k: int) -> list[Span]:
        """What the other dates of the wish take of the time to which date number k might move."""
        if k not in self.others:
            claims = (self.wish.claim(date) for at, date in enumerate(self.wish.dates) if at != k)
            self.others[k] = [claim for claim in claims if claim.overlaps(self.reach(k))]
        return self.others[k]

    def other_days(self, k: int) -> list[Span]:
        """The days close by to which date number k might move at its own wall time, where no date of the wish is in the way and the rules allow it."""
        if k not in self.days:
            there = ZoneInfo(self.zone)
            spans = days_close_by(self.wish.dates[k].span, self.zone)
            dates = [Date(span.starts_at.astimezone(there).replace(tzinfo=None), span, False) for span in spans]
            wish = replace(self.wish, dates=dates, rooms=(NOBODYS.id,), elsewhere={})
            refused = {each.occurrence for each in judge_the_time(wish, self.facts(NOBODYS, {}), self.now).reasons}
            rest = [self.wish.claim(date) for date in self.wish.dates]
            self.days[k] = [
                date.span
                for date in dates
                if date.original_start not in refused
                and not any(claim.overlaps(self.wish.claim(date)) for claim in rest)
            ]
        return self.days[k]


_CAMPUSES = select(Campus.id, Campus.time_zone, Campus.holds, cast(Campus.hours, String), Campus.rules_mark).where(
    Campus.id.in_(bindparam("campuses", expanding=True))
)


@dataclass(frozen=True)
class Situations:
    """The situation of each candidate: its campus's, or its `own` where its terms differ; `kinds` are all there are, each once."""

    by_campus: Mapping[int, Situation]
    own: Mapping[int, Situation]
    kinds: Sequence[Situation]

    def of(self, room: Candidate) -> Situation:
        """What it shares with the others of its campus that have the same terms."""
        return self.own.get(room.id) or self.by_campus[room.campus]


async def situations(
    session: AsyncSession, rooms: Sequence[Candidate], wish: Wish, who: Searcher, *, now: datetime
) -> Situations:
    """Of every room; campuses that are alike share one. Two statements, and one more where rules changed since this process read them."""
    campuses = {room.campus for room in rooms}
    closures = await closures_by_campus(session, campuses, _long(wish, now))
    found = {row[0]: row[1:] for row in await session.execute(_CAMPUSES, {"campuses": list(campuses)})}
    books = await books_of(session, {id_: row[3] for id_, row in found.items()})
    alike: dict[object, Situation] = {}

    def kind(campus: int, room: int | None) -> Situation:
        zone, holds, windows, _ = found[campus]
        terms = books[campus].terms(room, now.astimezone(ZoneInfo(zone)).date())
        competing, member = holds == "on_approval", who.member_at(campus)
        key = (zone, holds, windows, terms, member, *closures[campus])
        if key not in alike:
            stands = (who.asker, member, None if competing else who.held, who.its_campus_id == campus)
            alike[key] = Situation(zone, _windows(windows), closures[campus], competing, terms, wish, now, *stands)
        return alike[key]

    by_campus = {campus: kind(campus, None) for campus in found}
    apart = frozenset().union(*(book.apart for book in books.values()))
    own = {room.id: kind(room.campus, room.id) for room in rooms if room.id in apart} if apart else {}
    return Situations(by_campus, own, list(alike.values()))


def _long(wish: Wish, now: datetime) -> Span:
    """All its dates and the days close by, and from now on as far as notice in business days may reach."""
    claims = [wish.claim(date) for date in wish.dates]
    since, until = min(claim.starts_at for claim in claims), max(claim.ends_at for claim in claims)
    days = timedelta(days=CLOSE_BY + 1)
    return Span(min(since - days, now), max(until + days, now + NOTICE_REACH))


async def open_times(session: AsyncSession, room: RoomRow, reach: Span, *, now: datetime) -> list[Span]:
    """When a room may be used, every stretch that touches the reach, whole: the hours of its campus and its own terms, less the closures. Two statements, or
    three where rules changed."""
    _, zone, _, windows, mark = (await session.execute(_CAMPUSES, {"campuses": [room.campus_id]})).one()
    book = (await books_of(session, {room.campus_id: mark}))[room.campus_id]
    hours_ = opened(_windows(windows), book.terms(room.id, now.astimezone(ZoneInfo(zone)).date()))
    return openings(hours_, await closures_of(session, room.campus_id, reach.padded(DAY, DAY)), reach, zone)


@lru_cache(MOST_READ)
def _windows(text: str) -> tuple[hours.Window, ...]:
    """Hours as they are kept; most campuses of a district keep the same."""
    return tuple(hours.from_json(loads(text)))
