"""The one projection: what a viewer sees of a booking. Pages, JSON, feeds, letters and lists all pass through here; there is no second road to a title."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

from afterbell.policy.lifecycle import STANDING, given_back

VISIBILITIES = ("public", "listed", "busy_only", "hidden")
CONFIDENTIAL = frozenset({"busy_only", "hidden"})
DECIDERS = frozenset({"site_approver", "facilities", "district_admin"})
CONFIDANTS = DECIDERS | {"coordinator"}
ENTERERS = DECIDERS | {"coordinator", "school_staff"}
VERIFIERS = frozenset({"district_admin", "facilities"})
RESERVED = "Reserved"
ANNOUNCED = tuple(sorted(STANDING))

T = TypeVar("T")


class Level(IntEnum):
    """NOTHING: as if it did not exist. BUSY: only that the room is reserved, and when. LISTED: what its public listing says and the school, no room.
    PUBLIC: the room too. FULL: everything."""

    NOTHING = 0
    BUSY = 1
    LISTED = 2
    PUBLIC = 3
    FULL = 4


@dataclass(frozen=True)
class Viewer:
    """Who looks. `staff` are (role, campus_id) pairs, campus None meaning every campus; `organizations` are ids of those whose member they are, `manages`
    of those whose manager. Nobody signed in: person None."""

    person_id: int | None = None
    organizations: frozenset[int] = frozenset()
    staff: frozenset[tuple[str, int | None]] = frozenset()
    name: str = ""
    email: str = ""
    language: str = "en"
    manages: frozenset[int] = frozenset()

    def roles_at(self, campus_id: int) -> frozenset[str]:
        """The staff roles held at one campus, those for every campus included."""
        return frozenset(role for role, at in self.staff if at is None or at == campus_id)

    @property
    def everywhere(self) -> bool:
        """Whether some staff role counts at every campus."""
        return any(at is None for _, at in self.staff)

    @property
    def campuses(self) -> frozenset[int]:
        """The campuses where a staff role is held by name."""
        return frozenset(at for _, at in self.staff if at is not None)

    def decides_at(self, campus_id: int) -> bool:
        """Whether this person may approve and decline there."""
        return bool(self.roles_at(campus_id) & DECIDERS)

    def enters_at(self, campus_id: int) -> bool:
        """Whether this person may ask for the school itself there, and enter what others ask by phone or in person."""
        return bool(self.roles_at(campus_id) & ENTERERS)

    @property
    def verifies(self) -> bool:
        """Whether this person may vouch for an organization, which counts in the whole district."""
        return any(role in VERIFIERS for role, _ in self.staff)


PUBLIC = Viewer()


@dataclass(frozen=True)
class Shown(Generic[T]):
    """A booking's words at one level; `details` is None below FULL, and the title is then the constant."""

    level: Level
    title: str
    details: T | None


def level(*, visibility: str, campus_id: int, organization_id: int, viewer: Viewer, own: bool = False) -> Level:
    """Members of the organization see all; staff of the campus see all but what is confidential, which only those who decide or coordinate may read, and
    whoever of them entered it (`own`)."""
    if organization_id in viewer.organizations:
        return Level.FULL
    roles = viewer.roles_at(campus_id)
    if not roles:
        return Level.NOTHING
    if visibility in CONFIDENTIAL and not roles & CONFIDANTS and not own:
        return Level.BUSY
    return Level.FULL


def public_level(*, visibility: str, state: str, announced: bool) -> Level:
    """What everybody may see of a date in the programme: only what is approved, or was (`announced`) and is no more, so that people are told; and only as
    its class of confidentiality allows now, so that what is narrowed is gone at once, also as a cancelled date."""
    if state not in ANNOUNCED and not given_back(state, announced=announced):
        return Level.NOTHING
    return {"public": Level.PUBLIC, "listed": Level.LISTED}.get(visibility, Level.NOTHING)


def show(title: str, details: T, at: Level) -> Shown[T]:
    """Below FULL nothing of the booking's own words passes. A NOTHING has no right to be asked for: the caller answers 404 before."""
    if at is Level.FULL:
        return Shown(at, title, details)
    return Shown(at, RESERVED, None)
