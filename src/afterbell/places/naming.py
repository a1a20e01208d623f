"""What kinds of rooms, their equipment and their access are called. Imported rooms may have words of their own, which are shown as they were written."""

from collections.abc import Callable, Mapping

from afterbell.policy import layouts
from afterbell.policy.verdict import N_
from afterbell.web.words import say

KIND_NAMES: Mapping[str, str] = {
    "classroom": N_("Classroom"),
    "gym": N_("Gymnasium"),
    "auditorium": N_("Auditorium"),
    "cafeteria": N_("Cafeteria"),
    "library": N_("Library"),
    "multipurpose": N_("Multipurpose room"),
    "clinic": N_("Clinic room"),
    "computer_lab": N_("Computer lab"),
    "music_room": N_("Music room"),
    "dance_studio": N_("Dance studio"),
    "kitchen": N_("Kitchen"),
    "parent_center": N_("Parent center"),
    "meeting_room": N_("Meeting room"),
    "field": N_("Sports field"),
    "court": N_("Court or playground"),
    "pool": N_("Swimming pool"),
    "parking": N_("Parking lot"),
    "other": N_("Other"),
}
FEATURE_NAMES: Mapping[str, str] = {
    "tables": N_("Tables"),
    "whiteboard": N_("Whiteboard"),
    "projector": N_("Projector"),
    "wifi": N_("Wi-Fi"),
    "computers": N_("Computers"),
    "sink": N_("Sink"),
    "kitchen": N_("Kitchen"),
    "coffee": N_("Coffee maker"),
    "child_corner": N_("Children's corner"),
    "stage": N_("Stage"),
    "sound": N_("Sound system"),
    "lights": N_("Lights"),
    "piano": N_("Piano"),
    "hearing_loop": N_("Hearing loop"),
    "bleachers": N_("Bleachers"),
    "scoreboard": N_("Scoreboard"),
    "lockers": N_("Lockers"),
    "basketball_hoops": N_("Basketball hoops"),
    "exam_rooms": N_("Exam rooms"),
    "waiting_room": N_("Waiting room"),
    "street_entrance": N_("Entrance from the street"),
}
ACCESS_NAMES: Mapping[str, str] = {
    "step_free": N_("Step-free"),
    "accessible_restroom": N_("Accessible restroom"),
    "elevator": N_("Elevator"),
}
LAYOUT_NAMES = layouts.LAYOUT_NAMES
# What the search offers as chips; anything else may still be asked for in the address.
OFTEN_NEEDED = ("projector", "wifi", "tables", "computers", "sink", "kitchen", "stage", "sound", "child_corner")


def named(names: Mapping[str, str], slug: str, language: str) -> str:
    """ "Step-free" for "step_free"; an unknown word without its underscores."""
    known = names.get(slug)
    return say(known, language) if known else slug.replace("_", " ")


def layout_words(language: str) -> Callable[[str | None], str]:
    """What a layout is called there, and none: for templates, which know no tables."""
    return lambda slug: named(LAYOUT_NAMES, slug, language) if slug else say(N_("As it usually is"), language)


def choices(names: Mapping[str, str], slugs: tuple[str, ...], language: str) -> list[tuple[str, str]]:
    """(slug, name) pairs in that order."""
    return [(slug, named(names, slug, language)) for slug in slugs]
