"""What happened to an organization and its members, in the past tense: ids and codes, never a name or an address. Fields are only ever added."""

from datetime import datetime

from afterbell.outbox.record import Event

FOUNDED = "organization.founded"
VERIFIED = "organization.verified"
INVITED = "member.invited"
ASKED = "member.asked"
CONFIRMED = "member.confirmed"
CHANGED = "member.changed"


def happened(kind: str, organization_id: int, person_id: int, role: str, *, by: int | None, now: datetime) -> Event:
    """`person_id` is whom it is about; `role` what they are or ask to be in the organization, empty where it is not about that."""
    facts = {"organization_id": organization_id, "person_id": person_id, "role": role}
    return Event(kind, now, facts, actor_id=by)
