"""Mass assignment: every JSON body of the API, and every object inside one, with a field that nobody knows and with those that only the service writes. Each is
told by its name (422), and nothing is done."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.api.problems import told, written
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import CLINIC, HALL, ask
from tests.stories.deciding import Caller, people

ACT = "/api/v1/bookings/{reference}/"
NEED = {name: value for name, value in ask().items() if name in ("headcount", "starts_at", "ends_at")}
CALLER = {"name": "Ana Ruiz"}
LISTING = {"summary": {"en": "Check-ups"}}
# A body that passes, or whose field at least is what is wrong with it first; by path of the document.
BODIES: Mapping[str, dict[str, Any]] = {
    "/api/v1/bookings": ask(rooms=[HALL], repeat={}, on_behalf_of=CALLER, listing=LISTING),
    "/api/v1/bookings/preview": ask(rooms=[HALL], repeat={}, on_behalf_of=CALLER, listing=LISTING),
    "/api/v1/programs": {"name": "Eyes", "organization": CLINIC, "bookings": [ask(organization=None, rooms=[HALL])]},
    "/api/v1/searches": NEED | {"repeat": {}},
    f"{ACT}approval": {},
    f"{ACT}decline": {"reason": "x"},
    f"{ACT}question": {"message": "x"},
    f"{ACT}answer": {"message": "x"},
    f"{ACT}withdrawal": {},
    f"{ACT}cancellation": {"reason": "x"},
    f"{ACT}change/withdrawal": {},
    "/api/v1/organizations": {"name": "Night School", "kind": "other"},
    "/api/v1/organizations/{slug}/members": {"email": "new@clinic.example", "role": "partner"},
    "/api/v1/organizations/{slug}/verification": {},
    "/api/v1/feeds": {"scope": "mine", "filters": {}},
    "/api/v1/rules": {"name": "notice", "value": None},
}
ITS_OWN = {("/api/v1/rules", "campus")}
UNKNOWN = "is_admin"
# What some answer tells, or some table holds, and no caller writes.
READ_ONLY = (
    *("id", "reference", "state", "version", "verified", "founded_by_id", "organization_id", "campus", "campus_id"),
    *("requested_by", "requested_by_id", "requested_at", "decide_by", "waiting_on", "price", "price_status"),
    *("person_id", "staff", "entered_as", "url", "token"),
)


def spoilt() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Path, body, and the complaint about it."""
    for path, body in BODIES.items():
        for name in (UNKNOWN, *READ_ONLY):
            if (path, name) in ITS_OWN:
                continue
            yield path, body | {name: 1}, f"`{name}`"
        for where, inner in insides(body):
            yield path, with_inside(body, where, inner | {UNKNOWN: 1}), f"`{UNKNOWN}` - at `$.{where}`"


def insides(body: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object inside, by its path."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield above + name, value
            yield from insides(value, f"{above}{name}.")


def with_inside(body: dict[str, Any], where: str, inner: dict[str, Any]) -> dict[str, Any]:
    """The body with another object at that path."""
    name, _, rest = where.partition(".")
    return body | {name: with_inside(body[name], rest, inner) if rest else inner}


async def test_every_body_refuses_a_field_that_is_not_its_own_and_names_it(district: District) -> None:
    kept = "SELECT verified, (SELECT count(*) FROM organizations), (SELECT count(*) FROM secret_feeds), (SELECT count(*) FROM memberships)"
    kept += f" FROM organizations WHERE slug = '{CLINIC}'"
    async with people(district, "lin") as (_, lin):
        made = await lin.asks()
        before = await written(district.url), await sql.rows(district.url, kept), await lin.sees(made["reference"])
        document = (await lin.http.get("/api/openapi.json")).json()
        wrong = [each for each in [await one(lin, made["reference"], *spoil) for spoil in spoilt()] if each]
        after = await written(district.url), await sql.rows(district.url, kept), await lin.sees(made["reference"])
        clean = [(await send(lin, made["reference"], path, body)).status_code for path, body in BODIES.items()]
    assert {path for path, item in document["paths"].items() if "post" in item or "put" in item} == set(BODIES), (
        "a body is missing here"
    )
    assert wrong == []
    assert after == before
    assert 422 not in clean, "control: without the field each body is understood"


async def one(lin: Caller, reference: str, path: str, body: dict[str, Any], complaint: str) -> Any:
    """What is wrong with the answer; None when it is as it should be."""
    found = told(await send(lin, reference, path, body))
    expected = (422, f"A field cannot be used: Object contains unknown field {complaint}.")
    return None if found == expected else (path, body, found)


async def send(lin: Caller, reference: str, path: str, body: dict[str, Any]) -> Any:
    """POST there, or PUT."""
    act = "PUT" if path == "/api/v1/rules" else "POST"
    return await lin.http.request(act, path.replace("{reference}", reference).replace("{slug}", CLINIC), json=body)
