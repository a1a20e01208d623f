"""The fields of a booking request beside room and time: what families read, the program it belongs to. Kept as sent when it can be kept, else told why."""

from typing import Any

from tests.api.problems import Told, told
from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import Server
from tests.ground.racers import Entry, race
from tests.stories.asks import HALL, ask, caller, card, day
from tests.stories.deciding import Caller, people

BOOKINGS = "/api/v1/bookings"
LISTING: dict[str, Any] = {
    "summary": {"en": "Free check-ups", "es": "Chequeos gratuitos"},
    "languages": ["en", "es", "fil"],
    "cost": "Free",
    "ages": "18+",
    "childcare": True,
    "join": "link",
    "link": "https://clinic.example/join?x=1",
    "public_contact": "(323) 555-0170",
    "places": "full",
}
CONFIDENTIAL = "A confidential booking has no public listing. Leave listing out, or choose visibility public or listed."
LINK = (422, "listing.link must be an address that begins with https://.")
SUMMARY = (422, "listing.summary needs a line in en or es, better in both.")


def field(complaint: str) -> Told:
    """422 for one field."""
    return 422, f"A field cannot be used: {complaint}."


def listing(**changes: Any) -> dict[str, Any]:
    """The `listing` with other values."""
    return ask(listing=LISTING | changes)


def longer(name: str, most: int) -> tuple[dict[str, Any], Told]:
    """One character too many."""
    return listing(**{name: "x" * (most + 1)}), field(f"Expected `str` of length <= {most} - at `$.listing.{name}`")


BAD: dict[str, tuple[dict[str, Any], Told]] = {
    "no summary": (ask(listing={}), field("Object missing required field `summary` - at `$.listing`")),
    "an empty summary": (listing(summary={"en": " \t"}), SUMMARY),
    "a third language": (
        listing(summary={"fr": "Bonjour"}),
        field("Object contains unknown field `fr` - at `$.listing.summary`"),
    ),
    "too long a summary": (
        listing(summary={"es": "x" * 201}),
        field("Expected `str` of length <= 200 - at `$.listing.summary.es`"),
    ),
    "languages in words": (
        listing(languages=["Spanish"]),
        field("Expected the code of a language, such as en or es - at `$.listing.languages[0]`"),
    ),
    "eleven languages": (
        listing(languages=["en"] * 11),
        field("Expected `array` of length <= 10 - at `$.listing.languages`"),
    ),
    "another way to join": (
        listing(join="mail"),
        field("'mail' is none of the choices: call, link, walk_in - at `$.listing.join`"),
    ),
    "other places": (listing(places="few"), field("'few' is none of the choices: full, open - at `$.listing.places`")),
    "childcare in words": (
        listing(childcare="yes"),
        field("Expected `bool | null`, got `str` - at `$.listing.childcare`"),
    ),
    "a field that nobody knows": (
        listing(price=3),
        field("Object contains unknown field `price` - at `$.listing`"),
    ),
    "a link without its address": (listing(link=""), LINK),
    "a link in clear": (listing(link="http://clinic.example"), LINK),
    "a link that is a script": (listing(link="javascript:alert(1)"), LINK),
    "a link with blanks": (listing(link="https://clinic.example/a b"), LINK),
    "too long a cost": longer("cost", 80),
    "too long an age": longer("ages", 80),
    "too long a contact": longer("public_contact", 200),
    "too long a link": longer("link", 500),
    "confidential by itself": (
        listing() | {"visibility": "hidden"},
        (422, ("listing_of_confidential", CONFIDENTIAL)),
    ),
    "confidential by its activity": (
        listing() | {"activity": "restorative-circle"},
        (422, ("listing_of_confidential", CONFIDENTIAL)),
    ),
    "a program without a name": (ask(program=""), field("Expected `str` of length >= 1 - at `$.program`")),
    "too long a program": (ask(program="x" * 121), field("Expected `str` of length <= 120 - at `$.program`")),
}


async def test_a_listing_is_kept_as_sent_and_every_limit_is_told(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        found = {name: told(await lin.post(BOOKINGS, json=body)) for name, (body, _) in BAD.items()}
        made = await lin.post(BOOKINGS, json=ask(listing=LISTING))
        small = await lin.post(
            BOOKINGS, json=ask(hour=18, listing={"summary": {"es": " Uno\n dos "}}, visibility="public")
        )
        bare = await lin.post(BOOKINGS, json=ask(hour=20))
    assert {name: answer for name, answer in found.items() if answer != BAD[name][1]} == {}
    assert made.json()["listing"] == LISTING
    assert small.json()["listing"] == {"summary": {"es": "Uno dos"}, "places": "open"}
    assert (bare.json()["listing"], bare.json()["program"]) == (None, None)


async def test_a_program_is_found_by_slug_or_name_and_is_each_organizations_own(district: District) -> None:
    async with people(district, "lin", "rosa", "pilar") as (_, lin, rosa, pilar):
        named = ["Clínica móvil", "clínica MÓVIL", "clinica-movil", " ", None]
        theirs = [await slug_of(who, number, named[number]) for number, who in enumerate((lin, rosa, lin, lin, rosa))]
        others = await slug_of(pilar, 6, "clinica-movil", organization="casa-del-pueblo")
        body = ask(day(ahead=60), rooms=[HALL], program="Never made", headcount=101)
        refused = await lin.http.post(BOOKINGS, json=body)
        stranger = await pilar.http.post(BOOKINGS, json=body | {"headcount": 1})
        foreseen = await lin.http.post(f"{BOOKINGS}/preview", json=body | {"headcount": 1})
    kept = await sql.rows(district.url, "SELECT slug, name FROM programs ORDER BY id")
    assert theirs == ["clinica-movil"] * 3 + [None] * 2
    assert others == "clinica-movil-2"
    assert (refused.status_code, stranger.status_code, foreseen.status_code) == (409, 409, 200)
    assert kept == [("clinica-movil", "Clínica móvil"), ("clinica-movil-2", "clinica-movil")]


async def slug_of(who: Caller, number: int, program: str | None, **changes: Any) -> str | None:
    """The program of a booking in a hall of its own."""
    made = await who.asks(rooms=[f"night-owl-high/hall-{number + 2}"], program=program, **changes)
    found: str | None = made["program"]
    return found


async def test_eight_who_begin_one_program_at_once_make_one(district: District) -> None:
    async with Server(district.url, worker=False) as server:
        token = card(district, "lin")["token"]
        bodies = [ask(rooms=[f"night-owl-high/hall-{number}"], program="Dental days") for number in range(2, 10)]
        answers = await race([Entry(server.base_url, BOOKINGS, body, token) for body in bodies])
    assert [(answer.status, answer.json["program"]) for answer in answers] == [(201, "dental-days")] * 8
    assert await sql.rows(district.url, "SELECT slug FROM programs") == [("dental-days",)]
