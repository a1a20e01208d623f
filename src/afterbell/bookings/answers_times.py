"""What is answered about a room's free times and a campus's week. For the OpenAPI document and for tests; answers are made in timetables."""

from msgspec import Struct


class FreeSpan(Struct, forbid_unknown_fields=True):
    """A stretch in which nobody has the room and its school is open; set-up and take-down have to fit in too."""

    starts_at: str
    ends_at: str
    minutes: int


class FreeAnswer(Struct, forbid_unknown_fields=True, rename={"from_": "from"}):
    """When a room is free between two instants; always whole."""

    room: str
    time_zone: str
    from_: str
    to: str
    items: list[FreeSpan]
    next: None


class SeenAnswer(Struct, forbid_unknown_fields=True):
    """A date in a room as the caller may see it: below the full level its words are null, and for outsiders all but the time in the room."""

    id: str | None
    reference: str | None
    organization: str | None
    title: str
    state: str | None
    starts_at: str | None
    ends_at: str | None
    claim_starts_at: str
    claim_ends_at: str


class DayAnswer(Struct, forbid_unknown_fields=True):
    """One wall date at the campus; a date belongs to the day on which it begins."""

    date: str
    occurrences: list[SeenAnswer]


class WeekRoom(Struct, forbid_unknown_fields=True):
    """A room by its names."""

    id: str
    slug: str
    school: str
    name: str
    kind: str


class RoomWeek(Struct, forbid_unknown_fields=True):
    """A room's seven days."""

    room: WeekRoom
    days: list[DayAnswer]


class WeekAnswer(Struct, forbid_unknown_fields=True, rename={"from_": "from"}):
    """A page of a campus's rooms with their week; `next` is the cursor of the following one."""

    campus: str
    time_zone: str
    from_: str
    to: str
    items: list[RoomWeek]
    next: str | None
