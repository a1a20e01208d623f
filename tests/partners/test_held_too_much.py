"""An unverified organization holds at most twelve dates at once: at the edge, by whatever way dates come and go, and with two requests at once."""

from typing import Any

import httpx2
import pytest

from tests.api.problems import told
from tests.cast import OWL
from tests.conftest import District
from tests.ground import sql
from tests.ground.racers import Answer, Entry, race
from tests.ground.tamper import unlocked
from tests.partners.groups import ORGANIZATIONS, callers, founded
from tests.stories.asks import ask, day, token, wall, weekly
from tests.stories.standing import WELL, examined

ON = day(ahead=30)
SLUG = "night-school"
GONE = "DELETE FROM claims WHERE occurrence_id IN (SELECT id FROM occurrences WHERE state = 'held')"
HELD = "SELECT count(*) FROM occurrences WHERE state = 'held'"


def dates(count: int, hall: int = 2, **changes: Any) -> dict[str, Any]:
    """So many weekly evenings in a hall of its own."""
    wish = {"organization": SLUG, "rooms": [f"{OWL}/hall-{hall}"], "starts_at": wall(ON, 18), "ends_at": wall(ON, 20)}
    return ask(**(wish | {"repeat": weekly(count)} | changes))


def too_much(held: int, asked: int) -> tuple[Any, ...]:
    """What a request is told that would go beyond it."""
    left = 12 - held
    return 409, (
        "held_too_much",
        f"Until it is verified your organization holds at most 12 dates at once. It holds {held} and this asks for {asked}; {left} would pass.",
    )


async def send(person: httpx2.AsyncClient, body: dict[str, Any]) -> httpx2.Response:
    return await person.post("/api/v1/bookings", json=body)


async def test_twelve_dates_are_held_and_a_thirteenth_is_refused_until_one_is_given_back(district: District) -> None:
    async with callers(district, "sam", "becker") as (sam, becker):
        await founded(sam, "Night School")
        at_once = await send(sam, dates(13))
        looked = await sam.post("/api/v1/bookings/preview", json=dates(13))
        twelve = await send(sam, dates(12))
        more = await send(sam, dates(1, 3))
        one = twelve.json()["occurrences"][3]["id"]
        await sam.post(f"{twelve.headers['Location']}/withdrawal", json={"occurrences": [one]})
        again, beyond = await send(sam, dates(1, 3)), await send(sam, dates(1, 4))
        verified = await becker.post(f"{ORGANIZATIONS}/{SLUG}/verification", json={})
        free = await send(sam, dates(20, 5))
    assert (told(at_once), told(more), told(beyond)) == (too_much(0, 13), too_much(12, 1), too_much(12, 1))
    assert at_once.json()["reasons"][0] | {"message": ""} == {
        "code": "held_too_much",
        "severity": "refuse",
        "message": "",
        "policy": "unverified",
        "would_pass": "12",
    }
    assert looked.json()["verdict"] == {"allowed": False, "reasons": at_once.json()["reasons"]}
    assert [each.status_code for each in (twelve, again, verified, free)] == [201, 201, 200, 201]
    assert examined(district.url) == WELL


async def test_what_is_approved_or_competes_holds_nothing(district: District) -> None:
    async with callers(district, "sam", "becker") as (sam, becker):
        await founded(sam, "Night School")
        first = await send(sam, dates(12))
        await becker.post(f"{first.headers['Location']}/approval", json={})
        second = await send(sam, dates(12, 3))
        await sql.tell(district.url, f"UPDATE campuses SET holds = 'on_approval' WHERE slug = '{OWL}'")
        third = await send(sam, dates(12, 4))
    assert [each.status_code for each in (first, second, third)] == [201, 201, 201]


async def test_a_verified_organization_and_another_unverified_one_are_not_counted_with_it(district: District) -> None:
    async with callers(district, "sam", "lin") as (sam, lin):
        await founded(sam, "Night School")
        await founded(sam, "Day School")
        answers = [
            await send(sam, dates(12)),
            await send(sam, dates(12, 3, organization="day-school")),
            await send(lin, dates(13, 4, organization="eastside-community-clinic")),
        ]
    assert [each.status_code for each in answers] == [201, 201, 201]


async def test_of_two_requests_at_once_one_is_told_that_the_other_holds_too_much(district: District) -> None:
    """Sixteen ask for seven dates each in halls of their own: whichever comes first, no second fits."""
    answers = await rush(district)
    refused = [each.json["reasons"][0]["code"] for each in answers if each.status == 409]
    assert sorted(each.status for each in answers) == [201] + [409] * 15
    assert refused == ["held_too_much"] * 15
    assert await sql.rows(district.url, HELD) == [(7,)]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_control_without_the_lock_on_the_organization_several_pass_at_once(district: District) -> None:
    """On SQLite nothing can be taken away here: the write lock is the file's own."""
    answers = await rush(district, *unlocked("organizations"))
    assert [each.status for each in answers].count(201) > 1
    assert (await sql.rows(district.url, HELD))[0][0] > 12


async def rush(district: District, *tampering: str) -> list[Answer]:
    """Sixteen requests of one organization, let go together."""
    async with callers(district, "sam") as (sam,):
        await founded(sam, "Night School")
        if tampering:
            await sql.tell(district.url, *tampering)
        address, held_by = str(sam.base_url).rstrip("/"), token(district, "sam")
        return await race([Entry(address, "/api/v1/bookings", dates(7, 2 + n), held_by) for n in range(16)])


async def test_dates_that_are_over_hold_nothing_any_more(district: District) -> None:
    """Twelve holds that nobody decided before their dates had passed."""
    async with callers(district, "sam") as (sam,):
        await founded(sam, "Night School")
        await send(sam, dates(12))
        await sql.tell(district.url, GONE, *long_ago(district))
        again = await send(sam, dates(12, 3))
    assert again.status_code == 201


def long_ago(district: District) -> list[str]:
    """The held dates, four hundred days earlier."""
    names = ("starts_at", "ends_at", "claim_starts_at", "claim_ends_at")
    if district.engine == "sqlite":
        changes = [f"{name} = strftime('%Y-%m-%d %H:%M:%S', {name}, '-400 days') || '.000000'" for name in names]
    else:
        changes = [f"{name} = {name} - interval '400 days'" for name in names]
    return [f"UPDATE occurrences SET {', '.join(changes)} WHERE state = 'held'"]
