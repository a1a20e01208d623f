"""Bookings full of marks, one of each class of visibility, and which of the marks a calendar tells of each. Nothing here asserts but that acts succeed."""

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.cast import OWL
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import HALL, ask, day
from tests.stories.octets import unfolded

CLASSES = {"public": 8, "listed": 11, "busy_only": 14, "hidden": 17}
AT_OWL = ("castillo", "herrera", "tan")
ROOM, ORGANIZATION, PROGRAM = "Hall 2", "Eastside Community Clinic", "Zxqvprogram"


@dataclass(frozen=True)
class Marked:
    """A booking of one class; `date` is the public id of its only date."""

    reference: str
    date: str


def marks(visibility: str) -> dict[str, str]:
    """A word of its own for each text of a booking."""
    return {name: f"Zxqv{visibility.replace('_', '')}{name}" for name in ("title", "note", "contact", "listing")}


async def work_at_owl(district: District) -> None:
    """School staff, a custodian and a coordinator whose school is also the one of the bookings."""
    for name in AT_OWL:
        await sql.tell(
            district.url,
            "INSERT INTO roles (person_id, role, campus_id) SELECT roles.person_id, role, campuses.id FROM roles, campuses "
            f"WHERE campuses.slug = '{OWL}' AND roles.person_id = (SELECT id FROM people WHERE email LIKE '{name}@%')",
        )


async def marked(district: District, lin: httpx2.AsyncClient, becker: httpx2.AsyncClient) -> dict[str, Marked]:
    """One approved booking of each class, an hour apart, all of one program, each with a public listing."""
    found = {}
    for visibility, hour in CLASSES.items():
        words = marks(visibility)
        texts: dict[str, Any] = {
            "title": words["title"],
            "note": words["note"],
            "contact": {"name": words["contact"]},
            "visibility": visibility,
        }
        made = await lin.post("/api/v1/bookings", json=ask(day(), hour, rooms=[HALL], setup_minutes=30, **texts))
        assert made.status_code == 201, made.text
        reference = made.json()["reference"]
        done = await becker.post(f"/api/v1/bookings/{reference}/approval")
        assert done.status_code == 200, done.text
        found[visibility] = Marked(reference, made.json()["occurrences"][0]["id"])
        listing = {
            "summary": {"en": words["listing"], "es": f"{words['listing']}es"},
            "languages": ["es"],
            "cost": "Free",
        }
        await sql.tell(
            district.url, f"UPDATE bookings SET listing = '{json.dumps(listing)}' WHERE reference = '{reference}'"
        )
    await sql.tell(
        district.url,
        "INSERT INTO programs (slug, name, organization_id) "
        f"SELECT 'wheels', '{PROGRAM}', organization_id FROM bookings WHERE reference = '{reference}'",
        "UPDATE bookings SET program_id = (SELECT id FROM programs WHERE slug = 'wheels') WHERE title LIKE 'Zxqv%'",
    )
    return found


def told(answer: httpx2.Response) -> dict[str, list[str]]:
    """What a calendar says of each class, by the hour at which it begins: the marks, "busy" where the title is the constant. Classes it leaves out are
    left out; a mark outside of its event stands under "elsewhere"."""
    text = "\n".join(unfolded(answer.content)) if answer.status_code == 200 else ""
    found = {}
    for event in re.findall(r"BEGIN:VEVENT.*?END:VEVENT", text, re.DOTALL):
        begins = re.search(r"DTSTART;TZID=[^:]*:\d{8}T(\d\d)", event)
        visibility = next((name for name, at in CLASSES.items() if begins and at == int(begins[1])), "")
        if visibility:
            found[visibility] = said(event, visibility)
            text = text.replace(event, "")
    if "Zxqv" in text.replace(PROGRAM, ""):
        found["elsewhere"] = [text]
    return found


def said(event: str, visibility: str) -> list[str]:
    """The marks of that class in one event, in order of their names; a mark of another class is named in full."""
    own = marks(visibility)
    more = {"room": ROOM, "organization": ORGANIZATION, "busy": "SUMMARY:Reserv"}
    foreign = [word for other in CLASSES if other != visibility for word in marks(other).values() if word in event]
    return sorted(name for name, word in (own | more).items() if word in event) + foreign


def uids(answer: httpx2.Response) -> set[str]:
    """Every UID of a calendar's dates."""
    return set(re.findall(r"^UID:(.*)$", "\n".join(unfolded(answer.content)), re.MULTILINE))
