"""When a room is free, on its page and by API: hours less closures less what is taken, and never a word about whose the other times are."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.api.problems import codes
from tests.cast import OWL, ZONE
from tests.conftest import District
from tests.ground.browser import browser
from tests.ground.client import client
from tests.ground.processes import Server
from tests.stories.asks import ask, caller, wall
from tests.stories.paper import THIN

TITLE = "Marked screening"
CLASSROOM = "24th-street-elementary/room-1"


def weekday_after(days: int) -> date:
    """A working day at least so many days ahead."""
    on = datetime.now(ZoneInfo(ZONE)).date() + timedelta(days=days)
    return on if on.weekday() < 5 else on + timedelta(days=7 - on.weekday())


def instant(on: date, hour: int, minute: int = 0) -> str:
    """As answers carry it."""
    at = datetime.combine(on, time(hour, minute), ZoneInfo(ZONE)).astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


async def test_a_room_is_free_while_its_school_is_open_and_nobody_has_it(district: District) -> None:
    on, closed = weekday_after(40), date.fromisoformat(district.cast["closed"])
    body = ask(title=TITLE, rooms=["venice-high/gym-a"], starts_at=wall(on, 17), ends_at=wall(on, 18))
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        made = await lin.post("/api/v1/bookings", json=body | {"setup_minutes": 30, "takedown_minutes": 15})
        assert made.status_code == 201, made.text
        path = "/api/v1/rooms/venice-high/{}/free?from={}&to={}"
        told = {
            room: (await lin.get(path.format(room, on, on + timedelta(days=1)))).json() for room in ("gym", "gym-b")
        }
        long = (await lin.get(path.format("gym", on, on + timedelta(days=1)) + "&minutes=180")).json()
        shut = (await lin.get(path.format("gym", closed, closed + timedelta(days=1)))).json()
        by_id = (await lin.get("/api/v1/rooms/venice-high/gym")).json()["id"]
        same = (await lin.get(f"/api/v1/rooms/{by_id}/free?from={on}&to={on + timedelta(days=1)}")).json()
    before = {"starts_at": instant(on, 15), "ends_at": instant(on, 16, 30), "minutes": 90}
    after = {"starts_at": instant(on, 18, 15), "ends_at": instant(on, 22), "minutes": 225}
    assert (
        told["gym"]
        == same
        == {
            "room": "venice-high/gym",
            "time_zone": ZONE,
            "from": instant(on, 0),
            "to": instant(on + timedelta(days=1), 0),
            "items": [before, after],
            "next": None,
        }
    )
    whole = {"starts_at": instant(on, 15), "ends_at": instant(on, 22), "minutes": 420}
    assert (told["gym-b"]["items"], long["items"], shut["items"]) == ([whole], [after], [])


BAD = (
    "from=x",
    "to=2020-01-01",
    "minutes=0",
    "minutes=1441",
    "minutes=x",
    "from=2030-01-01&to=2030-03-05",
    "from=9999-01-01",
)
GOOD = ("", "from=2030-01-01", "minutes=1440", "from=2030-01-01T08:00&to=2030-01-01T20:00Z", "from=2020-01-01")


async def test_what_cannot_be_read_is_told_with_what_passes(district: District) -> None:
    free = f"/api/v1/rooms/{OWL}/hall-2/free"
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        bad = [await lin.get(f"{free}?{query}") for query in BAD]
        good = [(await lin.get(f"{free}?{query}")).status_code for query in GOOD]
        unknown = [(await lin.get(f"/api/v1/rooms/{key}/free")).status_code for key in ("0000", f"{OWL}/cellar")]
        async with client(server.base_url) as stranger:
            nobody = (await stranger.get(free)).status_code
    assert [codes(answer) for answer in bad] == [(422,)] * len(BAD)
    assert bad[1].json()["detail"] == "to is later than from, by at most 62 days."
    assert (good, unknown, nobody) == ([200] * len(GOOD), [404, 404], 401)


async def test_the_page_of_a_room_shows_free_times_with_a_link_and_no_word_of_a_booking(district: District) -> None:
    on = weekday_after(40)
    body = ask(title=TITLE, rooms=["venice-high/gym-a"], starts_at=wall(on, 17), ends_at=wall(on, 19))
    async with Server(district.url, worker=False) as server, browser(server.base_url) as visitor:
        async with caller(server.base_url, district, "lin") as lin:
            assert (await lin.post("/api/v1/bookings", json=body)).status_code == 201
        page = await visitor.open("/schools/venice-high/rooms/gym")
        spanish = await visitor.open("/es/schools/venice-high/rooms/gym")
        missing = await visitor.open("/schools/venice-high/rooms/cellar")
        night = await visitor.open(f"/schools/{OWL}/rooms/hall-2")
    asked = "/bookings/new?room=venice-high%2Fgym&amp;date={}&amp;from={}&amp;to={}"
    times = [("15%3A00", "17%3A00"), ("19%3A00", "22%3A00")]
    assert (page.status, page.heading, missing.status) == (200, "Gymnasium, whole", 404)
    assert [page.html.count(asked.format(on, *pair)) for pair in times] == [1, 1]
    assert f"3:00{THIN}PM – 5:00{THIN}PM" in page.html
    assert "Pedir este horario" in spanish.words
    assert night.html.count("from=00%3A00&amp;to=00%3A00") >= 27, "days that never end are cut at midnight"
    assert [word for word in (TITLE, "Eastside", "Reserved") if word in page.html] == []
