"""What is answered about bookings, as API.md promises it. For the OpenAPI document and for tests that hold answers against it; answers are made in present."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from afterbell.places.answers import RoomAnswer
from afterbell.web.openapi import ReasonAnswer


class WaitingOn(Struct, forbid_unknown_fields=True):
    """Who has it now and until when; a partner by name for those who may know it."""

    role: str
    due: str
    name: str | UnsetType = UNSET


class Alternative(Struct, forbid_unknown_fields=True):
    """Another room that was free when a date was declined, or another way to have a date that cannot be had: `rooms` are all of the date then, where it has
    several. `distance_km` above 0: at another school, to be asked for as a booking of its own."""

    room: str
    name: str
    starts_at: str
    ends_at: str
    rooms: list[str] | UnsetType = UNSET
    distance_km: float | UnsetType = UNSET


class ProposedAnswer(Struct, forbid_unknown_fields=True):
    """Where a date is to go, until that is decided."""

    starts_at: str
    ends_at: str
    rooms: list[str]


class OccurrenceAnswer(Struct, forbid_unknown_fields=True):
    """One date. Instants are RFC 3339 in UTC, `original_start` is wall time at the campus."""

    id: str
    original_start: str
    starts_at: str
    ends_at: str
    claim_starts_at: str
    claim_ends_at: str
    rooms: list[str]
    state: str
    reason: str | None
    alternative: Alternative | None
    shifted: bool | UnsetType = UNSET
    reasons: list[ReasonAnswer] | UnsetType = UNSET
    proposed: ProposedAnswer | UnsetType = UNSET
    others_asked: int | UnsetType = UNSET


class MessageAnswer(Struct, forbid_unknown_fields=True):
    """One message of the thread between school and partner."""

    side: str
    name: str
    text: str
    at: str


class RivalAnswer(Struct, forbid_unknown_fields=True):
    """A request that competes for the same rooms and times, for those who decide: `dates` would be declined, `moves` are approved and would stay where they
    are."""

    reference: str
    organization: str
    dates: list[str]
    moves: list[str]


class BookingAnswer(Struct, forbid_unknown_fields=True):
    """A booking as the caller may see it: below the full level its words are null."""

    reference: str | None
    state: str
    version: int
    organization: str | None
    title: str
    activity: str | None
    visibility: str
    program: str | None
    campus: str
    time_zone: str
    headcount: int | None
    requested_by: str | None
    requested_at: str
    waiting_on: WaitingOn | None
    price: int | None
    price_status: str
    listing: dict[str, Any] | None
    on_behalf_of: dict[str, str] | None
    layout: str | None
    wanted_rooms: list[str] | None
    proposed: dict[str, Any] | None
    occurrences: list[OccurrenceAnswer]
    change_reason: str | UnsetType = UNSET
    anyway: str | UnsetType | None = UNSET
    findings: list[ReasonAnswer] | UnsetType = UNSET
    messages: list[MessageAnswer] | UnsetType = UNSET
    rivals: list[RivalAnswer] | UnsetType = UNSET


class BookingList(Struct, forbid_unknown_fields=True):
    """A page of bookings; `next` is the cursor of the following one."""

    items: list[BookingAnswer]
    next: str | None


class Actor(Struct, forbid_unknown_fields=True):
    """Who did it: partner, staff or time."""

    role: str
    name: str | UnsetType = UNSET


class EntryAnswer(Struct, forbid_unknown_fields=True):
    """One event of a booking; `summary` says it in the reader's language."""

    id: str
    type: str
    at: str
    by: Actor
    summary: str
    facts: dict[str, Any]


class Journal(Struct, forbid_unknown_fields=True):
    """What happened, the oldest first; always whole."""

    items: list[EntryAnswer]
    next: None


class VerdictAnswer(Struct, forbid_unknown_fields=True):
    """Whether it would be taken, and every reason at once."""

    allowed: bool
    reasons: list[ReasonAnswer]


class ForeseenDate(Struct, forbid_unknown_fields=True):
    """One date of a preview; `state` is null while the whole would be refused. `alternatives` are at most three ways to have the date otherwise."""

    original_start: str
    starts_at: str
    ends_at: str
    claim_starts_at: str
    claim_ends_at: str
    rooms: list[str]
    shifted: bool
    state: str | None
    reasons: list[ReasonAnswer]
    alternatives: list[Alternative]


class Foreseen(Struct, forbid_unknown_fields=True):
    """What a request would be answered now; nothing is held. `preview_token` is null while it would be refused."""

    verdict: VerdictAnswer
    time_zone: str
    occurrences: list[ForeseenDate]
    price: int | None
    price_status: str
    preview_token: str | None


class Substitute(Struct, forbid_unknown_fields=True):
    """A room or a time that is free instead; `distance_km` from the room that is not."""

    room: str
    name: str
    starts_at: str
    ends_at: str
    distance_km: float | None


class Conflict(Struct, forbid_unknown_fields=True):
    """Why a room cannot be had on one date."""

    original_start: str
    reason: ReasonAnswer
    reasons: list[ReasonAnswer]
    alternatives: list[Substitute]


class Offer(Struct, forbid_unknown_fields=True):
    """A room, on how many of the dates it is free, and on how many its building is open for others anyway. `only_for` says whom it is for: notes, or, where the
    search says who asks, refusals, and then it is free on no date and has no conflicts."""

    room: RoomAnswer
    school: str
    distance_km: float | None
    free: int
    of: int
    already_open: int
    conflicts: list[Conflict]
    not_held: list[ReasonAnswer]
    only_for: list[ReasonAnswer]


class OfferList(Struct, forbid_unknown_fields=True):
    """Rooms free on all dates first; there is no second page. `fitting` counts every room that would do, on whatever dates it is free."""

    items: list[Offer]
    next: None
    fitting: int


class ActivityAnswer(Struct, forbid_unknown_fields=True):
    """A kind of activity, its name in the caller's language."""

    slug: str
    name: str
    pillar: str
    category: str
    visibility: str


class ActivityList(Struct, forbid_unknown_fields=True):
    """Every activity."""

    items: list[ActivityAnswer]
    next: None
