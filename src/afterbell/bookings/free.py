"""When a room is free: its hours less the closures and less what is taken, in time in the room. Never whose booking or what for."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.openings import left_free
from afterbell.almanac.span import Span
from afterbell.bookings.occupied import taken_by_room
from afterbell.bookings.situations import open_times
from afterbell.places.catalog import RoomRow

LEAST = timedelta(minutes=15)


async def free_times(
    session: AsyncSession, room: RoomRow, reach: Span, *, at_least: timedelta = LEAST, now: datetime
) -> list[Span]:
    """The spans of the reach, cut to it and to what is still ahead, in which the room is free for `at_least` so long, set-up and take-down counted in.
    Whether it may be asked for then (notice, how far ahead) is another matter. Three statements."""
    if reach.ends_at <= now:
        return []
    reach = Span(max(reach.starts_at, now), reach.ends_at)
    blocked = (await taken_by_room(session, [room.id], reach)).get(room.id, ())
    free = left_free(await open_times(session, room, reach, now=now), blocked, reach)
    return [span for span in free if span.length >= at_least]
