"""What else could be had on a date on which a room cannot: another room that would do, in the same school or near it, another time close by in the
same room, or a day close by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from afterbell.almanac.span import Span
from afterbell.bookings.pool import Candidate, Pool
from afterbell.bookings.situations import Situation
from afterbell.places.catalog import KM_A_DEGREE, Near, kilometres
from afterbell.policy.nearby import CLOSE_BY

NEARBY_KM = 5.0
MOVABLE = frozenset({"room_taken", "outside_hours", "closed"})


@dataclass(frozen=True)
class Instead:
    """A room and a time that are free; `km` lie between its school and that of the room that is not, None where the places are not known."""

    room: int
    span: Span
    km: float | None


@dataclass
class Neighbours:
    """The rooms of a search that are free on some date, by date and school, the closest to the need first; `free` are bits by room."""

    pool: Pool
    rooms: Sequence[Candidate]
    free: Mapping[int, int]
    best: dict[int, dict[int, Candidate]] = field(default_factory=dict)
    around: dict[int, list[tuple[float, int]]] = field(default_factory=dict)

    def instead(self, room: Candidate, k: int, span: Span, but: int | None) -> Iterator[Instead]:
        """One of the same school, then one of the nearest other school that has one, no room of the campus `but`. Whatever is free then shares nothing
        with what is not."""
        best = self._best(k)
        if room.school in best and room.campus != but:
            yield Instead(best[room.school].id, span, 0.0)
        around = ((km, best[school]) for km, school in self._around(room.school) if school in best)
        other = next((each for each in around if each[1].campus != but), None)
        if other is not None:
            yield Instead(other[1].id, span, round(other[0], 2))

    def _best(self, k: int) -> dict[int, Candidate]:
        if k not in self.best:
            found: dict[int, Candidate] = {}
            for room in self.rooms:
                if self.free[room.id] >> k & 1:
                    known = found.get(room.school)
                    if known is None or (room.spare, room.id) < (known.spare, known.id):
                        found[room.school] = room
            self.best[k] = found
        return self.best[k]

    def _around(self, school: int) -> list[tuple[float, int]]:
        """The other schools within five kilometres, the nearest first."""
        if school not in self.around:
            self.around[school] = sorted(self._near(school))
        return self.around[school]

    def _near(self, school: int) -> Iterator[tuple[float, int]]:
        at = self.pool.spots[school]
        if at.latitude is None or at.longitude is None:
            return
        near, tall = Near(at.latitude, at.longitude, NEARBY_KM), NEARBY_KM / KM_A_DEGREE
        for other, (latitude, longitude, _) in self.pool.spots.items():
            if other == school or latitude is None or longitude is None or abs(latitude - at.latitude) > tall:
                continue
            km = kilometres(near, latitude, longitude)
            if km <= NEARBY_KM:
                yield km, other


def movable(situation: Situation, k: int) -> bool:
    """Whether nothing is wrong with date number k that another time would not mend."""
    found = situation.refused.get(situation.wish.dates[k].original_start, ())
    return all(finding.code in MOVABLE for finding in found)


def another_day(situation: Situation, room: Candidate, k: int, taken: Mapping[int, Sequence[Span]]) -> Instead | None:
    """The nearest day on which the same room is free at the same wall time; `taken` reaches as far as `days_around`."""
    blocked = [span for space in room.spaces for span in taken.get(space, ())]
    for day in situation.other_days(k):
        claim = day.padded(situation.wish.setup, situation.wish.takedown)
        if not any(span.overlaps(claim) for span in blocked):
            return Instead(room.id, day, 0.0)
    return None


def days_around(situation: Situation, k: int) -> Span:
    """Date number k with the days to which it might move."""
    days = timedelta(days=CLOSE_BY + 1)
    return situation.wish.claim(situation.wish.dates[k]).padded(days, days)


def another_time(situation: Situation, room: Candidate, k: int, taken: Mapping[int, Sequence[Span]]) -> Instead | None:
    """The nearest time at which the same room is free that day and no other date of the wish is; None where the date is refused for something that another
    hour does not mend."""
    date = situation.wish.dates[k]
    if not movable(situation, k):
        return None
    reach = situation.reach(k)
    own = situation.other_claims(k)
    blocked = [span for space in room.spaces for span in taken.get(space, ()) if span.overlaps(reach)]
    by = situation.moved(k, (*blocked, *own))
    return None if by is None else Instead(room.id, Span(date.span.starts_at + by, date.span.ends_at + by), 0.0)
