"""Files as districts send them, brought in by function, and what then stands in the database as plain rows."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database
from afterbell.places.import_rooms import import_rooms
from afterbell.places.import_schools import import_schools
from afterbell.places.importing import Imported, ImportRefused, Progress
from tests.ground.sql import rows

Reader = Callable[[AsyncSession, bytes, Progress], Awaitable[Imported]]

SCHOOLS = """cds_code,name,slug,level,street,city,zip,latitude,longitude,phone
1001,Venice Senior High,venice-high,high,13000 Venice Boulevard,Los Angeles,90066,33.998856,-118.442830,(310) 577-4200
1002,Foshay Learning Center,,span,3751 South Harvard Boulevard,Los Angeles,90018,34.017700,-118.305600,(323) 373-2700
1003,Foshay Medical Magnet,,high,3751 South Harvard Boulevard,Los Angeles,90018,34.017700,-118.305600,
"""
ROOMS = """school,slug,name,kind,capacity,features,access,spaces,entrance,on_site_phone
venice-high,gym,"Gymnasium, whole",gym,600,bleachers;lockers,step_free,gym-a;gym-b,Gym door,(310) 555-0166
venice-high,gym-a,"Gymnasium, north half",gym,300,,step_free,gym-a,Gym door,
venice-high,gym-b,"Gymnasium, south half",gym,300,,step_free,gym-b,Gym door,
1002,,Room 12,classroom,30,,,,,
1002,,Room 12,classroom,30,,,,,
"""
SCHOOL_COLUMNS = (
    "s.slug, c.slug, s.cds_code, s.name, s.level, s.street, s.city, s.zip, s.latitude, s.longitude, s.phone"
)
ALL_SCHOOLS = f"SELECT {SCHOOL_COLUMNS} FROM schools s JOIN campuses c ON c.id = s.campus_id ORDER BY s.slug"
ROOM_COLUMNS = "s.slug, r.slug, r.name, r.kind, r.capacity, r.features, r.access, r.entrance, r.on_site_phone, p.slug"
ALL_ROOMS = f"""SELECT {ROOM_COLUMNS} FROM rooms r JOIN schools s ON s.id = r.school_id JOIN room_spaces m ON m.room_id = r.id
JOIN spaces p ON p.id = m.space_id ORDER BY s.slug, r.slug, p.slug"""


async def bring(url: str, reader: Reader, text: str | bytes, watch: Progress = lambda done, total: None) -> Imported:
    """One import in one transaction."""
    database = Database(url)
    try:
        async with database.writing() as session:
            return await reader(session, text.encode() if isinstance(text, str) else text, watch)
    finally:
        await database.close()


async def schools(url: str, text: str | bytes = SCHOOLS) -> tuple[int, int, int]:
    """How many schools were added, changed and left."""
    found = await bring(url, import_schools, text)
    return found.created, found.changed, found.unchanged


async def rooms(url: str, text: str | bytes = ROOMS) -> tuple[int, int, int]:
    """How many rooms were added, changed and left."""
    found = await bring(url, import_rooms, text)
    return found.created, found.changed, found.unchanged


async def complaints(url: str, reader: Reader, text: str | bytes) -> list[str]:
    """What the file is refused for; empty when it was taken."""
    try:
        await bring(url, reader, text)
    except ImportRefused as refused:
        return [str(complaint) for complaint in refused.complaints]
    return []


async def standing(url: str) -> Sequence[object]:
    """Every school with its campus, and every room with its spaces."""
    return [
        await rows(url, ALL_SCHOOLS),
        await rows(url, ALL_ROOMS),
        await rows(url, "SELECT slug FROM spaces ORDER BY id"),
    ]
