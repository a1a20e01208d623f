"""Asking anyway: those who decide may, with a reason, against some rules and never against others; it waits for an extra look, and everybody who decides sees
why."""

from datetime import timedelta
from typing import Any

from tests.api.problems import told
from tests.cast import OWL
from tests.conftest import District
from tests.rules.ruling import desk, sets
from tests.stories.asks import HALL, ask, day, today, wall
from tests.stories.deciding import people
from tests.stories.deciding import told as events_of
from tests.stories.visitors import visiting

SOON = today() + timedelta(days=7)
WHY = "The flood next door: they have nowhere to go."


def entered(**changes: Any) -> dict[str, Any]:
    """What staff enter for somebody who called, a week ahead."""
    return ask(SOON, 16, rooms=[HALL], organization=None, on_behalf_of={"name": "Ana Ruiz"}, **changes)


def reasons(body: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Code, severity, and whether the caller could ask anyway."""
    found = body["verdict"]["reasons"] if "verdict" in body else body.get("reasons", body.get("findings", []))
    return [(each["code"], each["severity"], each.get("anyway", False)) for each in found]


async def test_a_refusal_says_who_could_ask_anyway_and_becomes_a_flag_when_they_do(district: District) -> None:
    async with desk(district, "becker", "castillo", "lin") as at:
        looked = (await at["becker"].post("/api/v1/bookings/preview", json=entered())).json()
        plain = (await at["lin"].post("/api/v1/bookings/preview", json=ask(SOON, 16, rooms=[HALL]))).json()
        refused = await at["becker"].post("/api/v1/bookings", json=entered())
        preview = (await at["becker"].post("/api/v1/bookings/preview", json=entered(anyway=WHY))).json()
        made = await at["becker"].post("/api/v1/bookings", json=entered(anyway=WHY))
        reference = made.json()["reference"]
        journal = await events_of(district.url, reference)
        approved = await at["becker"].post(f"/api/v1/bookings/{reference}/approval", json={})
    assert reasons(looked) == reasons(refused.json()) == [("short_notice", "refuse", True)]
    assert reasons(plain) == [("short_notice", "refuse", False)]
    assert (preview["verdict"]["allowed"], reasons(preview)) == (True, [("short_notice", "flag", False)])
    assert (made.status_code, made.json()["state"], made.json()["anyway"]) == (201, "requested", WHY)
    assert reasons(made.json()) == [("short_notice", "flag", False)]
    assert [(kind, facts.get("flags"), facts.get("anyway")) for kind, facts in journal] == [
        ("booking.requested", ["short_notice"], True)
    ]
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")


async def test_nobody_else_asks_anyway_nor_for_their_own_organization(district: District) -> None:
    sentence = "Only the school's approvers and facilities staff ask anyway, and never for their own organization."
    body = ask(SOON, 16, rooms=[HALL], anyway=WHY)
    async with desk(district, "lin", "castillo") as at:
        found = [
            told(await at["lin"].post(path, json=body)) for path in ("/api/v1/bookings", "/api/v1/bookings/preview")
        ]
        staff = told(await at["castillo"].post("/api/v1/bookings", json=entered(anyway=WHY)))
    assert (*found, staff) == ((403, sentence),) * 3


async def test_a_room_that_is_taken_closed_or_too_small_stays_so_and_the_district_may_forbid_it(
    district: District,
) -> None:
    async with desk(district, "becker", "whitfield", "lin") as at:
        await at["lin"].post("/api/v1/bookings", json=ask(day(), 16, rooms=[HALL]))
        there = {"starts_at": wall(day(), 16), "ends_at": wall(day(), 18)}
        taken = await at["becker"].post("/api/v1/bookings", json=entered(anyway=WHY) | there | {"headcount": 900})
        await sets(at["whitfield"], "anyway", {"allowed": False}, campus=OWL, effective_from=today().isoformat())
        forbidden = await at["becker"].post("/api/v1/bookings", json=entered(anyway=WHY))
    assert reasons(taken.json()) == [("too_many_people", "refuse", False), ("room_taken", "refuse", False)]
    assert reasons(forbidden.json()) == [("short_notice", "refuse", False)]


async def test_whoever_decides_sees_the_rule_and_the_reason(district: District) -> None:
    shut = {"seasons": [{"instead": True, "windows": []}]}
    async with (
        people(district, "becker", "whitfield") as (server, becker, whitfield),
        visiting(server, district, "becker") as (browser,),
    ):
        await sets(whitfield.http, "hours", shut, room=HALL, effective_from=today().isoformat())
        made = await becker.http.post("/api/v1/bookings", json=entered(anyway=WHY))
        reference = made.json()["reference"]
        inbox = await browser.open(f"/approvals?ref={reference}")
        page = await browser.open(f"/bookings/{reference}")
        approved = await becker.does(reference, "approval")
    for each in (inbox, page):
        assert "Take an extra look: it goes against a rule." in each.words
        assert f"Tom Becker asked anyway: “{WHY}”" in each.words
        assert "Hall 2 is not open on that day." in each.words
    assert "Extra look" in inbox.words
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
