"""What rooms are lent to whoever looks for them: whether they are for them at all, and on how many of the dates on which they are free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.pool import Candidate
from afterbell.bookings.searcher import Searcher
from afterbell.bookings.situations import NOBODYS, Situation, Situations
from afterbell.bookings.usage import askers_by_campus
from afterbell.policy.admission import for_those_who_ask
from afterbell.policy.ask import Asker, RoomFacts
from afterbell.policy.skip import beyond_its_share
from afterbell.policy.standing import asks_for_a_partner
from afterbell.policy.terms import Quotas
from afterbell.policy.verdict import Finding, Severity

Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Lent:
    """The situations of rooms, and `having`: who looks with what they have, at the campuses where they have something that a quota counts. Campuses and
    rooms are mostly alike, so what is found once is kept."""

    at: Situations
    having: Mapping[int, Asker]
    _for_them: dict[tuple[Situation, str], bool] = field(default_factory=dict)
    _beyond: dict[tuple[Situation, int, int], list[Finding]] = field(default_factory=dict)

    @cached_property
    def everywhere(self) -> bool:
        """Whether every room is for whoever looks."""
        return all(map(is_for_everybody, self.at.kinds))

    @cached_property
    def without_limit(self) -> bool:
        """Whether they may have as much as they like, wherever it is."""
        return not any(map(limited, self.at.kinds))

    def possible(self, room: Candidate) -> int:
        """The dates, as bits, on which they could have it if nobody else did and they had nothing yet."""
        return self.at.of(room).possible if self.is_for_them(room) else 0

    def is_for_them(self, room: Candidate) -> bool:
        """Whether a request would not be refused whatever its dates."""
        if self.everywhere or is_for_everybody(here := self.at.of(room)):
            return True
        key = (here, room.kind)
        if key not in self._for_them:
            found = kept_for(here, replace(NOBODYS, kind=room.kind), {})
            self._for_them[key] = all(each.severity is not Severity.REFUSE for each in found)
        return self._for_them[key]

    def within(self, room: Candidate, dates: int) -> int:
        """Of `dates` on which it is free, as bits, those that they may have."""
        beyond = self.beyond(room, dates)
        if not beyond:
            return dates
        out = {each.occurrence for each in beyond}
        days = enumerate(self.at.of(room).wish.dates)
        return dates & ~sum(1 << k for k, date in days if date.original_start in out)

    def beyond(self, room: Candidate, dates: int) -> Sequence[Finding]:
        """The others of them, each with its reason."""
        if self.without_limit or not limited(here := self.at.of(room)):
            return ()
        campus = room.campus if room.campus in self.having else 0
        key = (here, campus, dates)
        if key not in self._beyond:
            self._beyond[key] = _too_much(here, dates, self.having.get(campus, here.asker))
        return self._beyond[key]

    def full(self, room: Candidate, free: int, k: int) -> Sequence[Finding]:
        """Why date number k cannot be had beside the dates that are `free`, whenever and in whichever room of the campus; nothing where it fits in."""
        return self.beyond(room, free | 1 << k)


async def lent(session: AsyncSession, rooms: Sequence[Candidate], at: Situations, who: Searcher) -> Lent:
    """One statement where an organization is named and a quota counts what it has, else none."""
    counted = {each for each in at.kinds if limited(each) and each.terms.quotas != Quotas()}
    if who.organization_id is None or not counted:
        return Lent(at, {})
    zones = {room.campus: at.of(room).zone for room in rooms if at.of(room) in counted}
    wish, now = at.kinds[0].wish, at.kinds[0].now
    return Lent(at, await askers_by_campus(session, who.organization_id, zones, who.asker, wish, now=now))


def limited(at: Situation) -> bool:
    """Whether an organization is named that may not have as much there as it likes."""
    return at.member is True and not at.of_school and (at.held is not None or at.terms.quotas != Quotas())


def is_for_everybody(at: Situation) -> bool:
    """Whether nothing there is kept for some, and who looks may ask there."""
    return not at.terms.reserved and at.member is not False


def kept_for(at: Situation, room: RoomFacts, names: Names) -> list[Finding]:
    """For whom a room is, where it is not for everybody: refusals where it is known who looks, else notes. `names` are those of activities."""
    wish, facts = replace(at.wish, rooms=(room.id,), elsewhere={}), replace(at.facts(room, {}), activities=names)
    rules = (for_those_who_ask,) if at.member is None else (asks_for_a_partner, for_those_who_ask)
    return [each for rule in rules for each in rule(wish, facts, at.now)]


def _too_much(at: Situation, dates: int, asker: Asker) -> list[Finding]:
    days = [date for k, date in enumerate(at.wish.dates) if dates >> k & 1]
    wish = replace(at.wish, dates=days, rooms=(NOBODYS.id,), elsewhere={})
    return beyond_its_share(wish, replace(at.facts(NOBODYS, {}), asker=asker), at.now)
