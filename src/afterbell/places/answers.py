"""What is answered about schools and rooms, as API.md promises it. For the OpenAPI document and for tests; answers are made in api."""

from msgspec import UNSET, Struct, UnsetType


class Address(Struct, forbid_unknown_fields=True):
    """Where a school stands."""

    street: str
    city: str
    zip: str


class SchoolAnswer(Struct, forbid_unknown_fields=True):
    """A school; `distance_km` when a point was given."""

    slug: str
    name: str
    campus: str
    level: str
    address: Address
    latitude: float | None
    longitude: float | None
    phone: str
    time_zone: str
    distance_km: float | UnsetType = UNSET


class RoomAnswer(Struct, forbid_unknown_fields=True):
    """A room; `spaces` are what a booking of it blocks, `layouts` how many it holds set up in some way."""

    id: str
    slug: str
    school: str
    campus: str
    name: str
    kind: str
    capacity: int
    layouts: dict[str, int]
    features: list[str]
    access: list[str]
    spaces: list[str]
    time_zone: str


class SchoolList(Struct, forbid_unknown_fields=True):
    """A page of schools; `next` is the cursor of the following one."""

    items: list[SchoolAnswer]
    next: str | None


class RoomList(Struct, forbid_unknown_fields=True):
    """A page of rooms; `next` is the cursor of the following one."""

    items: list[RoomAnswer]
    next: str | None
