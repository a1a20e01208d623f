"""Where requests compete: everybody is told that nothing is held, the approver sees who loses, and the losers learn it with the winner's approval."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import THERE, ask, day, utc, wall, weekly
from tests.stories.deciding import GYM, GYM_A, GYM_B, STRANDED, STUDIO, WON, people, standing, told
from tests.stories.standing import WELL, examined, overlaps

pytestmark = pytest.mark.story

THEATRE = "figueroa-youth-theatre"
STARTS = [wall(day() + timedelta(weeks=week), 16) for week in range(3)]


def theirs(**changes: Any) -> dict[str, Any]:
    """What Sam's theatre asks for."""
    return {"organization": THEATRE, "title": "Rehearsal", "activity": "performance", **changes}


def said(body: dict[str, Any]) -> list[str]:
    """What a preview says of each date."""
    return [" ".join(reason["message"] for reason in date["reasons"]) for date in body["occurrences"]]


async def test_preview_search_and_answer_say_that_nothing_is_held_and_how_many_others_asked(district: District) -> None:
    """Half A is asked for twice on the first Tuesday and once on the second; the whole gym competes with both halves. Control: at Night Owl High a request
    holds, and nothing is said."""
    need = {"headcount": 20, "schools": ["early-bird-high", "night-owl-high"], "kind": "gym", "repeat": weekly(2)}
    when = {"starts_at": wall(day(), 16), "ends_at": wall(day(), 18)}
    async with people(district, "lin", "sam") as (_, lin, sam):
        empty = (await lin.http.post("/api/v1/bookings/preview", json=ask(rooms=[GYM_A]))).json()
        first = await sam.asks(**theirs(rooms=[GYM_A], repeat=weekly(2)))
        second = await sam.asks(**theirs(rooms=[GYM], title="Other"))
        preview = (await lin.http.post("/api/v1/bookings/preview", json=ask(rooms=[GYM_A], repeat=weekly(3)))).json()
        mine = await lin.asks(rooms=[GYM_A], repeat=weekly(3))
        owl = await lin.asks(rooms=["night-owl-high/hall-1a"])
        found = (await lin.http.post("/api/v1/searches", json=need | when)).json()["items"]
        again = await sam.sees(first["reference"])
    assert said(empty) == ["Not held, nobody else asked yet."]
    assert preview["verdict"]["allowed"] is True
    assert said(preview) == [
        "Not held, 2 others asked.",
        "Not held, one other asked.",
        "Not held, nobody else asked yet.",
    ]
    assert [date["state"] for date in mine["occurrences"]] == ["requested"] * 3
    assert [date["others_asked"] for date in mine["occurrences"]] == [2, 1, 0]
    assert [date["others_asked"] for date in again["occurrences"]] == [2, 1]
    assert [date["others_asked"] for date in second["occurrences"]] == [1]
    assert [date.get("others_asked") for date in owl["occurrences"]] == [None]
    told_of = {item["room"]["slug"]: [note["message"] for note in item["not_held"]] for item in found}
    assert told_of == {
        "gym-a": ["Not held, 3 others asked.", "Not held, 2 others asked."],
        "gym-b": ["Not held, one other asked.", "Not held, nobody else asked yet."],
        "gym": ["Not held, 3 others asked.", "Not held, 2 others asked."],
        "hall-1a": [],
        "hall-1b": [],
        "hall-1": [],
    }


async def test_the_approver_sees_who_loses_and_they_are_declined_with_another_room(district: District) -> None:
    """The clinic and the theatre want half A, Casa the whole gym on the second Tuesday only; half B is the first way out, the studio the next."""
    casa = {"organization": "casa-del-pueblo", "title": "Assembly", "activity": "civic-meeting"}
    async with people(district, "lin", "sam", "pilar", "becker") as (_, lin, sam, pilar, becker):
        mine = await lin.asks(rooms=[GYM_A], repeat=weekly(3))
        rival = await sam.asks(**theirs(rooms=[GYM_A], repeat=weekly(2), hour=17))
        third = await pilar.asks(**casa, rooms=[GYM], on=day() + timedelta(weeks=1))
        before = await becker.sees(mine["reference"])
        unseen = "rivals" in await lin.sees(mine["reference"])
        done = await becker.does(mine["reference"], "approval", occurrences=STARTS[:2], rest="waiting")
        after = [await who.sees(each["reference"]) for who, each in ((sam, rival), (pilar, third))]
        events = [await told(district.url, each["reference"]) for each in (rival, third)]
        stranded, pairs = await sql.rows(district.url, STRANDED), await overlaps(district.url)
    later = [start.replace("T16", "T17") for start in STARTS[:2]]
    assert (before["rivals"], unseen) == (
        [
            {"reference": rival["reference"], "organization": THEATRE, "dates": later, "moves": []},
            {"reference": third["reference"], "organization": "casa-del-pueblo", "dates": [STARTS[1]], "moves": []},
        ],
        False,
    )
    assert standing(done.json()) == ("requested", 2, ["approved", "approved", "requested"])
    assert [standing(each) for each in after] == [("declined", 2, ["declined"] * 2), ("declined", 2, ["declined"])]
    theatre, assembly = after
    weeks = [day() + timedelta(weeks=week) for week in range(2)]
    assert [(date["reason"], date["alternative"]) for date in theatre["occurrences"]] == [
        (WON, {"room": GYM_B, "name": "Gym, half B", "starts_at": utc(on, 17), "ends_at": utc(on, 19)}) for on in weeks
    ]
    assert assembly["occurrences"][0]["reason"] == "La escuela dio el espacio a otra solicitud para este horario."
    assert assembly["occurrences"][0]["alternative"]["room"] == STUDIO
    assert [each[1:] for each in events] == [
        [("booking.declined", {"version": 2, "dates": dates, "approved": [], "declined": dates, "waiting": []})]
        for dates in (later, [STARTS[1]])
    ]
    assert (stranded, pairs, examined(district.url)) == ([], [], WELL)


async def test_a_loser_keeps_what_does_not_overlap_and_an_approval_is_judged_again(district: District) -> None:
    """The theatre asked for three Tuesdays and loses one; the clinic's second date falls on a day that was closed meanwhile."""
    on = day() + timedelta(weeks=1)
    starts = datetime.combine(on, time(), THERE)
    closure = (
        "INSERT INTO closures (public_id, campus_id, uid, starts_at, ends_at, reason) VALUES ('c1', NULL, NULL, "
        f"{sql.moment(district.url, starts)}, {sql.moment(district.url, starts + timedelta(days=1))}, 'Water pipe')"
    )
    async with people(district, "lin", "sam", "becker") as (_, lin, sam, becker):
        mine = await lin.asks(rooms=[GYM_A], repeat=weekly(2))
        rival = await sam.asks(**theirs(rooms=[GYM_A], repeat=weekly(3)))
        await sql.tell(district.url, closure)
        refused = await becker.does(mine["reference"], "approval")
        untouched = await sam.sees(rival["reference"])
        part = await becker.does(mine["reference"], "approval", occurrences=STARTS[:1], rest="declined")
        left = await sam.sees(rival["reference"])
    assert (refused.status_code, [each["code"] for each in refused.json()["reasons"]]) == (409, ["closed"])
    assert standing(untouched) == ("requested", 1, ["requested"] * 3)
    assert standing(part.json()) == ("approved", 2, ["approved", "declined"])
    assert part.json()["occurrences"][1]["alternative"] is None
    assert standing(left) == ("requested", 2, ["declined", "requested", "requested"])
    assert left["waiting_on"]["role"] == "site_approver"
