"""`POST /organizations/{slug}/members` and its verification: who may do what, one whole table; what a repeat, a promotion and a last manager do."""

from contextlib import AsyncExitStack
from typing import Any

import httpx2

from tests.api.problems import told
from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import Server, afterbell
from tests.partners.groups import CLINIC, ORGANIZATIONS, add, callers, founded, shown
from tests.stories.asks import PEOPLE, ask, caller, card

EASTSIDE = "eastside-community-clinic"
MANAGER = {"name": "Dr Mei Lin", "email": "lin@clinic.example", "role": "partner_manager", "state": "member"}
ROSA = {"name": "Rosa Fuentes", "email": "rosa@clinic.example", "role": "partner", "state": "member"}
SAM = {"name": "Sam Ortiz", "email": "sam@theatre.example", "role": "partner", "state": "asked"}
STRANGER, STAFF, VERIFIER = "404 404 404 201", "200 403 403 201", "200 403 200 201"
# read, add somebody else, verify, and at last ask for themselves, at the clinic (whose manager is Dr Lin)
TABLE = {
    "lin": "200 200 403 409",
    "rosa": "200 403 403 200",
    "sam": STRANGER,
    "pilar": STRANGER,
    "okafor": STAFF,
    "becker": VERIFIER,
    "castillo": STAFF,
    "tan": STAFF,
    "herrera": STAFF,
    "stone": STAFF,
    "adler": STAFF,
    "whitfield": VERIFIER,
}
EVENTS = "SELECT kind FROM events WHERE kind LIKE 'member.%' OR kind LIKE 'organization.%' ORDER BY id"


async def test_everybody_may_do_at_an_organization_just_what_the_table_says(district: District) -> None:
    """Somebody else is Dr Lin, so that a repeat changes nothing; she may not make a mere partner of herself. Only she gets anybody in."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(district.url, worker=False))
        people = {name: await stack.enter_async_context(caller(server.base_url, district, name)) for name in PEOPLE}
        found = {name: await row(people[name], str(card(district, name)["email"])) for name in PEOPLE}
        nobody = await stack.enter_async_context(httpx2.AsyncClient(base_url=server.base_url, trust_env=False))
        shut = await row(nobody, "new@nowhere.example")
        members = (await people["lin"].get(CLINIC)).json()["members"]
    assert found == TABLE
    assert shut == "401 401 401 401"
    assert [each["email"] for each in members if each["state"] == "member"] == [MANAGER["email"], ROSA["email"]]


async def row(person: httpx2.AsyncClient, own: str) -> str:
    """The statuses of one person's calls; `own` is the address they ask for themselves with."""
    read = await person.get(CLINIC)
    other = await add(person, EASTSIDE, "lin@clinic.example", "partner_manager")
    verified = await person.post(f"{CLINIC}/verification", json={})
    asked = await add(person, EASTSIDE, own)
    return " ".join(str(answer.status_code) for answer in (read, other, verified, asked))


async def test_who_asks_is_nobody_until_the_manager_confirms(district: District) -> None:
    async with callers(district, "lin", "rosa", "sam") as (lin, rosa, sam):
        asked = await add(sam, EASTSIDE, "SAM@theatre.example", "partner_manager")
        again = await add(sam, EASTSIDE, "sam@theatre.example")
        refused = await sam.post("/api/v1/bookings", json=ask())
        outside = [(await sam.get(path)).status_code for path in (CLINIC, f"{ORGANIZATIONS}/nobody")]
        invites = await add(sam, EASTSIDE, "pilar@casa.example")
        seen = [(await each.get(CLINIC)).json()["members"] for each in (lin, rosa)]
        confirmed = await add(lin, EASTSIDE, "sam@theatre.example")
        inside = await sam.get(CLINIC)
        booked = await sam.post("/api/v1/bookings", json=ask())
    wanted = SAM | {"role": "partner_manager"}
    assert (shown(asked), shown(again)) == ((201, wanted), (200, wanted))
    assert told(refused)[1][0] == "not_a_member"
    assert (outside, invites.status_code) == ([404, 404], 404)
    assert seen == [[MANAGER, ROSA, wanted], [MANAGER, ROSA]]
    assert shown(confirmed) == (200, SAM | {"state": "member"})
    assert (inside.status_code, booked.status_code) == (200, 201)
    assert await sql.rows(district.url, EVENTS) == [("member.asked",), ("member.confirmed",)]


async def test_who_works_for_the_district_comes_in_by_their_own_wish_alone(district: District) -> None:
    """Else a manager could make every approver a member, and nobody decides for their own organization."""
    async with callers(district, "lin", "becker") as (lin, becker):
        invited = await add(lin, EASTSIDE, "becker@district.example", "partner")
        asked = await add(becker, EASTSIDE, "becker@district.example", "partner")
        confirmed = await add(lin, EASTSIDE, "becker@district.example", "partner")
    assert told(invited) == (
        409,
        ("wrong_state", "This person works for the district: they ask to join themselves, and you confirm."),
    )
    assert [each.status_code for each in (asked, confirmed)] == [201, 200]


async def test_a_manager_invites_somebody_new_who_is_a_member_at_once(district: District) -> None:
    async with callers(district, "lin", "adler", "becker") as (lin, adler, becker):
        body = {"email": " Ana.Ruiz@Clinic.example ", "role": "partner", "language": "es"}
        invited = await lin.post(f"{CLINIC}/members", json=body)
        again = await lin.post(f"{CLINIC}/members", json=body)
        promoted = await add(lin, EASTSIDE, "ana.ruiz@clinic.example", "partner_manager")
        letters = [
            (await each.get("/api/v1/messages", params={"to": "ana.ruiz@clinic.example"})).json()["items"]
            for each in (adler, becker)
        ]
    ana = {"name": "Ana Ruiz", "email": "ana.ruiz@clinic.example", "role": "partner", "state": "member"}
    assert [shown(each) for each in (invited, again)] == [(201, ana), (200, ana)]
    assert shown(promoted) == (200, ana | {"role": "partner_manager"})
    assert (letters[0], len(letters[1])) == (
        [],
        1,
    )  # an analyst reads no letters, facilities staff none of their secrets
    assert "/es/sign-in/••••••?next=/organizations/eastside-community-clinic" in letters[1][0]["text"]
    assert await sql.rows(
        district.url, "SELECT recipient, language, kind FROM deliveries WHERE kind = 'invitation'"
    ) == [("ana.ruiz@clinic.example", "es", "invitation")]
    assert await sql.rows(district.url, EVENTS) == [("member.invited",), ("member.changed",)]


async def test_an_administrator_confirms_from_the_command_line_too(district: District) -> None:
    async with callers(district, "sam") as (sam,):
        await add(sam, EASTSIDE, "sam@theatre.example")
        before = await sam.get(CLINIC)
        added = afterbell(
            district.url, "person", "add", "sam@theatre.example", "--role", "partner", "--organization", EASTSIDE
        )
        after = await sam.get(CLINIC)
    assert (before.status_code, added.returncode, after.status_code) == (404, 0, 200)


async def test_nobody_promotes_themselves_and_the_last_manager_stays(district: District) -> None:
    async with callers(district, "lin", "rosa") as (lin, rosa):
        herself = await add(rosa, EASTSIDE, "rosa@clinic.example", "partner_manager")
        demoted = await add(lin, EASTSIDE, "lin@clinic.example")
        handed = await add(lin, EASTSIDE, "rosa@clinic.example", "partner_manager")
        resigned = await add(lin, EASTSIDE, "lin@clinic.example")
        after = await add(lin, EASTSIDE, "pilar@casa.example")
    assert shown(herself) == (200, ROSA)
    assert told(demoted) == (409, ("wrong_state", "Its only manager must stay one. Make somebody else one first."))
    assert [each.status_code for each in (handed, resigned, after)] == [200, 200, 403]


async def test_bodies_that_nobody_can_be_added_with(district: District) -> None:
    bodies: list[dict[str, Any]] = [
        {"email": "no address", "role": "partner"},
        {"email": "ana@clinic.example\n", "role": "facilities"},
        {"email": "a" * 255, "role": "partner"},
        {"email": "ana@clinic.example", "role": "partner", "state": "member"},
        {"role": "partner"},
    ]
    async with callers(district, "lin") as (lin,):
        answers = [told(await lin.post(f"{CLINIC}/members", json=body)) for body in bodies]
    assert answers == [
        (422, "Write an e-mail address, such as ana@clinic.example."),
        (422, "role is one of partner, partner_manager."),
        (422, "A field cannot be used: Expected `str` of length <= 254 - at `$.email`."),
        (422, "A field cannot be used: Object contains unknown field `state`."),
        (422, "A field cannot be used: Object missing required field `email`."),
    ]


async def test_staff_verify_once_and_never_their_own(district: District) -> None:
    async with callers(district, "becker", "whitfield", "sam") as (becker, whitfield, sam):
        own, other = await founded(becker, "Becker's Band"), await founded(sam, "Night School")
        mine = await becker.post(f"{ORGANIZATIONS}/{own}/verification", json={})
        colleague = await whitfield.post(f"{ORGANIZATIONS}/{own}/verification", json={})
        twice = [await becker.post(f"{ORGANIZATIONS}/{other}/verification", json={}) for _ in range(2)]
        seen = await sam.get(f"{ORGANIZATIONS}/{other}")
    assert told(mine) == (409, ("own_request", "Nobody verifies their own organization. Ask a colleague."))
    assert (colleague.json()["verified"], colleague.json()["holds_at_most"]) == (True, None)
    assert [each.json()["verified"] for each in twice] == [True, True]
    assert seen.json()["verified"] is True
    assert await sql.rows(district.url, EVENTS) == [
        ("organization.founded",),
        ("organization.founded",),
        ("organization.verified",),
        ("organization.verified",),
    ]


async def test_control_the_table_opens_to_somebody_who_is_given_the_role(district: District) -> None:
    async with callers(district, "sam") as (sam,):
        before = await row(sam, "sam@theatre.example")
        given = afterbell(district.url, "person", "add", "sam@theatre.example", "--role", "facilities")
        after = await row(sam, "sam@theatre.example")
    assert (given.returncode, before, after) == (0, STRANGER, "200 403 200 200")
