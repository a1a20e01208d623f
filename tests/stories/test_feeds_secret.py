"""A secret calendar's life: made, fetched, made anew, revoked; judged as its owner is now; told to nobody, neither in words nor in logs."""

import re

import httpx2
import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.client import client
from tests.ground.processes import Server
from tests.stories.asks import HALL, ask, caller
from tests.stories.octets import unfolded
from tests.stories.subscriber import entries
from tests.stories.visitors import elsewhere, even, lines, visiting

CAMPUS_ROOM = "24th-street-elementary/room-12"
PRIVATE = {
    "cache-control": "private, no-cache",
    "x-robots-tag": "noindex",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "access-control-allow-origin": None,
    "set-cookie": None,
    "last-modified": None,
}


@pytest.mark.story
async def test_an_address_opens_until_it_is_made_anew_or_revoked(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        Server(district.url, worker=False, BASE_URL=server.base_url) as other,
        client(server.base_url) as here,
        client(other.base_url) as there,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "sam") as sam,
    ):
        booked = (await lin.post("/api/v1/bookings", json=ask(rooms=[HALL]))).json()
        first = await made(lin)
        answer, etag = await fetched(here, path(first))
        told = [entry.summary for entry in entries(answer.text) if "across" not in entry.summary]
        again = await made(lin)
        anew = [(await each.get(path(first), headers=etag)).status_code for each in (here, there)]
        moved = await there.get(path(again), headers=etag)
        foreign = await sam.delete(f"/api/v1/feeds/{again['id']}")
        revoked = await lin.delete(f"/api/v1/feeds/{again['id']}")
        closed = [await each.get(path(again), headers=etag) for each in (here, there, here, there)]
        unknown = [
            await here.get(f"/calendars/p/{name}") for name in ("x.ics", "x" * 32 + ".ics", "x" * 300 + ".ics", "")
        ]
        twice = await lin.delete(f"/api/v1/feeds/{again['id']}")
        logs = server.log_text() + other.log_text()
    assert told == ["Diabetes check-ups"]
    assert booked["reference"] in answer.text
    assert (len(first["url"]) <= 255, first["url"].startswith(server.base_url)) == (True, True)
    assert (anew, moved.status_code, foreign.status_code) == ([410, 410], 304, 404)
    assert (revoked.status_code, revoked.content, twice.status_code) == (204, b"", 404)
    assert [(each.status_code, "BEGIN" in each.text, each.headers.get("etag")) for each in closed] == [
        (410, False, None)
    ] * 4
    assert [each.status_code for each in unknown] == [404] * 4
    assert [token(each) in text for each in (first, again) for text in (logs, answer.text, moved.text)] == [False] * 6
    assert logs.count("listening") == 2, "control: these are the logs"
    hashes = str(await sql.rows(district.url, "SELECT * FROM secret_feeds")) + str(
        await sql.rows(district.url, "SELECT kind, facts FROM events")
    )
    assert [token(each) in hashes for each in (first, again)] == [False, False]


async def fetched(here: httpx2.AsyncClient, at: str) -> tuple[httpx2.Response, dict[str, str]]:
    """The calendar, with what HTTP asks of it, and its validator as a header."""
    answer = await here.get(at, headers={"Accept-Encoding": "identity"})
    zipped, head, wrong = await here.get(at), await here.head(at), await here.post(at)
    held = {"If-None-Match": answer.headers["etag"], "Accept-Encoding": "identity"}
    unchanged = await here.get(at, headers=held)
    assert {name: answer.headers.get(name) for name in PRIVATE} == PRIVATE
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert (zipped.headers["content-encoding"], zipped.text) == ("gzip", answer.text)
    assert (head.status_code, head.content, wrong.status_code) == (200, b"", 405)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert {name: unchanged.headers.get(name) for name in PRIVATE} == PRIVATE
    return answer, held


@pytest.mark.story
async def test_what_its_owner_loses_is_gone_at_the_next_fetch(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        client(server.base_url) as phone,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "rosa") as rosa,
        caller(server.base_url, district, "castillo") as castillo,
    ):
        await lin.post("/api/v1/bookings", json=ask(rooms=[CAMPUS_ROOM], visibility="public"))
        feeds = [path(await made(rosa, "organization")), path(await made(castillo, "campus_staff"))]
        before = [await titles(phone, at) for at in feeds]
        await sql.tell(district.url, f"DELETE FROM memberships WHERE person_id = {person('rosa')}")
        await sql.tell(district.url, f"DELETE FROM roles WHERE person_id = {person('castillo')}")
        after = [await titles(phone, at) for at in feeds]
        refused = await castillo.post("/api/v1/feeds", json={"scope": "campus_staff"})
    assert (before[0].count("Diabetes check-ups"), before[1]) == (1, ["Diabetes check-ups"])
    assert after == [[], []]
    assert refused.status_code == 403


@pytest.mark.story
async def test_who_asks_too_often_waits_and_keeps_what_they_have(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        client(server.base_url) as phone,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "rosa") as rosa,
    ):
        mine, other = path(await made(lin)), path(await made(rosa))
        answers = [await phone.get(mine) for _ in range(61)]
        spared = await phone.get(other)
        bad = [
            (await lin.post("/api/v1/feeds", json=body)).status_code
            for body in (
                {},
                {"scope": "everything"},
                {"scope": "mine", "person": "sam"},
                {"scope": "mine", "filters": {"campus": "nowhere"}},
                {"scope": "mine", "filters": {"activity": "nothing"}},
                {"scope": "mine", "filters": {"title": "x"}},
                {"scope": "custodian"},
            )
        ]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    assert (0 < int(answers[-1].headers["retry-after"]) <= 600, "BEGIN" in answers[-1].text) == (True, False)
    assert (spared.status_code, bad) == (200, [422] * 6 + [403])
    used = await sql.rows(district.url, "SELECT used_at IS NOT NULL FROM secret_feeds ORDER BY id")
    assert [bool(row[0]) for row in used] == [True, True], "written down when the server stopped"


@pytest.mark.story
async def test_a_person_makes_and_revokes_their_calendars_on_a_page(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "herrera") as (lin, luis),
    ):
        bookings = await lin.open("/bookings")
        empty = await lin.open("/calendars/mine")
        shown = await lin.send(next(form for form in empty.forms if form.action == "/calendars/mine"))
        url = re.search(r'value="(http[^"]*/calendars/p/[^"]*\.ics)"', shown.html)
        assert url, shown.words
        later = await lin.open("/calendars/mine")
        async with client(server.base_url) as phone:
            opened = (await phone.get(url[1])).status_code
            gone = await lin.send(later.form("/calendars/mine/revocation"))
            shut = (await phone.get(url[1])).status_code
        forged = await lin.send(
            elsewhere(later.form("/calendars/mine/revocation"), "/calendars/mine/revocation"), _csrf="x"
        )
        work = lines(await luis.open("/calendars/mine"), "h2")
        async with client(server.base_url) as stranger:
            visitor = await stranger.get("/calendars/mine")
    webcal = url[1].replace("http://", "webcal://")
    assert '<a href="/calendars/mine">' in bookings.html
    assert lines(empty, "h2") == ["My bookings", "Bookings of my organization"]
    assert work == ["My bookings", "Bookings at my schools", "Rooms to open and lock"]
    assert (f'href="{webcal}"' in shown.html, "calendar.google.com/calendar/r?cid=webcal%3A%2F%2F" in shown.html) == (
        True,
        True,
    )
    assert (url[1] in later.html, "Not fetched yet." in later.html) == (False, True)
    assert (opened, gone.goes_to, shut, forged.status) == (200, "/calendars/mine?done=revoked", 410, 403)
    assert (visitor.status_code, visitor.headers["location"]) == (303, "/sign-in?next=%2Fcalendars%2Fmine")


@pytest.mark.story
async def test_a_custodian_reads_when_to_open_where_and_for_how_many(district: District) -> None:
    await sql.tell(district.url, f"UPDATE roles SET campus_id = NULL WHERE person_id = {person('herrera')}")
    async with (
        Server(district.url, worker=False) as server,
        client(server.base_url) as phone,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "herrera") as luis,
    ):
        booked = await lin.post(
            "/api/v1/bookings", json=ask(rooms=[HALL], visibility="public", setup_minutes=45, takedown_minutes=15)
        )
        at = path(await made(luis, "custodian"))
        found = unfolded((await phone.get(at)).content)
    assert booked.status_code == 201
    reference = booked.json()["reference"]
    told = (
        "DESCRIPTION:Eastside Community Clinic\\nEspera la decisión de la escuela.\\nPreparación desde las 3:15 p.m."
        f"\\nRecogida hasta las 6:15 p.m.\\nEntrada: Door\\n20 personas\\n{reference}"
    )
    assert [even(line) for line in found if reference in line and not line.startswith("URL")] == [told]


async def made(person_: httpx2.AsyncClient, scope: str = "mine") -> dict[str, str]:
    """What the API answers to whoever makes a calendar."""
    answer = await person_.post("/api/v1/feeds", json={"scope": scope})
    assert (answer.status_code, sorted(answer.json())) == (201, ["id", "url"]), answer.text
    found: dict[str, str] = answer.json()
    return found


def path(feed: dict[str, str]) -> str:
    """The address without the host, for either process."""
    return "/calendars/" + feed["url"].partition("/calendars/")[2]


def token(feed: dict[str, str]) -> str:
    """The secret of the address: 192 bits."""
    found = re.fullmatch(r"/calendars/p/([\w-]{32})\.ics", path(feed))
    assert found, feed
    return found[1]


def person(name: str) -> str:
    """Somebody's id, as SQL."""
    return f"(SELECT id FROM people WHERE email LIKE '{name}@%')"


async def titles(phone: httpx2.AsyncClient, at: str) -> list[str]:
    """What a calendar holds."""
    return [entry.summary for entry in entries((await phone.get(at)).text)]
