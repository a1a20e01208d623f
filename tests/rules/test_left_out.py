"""`on_conflict: "skip"` and quotas: dates beyond them are left out like those that are taken, each with its reason; and whom a room is for is told by name."""

from datetime import date, timedelta
from typing import Any

from tests.api.problems import codes
from tests.api.test_skip import fates
from tests.conftest import District
from tests.ground import sql
from tests.rules.ruling import desk, rule, sets
from tests.stories.asks import HALL, ask, day, today, wall, weekly
from tests.stories.changing import changed
from tests.stories.paper import written, written_in_spanish

TODAY = {"effective_from": today().isoformat()}
MONDAY = day() - timedelta(days=day().weekday())
NUMBER = "One organization has at most {most} dates open at once here. This would be number {number}."
THEATRE = "figueroa-youth-theatre"
WEEK = "One organization has at most 4 h a week here. With this date it would be 6 h in the week of {}."
SEMANA = "Aquí una organización tiene a lo más 4 h por semana. Con esta fecha serían 6 h en la semana del {}."
ONLY = "Hall 2 is only for: {}. Choose another room, or ask the school."
SOLO = "Hall 2: solo para {}. Elija otro espacio o pregunte a la escuela."


def evenings(count: int, **more: Any) -> dict[str, Any]:
    """From a Tuesday on, day after day, two hours each."""
    return ask(rooms=[HALL], hour=18, repeat={"rrule": f"FREQ=DAILY;COUNT={count}"}, on_conflict="skip", **more)


def said(body: dict[str, Any]) -> list[str]:
    return [reason["message"] for each in body["occurrences"] for reason in each.get("reasons", ())]


async def test_dates_beyond_the_hours_of_a_week_are_left_out_by_preview_request_and_token_alike(
    district: District,
) -> None:
    """Tuesday to Sunday hold two of two hours, and the next week two again."""
    async with desk(district, "whitfield", "lin") as at:
        lin = at["lin"]
        await sets(at["whitfield"], "quotas", {"hours_a_week": 4}, **TODAY)
        foreseen = (await lin.post("/api/v1/bookings/preview", json=evenings(9))).json()
        refused = await lin.post("/api/v1/bookings", json=evenings(9) | {"on_conflict": "refuse"})
        made = await lin.post("/api/v1/bookings", json=evenings(9, preview_token=foreseen["preview_token"]))
        again = await lin.post("/api/v1/bookings", json=evenings(9, preview_token=foreseen["preview_token"]))
        full = await lin.post("/api/v1/bookings", json=evenings(2))
        await sql.tell(district.url, "UPDATE people SET language = 'es'")
        spanish = (await lin.get(f"/api/v1/bookings/{made.json()['reference']}")).json()
    out = ("skipped", ["quota"])
    kept: tuple[str, list[str]] = ("held", [])
    outcome = [kept, kept, *[out] * 4, kept, kept, out]
    assert (fates(foreseen["occurrences"]), fates(made.json()["occurrences"])) == (outcome, outcome)
    assert {reason["severity"] for reason in foreseen["verdict"]["reasons"]} == {"note"}
    mondays = [*[MONDAY] * 4, MONDAY + timedelta(weeks=1)]
    assert said(made.json()) == [WEEK.format(written(each)) for each in mondays]
    assert said(spanish) == [SEMANA.format(written_in_spanish(each)) for each in mondays]
    assert (codes(refused), codes(again), codes(full)) == (
        (409, "quota"),
        (409, "changed_since_preview"),
        (409, "quota", "room_taken"),
    )


async def test_of_dates_open_at_once_the_later_are_left_out_and_a_taken_one_takes_no_place(district: District) -> None:
    second = day() + timedelta(weeks=1)
    async with desk(district, "whitfield", "sam", "pilar") as at:
        await at["pilar"].post("/api/v1/bookings", json=ask(second, 18, rooms=[HALL], organization="casa-del-pueblo"))
        await sets(at["whitfield"], "quotas", {"dates_open": 2}, **TODAY)
        wish = ask(rooms=[HALL], hour=18, repeat=weekly(5), on_conflict="skip", organization=THEATRE)
        foreseen = (await at["sam"].post("/api/v1/bookings/preview", json=wish)).json()
        made = (await at["sam"].post("/api/v1/bookings", json=wish)).json()
    outcome = [("held", []), ("skipped", ["room_taken"]), ("held", []), *[("skipped", ["quota"])] * 2]
    assert fates(foreseen["occurrences"]) == outcome
    assert fates(made["occurrences"]) == outcome, made
    assert said(made)[1:] == [NUMBER.format(most=2, number=number) for number in (3, 4)]
    assert [each["original_start"] for each in made["occurrences"]][3] == wall(second + timedelta(weeks=2), 18)


async def test_whom_a_room_is_for_is_told_by_the_names_of_activities(district: District) -> None:
    """In the reader's language; what nobody knows any more by what the rule says."""
    kept = {"reserved": [{"activities": ["adult-esl", "legal-aid"]}]}
    told: list[Any] = []
    read: list[str] = []
    async with desk(district, "whitfield", "lin") as at:
        await sets(at["whitfield"], "admission", kept, **TODAY)
        for language in ("en", "es"):
            await sql.tell(district.url, f"UPDATE people SET language = '{language}'")
            answer = await at["lin"].post("/api/v1/bookings", json=ask(rooms=[HALL]))
            told += [(each["message"], each["would_pass"]) for each in answer.json()["reasons"]]
            read += (await rule(at["lin"], "admission"))["text"]
        await sets(at["whitfield"], "admission", {"reserved": [kept["reserved"][0] | {"flag": True}]}, **TODAY)
        made = (await at["lin"].post("/api/v1/bookings", json=ask(rooms=[HALL]))).json()
        flagged = (await at["whitfield"].get(f"/api/v1/bookings/{made['reference']}")).json()["findings"]
        await changed(at["lin"], made, starts_at=wall(day(), 18), ends_at=wall(day(), 20))
        moved = (await at["whitfield"].get(f"/api/v1/bookings/{made['reference']}")).json()["findings"]
    passes = "adult-esl, legal-aid"
    spanish = SOLO.format("Inglés para adultos, Ayuda legal y de inmigración")
    assert told == [(ONLY.format("English for adults, Legal and immigration help"), passes), (spanish, passes)]
    assert [each["message"] for each in flagged] == [
        "Hall 2: pensado para Inglés para adultos, Ayuda legal y de inmigración. Otros pueden pedirlo, y quien decide lo revisa con más cuidado."
    ]
    assert moved == flagged, "once, although it was judged anew"
    assert read == [
        "every room: only for English for adults, Legal and immigration help.",
        "todos los espacios: solo para Inglés para adultos, Ayuda legal y de inmigración.",
    ]


async def test_a_rule_of_one_room_is_about_that_room(district: District) -> None:
    """Control: the same rule of its campus is about every room, read for the room too."""
    kept = {"reserved": [{"tiers": ["school"]}, {"tiers": ["agency"], "room_kinds": ["gym"]}]}
    async with desk(district, "whitfield") as at:
        staff = at["whitfield"]
        await sets(staff, "admission", kept, campus="night-owl-high", **TODAY)
        before = (await rule(staff, "admission", room=HALL))["text"]
        await sets(staff, "admission", kept, room=HALL, **TODAY)
        after = (await rule(staff, "admission", room=HALL))["text"]
    gyms = "gyms: only for public agencies with a joint-use agreement."
    assert (before, after) == (["every room: only for schools.", gyms], ["this room: only for schools.", gyms])


def test_the_days_are_a_week_each() -> None:
    assert (MONDAY.weekday(), day() - MONDAY) == (0, timedelta(days=1))
    assert isinstance(MONDAY, date)
