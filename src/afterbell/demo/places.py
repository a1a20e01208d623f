"""The sample's schools (facts from the state's public directory, 2018 edition) and their rooms, as the CSV that the imports read."""

from collections.abc import Sequence

SCHOOLS = """cds_code,name,slug,level,street,city,zip,latitude,longitude,phone
19647336019608,Twenty-Fourth Street Elementary,24th-street-elementary,elementary,2055 West 24th Street,Los Angeles,90018,34.034767,-118.310690,(323) 735-0278
19647336015929,Baldwin Hills Elementary,baldwin-hills-elementary,elementary,5421 Rodeo Road,Los Angeles,90016,34.021609,-118.364920,(323) 937-7223
19647336057897,Luther Burbank Middle,luther-burbank-middle,middle,6460 North Figueroa Street,Los Angeles,90042,34.119309,-118.183570,(323) 340-4400
19647331939040,Venice Senior High,venice-high,high,13000 Venice Boulevard,Los Angeles,90066,33.998856,-118.442830,(310) 577-4200
"""
SLUGS = ("24th-street-elementary", "baldwin-hills-elementary", "luther-burbank-middle", "venice-high")
STEP_FREE = "step_free;accessible_restroom"

ELEMENTARY = (
    ("room-12", "Classroom 12", "classroom", 30, "tables;whiteboard;projector;wifi;sink", STEP_FREE, "", "Gate B"),
    ("room-14", "Classroom 14", "classroom", 30, "tables;whiteboard;projector;wifi", "", "", "Gate B"),
    ("mpr", "Multipurpose room", "multipurpose", 200, "stage;tables;sound", STEP_FREE, "", "Main gate"),
    ("library", "Library", "library", 60, "tables;computers;projector;wifi", STEP_FREE, "", "Main gate"),
    (
        "parent-center",
        "Parent center",
        "parent_center",
        25,
        "tables;coffee;child_corner;wifi",
        STEP_FREE,
        "",
        "Main gate",
    ),
    ("yard", "Playground", "court", 150, "basketball_hoops", "step_free", "", "Gate C"),
    ("parking", "Parking lot", "parking", 40, "", "step_free", "", "Gate A"),
)
SECONDARY = (
    ("room-101", "Classroom 101", "classroom", 34, "tables;whiteboard;projector;wifi;sink", STEP_FREE, "", "Gate 2"),
    ("room-102", "Classroom 102", "classroom", 34, "tables;whiteboard;projector;wifi", STEP_FREE, "", "Gate 2"),
    (
        "wellness-center",
        "Wellness center",
        "clinic",
        20,
        "exam_rooms;sink;street_entrance;waiting_room",
        STEP_FREE,
        "",
        "Street door",
    ),
    ("gym", "Gymnasium, whole", "gym", 600, "bleachers;scoreboard;lockers", STEP_FREE, "gym-a;gym-b", "Gym door"),
    ("gym-a", "Gymnasium, north half", "gym", 300, "bleachers;lockers", STEP_FREE, "gym-a", "Gym door"),
    ("gym-b", "Gymnasium, south half", "gym", 300, "lockers", STEP_FREE, "gym-b", "Gym door"),
    ("cafeteria", "Cafeteria", "cafeteria", 250, "tables;kitchen", STEP_FREE, "", "Main gate"),
    (
        "auditorium",
        "Auditorium",
        "auditorium",
        235,
        "stage;sound;lights;piano;hearing_loop",
        STEP_FREE,
        "",
        "Main gate",
    ),
    ("field", "Athletic field", "field", 500, "lights", "step_free", "", "Gate 4"),
)
HEADER = "school,slug,name,kind,capacity,features,access,spaces,entrance,on_site_phone"
PHONES = dict(zip(SLUGS, ("(323) 555-0124", "(323) 555-0116", "(323) 555-0142", "(310) 555-0166"), strict=True))


def rooms_of(school: str) -> Sequence[tuple[str, str, str, int, str, str, str, str]]:
    """The rooms of one sample school."""
    return SECONDARY if school in SLUGS[2:] else ELEMENTARY


def rooms_csv() -> str:
    """Every room, in the columns of `import rooms`."""
    lines = [
        f'{school},{slug},"{name}",{kind},{capacity},{features},{access},{spaces},{entrance},{PHONES[school]}'
        for school in SLUGS
        for slug, name, kind, capacity, features, access, spaces, entrance in rooms_of(school)
    ]
    return "\n".join([HEADER, *lines]) + "\n"


def listing() -> list[dict[str, object]]:
    """Schools as `var/demo.json` has them; each sample campus bears its school's slug."""
    return [{"slug": school, "campus": school, "rooms": [room[0] for room in rooms_of(school)]} for school in SLUGS]
