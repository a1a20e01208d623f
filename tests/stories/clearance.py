"""Who may see what, one table written from DOMAIN.md (Privacy), DESIGN.md 6 and 19 and API.md, and from no code. Everybody who looks is in it by name, with the
role that they hold; every booking of the leak test by its label."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.cast import BIRD, OWL
from tests.stories.spotting import Mark

THERE = (OWL, BIRD)
ELSEWHERE = ("24th-street-elementary",)
ALL, LISTED, NONE = "all", "listed", ""
CLASSES = ("public", "listed", "busy", "hidden")


@dataclass(frozen=True)
class Looker:
    """Somebody who looks: a staff role and its campuses (none: every campus), or belonging to an organization, or nothing at all."""

    role: str = ""
    campuses: tuple[str, ...] = ()
    belongs: str = ""


LOOKERS: Mapping[str, Looker] = {
    "nobody": Looker(),
    "stranger": Looker(),
    "manager": Looker(belongs="main"),
    "member": Looker(belongs="main"),
    "quiet": Looker(belongs="quiet"),
    "sam": Looker(belongs="rival"),
    "clerk": Looker("school_staff", THERE),
    "custodian": Looker("custodian", THERE),
    "approver": Looker("site_approver", THERE),
    "coordinator": Looker("coordinator", THERE),
    "facilities": Looker("facilities", THERE),
    "risk": Looker("risk", THERE),
    "castillo": Looker("school_staff", ELSEWHERE),
    "okafor": Looker("site_approver", ELSEWHERE),
    "tan": Looker("coordinator", ELSEWHERE),
    "herrera": Looker("custodian", ELSEWHERE),
    "becker": Looker("facilities"),
    "stone": Looker("risk"),
    "adler": Looker("analyst"),
    "whitfield": Looker("district_admin"),
}
# What each role may see of the bookings at its own campuses, by class of confidentiality. Decisions need the whole; so does the coordinator's counsel.
AT_CAMPUS: Mapping[str, tuple[str, str, str, str]] = {
    "": (LISTED, LISTED, NONE, NONE),
    "school_staff": (ALL, ALL, NONE, NONE),
    "custodian": (ALL, ALL, NONE, NONE),
    "risk": (ALL, ALL, NONE, NONE),
    "analyst": (ALL, ALL, NONE, NONE),
    "coordinator": (ALL, ALL, ALL, ALL),
    "site_approver": (ALL, ALL, ALL, ALL),
    "facilities": (ALL, ALL, ALL, ALL),
    "district_admin": (ALL, ALL, ALL, ALL),
}
# What families read once a date stands (or stood, and is cancelled): nothing of it while it waits or when it came to nothing.
FAMILIES = frozenset({"en", "es", "cost", "ages", "link", "ask"})
PROMISED = frozenset({"stands", "partly", "cancelled", "skipped", "school", "caller"})
CLERKS = frozenset({"school", "caller"})  # whoever of the staff entered it reads what they wrote, whatever its class


def parts(label: str) -> tuple[str, str]:
    """A booking's fate and class: ("stands", "busy") for "standsbusy"."""
    return next((label.removesuffix(each), each) for each in CLASSES if label.endswith(each))


def owner(label: str) -> str:
    """The organization whose booking it is; "school" for what staff entered."""
    fate, _ = parts(label)
    return {"won": "quiet", "quiet": "quiet", "rival": "rival", "school": "school", "caller": "school"}.get(
        fate, "main"
    )


def may_see(who: str, label: str, field: str) -> bool:
    """The table, asked for one field of one booking."""
    looker, (fate, kind) = LOOKERS[who], parts(label)
    if looker.belongs == owner(label) or (who == "clerk" and fate in CLERKS):
        return True
    role = looker.role if looker.campuses in ((), THERE) else ""
    sees = AT_CAMPUS[role][CLASSES.index(kind)]
    families = fate in PROMISED and field in FAMILIES and kind in ("public", "listed")
    return sees == ALL or (families and LISTED in (sees, AT_CAMPUS[""][CLASSES.index(kind)]))


def may_know(who: str, organization: str, labels: tuple[str, ...]) -> bool:
    """Whose booking it is, and who in it asked: whoever sees some booking of the organization in full, and whoever belongs to it. (Its own page, which the
    whole district's staff may open, says so too: see roads.)"""
    if organization == "newcomer":  # who asks to join is for its managers to see, and for the staff
        return who in ("manager", "becker", "whitfield")
    return LOOKERS[who].belongs == organization or any(
        may_see(who, label, "title") for label in labels if owner(label) == organization
    )


def leaks(who: str, seen: set[Mark], labels: tuple[str, ...], *, about: bool = False) -> set[Mark]:
    """Of the marks that somebody saw, those that the table forbids. `about` on an organization's own page, where staff may read who belongs."""
    found = set()
    for of, field in seen:
        if of == "secret":  # of a letter: a sign-in link or its code
            allowed = False
        elif of in labels:
            allowed = may_see(who, of, field)
        else:
            allowed = may_know(who, of, labels) or (about and bool(LOOKERS[who].role))
        if not allowed:
            found.add((of, field))
    return found
