"""Programs over HTTP: several bookings at several campuses in one submission, all of them or none, seen as one by those who may see them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import httpx2

from tests.api.problems import Told, codes, told, written
from tests.api.test_preview_token import NOT_YOURS
from tests.cast import BIRD, OWL
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import CLASSROOM, CLINIC, HALL, ask, day, utc, wall, weekly
from tests.stories.deciding import Caller, people, standing
from tests.stories.paper import THIN

PATH = "/api/v1/programs"
HERE, THERE = f"{BIRD}/studio", f"{OWL}/hall-3"


def part(**changes: Any) -> dict[str, Any]:
    """One booking of a submission: what an ask says, less what the submission says once."""
    return ask(**{"organization": None, "title": "Part of it", **changes})


def program(*parts: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body of a submission."""
    return {"name": "Eyes on wheels", "organization": CLINIC, "bookings": list(parts)} | changes


THREE = (
    part(title="At the elementary", repeat=weekly(2)),
    part(rooms=[HALL], title="At the owls", setup_minutes=30),
    part(rooms=[HERE], title="At the birds"),
)


async def submit(who: Caller, body: dict[str, Any], key: str = "") -> httpx2.Response:
    """What it is answered."""
    return await who.http.post(PATH, json=body, headers={"Idempotency-Key": key} if key else {})


async def test_one_submission_makes_all_its_bookings_once(district: District) -> None:
    async with people(district, "lin") as (_, lin):
        made, again = [await submit(lin, program(*THREE), key="once") for _ in range(2)]
        seen = await lin.sees(made.json()["bookings"][1]["reference"])
    body = made.json()
    assert (made.status_code, again.json(), again.headers["idempotency-replayed"]) == (201, body, "true")
    assert made.headers["location"] == f"{PATH}/eyes-on-wheels"
    assert [(standing(each), each["campus"], each["program"], each["organization"]) for each in body["bookings"]] == [
        (("requested", 1, states), campus, "eyes-on-wheels", CLINIC)
        for states, campus in ((["held"] * 2, CLASSROOM.split("/")[0]), (["held"], OWL), (["requested"], BIRD))
    ]
    assert {name: value for name, value in body.items() if name != "bookings"} == {
        "slug": "eyes-on-wheels",
        "name": "Eyes on wheels",
        "organization": CLINIC,
        "count": 3,
        "first_starts_at": utc(day(), 16),
        "last_ends_at": utc(day() + timedelta(weeks=1), 18),
        "calendar": None,
        "next": None,
    }
    assert seen["program"] == "eyes-on-wheels"


async def test_what_comes_later_joins_and_each_sees_what_they_may(district: District) -> None:
    """Staff see what is at their schools, a custodian nothing of what is confidential, others nothing at all."""
    names = ("lin", "becker", "okafor", "castillo", "sam")
    async with people(district, *names) as (_, lin, *others):
        made = await submit(lin, program(*THREE))
        later = await submit(lin, program(part(hour=18, visibility="hidden"), name="EYES ON WHEELS"))
        lists = [(await each.http.get(PATH)).json()["items"] for each in (lin, *others)]
        path = made.headers["location"]
        seen = (await lin.http.get(path)).json()
        short = (await lin.http.get(f"{path}?limit=3")).json()
        rest = (await lin.http.get(f"{path}?limit=3&cursor={short['next']}")).json()
        unseen = told(await others[-1].http.get(path))
    assert later.json()["slug"] == "eyes-on-wheels"
    assert [[(each["slug"], each["count"]) for each in items] for items in lists] == [
        [("eyes-on-wheels", count)] if count else [] for count in (4, 4, 2, 1, 0)
    ]
    assert [each["title"] for each in seen["bookings"]] == ["Part of it", *(each["title"] for each in THREE[::-1])]
    assert short["bookings"] + rest["bookings"] == seen["bookings"]
    assert (rest["next"], unseen) == (None, (404, "There is nothing here, or it is not yours to see."))


async def test_nothing_is_written_when_one_booking_is_refused_and_every_reason_names_its_booking(
    district: District,
) -> None:
    closed = date.fromisoformat(district.cast["closed"])
    async with people(district, "lin") as (_, lin):
        before = await written(district.url)
        kept = await sql.rows(district.url, "SELECT count(*) FROM programs")
        answer = await submit(
            lin,
            program(
                part(),
                part(rooms=[HALL], on=closed, hour=10),
                part(headcount=99),
                part(rooms=["no/such"]),
                part(rooms=[HALL], hour=8),
            ),
        )
        after = await written(district.url)
        programs = await sql.rows(district.url, "SELECT count(*) FROM programs")
        fine = await submit(lin, program(part(), part(rooms=[HALL], hour=8)))
    reasons = [(each["booking"], each["code"], each.get("occurrence")) for each in answer.json()["reasons"]]
    assert answer.status_code == 409
    assert reasons == [
        (1, "closed", wall(closed, 10)),
        (2, "too_many_people", None),
        (2, "room_taken", wall(day(), 16)),
        (3, "unknown_room", None),
    ]
    assert answer.json()["detail"] == "These bookings cannot be held as asked. Nothing was written."
    assert (after, programs) == (before, kept)
    assert fine.status_code == 201, "control"


async def test_two_bookings_of_one_submission_may_not_want_one_room_at_once(district: District) -> None:
    """Where a request holds, and where requests compete, in which two of one partner's would only compete with each other; a half and the whole too."""
    halves = [part(rooms=[f"{BIRD}/gym-a"], hour=8), part(rooms=[f"{BIRD}/gym"], hour=9)]
    async with people(district, "lin") as (_, lin):
        before = await written(district.url)
        held = await submit(lin, program(part(rooms=[HALL]), part(rooms=[HALL], hour=17)))
        competing = await submit(lin, program(*halves))
        after = await written(district.url)
        skipped = await submit(
            lin, program(part(rooms=[HALL]), part(rooms=[HALL], repeat=weekly(2), on_conflict="skip"))
        )
        apart = await submit(lin, program(part(rooms=[f"{BIRD}/gym-a"]), part(rooms=[f"{BIRD}/gym-b"])))
    taken = {"code": "room_taken", "severity": "refuse", "booking": 1}
    assert held.json()["reasons"] == [
        taken | {"message": f"Taken 4:00{THIN}PM to 6:00{THIN}PM.", "occurrence": wall(day(), 17)}
    ]
    assert competing.json()["reasons"] == [
        taken | {"message": f"Taken 8:00{THIN}AM to 10:00{THIN}AM.", "occurrence": wall(day(), 9)}
    ]
    assert after == before
    assert [[date["state"] for date in each["occurrences"]] for each in skipped.json()["bookings"]] == [
        ["held"],
        ["skipped", "held"],
    ]
    assert apart.status_code == 201


FIELD = "A field cannot be used: "
MEMBER = "You do not belong to this organization. Choose one of yours, or ask its manager to invite you."
ONCE = "Leave out organization and program: the submission names them once."
DAILY = {"rrule": "FREQ=DAILY;COUNT=400"}
MANY = [part(rooms=[f"{OWL}/hall-{number}"], repeat=DAILY, on_conflict="skip") for number in range(2, 6)]
TOO_MANY = "One submission may have at most 600 dates in all; these are 1600. Send the rest under the same name."
WRONG: Mapping[str, tuple[dict[str, Any], Told]] = {
    "none": (program(), (422, f"{FIELD}Expected `array` of length >= 1 - at `$.bookings`.")),
    "too many": (program(*[part()] * 31), (422, f"{FIELD}Expected `array` of length <= 30 - at `$.bookings`.")),
    "too many dates": (program(*MANY), (409, ("too_many_dates", TOO_MANY))),
    "nameless": (program(part(), name=" \t"), (422, "A program needs a name.")),
    "no name": (
        {"organization": CLINIC, "bookings": [part()]},
        (422, f"{FIELD}Object missing required field `name`."),
    ),
    "of nobody": (program(part(), organization="nobody"), (409, ("not_a_member", MEMBER))),
    "of others": (program(part(), organization="figueroa-youth-theatre"), (409, ("not_a_member", MEMBER))),
    "an organization within": (program(part(), part(organization=CLINIC)), (422, f"bookings[1]: {ONCE}")),
    "a program within": (program(part(program="x")), (422, f"bookings[0]: {ONCE}")),
    "untitled": (program(part(), part(title=None)), (422, "bookings[1]: A request also needs: title.")),
    "a field too much": (
        program(part(), part(price=3)),
        (422, f"{FIELD}Object contains unknown field `price` - at `$.bookings[1]`."),
    ),
    "an unknown activity": (
        program(part(), part(rooms=[HALL], activity="raves")),
        (422, "bookings[1]: The activity raves is unknown; GET /api/v1/activities lists them."),
    ),
    "a token of nobody": (
        program(part(), part(preview_token="x")),
        (422, f"bookings[1]: {NOT_YOURS[1]}"),
    ),
}
SPANISH = {
    "nameless": (422, "Un programa necesita un nombre."),
    "an unknown activity": (422, "bookings[1]: La actividad raves no existe; GET /api/v1/activities las enumera."),
    "a program within": (422, "bookings[0]: Omita organization y program: el envío los nombra una sola vez."),
}


async def test_a_submission_that_is_not_one_is_told_what_is_wrong(district: District) -> None:
    async with people(district, "lin") as (_, lin):
        before = await written(district.url)
        found = {name: told(await submit(lin, body)) for name, (body, _) in WRONG.items()}
        await sql.tell(district.url, "UPDATE people SET language = 'es'")
        spanish = {name: told(await submit(lin, WRONG[name][0])) for name in SPANISH}
        after = await written(district.url)
    assert found == {name: expected for name, (_, expected) in WRONG.items()}
    assert spanish == SPANISH
    assert after == before


async def test_a_previews_token_counts_for_each_booking_of_a_submission(district: District) -> None:
    async with people(district, "lin", "sam") as (_, lin, sam):
        wishes = [part(rooms=[room]) for room in (HALL, THERE)]
        tokens = [
            (await lin.http.post("/api/v1/bookings/preview", json=wish)).json()["preview_token"] for wish in wishes
        ]
        parts = [wish | {"preview_token": token} for wish, token in zip(wishes, tokens, strict=True)]
        theirs = await sam.asks(rooms=[THERE], organization="figueroa-youth-theatre")
        before = await written(district.url)
        answer = await submit(lin, program(*parts))
        after = await written(district.url)
        await sam.does(theirs["reference"], "withdrawal")
        made = await submit(lin, program(*parts))
    assert (codes(answer), answer.json()["reasons"][0]["booking"]) == ((409, "changed_since_preview"), 1)
    assert (after, made.status_code) == (before, 201)


async def test_an_unverified_organization_holds_no_more_by_submitting_together(district: District) -> None:
    weeks = [part(rooms=[HALL], hour=8 + 2 * n, repeat=weekly(5), title=f"Part {n}") for n in range(3)]
    theatre = "figueroa-youth-theatre"
    async with people(district, "sam") as (_, sam):
        await sql.tell(district.url, f"UPDATE organizations SET verified = false WHERE slug = '{theatre}'")
        answer = await submit(sam, program(*weeks, organization=theatre))
        fewer = await submit(sam, program(*weeks[:2], organization=theatre))
    assert [(each["booking"], each["code"], each["would_pass"]) for each in answer.json()["reasons"]] == [
        (2, "held_too_much", "2")
    ]
    assert fewer.status_code == 201


async def test_a_name_without_a_latin_letter_has_an_address_all_the_same(district: District) -> None:
    async with people(district, "lin") as (_, lin):
        made = [
            await submit(lin, program(part(), name="\N{GREEK SMALL LETTER PI}")),
            await submit(lin, program(part(rooms=[HALL]), name="\N{HOT PEPPER}")),
            await submit(lin, program(part(rooms=[HERE]), name="\N{GREEK CAPITAL LETTER PI}")),
        ]
    assert [(each.status_code, each.json()["slug"]) for each in made] == [
        (201, "program"),
        (201, "program-2"),
        (201, "program"),
    ]
