"""`POST /organizations`: anybody founds one, once; it begins unverified, and nobody passes as a school or as somebody else's group."""

from tests.api.problems import told
from tests.conftest import District
from tests.ground import sql
from tests.ground.racers import Entry, race
from tests.partners.groups import ORGANIZATIONS, callers, founded, shown
from tests.stories.asks import token

SAM = {"name": "Sam Ortiz", "email": "sam@theatre.example", "role": "partner_manager", "state": "member"}
TWICE = "You have founded {name} already: it is {slug}. Ask for rooms on its behalf."
KINDS = "nonprofit, clinic, public_agency, youth, civic, business, individual, other"
TOO_MANY = (
    "At most 3 organizations that you founded may wait to be verified. Ask for rooms on behalf of one of them, such as {name}, "
    "or ask the district's staff to verify one."
)
DEMASIADAS = (
    "Pueden esperar verificación a lo sumo 3 organizaciones que usted fundó. Pida espacios a nombre de una de ellas, como {name}, "
    "o pida al personal del distrito que verifique una."
)
EVENTS = "SELECT kind FROM events WHERE kind LIKE 'organization.%' ORDER BY id"


async def test_a_founder_is_manager_of_what_begins_unverified(district: District) -> None:
    async with callers(district, "sam") as (sam,):
        made = await sam.post(ORGANIZATIONS, json={"name": " Círculo  de\tLectura ", "kind": "civic"})
        read = await sam.get(made.headers["Location"])
    whole = {
        "slug": "circulo-de-lectura",
        "name": "Círculo de Lectura",
        "kind": "civic",
        "verified": False,
        "holds_at_most": 12,
        "members": [SAM],
    }
    assert (shown(made), shown(read)) == ((201, whole), (200, whole))
    assert made.headers["Location"] == f"{ORGANIZATIONS}/circulo-de-lectura"
    assert await sql.rows(district.url, EVENTS) == [("organization.founded",)]


async def test_an_individual_has_the_persons_own_name_whatever_they_write_and_one_member(district: District) -> None:
    async with callers(district, "sam", "pilar", "adler") as (sam, pilar, adler):
        made = await sam.post(ORGANIZATIONS, json={"name": "Mayor of Los Angeles", "kind": "individual"})
        again = await sam.post(ORGANIZATIONS, json={"kind": "individual"})
        path = f"{ORGANIZATIONS}/sam-ortiz"
        invited = await sam.post(f"{path}/members", json={"email": "rosa@clinic.example", "role": "partner"})
        asked = await pilar.post(f"{path}/members", json={"email": "pilar@casa.example", "role": "partner"})
        seen = [shown(await each.get(path))[0] for each in (sam, pilar, adler)]
    assert (made.status_code, made.json()["name"], made.json()["members"]) == (201, "Sam Ortiz", [SAM])
    assert told(again) == (409, ("already_founded", TWICE.format(name="Sam Ortiz", slug="sam-ortiz")))
    assert told(invited) == (409, ("wrong_state", "Nobody can be added here: it stands for itself alone."))
    assert (asked.status_code, seen) == (404, [200, 404, 200])


async def test_the_same_name_once_for_one_founder_and_another_slug_for_another(district: District) -> None:
    async with callers(district, "sam", "pilar", "lin") as (sam, pilar, lin):
        first = await founded(sam, "Night School")
        twice = await sam.post(ORGANIZATIONS, json={"name": "night SCHOOL", "kind": "youth"})
        others = [await founded(pilar, "Night School"), await founded(pilar, "Night-School!")]
        rival = await founded(pilar, "Eastside Community Clinic")
        school = await founded(lin, "Night Owl High")
        pages = [await founded(lin, "New"), await founded(lin, "Join")]
    assert told(twice) == (409, ("already_founded", TWICE.format(name="Night School", slug="night-school")))
    assert twice.json()["reasons"][0]["would_pass"] == "night-school"
    assert (first, others) == ("night-school", ["night-school-2", "night-school-3"])
    assert (rival, school, pages) == ("eastside-community-clinic-2", "night-owl-high-2", ["new-2", "join-2"])


async def test_what_cannot_be_founded_says_what_would_pass(district: District) -> None:
    bodies = [
        {"name": "A", "kind": "school"},
        {"name": "A", "kind": "Clinic"},
        {"name": "A"},
        {"name": " \u202e ", "kind": "clinic"},
        {"name": "!!!", "kind": "clinic"},
        {"name": "é" * 121, "kind": "clinic"},
        {"name": "A", "kind": "clinic", "verified": True},
        {"name": "A", "kind": "clinic", "slug": "a"},
    ]
    async with callers(district, "sam") as (sam,):
        answers = [told(await sam.post(ORGANIZATIONS, json=body)) for body in bodies]
    assert answers == [
        (422, f"kind is one of {KINDS}."),
        (422, f"kind is one of {KINDS}."),
        (422, "A field cannot be used: Object missing required field `kind`."),
        (422, "Write the organization's name."),
        (422, "Write the organization's name."),
        (422, "A field cannot be used: Expected `str` of length <= 120 - at `$.name`."),
        (422, "A field cannot be used: Object contains unknown field `verified`."),
        (422, "A field cannot be used: Object contains unknown field `slug`."),
    ]
    assert await sql.rows(district.url, EVENTS) == []


async def test_sent_twice_at_once_it_is_founded_once_and_two_founders_never_share_a_slug(district: District) -> None:
    async with callers(district, "sam") as (sam,):
        address = str(sam.base_url).rstrip("/")
        body = {"name": "Garden Club", "kind": "civic"}
        tokens = [token(district, name) for name in ("sam", "sam", "sam", "pilar", "lin", "rosa")]
        answers = await race([Entry(address, ORGANIZATIONS, body, each) for each in tokens])
    slugs = sorted(answer.json["slug"] for answer in answers if answer.status == 201)
    assert sorted(answer.status for answer in answers) == [201] * 4 + [409] * 2
    assert slugs == ["garden-club", "garden-club-2", "garden-club-3", "garden-club-4"]


async def test_three_may_wait_to_be_verified_and_a_fourth_is_told_what_would_pass_in_both_languages(
    district: District,
) -> None:
    """Of six sent at once three pass. Control: once one is verified a fourth passes, so that it is the unverified ones that count."""
    names = [f"Club {number}" for number in range(6)]
    async with callers(district, "sam", "pilar", "becker") as (sam, pilar, becker):
        address = str(sam.base_url).rstrip("/")
        asked = [Entry(address, ORGANIZATIONS, {"name": n, "kind": "civic"}, token(district, "sam")) for n in names]
        answers = await race(asked)
        slugs = [await founded(pilar, f"Grupo {letter}") for letter in "ABC"]
        refused = await pilar.post(ORGANIZATIONS, json={"name": "Grupo D", "kind": "civic"})
        alone = await pilar.post(ORGANIZATIONS, json={"kind": "individual"})
        verified = await becker.post(f"{ORGANIZATIONS}/{slugs[0]}/verification")
        passes = await pilar.post(ORGANIZATIONS, json={"name": "Grupo D", "kind": "civic"})
        full = await pilar.post(ORGANIZATIONS, json={"name": "Grupo E", "kind": "civic"})
        again = await sam.post(ORGANIZATIONS, json={"name": "Club 7", "kind": "civic"})
    lost = [each.json["reasons"][0]["code"] for each in answers if each.status == 409]
    assert (sorted(each.status for each in answers), lost) == ([201] * 3 + [409] * 3, ["too_many_organizations"] * 3)
    told_so = (409, ("too_many_organizations", DEMASIADAS.format(name="Grupo C (grupo-c)")))
    assert [told(each) for each in (refused, alone)] == [told_so] * 2
    assert refused.json()["reasons"][0]["would_pass"] == "grupo-c"
    assert (verified.status_code, passes.status_code, full.status_code) == (200, 201, 409)
    code, said = told(again)[1]
    club = next(each.json["reasons"][0]["would_pass"] for each in answers if each.status == 409)
    assert (code, said) == (
        "too_many_organizations",
        TOO_MANY.format(name=f"{club.replace('-', ' ').title()} ({club})"),
    )
