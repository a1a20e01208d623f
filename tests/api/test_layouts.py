"""Layouts that rooms have, and those that none of them has: told by preview, request and change alike, in people's words, with the layouts that pass."""

from typing import Any

import httpx2

from tests.api.problems import codes, written
from tests.api.test_change import patched
from tests.cast import OWL
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import ask
from tests.stories.deciding import people

PLAIN, SET_UP, ANY = f"{OWL}/hall-2", f"{OWL}/hall-3", f"{OWL}/any:multipurpose"
LAYOUTS = "UPDATE rooms SET layouts = '{\"theater\": 90, \"banquet\": 40}' WHERE slug = 'hall-3'"
NONE = "Hall 2 cannot be set up as banana: it is always set up in the same way. Leave layout out."
ONE = "Hall 3 cannot be set up as banana. It can be set up as: Round tables, Rows of chairs."
OTHERS = "None of these rooms can be set up as banana. They can be set up as: Round tables, Rows of chairs."


def reasons(answer: httpx2.Response) -> list[tuple[str, str, str | None]]:
    """Code, sentence and what would pass of each refusal, of a preview too."""
    body = answer.json()
    found = body["verdict"]["reasons"] if "verdict" in body else body["reasons"]
    return [(each["code"], each["message"], each.get("would_pass")) for each in found if each["severity"] == "refuse"]


async def test_a_layout_that_no_asked_room_has_is_refused_with_those_that_they_have(district: District) -> None:
    await sql.tell(district.url, LAYOUTS)
    told: dict[str, list[tuple[str, str, str | None]]] = {}
    async with people(district, "lin") as (_, lin):
        before = await written(district.url)
        for name, rooms in {"plain": [PLAIN], "set up": [SET_UP], "both": [PLAIN, SET_UP], "any": [ANY]}.items():
            wish = ask(rooms=rooms, layout="Banana ", hour=18)
            foreseen = await lin.http.post("/api/v1/bookings/preview", json=wish)
            refused = await lin.http.post("/api/v1/bookings", json=wish)
            told[name] = reasons(refused)
            assert (refused.status_code, reasons(foreseen)) == (409, told[name])
        after = await written(district.url)
    one, several = [("unknown_layout", said, "banquet, theater") for said in (ONE, OTHERS)]
    assert told == {"plain": [("unknown_layout", NONE, None)], "set up": [one], "both": [several], "any": [several]}
    assert after == before


async def test_beside_a_room_that_has_the_layout_others_count_with_their_own_number(district: District) -> None:
    await sql.tell(district.url, LAYOUTS)
    async with people(district, "lin", "rosa") as (_, lin, rosa):
        crowd = await lin.http.post(
            "/api/v1/bookings", json=ask(rooms=[PLAIN, SET_UP], layout="banquet", headcount=141)
        )
        made = await lin.asks(rooms=[PLAIN, SET_UP], layout="banquet", headcount=140)
        crowded = ask(rooms=[SET_UP], layout="banquet", headcount=41)
        tight = await rosa.http.post("/api/v1/bookings/preview", json=crowded)
        any_ = await lin.asks(rooms=[ANY], layout="banquet", headcount=40, hour=20)
    assert codes(crowd) == (409, "too_many_people")
    said = "Set up as Round tables, the rooms hold 140 people together; you said 141."
    assert crowd.json()["reasons"][0]["message"] == said
    sentences = [each["message"] for each in tight.json()["verdict"]["reasons"]]
    assert "Dispuesto como Mesas redondas, en el espacio caben 40 personas; usted indicó 41." in sentences
    assert (made["layout"], any_["occurrences"][0]["rooms"]) == ("banquet", [SET_UP])


async def test_a_change_names_the_layouts_too(district: District) -> None:
    await sql.tell(district.url, LAYOUTS)
    async with people(district, "lin") as (_, lin):
        made: dict[str, Any] = await lin.asks(rooms=[SET_UP], layout="theater")
        refused = await patched(lin.http, made, layout="banana", headcount=101)
        moved = (await patched(lin.http, made, rooms=[PLAIN], layout="")).json()
        other = (await patched(lin.http, moved, rooms=[SET_UP], layout="banquet")).json()
    assert reasons(refused) == [
        ("unknown_layout", ONE, "banquet, theater"),
        ("too_many_people", "The room holds 100 people; you said 101.", "100"),
    ]
    assert (moved["occurrences"][0]["rooms"], moved["layout"], other["layout"]) == ([PLAIN], None, "banquet")


async def test_an_empty_layout_takes_it_off_at_once_or_when_it_is_approved(district: District) -> None:
    """What waits is told as nothing, and taking the same back is possible as for any other layout."""
    await sql.tell(district.url, LAYOUTS)
    async with people(district, "lin", "becker") as (_, lin, becker):
        made: dict[str, Any] = await lin.asks(rooms=[SET_UP], layout="theater")
        at_once = (await patched(lin.http, made, layout="")).json()
        again = (await patched(lin.http, at_once, layout=" ")).json()
        theater = (await patched(lin.http, again, layout="theater")).json()
        approved = (await becker.does(made["reference"], "approval")).json()
        waits = (await patched(lin.http, approved, layout="")).json()
        back = (await patched(lin.http, waits, layout="theater")).json()
        await patched(lin.http, back, layout="")
        granted = (await becker.does(made["reference"], "approval")).json()
        wanted = (await patched(lin.http, granted, layout="banquet")).json()
        none = (await patched(lin.http, wanted, layout="")).json()
    assert [(each["layout"], each["proposed"]) for each in (at_once, again, theater, approved, back)] == [
        (None, None),
        (None, None),
        *[("theater", None)] * 3,
    ]
    assert (waits["layout"], waits["proposed"], waits["waiting_on"]["role"]) == (
        "theater",
        {"layout": None},
        "site_approver",
    )
    assert [(each["layout"], each["proposed"]) for each in (granted, wanted, none)] == [
        (None, None),
        (None, {"layout": "banquet"}),
        (None, None),
    ]
    assert again["version"] == at_once["version"]
