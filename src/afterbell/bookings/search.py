"""Need first: which rooms are free on all dates of a wish, which on most, what stands in the way on the others and what could be had instead. A few statements,
however many rooms; no room is left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from operator import itemgetter

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.details import Details, details_of
from afterbell.bookings.lent import Lent, lent
from afterbell.bookings.nearby import Instead, Neighbours
from afterbell.bookings.pool import Candidate, Need, Pool, candidates
from afterbell.bookings.searcher import NOBODY, Searcher
from afterbell.bookings.situations import Situation, situations
from afterbell.bookings.staffed import staffed
from afterbell.bookings.vacancy import busy
from afterbell.places.catalog import RoomRow
from afterbell.policy.ask import Wish
from afterbell.policy.ranking import Rank, rank
from afterbell.policy.verdict import Finding

# How many rooms are looked up at a time, the most promising first; what is left after these is looked up at once.
ROUNDS = (400, 1_600, 8_000)
RANK = itemgetter(0)


@dataclass(frozen=True)
class Answer:
    """One room: free on `free` of `of` dates, on `already_open` of which another booking has the building open; `conflicts` are the findings on the dates that
    are not free, `instead` what could be had on them, by original start. `distance_km` None without a point. `not_held` says where requests compete how many
    others asked for each date that is free; it is empty where a request holds. `only_for` says whom the room is for, where it is not for everybody: notes,
    or where it is known who asks refusals, and then it is free on no date, of which nothing more is said."""

    room: RoomRow
    free: int
    of: int
    conflicts: Sequence[Finding]
    distance_km: float | None
    not_held: Sequence[Finding] = ()
    already_open: int = 0
    only_for: Sequence[Finding] = ()
    instead: Mapping[datetime, Sequence[tuple[RoomRow, Instead]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """The best `answers` of all rooms that fit. Of the `judged`, `all_free` are free on every date and `some_free` on some; rooms that could not be among the
    best any more were not judged. `shut` are the findings on dates that no campus can take, for one and the same reason."""

    answers: Sequence[Answer] = ()
    fitting: int = 0
    judged: int = 0
    all_free: int = 0
    some_free: int = 0
    shut: Sequence[Finding] = ()


@dataclass(frozen=True)
class _Round:
    """What is known while rooms are looked up; `open` counts by campus the dates on which it is open anyway."""

    pool: Pool
    lent: Lent
    open: Mapping[int, int]

    def rank(self, room: Candidate, free: int) -> Rank:
        """Its place with these dates free, as bits."""
        return rank(free.bit_count(), self.open.get(room.campus, 0), room.spare, self.pool.km(room), room.id)


async def search(
    session: AsyncSession, need: Need, wish: Wish, *, now: datetime, most: int = 50, who: Searcher = NOBODY
) -> Found:
    """The `most` best by policy.ranking, exactly: a room is passed over only when it could not be one of them. It is judged as for `who`."""
    pool = await candidates(session, need)
    if not pool.rooms:
        return Found()
    at = await situations(session, pool.rooms, wish, who, now=now)
    to_them = await lent(session, pool.rooms, at, who)
    spans = {k: wish.claim(date) for k, date in enumerate(wish.dates)}
    open_ = await staffed(session, at.by_campus, spans)
    known = _Round(pool, to_them, {campus: bits.bit_count() for campus, bits in open_.items()})
    free, best = await _free(session, known, spans, most)
    judged = [room for room in pool.rooms if room.id in free]
    details = await details_of(session, best, to_them, free, Neighbours(pool, judged, free))
    whole = (1 << len(wish.dates)) - 1
    return Found(
        [_answer(room, known, details, free[room.id], len(wish.dates)) for room in best],
        fitting=len(pool.rooms),
        judged=len(judged),
        all_free=sum(bits == whole for bits in free.values()),
        some_free=sum(0 < bits < whole for bits in free.values()),
        shut=_shut(at.kinds),
    )


async def _free(
    session: AsyncSession, known: _Round, spans: Mapping[int, Span], most: int
) -> tuple[dict[int, int], list[Candidate]]:
    """The dates on which each room is free, as bits, and the `most` best; round after round until nobody left could be among them. At most four statements."""
    possible = {room.id: known.lent.possible(room) for room in known.pool.rooms}
    hopes = sorted(((known.rank(room, possible[room.id]), room) for room in known.pool.rooms), key=RANK)
    found: dict[int, int] = {}
    ranked: list[tuple[Rank, Candidate]] = []
    for round_ in _rounds(hopes):
        if len(ranked) >= most and ranked[most - 1] < round_[0]:
            break
        spaces = {space for _, room in round_ if possible[room.id] for space in room.spaces}
        taken = await busy(session, list(spaces), _possible(round_, possible, spans))
        for hope, room in round_:
            bits = found[room.id] = known.lent.within(room, _left(possible[room.id], room, taken))
            ranked.append((hope if bits == possible[room.id] else known.rank(room, bits), room))
        ranked.sort(key=RANK)
    return found, [room for _, room in ranked[:most]]


def _rounds(hopes: Sequence[tuple[Rank, Candidate]]) -> Iterator[list[tuple[Rank, Candidate]]]:
    waiting = iter(hopes)
    for size in (*ROUNDS, len(hopes)):
        if taken := list(islice(waiting, size)):
            yield taken


def _possible(
    round_: Sequence[tuple[Rank, Candidate]], possible: Mapping[int, int], spans: Mapping[int, Span]
) -> dict[int, Span]:
    """The dates that some of the rooms can take."""
    bits = 0
    for _, room in round_:
        bits |= possible[room.id]
    return {k: span for k, span in spans.items() if bits >> k & 1}


def _left(possible: int, room: Candidate, taken: Mapping[int, int]) -> int:
    for space in room.spaces:
        possible &= ~taken.get(space, 0)
    return possible


def _answer(room: Candidate, known: _Round, details: Details, free: int, of: int) -> Answer:
    return Answer(
        room=details.rows[room.id],
        free=free.bit_count(),
        of=of,
        conflicts=details.conflicts[room.id],
        distance_km=known.pool.km(room),
        not_held=details.not_held.get(room.id, ()),
        already_open=known.open.get(room.campus, 0),
        only_for=details.only_for.get(room.id, ()),
        instead={
            start: [(details.rows[each.room], each) for each in offers]
            for start, offers in details.instead[room.id].items()
        },
    )


def _shut(all_: Sequence[Situation]) -> list[Finding]:
    """The first finding of each date that is refused everywhere, where everywhere says the same."""
    first, *others = all_
    return [
        found[0]
        for start, found in first.refused.items()
        if all(start in each.refused and each.refused[start][0].message == found[0].message for each in others)
    ]
