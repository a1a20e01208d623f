"""Nothing private on a public page: a mark in every text of a booking of every class of confidentiality and of every state, looked for in every public page;
what may be seen is seen, and the controls find the marks once the protection is gone."""

from typing import Any

from tests.conftest import District
from tests.ground.browser import browser
from tests.ground.processes import Server
from tests.ground.sql import tell
from tests.programme.offered import asked_for, ids, offer
from tests.stories.asks import caller, day, wall

ON = day()
SCHOOL = "24th-street-elementary"
WORDS = ("cost", "ages", "contact", "link", "en", "es")
OWN = ("title", "note", "name", "phone")
STATES = ("held", "requested", "declined", "withdrawn", "lapsed", "skipped", "cancelled", "approved")
CLASSES = {"public": 15, "listed": 16, "busy_only": 17, "hidden": 18}  # and the hour of each


def mark(kind: str, field: str) -> str:
    return f"Mk{kind.replace('_', '').title()}{field.title()}Zq"


def listing(kind: str) -> dict[str, Any]:
    return {
        "summary": {"en": mark(kind, "en"), "es": mark(kind, "es")},
        "languages": ["en"],
        "cost": mark(kind, "cost"),
        "ages": mark(kind, "ages"),
        "childcare": False,
        "join": "link",
        "link": f"https://example.org/{mark(kind, 'link')}",
        "places": "open",
        "public_contact": mark(kind, "contact"),
    }


def marked(kind: str, hour: int) -> dict[str, Any]:
    """A booking with a mark in everything that somebody may write."""
    return {
        "starts_at": wall(ON, hour),
        "ends_at": wall(ON, hour + 1),
        "activity": "enrichment-class",
        "title": mark(kind, "title"),
        "note": mark(kind, "note"),
        "contact": {"name": mark(kind, "name"), "phone": mark(kind, "phone")},
        "listing": listing(kind),
    }


async def pages(server: Server, booked: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Everything that a visitor can read, in both languages, as one text each; an event's own page by its kind."""
    found: dict[str, str] = {}
    async with browser(server.base_url) as visitor:
        for tongue in ("", "/es"):
            for path in (f"{tongue or '/'}", f"{tongue}/programme?date={ON}", f"{tongue}/schools/{SCHOOL}"):
                found[path] = (await visitor.open(path)).html
            for kind, booking in booked.items():
                page = await visitor.open(f"{tongue}/events/{ids(booking)[0]}")
                assert page.status in (200, 404)
                found[f"{tongue}/events {kind}"] = page.html if page.status == 200 else ""
    return found


def seen(found: dict[str, str], kind: str) -> dict[str, set[str]]:
    """Which fields of that kind stand on which page; pages without any are left out."""
    fields = {field: mark(kind, field) for field in (*WORDS, *OWN)}
    told = {path: {field for field, text in fields.items() if text in html} for path, html in found.items()}
    return {path: names for path, names in told.items() if names}


async def booked(server: Server, district: District) -> dict[str, dict[str, Any]]:
    """One approved booking of each class, and one that waits."""
    found = {}
    for kind, hour in CLASSES.items():
        found[kind] = await offer(server, district, ON, visibility=kind, **marked(kind, hour))
    found["waiting"] = await asked_for(server, district, ON, visibility="public", **marked("waiting", 19))
    return found


LISTED_ON = {f"/programme?date={ON}": {"en", "cost", "ages"}, f"/es/programme?date={ON}": {"es", "cost", "ages"}}


def expected(kind: str) -> dict[str, set[str]]:
    """The table: what was written for families where the class allows it, and nothing else anywhere."""
    if kind not in ("public", "listed"):
        return {}
    whole = {"cost", "ages", "contact", "link"}
    return {**LISTED_ON, f"/events {kind}": {"en", *whole}, f"/es/events {kind}": {"es", *whole}}


async def test_public_pages_show_of_each_class_exactly_what_it_allows(district: District) -> None:
    await tell(district.url, "UPDATE rooms SET name = 'MkRoomZq', entrance = 'MkDoorZq' WHERE slug = 'room-12'")
    async with Server(district.url, worker=False) as server:
        found = await booked(server, district)
        shown = await pages(server, found)
        async with caller(server.base_url, district, "lin") as lin:
            own = [(await lin.get(f"/api/v1/bookings/{booking['reference']}")).json() for booking in found.values()]
    assert {kind: seen(shown, kind) for kind in found} == {kind: expected(kind) for kind in found}
    assert {kind: "MkRoomZq" in shown[f"/events {kind}"] for kind in found} == {
        kind: kind == "public" for kind in found
    }
    assert {kind: "MkDoorZq" in shown[f"/events {kind}"] for kind in found} == {
        kind: kind == "public" for kind in found
    }
    assert [each["title"] for each in own] == [mark(kind, "title") for kind in found], "control: its own people see all"


async def test_control_the_marks_are_found_once_the_protection_is_gone(district: District) -> None:
    """What keeps them away is the class and the state alone: made public and approved, the same rows show their marks."""
    async with Server(district.url, worker=False) as server:
        found = await booked(server, district)
        await tell(
            district.url,
            "UPDATE bookings SET visibility = 'public' WHERE visibility IN ('busy_only', 'hidden')",
            "UPDATE occurrences SET state = 'approved' WHERE state = 'held'",
        )
        shown = await pages(server, found)
    for kind in ("busy_only", "hidden", "waiting"):
        assert seen(shown, kind) == {
            path.replace("public", kind): fields for path, fields in expected("public").items()
        }


async def test_only_what_was_approved_is_ever_shown(district: District) -> None:
    told = {}
    async with Server(district.url, worker=False) as server:
        booking = await offer(server, district, ON, visibility="public", **marked("public", 15))
        for state in STATES:
            await tell(
                district.url,
                f"UPDATE occurrences SET state = '{state}', announced_at = NULL WHERE public_id = '{ids(booking)[0]}'",
            )
            shown = await pages(server, {"public": booking})
            event = shown["/events public"]
            told[state] = (
                len(seen(shown, "public")),
                "This date is cancelled." in event,
                'href="https://example.org' in event,
            )
    assert told == {
        **dict.fromkeys(STATES, (0, False, False)),
        "cancelled": (4, True, False),
        "approved": (4, False, True),
    }
