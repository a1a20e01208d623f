"""The sample's rooms, and its places as the CSV that the imports read. The schools are in demo.schools."""

from collections.abc import Sequence

from afterbell.demo.schools import SCHOOLS, TOGETHER

SLUGS = ("24th-street-elementary", "baldwin-hills-elementary", "luther-burbank-middle", "venice-high")
EVERY = tuple(school.slug for school in SCHOOLS)
COMPETING = ("woodland-hills-academy",)  # campuses where a request holds nothing before it is decided
DECIDED = ("charnock-road-elementary",)  # where even what staff enter waits for the approver
STEP_FREE = "step_free;accessible_restroom"
Room = tuple[str, str, str, int, str, str, str, str]

ELEMENTARY: Sequence[Room] = (
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
SECONDARY: Sequence[Room] = (
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
UPSTAIRS: Sequence[Room] = (  # of the school whose gym, cafeteria and field are its neighbour's
    (
        "room-201",
        "Classroom 201",
        "classroom",
        34,
        "tables;whiteboard;projector;wifi",
        STEP_FREE + ";elevator",
        "",
        "Gate 2",
    ),
    ("media-lab", "Media lab", "computer_lab", 32, "computers;projector;wifi", STEP_FREE + ";elevator", "", "Gate 2"),
    ("black-box", "Black box theater", "auditorium", 90, "lights;sound", STEP_FREE, "", "Gate 2"),
)
PHONES = {  # numbers that nobody has
    "24th-street-elementary": "(323) 555-0124",
    "baldwin-hills-elementary": "(323) 555-0116",
    "luther-burbank-middle": "(323) 555-0142",
    "venice-high": "(310) 555-0166",
}
HEADER = "school,slug,name,kind,capacity,features,access,spaces,entrance,on_site_phone"


def rooms_of(slug: str) -> Sequence[Room]:
    """The rooms of one sample school."""
    if slug in TOGETHER:
        return UPSTAIRS
    return ELEMENTARY if next(school for school in SCHOOLS if school.slug == slug).level == "elementary" else SECONDARY


def rooms_csv(slugs: tuple[str, ...] = EVERY) -> str:
    """Every room of these schools, in the columns of `import rooms`."""
    lines = [HEADER]
    for school in slugs:
        phone = PHONES.get(school, f"(323) 555-01{EVERY.index(school) + 30}")
        lines += [
            f'{school},{slug},"{name}",{kind},{capacity},{features},{access},{spaces},{entrance},{phone}'
            for slug, name, kind, capacity, features, access, spaces, entrance in rooms_of(school)
        ]
    return "\n".join(lines) + "\n"


def listing(slugs: tuple[str, ...] = EVERY) -> list[dict[str, object]]:
    """Schools as `var/demo.json` has them; a campus bears the slug of its school, or of the first of two."""
    return [
        {"slug": slug, "campus": TOGETHER.get(slug, slug), "rooms": [room[0] for room in rooms_of(slug)]}
        for slug in slugs
    ]
