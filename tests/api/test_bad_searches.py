"""Searches with words that name nothing here: told, and not answered with nothing."""

from typing import Any

from tests.api.problems import told
from tests.cast import OWL
from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import Server
from tests.stories.asks import ask, caller

NEED = {name: ask()[name] for name in ("headcount", "starts_at", "ends_at")}
UNKNOWN: dict[str, tuple[dict[str, Any], str]] = {
    "schools": (
        {"schools": ["nowhere", OWL, "moon"]},
        "There is no school nowhere, moon. Slugs as GET /api/v1/schools lists them pass.",
    ),
    "within_km": ({"within_km": 5}, "within_km also needs near: LAT,LON in degrees, such as 34.05,-118.25."),
    "layout": (
        {"layout": "banana"},
        "layout: no room has banana. Of the words that pass: banquet, classroom, conference, open, theater.",
    ),
    "access": (
        {"access": ["step_free", "rope"]},
        "access: no room has rope. Of the words that pass: accessible_restroom, elevator, step_free.",
    ),
}


async def test_words_that_name_nothing_are_told_with_those_that_pass(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        found = {
            name: told(await lin.post("/api/v1/searches", json=NEED | more)) for name, (more, _) in UNKNOWN.items()
        }
    assert found == {name: (422, sentence) for name, (_, sentence) in UNKNOWN.items()}


async def test_control_a_word_that_is_said_of_one_room_passes(district: District) -> None:
    layouts = '{"in_a_ring": 12}'
    await sql.tell(district.url, f"UPDATE rooms SET layouts = '{layouts}' WHERE slug = 'hall-7'")
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        wanted = NEED | {"schools": [OWL], "headcount": 12, "layout": "in_a_ring"}
        found = await lin.post("/api/v1/searches", json=wanted)
        slip = told(await lin.post("/api/v1/searches", json=wanted | {"layout": "in_a_rin"}))[0]
    assert (found.status_code, bool(found.json()["items"]), slip) == (200, True, 422)
