"""`import rooms`: what they are made of, what a file may change, all or nothing."""

import json

from afterbell.places.import_rooms import import_rooms
from tests.conftest import Ground
from tests.ground.sql import rows
from tests.places.files import ROOMS, complaints, rooms, schools, standing

MADE_OF = """SELECT r.slug, p.slug FROM rooms r JOIN room_spaces m ON m.room_id = r.id JOIN spaces p ON p.id = m.space_id
ORDER BY r.slug, p.slug"""


async def made_of(url: str) -> dict[str, list[str]]:
    """Which spaces each room is made of; an undivided room's own is called "own"."""
    found: dict[str, list[str]] = {}
    for room, space in await rows(url, MADE_OF):
        found.setdefault(room, []).append("own" if space.split("-", 1)[0].isdigit() else space)
    return found


async def test_halves_share_their_spaces_with_the_whole(migrated: Ground) -> None:
    await schools(migrated.url)
    assert await rooms(migrated.url) == (5, 0, 0)
    assert await made_of(migrated.url) == {
        "gym": ["gym-a", "gym-b"],
        "gym-a": ["gym-a"],
        "gym-b": ["gym-b"],
        "room-12": ["own"],
        "room-12-2": ["own"],
    }
    assert await rows(migrated.url, "SELECT count(*) FROM spaces") == [(4,)]


async def test_a_room_is_what_its_line_says(migrated: Ground) -> None:
    await schools(migrated.url)
    await rooms(migrated.url)
    columns = "r.name, r.kind, r.capacity, r.features, r.access, r.entrance, r.on_site_phone, c.slug"
    (gym,) = await rows(
        migrated.url, f"SELECT {columns} FROM rooms r JOIN campuses c ON c.id = r.campus_id WHERE r.slug = 'gym'"
    )
    assert (*gym[:3], json.loads(gym[3]), json.loads(gym[4]), *gym[5:]) == (
        "Gymnasium, whole",
        "gym",
        600,
        ["bleachers", "lockers"],
        ["step_free"],
        "Gym door",
        "(310) 555-0166",
        "venice-high",
    )


async def test_the_same_file_twice_changes_nothing(migrated: Ground) -> None:
    await schools(migrated.url)
    await rooms(migrated.url)
    before = await standing(migrated.url)
    assert (await rooms(migrated.url), await standing(migrated.url)) == ((0, 0, 5), before)


async def test_a_changed_cell_changes_only_that(migrated: Ground) -> None:
    await schools(migrated.url)
    await rooms(migrated.url)
    ids = await rows(migrated.url, "SELECT slug, public_id, id FROM rooms ORDER BY slug")
    assert await rooms(migrated.url, ROOMS.replace("bleachers;lockers", "bleachers")) == (0, 1, 4)
    assert await rows(migrated.url, "SELECT slug, public_id, id FROM rooms ORDER BY slug") == ids
    (gym,) = await rows(migrated.url, "SELECT features, capacity FROM rooms WHERE slug = 'gym'")
    assert (json.loads(gym[0]), gym[1]) == (["bleachers"], 600)


async def test_what_a_file_has_no_column_for_stays(migrated: Ground) -> None:
    await schools(migrated.url)
    await rooms(migrated.url)
    query = "SELECT slug, name, capacity, features, entrance FROM rooms WHERE slug = 'gym'"
    ((slug, _, _, features, entrance),) = await rows(migrated.url, query)
    assert await rooms(migrated.url, "school,slug,name,kind,capacity\nvenice-high,gym,Big gym,gym,500\n") == (0, 1, 0)
    assert await rows(migrated.url, query) == [(slug, "Big gym", 500, features, entrance)]


async def test_the_schools_of_one_campus_may_share_a_hall(migrated: Ground) -> None:
    await schools(migrated.url)
    shared = """school,slug,name,kind,capacity,spaces
foshay-learning-center,hall,Hall,auditorium,300,hall
foshay-medical-magnet,hall,Hall,auditorium,300,hall
venice-high,hall,Hall,auditorium,300,hall
"""
    assert await rooms(migrated.url, shared) == (3, 0, 0)
    assert await rows(migrated.url, "SELECT slug FROM spaces") == [("hall",), ("hall",)]


BAD = """school,slug,name,kind,capacity,spaces
venice-high,hall,"A
hall",gym,300,
nowhere,hall,Hall,gym,300,
venice-high,hall,Again,disco,0,
venice-high,x,,gym,1e3,
venice-high,y,Y,gym,100001,\u5317;\u5357
venice-high,z,Z,gym,30,a,b
"""


async def test_every_complaint_is_told_at_once_and_nothing_is_kept(migrated: Ground) -> None:
    await schools(migrated.url)
    before = await standing(migrated.url)
    kinds = (
        "classroom, gym, auditorium, cafeteria, library, multipurpose, clinic, computer_lab, music_room, dance_studio, kitchen, "
        "parent_center, meeting_room, field, court, pool, parking, other"
    )
    assert await complaints(migrated.url, import_rooms, BAD) == [
        "line 4: the school 'nowhere' is unknown; name it by slug or state number, and import schools first",
        f"line 5: kind 'disco' is unknown; these pass: {kinds}",
        "line 5: capacity '0' is not a whole number from 1 to 100000",
        "line 5: slug hall stands twice at this school",
        "line 6: name is needed, with at most 120 characters",
        "line 6: capacity '1e3' is not a whole number from 1 to 100000",
        "line 7: capacity '100001' is not a whole number from 1 to 100000",
        "line 7: spaces are words with a Latin letter or a digit, such as gym-a;gym-b",
        "line 8: 7 cells where the header has 6",
    ]
    assert await standing(migrated.url) == before


async def test_a_file_cannot_make_a_room_of_other_spaces(migrated: Ground) -> None:
    """Else its bookings would hold the old ones, and a half could be taken twice."""
    await schools(migrated.url)
    await rooms(migrated.url)
    before = await standing(migrated.url)
    told = await complaints(migrated.url, import_rooms, ROOMS.replace("gym-a;gym-b", "gym-a;gym-b;gym-c"))
    assert told == ["line 2: gym is made of gym-a;gym-b here, which a file cannot change"]
    assert await standing(migrated.url) == before


async def test_layouts_say_how_many_a_room_holds_set_up_in_some_way(migrated: Ground) -> None:
    """A file without the column leaves them as they are; one with an empty cell takes them away."""
    await schools(migrated.url)
    head = "school,slug,name,kind,capacity,layouts\n"
    row = "venice-high,gym,Gym,gym,600,"
    steps = []
    for text in (
        f"{head}{row}Theater:500; banquet:300\n",
        "school,slug,name,kind,capacity\n" + row[:-1] + "\n",
        f"{head}{row}\n",
    ):
        counts = await rooms(migrated.url, text)
        kept = (await rows(migrated.url, "SELECT layouts FROM rooms"))[0][0]
        steps.append((counts, json.loads(kept) if isinstance(kept, str) else kept))
    told = await complaints(migrated.url, import_rooms, f"{head}{row}theater;banquet:many\n")
    layouts = {"theater": 500, "banquet": 300}
    assert steps == [((1, 0, 0), layouts), ((0, 0, 1), layouts), ((0, 1, 0), None)]
    assert told == [
        "line 2: layouts 'theater' is not a name with a number, such as theater:120;banquet:80",
        "line 2: layouts 'banquet:many' is not a name with a number, such as theater:120;banquet:80",
    ]
