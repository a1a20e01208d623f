"""What API.md promises beside bookings, to the letter: the catalogue, the search by need, names and times in both their forms, campuses that do not hold."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from tests.api.problems import codes
from tests.cast import OWL, ZONE
from tests.conftest import District
from tests.ground import sql
from tests.ground.client import client
from tests.ground.mailbox import Mailbox
from tests.ground.processes import Server
from tests.stories.asks import HALL, ask, caller, day, utc, wall, weekly
from tests.stories.paper import afternoon, listed
from tests.stories.subscriber import entries

VENICE = "venice-high"
NEAR_USC = "34.03,-118.31"
WHOLE_HALL = {
    "slug": "hall-1",
    "school": OWL,
    "campus": OWL,
    "name": "Hall 1, whole",
    "kind": "gym",
    "capacity": 200,
    "layouts": {},
    "features": ["bleachers"],
    "access": ["step_free"],
    "spaces": ["hall-1a", "hall-1b"],
    "time_zone": ZONE,
}
SCHOOL = {
    "slug": VENICE,
    "name": "Venice Senior High",
    "campus": VENICE,
    "level": "high",
    "address": {"street": "13000 Venice Boulevard", "city": "Los Angeles", "zip": "90066"},
    "latitude": 33.998856,
    "longitude": -118.44283,
    "phone": "(310) 577-4200",
    "time_zone": ZONE,
}
CLINIC = {"slug": "community-clinic", "pillar": "health", "category": "clinic", "visibility": "listed"}


async def read(person: httpx2.AsyncClient, path: str) -> Any:
    """The JSON of a 200."""
    answer = await person.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_catalogue_is_as_promised(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "rosa") as rosa,
        client(server.base_url) as stranger,
    ):
        hall = await read(lin, f"rooms/{OWL}/hall-1")
        by_id = await read(lin, f"rooms/{hall['id']}")
        school = await read(lin, f"schools/{VENICE}")
        by_name = await read(lin, "schools?q=venice")
        nearby = await read(lin, f"schools?near={NEAR_USC}&within_km=8")
        names = [
            [each for each in (await read(who, "activities"))["items"] if each["slug"] == CLINIC["slug"]]
            for who in (lin, rosa)
        ]
        health = [(await stranger.get(path)).text for path in ("/healthz", "/readyz")]
    assert (hall, by_id) == (WHOLE_HALL | {"id": hall["id"]}, hall)
    assert (school, by_name) == (SCHOOL, {"items": [SCHOOL], "next": None})
    assert [(each["slug"], each["distance_km"]) for each in nearby["items"]] == [
        ("24th-street-elementary", 0.53),
        ("baldwin-hills-elementary", 5.15),
    ]
    assert names == [
        [CLINIC | {"name": "Community health clinic"}],
        [CLINIC | {"name": "Clínica de salud comunitaria"}],
    ]
    assert health == ["ok", "ready"]


async def test_a_search_by_need_tells_free_rooms_first_and_why_others_are_not(district: District) -> None:
    need = {
        "headcount": 150,
        "kind": "gym",
        "near": NEAR_USC,
        "within_km": 13,
        "starts_at": wall(day(), 16),
        "ends_at": wall(day(), 18),
    }
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        await lin.post("/api/v1/bookings", json=ask(rooms=[f"{VENICE}/gym-a"]))
        found = (await lin.post("/api/v1/searches", json=need | {"repeat": weekly(2)})).json()
        fitting = need | {"features": ["scoreboard"], "access": ["accessible_restroom"], "schools": [VENICE]}
        narrow = (await lin.post("/api/v1/searches", json=fitting)).json()
        wrong = [await lin.post("/api/v1/searches", json=need | change) for change in WRONG_NEEDS]
    assert [
        (each["school"], each["room"]["slug"], each["distance_km"], each["free"], each["of"]) for each in found["items"]
    ] == [
        (OWL, "hall-1", 8.67, 2, 2),
        (VENICE, "gym-b", 12.72, 2, 2),
        (VENICE, "gym-a", 12.72, 1, 2),
        (VENICE, "gym", 12.72, 1, 2),
    ]
    (conflict,) = found["items"][2]["conflicts"]
    assert [instead(each) for each in conflict["alternatives"]] == [
        (f"{VENICE}/gym-b", 0.0, wall(day(), 16), wall(day(), 18)),
        (f"{VENICE}/gym-a", 0.0, wall(day(), 18), wall(day(), 20)),
    ]
    assert (conflict["original_start"], conflict["reason"]["code"], found["fitting"]) == (
        wall(day(), 16),
        "room_taken",
        4,
    )
    assert [each["already_open"] for each in found["items"]] == [0, 1, 1, 1], "the one who asked has it open"
    assert ([each["room"]["slug"] for each in narrow["items"]], found["next"], narrow["next"]) == (["gym"], None, None)
    assert [codes(answer) for answer in wrong] == [(422,)] * 5 + [
        (409, "ends_before_start"),
        (409, "endless_repeat"),
        (409, "too_many_dates"),
    ]


def instead(offered: dict[str, Any]) -> tuple[str, float, str, str]:
    """What is offered, in wall time."""
    walls = [datetime.fromisoformat(offered[name]).astimezone(ZoneInfo(ZONE)) for name in ("starts_at", "ends_at")]
    starts, ends = (f"{at:%Y-%m-%dT%H:%M}" for at in walls)
    return offered["room"], offered["distance_km"], starts, ends


WRONG_NEEDS: tuple[dict[str, Any], ...] = (
    {"kind": "castle"},
    {"near": "here"},
    {"within_km": 1000},
    {"headcount": 0},
    {"colour": "red"},
    {"ends_at": wall(day(), 16)},
    {"repeat": {"rrule": "FREQ=DAILY"}},
    {"repeat": {"rrule": "FREQ=DAILY;COUNT=401"}},
)


async def test_a_room_by_its_id_and_a_time_with_an_offset_mean_the_same(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        hall = await read(lin, f"rooms/{HALL}")
        elsewhere = {"starts_at": utc(day(), 16).replace("Z", "+00:00"), "ends_at": utc(day(), 18)}
        booking = (await lin.post("/api/v1/bookings", json=ask(rooms=[hall["id"]]) | elsewhere)).json()
    (date,) = booking["occurrences"]
    told = [date[name] for name in ("original_start", "starts_at", "ends_at", "rooms", "state")]
    assert told == [wall(day(), 16), utc(day(), 16), utc(day(), 18), [HALL], "held"]


async def test_where_requests_compete_the_first_to_be_approved_takes_the_room(district: District) -> None:
    """Nothing is held there, and the letter says so; the calendar shows what is approved. Whoever loses is declined with it,
    so nothing is left to decide."""
    await sql.tell(district.url, f"UPDATE campuses SET holds = 'on_approval' WHERE slug = '{OWL}'")
    with Mailbox() as mailbox:
        async with (
            Server(district.url, smtp_url=mailbox.url) as server,
            caller(server.base_url, district, "lin") as lin,
            caller(server.base_url, district, "sam") as sam,
            caller(server.base_url, district, "becker") as becker,
        ):
            bodies = (ask(rooms=[HALL]), ask(hour=17, rooms=[HALL], organization="figueroa-youth-theatre"))
            asked = [
                await person.post("/api/v1/bookings", json=body)
                for person, body in zip((lin, sam), bodies, strict=True)
            ]
            clinic, theatre = [answer.json()["reference"] for answer in asked]
            (letter,) = await mailbox.wait_for(1, about=clinic)
            before = entries((await lin.get(f"/calendars/rooms/{HALL}.ics")).text)
            decided = [await becker.post(f"/api/v1/bookings/{each}/approval", json={}) for each in (theatre, clinic)]
            after = entries((await lin.get(f"/calendars/rooms/{HALL}.ics")).text)
    assert [(answer.status_code, answer.json()["occurrences"][0]["state"]) for answer in asked] == [
        (201, "requested")
    ] * 2
    first = listed([day()], afternoon(16, 18))
    assert f"Asked for, not held: others may ask too\n{first}" in letter.text
    assert "Not held, " in letter.text
    assert [codes(answer) for answer in decided] == [(200,), (409, "wrong_state")]
    assert (before, [(entry.status, entry.starts_at.isoformat()) for entry in after]) == (
        [],
        [("CONFIRMED", utc(day(), 17).replace("Z", "+00:00"))],
    )
