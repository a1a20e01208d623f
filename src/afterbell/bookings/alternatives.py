"""What else a partner could have when a date is declined: another room of the same school that fits the people and is free then. Offered, never held."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac import hours
from afterbell.almanac.closures import Closure
from afterbell.almanac.span import Span
from afterbell.bookings.availability import closures_of, hours_and_mark, terms_there
from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.occupied import taken_by_room
from afterbell.bookings.present import instant
from afterbell.bookings.prospects import wish_of
from afterbell.bookings.queries import BookingRow
from afterbell.places.catalog import RoomRow, rooms_where
from afterbell.places.models import Room
from afterbell.policy.admission import for_those_who_ask
from afterbell.policy.ask import Asker, Facts, RoomFacts
from afterbell.policy.lengths import not_too_long, not_too_short
from afterbell.policy.rooms import set_up_as_asked
from afterbell.policy.rules import judge_again
from afterbell.policy.terms import Terms
from afterbell.policy.verdict import Severity

MOST_ROOMS = 500


@dataclass(frozen=True)
class Vacancies:
    """The rooms of a campus, the smallest first, and what is known of them in a reach of time."""

    rooms: Sequence[RoomRow]
    taken: Mapping[int, Sequence[Span]]
    windows: Sequence[hours.Window]
    closures: Sequence[Closure]
    terms: Mapping[int, Terms]

    def instead(self, found: BookingRow, dates: Iterable[DateRow], *, now: datetime) -> dict[int, dict[str, Any]]:
        """For each date ahead that has one, by its id: the smallest room that fits and is free, one of the same kind before any other."""
        ahead = [date for date in dates if date.starts_at > now]
        offers = {date.id: self._free(found, date, now) for date in ahead}
        return {
            date.id: {
                "room": f"{room.school}/{room.slug}",
                "name": room.name,
                "starts_at": instant(date.starts_at),
                "ends_at": instant(date.ends_at),
            }
            for date in ahead
            if (room := offers[date.id]) is not None
        }

    def _free(self, found: BookingRow, date: DateRow, now: datetime) -> RoomRow | None:
        return next((room for room in self._choice(date) if self._would_do(room, found, date, now)), None)

    def _choice(self, date: DateRow) -> list[RoomRow]:
        """Rooms of the same school that share no space with the ones declined; a whole gym is no way out when its half is needed."""
        own = {room.id for room in date.rooms}
        declined = [room for room in self.rooms if room.id in own]
        kinds = {room.kind for room in declined}
        spaces = {space for room in declined for space in room.spaces}
        school = date.rooms[0].school_slug
        others = [room for room in self.rooms if room.school == school and not spaces & set(room.spaces)]
        return sorted((room for room in others if room.id not in own), key=lambda room: room.kind not in kinds)

    def _would_do(self, room: RoomRow, found: BookingRow, date: DateRow, now: datetime) -> bool:
        """It holds them, set up as asked, is free and open then, and is lent to them for as long; notice was kept when they asked."""
        rooms = {
            room.id: RoomFacts(
                room.id, room.name, room.capacity, frozenset({room.id}), layouts=room.layouts or {}, kind=room.kind
            )
        }
        asker = Asker(None if found.of_school else found.organization_kind, found.activity)
        facts = Facts(found.zone, rooms, self.windows, self.closures, self.taken, True, terms=self.terms, asker=asker)
        facts = replace(facts, school_use=found.of_school)
        wish = replace(wish_of(found, [date]), rooms=(room.id,), elsewhere={})
        rules = (for_those_who_ask, set_up_as_asked, not_too_short, not_too_long)
        said = [*judge_again(wish, facts, now).findings, *(each for rule in rules for each in rule(wish, facts, now))]
        return all(each.severity is not Severity.REFUSE for each in said)


async def vacancies(session: AsyncSession, campus_id: int, dates: Sequence[DateRow], *, now: datetime) -> Vacancies:
    """As things stand in this transaction, so that what an act has just taken counts. A few statements, however many dates."""
    if not dates:
        return Vacancies((), {}, (), (), {})
    reach = Span(min(date.claim_starts_at for date in dates), max(date.claim_ends_at for date in dates))
    rooms = await rooms_where(session, Room.campus_id == campus_id, most=MOST_ROOMS, smallest_first=True)
    windows, mark = await hours_and_mark(session, campus_id)
    ids = [room.id for room in rooms]
    zone = rooms[0].time_zone if rooms else "UTC"
    return Vacancies(
        rooms,
        await taken_by_room(session, ids, reach),
        hours.from_json(windows),
        await closures_of(session, campus_id, reach),
        await terms_there(session, campus_id, mark, ids, zone=zone, now=now),
    )
