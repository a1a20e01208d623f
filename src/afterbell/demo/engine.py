"""What the booking engine can do, as samples: rooms with layouts, several rooms, any of a kind, a monthly series. What waits to be moved is in
demo.waiting."""

from dataclasses import replace

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import table
from afterbell.demo.samples import read
from afterbell.places.models import Room

LAYOUTS = {  # by room, at every school that has it: how many it holds set up in some way
    "mpr": {"theater": 200, "banquet": 120, "classroom": 90, "open": 200},
    "library": {"classroom": 60, "conference": 24},
    "cafeteria": {"banquet": 200, "theater": 250},
    "auditorium": {"theater": 235},
    "gym": {"open": 600, "theater": 500},
    "room-12": {"classroom": 30, "conference": 16},
    "room-101": {"classroom": 34, "conference": 16},
}
ASKED = 2  # days ago, where a line does not say
SETTLED = """\
luther-burbank-middle/gym-a | dee | Spring jamboree | youth-sports | +68 Sat 10:00 4h | 320 x 1 | approved | also=cafeteria ago=6
san-pedro-street-elementary/parent-center | vega | Círculo de familias | parent-workshop | +20 Thu 17:00 2h | 20 x 4 | approved | reads=reading monthly=yes
"""
WAITS = """\
luther-burbank-middle/any:classroom | pilar | Tutors for the GED | adult-esl | +61 Tue 18:00 1.5h | 25 x 6 | waits
baldwin-hills-elementary/mpr | sam | Evening of one-act plays | performance | +64 Wed 17:00 3h | 110 x 1 | waits | set=theater also=parent-center
24th-street-elementary/library | marcus | Board of the chess league | civic-meeting | +41 Thu 18:00 1.5h | 14 x 4 | waits | set=conference monthly=yes
"""
ENGINE = (*read(SETTLED), *(replace(each, ago=each.ago or ASKED) for each in read(WAITS)))


async def set_layouts(session: AsyncSession) -> None:
    """What an import of rooms says in its column of layouts."""
    rooms = table(Room)
    for slug, layouts in LAYOUTS.items():
        await session.execute(update(rooms).where(rooms.c.slug == slug).values(layouts=layouts))
