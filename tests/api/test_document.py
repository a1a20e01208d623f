"""The OpenAPI document: every operation says what it takes and what it answers, its schemas hold what is really answered, and HEAD works where GET does."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from afterbell.bookings.answers import ActivityList, BookingAnswer, BookingList, Foreseen, Journal, OfferList
from afterbell.bookings.answers_times import FreeAnswer, WeekAnswer
from afterbell.bookings.programs_api import ProgramAnswer, ProgramList
from afterbell.feeds.api import FeedAnswer
from afterbell.letters.api import LetterList
from afterbell.partners.api import MemberAnswer, OrganizationAnswer
from afterbell.places.answers import RoomAnswer, RoomList, SchoolAnswer, SchoolList
from afterbell.rules.api import RuleAnswer, RuleList
from afterbell.web.openapi import ProblemAnswer
from tests.cast import BIRD, OWL
from tests.conftest import District
from tests.ground.processes import Server
from tests.stories.asks import CLINIC, HALL, ask, caller, wall, weekly
from tests.stories.asks import day as the_day
from tests.stories.deciding import Caller, people

NEED = {name: value for name, value in ask().items() if name in ("headcount", "starts_at", "ends_at")}
ANY = {"If-Match": "*"}
PROBLEMS = {
    "get": {401, 403, 404, 422, 500, 503},
    "delete": {401, 403, 404, 422, 500, 503},
    "post": {400, 401, 403, 404, 409, 413, 415, 422, 500, 503},
    "patch": {400, 401, 403, 404, 409, 413, 415, 422, 428, 500, 503},
    "put": {400, 401, 403, 404, 409, 413, 415, 422, 500, 503},
}


async def test_every_operation_says_what_it_takes_and_answers(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        first, again = [(await lin.get("/api/openapi.json")).json() for _ in range(2)]
    found = {f"{method} {path}": complaints(first, method, each) for path, method, each in operations(first)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(found) >= 20
    assert again == first
    named = {ref.rpartition("/")[2] for ref in refs(first)}
    assert named == set(first["components"]["schemas"])
    assert first["paths"]["/api/v1/bookings"]["post"]["requestBody"]["content"]["application/json"]["schema"] == {
        "allOf": [{"$ref": "#/components/schemas/BookingForm"}, {"required": ["title", "activity"]}]
    }


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    """Path, method and operation."""
    for path, item in document["paths"].items():
        yield from ((path, method, operation) for method, operation in item.items())


def complaints(document: Any, method: str, operation: Any) -> list[str]:
    """What an operation does not say."""
    answers = operation["responses"]
    done = {status: answer for status, answer in answers.items() if status < "300"}
    wrong = [] if operation["description"] else ["no description"]
    wrong += [f"{status}: no schema" for status, answer in done.items() if status != "204" and not schema(answer)]
    wrong += ["no body"] if method in ("post", "put", "patch") and not schema(operation.get("requestBody", {})) else []
    told = {int(status) for status, answer in answers.items() if schema(answer, "application/problem+json")}
    tagged = {412} if any(each["name"] == "If-Match" for each in operation["parameters"]) else set()
    return wrong + ([f"problems: {sorted(told)}"] if told != PROBLEMS[method] | tagged or not done else [])


def schema(said: Any, kind: str = "application/json") -> Any:
    """The schema under that media type."""
    return said.get("content", {}).get(kind, {}).get("schema")


def refs(said: Any) -> Iterator[str]:
    """Every reference."""
    if isinstance(said, dict):
        if isinstance(said.get("$ref"), str):
            yield said["$ref"]
        for each in said.values():
            yield from refs(each)
    elif isinstance(said, list):
        for each in said:
            yield from refs(each)


async def test_what_is_answered_is_what_the_document_says(district: District) -> None:
    """Every field and no other, at both levels of a booking, with everything that may stand beside it."""
    async with people(district, "lin", "becker", "castillo", "sam") as (_, lin, becker, castillo, sam):
        body = ask(rooms=[HALL], repeat=weekly(3), listing={"summary": {"en": "x"}}, contact={"name": "Ana"})
        made = await lin.http.post("/api/v1/bookings", json=body)
        path = f"/api/v1/bookings/{made.json()['reference']}"
        dates = [date["id"] for date in made.json()["occurrences"]]
        skipping = ask(rooms=[HALL], repeat=weekly(4), on_conflict="skip", title="Skips")
        told: list[tuple[Any, type[Struct]]] = [
            (made, BookingAnswer),
            (await becker.http.post(f"{path}/question", json={"message": "Chairs?"}), BookingAnswer),
            (await lin.http.post(f"{path}/answer", json={"message": "Ten"}), BookingAnswer),
            (await becker.http.post(f"{path}/decline", json={"reason": "x", "occurrences": dates[:1]}), BookingAnswer),
            (await lin.http.post(f"{path}/withdrawal", json={"occurrences": dates[1:2]}), BookingAnswer),
            (await becker.http.post(f"{path}/approval", json={}), BookingAnswer),
            (
                await lin.http.patch(path, json={"headcount": 60, "starts_at": wall(the_day(), 15)}, headers=ANY),
                BookingAnswer,
            ),
            (await lin.http.post(f"{path}/change/withdrawal", json={}), BookingAnswer),
            (await lin.http.post(f"{path}/cancellation", json={"reason": "Ill"}), BookingAnswer),
            (await lin.http.get(f"{path}/journal"), Journal),
            (await lin.http.post("/api/v1/bookings/preview", json=skipping), Foreseen),
            (await lin.http.post("/api/v1/bookings", json=skipping), BookingAnswer),
            *await competing(lin, sam, becker),
            *await others(lin, becker, castillo),
        ]
    wrong = {answer.request.url.path: complaint for answer, kind in told if (complaint := unlike(answer, kind))}
    assert wrong == {}
    assert {answer.status_code for answer, kind in told if kind is not ProblemAnswer} == {200, 201}


async def competing(lin: Caller, sam: Caller, becker: Caller) -> list[tuple[Any, type[Struct]]]:
    """Where nothing is held: rivals for those who decide, how many others asked for everybody."""
    await sam.asks(rooms=[f"{BIRD}/hall"], organization="figueroa-youth-theatre")
    made = await lin.http.post("/api/v1/bookings", json=ask(rooms=[f"{BIRD}/hall"]))
    read = await becker.http.get(f"/api/v1/bookings/{made.json()['reference']}")
    assert len(read.json()["rivals"]) == 1
    return [(made, BookingAnswer), (read, BookingAnswer)]


async def others(lin: Caller, becker: Caller, castillo: Caller) -> list[tuple[Any, type[Struct]]]:
    """The rest of the API."""
    await lin.asks(hour=18, visibility="hidden")
    near = "?near=34.03,-118.31&within_km=13"
    search = NEED | {"starts_at": wall(the_day(), 14), "near": "34.03,-118.31", "within_km": 13, "repeat": weekly(2)}
    part = ask(organization=None, rooms=[f"{OWL}/hall-9"])
    submission = {"name": "Eyes", "organization": CLINIC, "bookings": [part]}
    member = {"email": "new@clinic.example", "role": "partner"}
    return [
        (await castillo.http.get("/api/v1/bookings"), BookingList),
        (await lin.http.get("/api/v1/bookings?limit=1"), BookingList),
        (await lin.http.post("/api/v1/searches", json=search), OfferList),
        (await lin.http.get("/api/v1/activities"), ActivityList),
        (await lin.http.get(f"/api/v1/schools{near}"), SchoolList),
        (await lin.http.get(f"/api/v1/schools/{OWL}"), SchoolAnswer),
        (await lin.http.get(f"/api/v1/schools/{OWL}/rooms?limit=3"), RoomList),
        (await lin.http.get(f"/api/v1/rooms/{HALL}"), RoomAnswer),
        (await lin.http.get(f"/api/v1/rooms/{HALL}/free"), FreeAnswer),
        (await lin.http.get(f"/api/v1/campuses/{OWL}/week?from={the_day()}"), WeekAnswer),
        (await becker.http.get("/api/v1/messages"), LetterList),
        (await lin.http.get(f"/api/v1/organizations/{CLINIC}"), OrganizationAnswer),
        (await lin.http.post(f"/api/v1/organizations/{CLINIC}/members", json=member), MemberAnswer),
        (await lin.http.post("/api/v1/organizations", json={"name": "Night", "kind": "other"}), OrganizationAnswer),
        (await becker.http.get("/api/v1/organizations/night"), OrganizationAnswer),
        (await lin.http.post("/api/v1/programs", json=submission), ProgramAnswer),
        (await lin.http.get("/api/v1/programs"), ProgramList),
        (await lin.http.get("/api/v1/programs/eyes"), ProgramAnswer),
        (await lin.http.post("/api/v1/feeds", json={"scope": "mine"}), FeedAnswer),
        (await becker.http.put("/api/v1/rules", json={"name": "lengths", "value": {}, "campus": OWL}), RuleAnswer),
        (await lin.http.get(f"/api/v1/rules?room={HALL}"), RuleList),
        (await lin.http.post("/api/v1/bookings", json=ask(headcount=99)), ProblemAnswer),
        (await lin.http.get("/api/v1/bookings/x"), ProblemAnswer),
    ]


def unlike(answer: Any, kind: type[Struct]) -> str:
    """How an answer differs from its schema; empty when it does not."""
    try:
        msgspec.convert(answer.json(), kind, strict=True)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def test_control_an_answer_with_a_field_more_or_less_is_noticed() -> None:
    room: dict[str, Any] = {
        "id": "a",
        "slug": "b",
        "school": "c",
        "campus": "d",
        "name": "e",
        "kind": "f",
        "capacity": 1,
        "layouts": {},
    }
    whole = room | {"features": [], "access": [], "spaces": [], "time_zone": "UTC"}
    assert msgspec.convert(whole, RoomAnswer) == RoomAnswer(**whole)
    for wrong in (room, whole | {"secret": 1}, whole | {"capacity": "1"}):
        try:
            msgspec.convert(wrong, RoomAnswer, strict=True)
        except msgspec.ValidationError:
            continue
        raise AssertionError(wrong)


async def test_head_is_get_without_its_body(district: District) -> None:
    async with people(district, "lin") as (_, lin):
        made = await lin.asks()
        paths = (
            f"/api/v1/bookings/{made['reference']}",
            "/api/v1/schools",
            "/api/openapi.json",
            "/api/v1/nowhere",
            "/healthz",
            "/find",
        )
        pairs = [(await lin.http.get(path), await lin.http.head(path)) for path in paths]
        only_post = await lin.http.head("/api/v1/searches")
    kept = ("content-length", "content-type", "etag")
    for get, head in pairs:
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert [head.headers.get(name) for name in kept] == [get.headers.get(name) for name in kept]
    assert [get.status_code for get, _ in pairs] == [200, 200, 200, 404, 200, 200]
    assert only_post.status_code == 405
