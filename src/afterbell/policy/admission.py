"""Who may book what: a room, every room of a kind or a whole campus may be only for some organizations or some activities. The school itself always may."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from afterbell.policy.ask import Facts, Wish
from afterbell.policy.terms import AGENCY, OTHER, PARTNER, SCHOOL, Reserved, Terms, tier_of
from afterbell.policy.verdict import N_, Finding, Message, Named, Severity, Value, refuse

TIER_NAMES: Mapping[str, str] = {
    SCHOOL: N_("schools"),
    AGENCY: N_("public agencies with a joint-use agreement"),
    PARTNER: N_("youth groups, clinics and civic partners"),
    OTHER: N_("all other organizations"),
}
GROUP_NAMES: Mapping[str, str] = {
    "nonprofit": N_("non-profit organizations"),
    "clinic": N_("clinics"),
    "public_agency": N_("public agencies"),
    "youth": N_("youth groups"),
    "civic": N_("civic groups"),
    "business": N_("businesses"),
    "individual": N_("people on their own"),
    "other": N_("organizations of another kind"),
}
MEANT_FOR = N_("{room} is meant for {groups}. Others may ask, and whoever decides takes an extra look.")
MEANT_TO_DO = N_("{room} is meant for: {activities}. Others may ask, and whoever decides takes an extra look.")


def for_those_who_ask(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """One finding for a room, or a part of it, and a reservation that leaves the asker out. While nobody is named who asks, or no activity, it is only a
    note for whom the room is. Rooms that were admitted before are settled."""
    if facts.school_use:
        return
    for id_ in (each for each in wish.every_room if each not in facts.admitted):
        room, terms = facts.rooms[id_], facts.terms_of(id_)
        yield from _kept_for_some(room.name, room.kind, terms, facts)
        for part in terms.parts:
            if "admission" in part.terms.own:
                yield from _kept_for_some(part.name, part.kind, part.terms, facts)


def _kept_for_some(room: str, kind: str, terms: Terms, facts: Facts) -> Iterator[Finding]:
    for each in terms.admission.reserved:
        if not each.room_kinds or kind in each.room_kinds:
            yield from _left_out(room, each, facts)


def _left_out(room: str, terms: Reserved, facts: Facts) -> Iterator[Finding]:
    asker = facts.asker
    if terms.activities and asker.activity not in terms.activities:
        text = N_("{room} is only for: {activities}. Choose another room, or ask the school.")
        text = MEANT_TO_DO if terms.flag else text
        names = (facts.activities.get(slug) for slug in terms.activities)
        called = tuple(Named(name) if name else slug for name, slug in zip(names, terms.activities, strict=True))
        values: dict[str, Value] = {"room": room, "activities": called}
        for_some = _not_for(Message(text, values), terms.activities)
        yield replace(for_some, severity=Severity.NOTE) if asker.activity is None else _weighed(for_some, terms)
    if not (terms.kinds or terms.tiers) or asker.kind in terms.kinds or tier_of(asker.kind) in terms.tiers:
        return
    groups = tuple(TIER_NAMES[tier] for tier in terms.tiers) + tuple(
        GROUP_NAMES.get(kind, kind) for kind in terms.kinds
    )
    text = MEANT_FOR if terms.flag else N_("{room} is only for {groups}. Choose another room, or ask the school.")
    found = _not_for(Message(text, {"room": room, "groups": groups}), (*terms.tiers, *terms.kinds))
    nobody = facts.member is None and asker.kind is None
    yield replace(found, severity=Severity.NOTE) if nobody else _weighed(found, terms)


def _not_for(said: Message, passes: tuple[str, ...]) -> Finding:
    return refuse("not_for_you", said, policy="admission", would_pass=", ".join(passes))


def _weighed(finding: Finding, terms: Reserved) -> Finding:
    return replace(finding, severity=Severity.FLAG) if terms.flag else finding
