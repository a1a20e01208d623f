"""Who reads what in which calendar: every calendar of every role against every class of booking, the whole table compared (DESIGN.md 19)."""

import httpx2
import pytest

from tests.cast import OWL
from tests.conftest import District
from tests.ground.client import client
from tests.ground.processes import Server
from tests.stories.asks import HALL, caller
from tests.stories.marked import CLASSES, PROGRAM, Marked, marked, marks, told, uids, work_at_owl
from tests.stories.octets import faults
from tests.stories.subscriber import entries
from tests.stories.visitors import visiting

WHOLE = ["organization", "room", "title"]
BUSY = ["busy", "room"]
PROGRAMME = {"public": ["listing", "room"], "listed": ["listing"]}
ALL = dict.fromkeys(CLASSES, WHOLE)
STAFF = {"public": WHOLE, "listed": WHOLE, "busy_only": BUSY, "hidden": BUSY}
PUBLIC = {
    f"/calendars/schools/{OWL}.ics": PROGRAMME,
    f"/calendars/schools/{OWL}.ics?lang=es": PROGRAMME,
    "/calendars/district.ics": PROGRAMME,
    "/calendars/district.ics?activity=community-clinic&language=es": PROGRAMME,
    "/calendars/district.ics?activity=health": PROGRAMME,
    "/calendars/district.ics?language=ko": {},
    "/calendars/programs/wheels.ics": PROGRAMME,
    f"/calendars/rooms/{HALL}.ics": {name: ["busy"] for name in CLASSES},
    f"/calendars/rooms/{HALL}.ifb": {},
    "/calendars/closures.ics": {},
    "/calendars/schools/24th-street-elementary.ics": {},
}
SECRET = {
    ("lin", "mine"): ALL,
    ("lin", "organization"): ALL,
    ("rosa", "mine"): {},
    ("rosa", "organization"): ALL,
    ("sam", "mine"): {},
    ("sam", "organization"): {},
    ("becker", "mine"): {},
    ("becker", "campus_staff"): ALL,
    ("okafor", "campus_staff"): {},
    ("castillo", "campus_staff"): STAFF,
    ("castillo", "custodian"): STAFF,
    ("tan", "campus_staff"): ALL,
    ("herrera", "custodian"): STAFF,
    ("stone", "campus_staff"): STAFF,
    ("adler", "custodian"): STAFF,
    ("whitfield", "campus_staff"): ALL,
}


@pytest.mark.story
async def test_every_mark_is_seen_by_exactly_those_who_may(district: District) -> None:
    await work_at_owl(district)
    async with (
        Server(district.url, worker=False) as server,
        client(server.base_url) as stranger,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "becker") as becker,
    ):
        found = await marked(district, lin, becker)
        public = {path: await whole(stranger, path) for path in PUBLIC}
        secret = {who: await whole(stranger, await secret_path(district, server, *who)) for who in SECRET}
        single = {name: await stranger.get(f"/calendars/events/{each.date}.ics") for name, each in found.items()}
        seen = await on_pages(server, district, found)
    assert {path: told(answer) for path, answer in public.items()} == PUBLIC
    assert {who: told(answer) for who, answer in secret.items()} == SECRET
    assert {name: told(answer) for name, answer in single.items()} == {
        **{name: {name: PROGRAMME[name]} for name in PROGRAMME},
        "busy_only": {},
        "hidden": {},
    }
    assert [answer.status_code for answer in single.values()] == [200, 200, 404, 404]
    assert seen == {name: ["contact", "note", "title"] for name in CLASSES}, (
        "control: every mark is to be read somewhere"
    )
    assert f"NAME:{PROGRAM}" in public["/calendars/programs/wheels.ics"].text
    merged(public, secret)


def test_control_a_mark_in_the_wrong_place_would_be_noticed() -> None:
    event = "BEGIN:VEVENT\r\nDTSTART;TZID=x:20261229T{:02}0000\r\nSUMMARY:{}\r\nEND:VEVENT\r\n"
    hour, word = CLASSES["hidden"], marks("hidden")["note"]
    leaks = [
        event.format(hour, "Reserved") + f"X:{word}\r\n",
        event.format(hour, word),
        event.format(CLASSES["public"], word),
    ]
    found = [told(httpx2.Response(200, text=each)) for each in leaks]
    assert found == [{"hidden": ["busy"], "elsewhere": [f"\nX:{word}"]}, {"hidden": ["note"]}, {"public": [word]}]


async def whole(stranger: httpx2.AsyncClient, path: str) -> httpx2.Response:
    """A calendar that keeps the rules of bytes, is read by a stranger's parser and is the same when fetched again."""
    answer = await stranger.get(path)
    again = await stranger.get(path)
    assert (answer.status_code, faults(answer.content), again.content) == (200, [], answer.content), path
    if "BEGIN:VFREEBUSY" not in answer.text and ";VALUE=DATE:" not in answer.text:
        assert len(entries(answer.text)) == answer.text.count("BEGIN:VEVENT")
    return answer


async def secret_path(district: District, server: Server, name: str, scope: str) -> str:
    """The address that this person is given, without the host."""
    async with caller(server.base_url, district, name) as person:
        made = await person.post("/api/v1/feeds", json={"scope": scope})
    assert made.status_code == 201, made.text
    return str(made.json()["url"]).removeprefix(server.base_url)


async def on_pages(server: Server, district: District, found: dict[str, Marked]) -> dict[str, list[str]]:
    """The marks that the one who asked reads on the booking's page."""
    seen = {}
    async with visiting(server, district, "lin") as (lin,):
        for name, each in found.items():
            page = await lin.open(f"/bookings/{each.reference}")
            seen[name] = sorted(what for what, word in marks(name).items() if what != "listing" and word in page.html)
    return seen


def merged(public: dict[str, httpx2.Response], secret: dict[tuple[str, str], httpx2.Response]) -> None:
    """CALENDARS.md 14, eight listed dates of the cast included: one UID for what may be seen, another in every calendar for what is only busy."""
    school = uids(public[f"/calendars/schools/{OWL}.ics"])
    organization, staff = uids(secret["lin", "organization"]), uids(secret["castillo", "campus_staff"])
    custodian, room = uids(secret["herrera", "custodian"]), uids(public[f"/calendars/rooms/{HALL}.ics"])
    assert (len(school), len(organization), len(staff), len(custodian), len(room)) == (10, 12, 12, 12, 4)
    assert organization & staff == organization & custodian == staff & custodian == school, "merged views do not double"
    assert school < organization
    assert room & (organization | staff | custodian) == set(), "nobody can tell who is in the room"
