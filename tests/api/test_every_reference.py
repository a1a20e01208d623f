"""Every act on something that is named: another organization's, one that nobody has, and what is no name at all answer the same 404, and nothing changes."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

import httpx2

from tests.api.problems import written
from tests.conftest import District
from tests.ground import sql
from tests.ground.browser import SAME_SITE
from tests.ground.processes import Server
from tests.stories.asks import CLINIC, ask, caller
from tests.stories.visitors import visiting

THEATRE = "figueroa-youth-theatre"
BOOKING: Mapping[str, dict[str, Any] | None] = {
    "bookings/{}": None,
    "bookings/{}/journal": None,
    "bookings/{}/approval": {},
    "bookings/{}/decline": {"reason": "x"},
    "bookings/{}/question": {"message": "x"},
    "bookings/{}/answer": {"message": "x"},
    "bookings/{}/withdrawal": {},
    "bookings/{}/cancellation": {"reason": "x"},
    "bookings/{}/change/withdrawal": {},
}
ORGANIZATION: Mapping[str, dict[str, Any] | None] = {
    "organizations/{}": None,
    "organizations/{}/members": {"email": "new@clinic.example", "role": "partner"},
    "organizations/{}/verification": {},
}
PROGRAM: Mapping[str, dict[str, Any] | None] = {"programs/{}": None}
# Forms of pages, by what is typed.
PAGES: Mapping[str, dict[str, str] | None] = {
    "bookings/{}": None,
    "bookings/{}/cancellation": {"reason": "x"},
    "bookings/{}/withdrawal": {"reason": "x"},
    "bookings/{}/answer": {"words": "x"},
    "bookings/{}/approval": {"words": "x"},
    "bookings/{}/decline": {"words": "x"},
    "bookings/{}/question": {"words": "x"},
}
HOUSE: Mapping[str, dict[str, str] | None] = {
    "organizations/{}": None,
    "organizations/{}/members": {"email": "new@clinic.example"},
    "organizations/{}/verification": {},
}
NOWHERE = (
    "AB-XXXXXXXX",
    "ab-xxxxxxxx",
    "AB-",
    "x",
    "%00",
    "%27%20OR%201=1--",
    "..%2F..%2Fetc",
    "%F0%9F%8F%AB",
    "9" * 300,
)
NOTHING_HERE = {
    "type": "about:blank",
    "title": "Not found",
    "status": 404,
    "detail": "There is nothing here, or it is not yours to see.",
}
STANDS = "SELECT reference, version, state FROM bookings ORDER BY id"
REST = "SELECT slug, verified, (SELECT count(*) FROM memberships), (SELECT count(*) FROM people) FROM organizations ORDER BY id"
FEEDS = "SELECT public_id, revoked_at FROM secret_feeds ORDER BY id"


async def everything(district: District) -> Any:
    """What an act could have changed."""
    rows = [await sql.rows(district.url, each) for each in (STANDS, REST, FEEDS)]
    return rows, await written(district.url)


async def test_what_is_not_theirs_cannot_be_told_from_what_is_not_there(district: District) -> None:
    async with Server(district.url, worker=False) as server, AsyncExitStack() as stack:
        lin, sam, castillo = [
            await stack.enter_async_context(caller(server.base_url, district, name))
            for name in ("lin", "sam", "castillo")
        ]
        body = ask(hour=18, rooms=["venice-high/room-101"], organization=THEATRE)
        theirs = (await sam.post("/api/v1/bookings", json=body | {"program": "Stage"})).json()["reference"]
        feed = (await sam.post("/api/v1/feeds", json={"scope": "mine"})).json()["id"]
        before = await everything(district)
        wrong = [
            *await misses(lin, BOOKING, (theirs, *NOWHERE)),
            *await misses(castillo, BOOKING, (theirs, *NOWHERE)),
            *await misses(lin, ORGANIZATION, (THEATRE, *NOWHERE)),
            *await misses(lin, PROGRAM, ("stage", *NOWHERE)),
            *await kept(lin, (feed, *NOWHERE)),
        ]
        after = await everything(district)
        own = [(await call(sam, path.format(theirs), content)).status_code for path, content in BOOKING.items()]
        own.append((await call(sam, "programs/stage", None)).status_code)
        gone = await sam.delete(f"/api/v1/feeds/{feed}")
    assert wrong == []
    assert after == before
    assert 404 not in own, "control: whoever it belongs to is told something else"
    assert gone.status_code == 204


async def misses(
    person: httpx2.AsyncClient, paths: Mapping[str, dict[str, Any] | None], names: tuple[str, ...]
) -> list[Any]:
    """The calls that are answered with anything but the one 404."""
    found = {
        (path, name[:20]): await call(person, path.format(name), body) for path, body in paths.items() for name in names
    }
    return [(*key, each.status_code, each.text) for key, each in found.items() if not nothing_here(each)]


async def call(person: httpx2.AsyncClient, path: str, body: dict[str, Any] | None) -> httpx2.Response:
    """GET without a body, else POST."""
    return await (
        person.get(f"/api/v1/{path}") if body is None else person.post(f"/api/v1/{path}", json=body, headers=ANY)
    )


ANY = {"If-Match": "*"}


async def kept(person: httpx2.AsyncClient, ids: tuple[str, ...]) -> list[Any]:
    """The same for taking a calendar back."""
    found = {id_: await person.delete(f"/api/v1/feeds/{id_}") for id_ in ids}
    return [(id_, each.status_code) for id_, each in found.items() if not nothing_here(each)]


def nothing_here(answer: httpx2.Response) -> bool:
    """The whole 404."""
    return answer.status_code == 404 and answer.json() == NOTHING_HERE


async def test_pages_and_their_forms_know_no_more(district: District) -> None:
    """Sent with the form secret of a page that is theirs, so that nothing but the name is wrong."""
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "okafor") as (lin, okafor),
        caller(server.base_url, district, "pilar") as pilar,
    ):
        body = ask(rooms=["night-owl-high/hall-2"], organization="casa-del-pueblo")
        theirs = (await pilar.post("/api/v1/bookings", json=body)).json()["reference"]
        before = await everything(district)
        found = {}
        for person, paths, own in (
            (lin, PAGES, theirs),
            (okafor, PAGES, theirs),
            (lin, HOUSE, THEATRE),
        ):
            secret = {"_csrf": dict((await person.open("/bookings")).forms[0].fields)["_csrf"]}
            for path, typed in paths.items():
                for name in (own, *NOWHERE):
                    at = f"/{path.format(name)}"
                    answer = await (
                        person.http.get(at)
                        if typed is None
                        else person.http.post(at, data=secret | typed, headers=SAME_SITE)
                    )
                    found[path, name[:20], person is lin] = answer.status_code
        after = await everything(district)
        mine = await lin.open(f"/organizations/{CLINIC}")
    assert {key: status for key, status in found.items() if status != 404} == {}
    assert after == before
    assert mine.status == 200, "control"
