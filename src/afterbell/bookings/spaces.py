"""The spaces of rooms: read, and locked in one order, so that two acts on the same place queue and never deadlock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.room_names import RoomName
from afterbell.places.models import Room, RoomSpace, Space
from afterbell.policy.ask import RoomFacts


@dataclass(frozen=True)
class Spaces:
    """The spaces that some rooms block, in the order in which they are locked, and what is known of each room."""

    ids: tuple[int, ...]
    rooms: Mapping[int, RoomFacts]

    def of(self, rooms: Iterable[RoomName]) -> frozenset[int]:
        """What some of the rooms block together."""
        return frozenset().union(*(self.rooms[room.id].spaces for room in rooms))


_SPACES = (
    select(Space.id, Room.id, Room.name, Room.capacity, Room.layouts, Room.kind)
    .join(RoomSpace, RoomSpace.space_id == Space.id)
    .join(Room, Room.id == RoomSpace.room_id)
    .where(RoomSpace.room_id.in_(bindparam("rooms", expanding=True)))
    .order_by(Space.id)
)
_LOCKED_SPACES = _SPACES.with_for_update(key_share=True, of=Space)


async def find_spaces(session: AsyncSession, rooms: Iterable[RoomName], *, lock: bool) -> Spaces:
    """Locks the spaces in the order of their ids when `lock`."""
    wanted = {"rooms": [room.id for room in rooms]}
    rows = (await session.execute(_LOCKED_SPACES if lock else _SPACES, wanted)).all()
    of_room: dict[int, list[int]] = {}
    for row in rows:
        of_room.setdefault(row[1], []).append(row[0])
    found = {
        row[1]: RoomFacts(row[1], row[2], row[3], frozenset(of_room[row[1]]), row[4] or {}, row[5]) for row in rows
    }
    return Spaces(tuple(dict.fromkeys(row[0] for row in rows)), found)
