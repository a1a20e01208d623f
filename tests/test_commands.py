"""The other commands as an administrator types them: setup, person, token, tick and demo."""

import json
from pathlib import Path
from typing import Any

import pytest

from afterbell import clock
from afterbell.database import Database
from afterbell.demo.places import listing
from afterbell.people.access import viewer_of_token
from afterbell.people.models import PARTNER_ROLES, STAFF_ROLES
from tests.conftest import Ground
from tests.ground.processes import afterbell
from tests.ground.sql import rows
from tests.test_serving import refusal, words


async def roles_of(url: str, token: str) -> tuple[str, set[str]]:
    """Whose token it is, and the staff roles it gives."""
    database = Database(url)
    async with database.reading() as session:
        viewer = await viewer_of_token(session, token, now=clock.now())
    await database.close()
    assert viewer is not None
    return viewer.email, {role for role, _ in viewer.staff}


async def test_setup_makes_an_empty_district_with_one_administrator_once(migrated: Ground) -> None:
    done = afterbell(migrated.url, "setup", "--admin", "Ada@District.example")
    address, _, link = done.stdout.strip().rpartition("/")
    assert (done.returncode, address, len(link)) == (0, "http://127.0.0.1:8000/sign-in", 32)
    assert refusal(migrated.url, "setup", "--admin", "eve@district.example") == (
        "This database holds a district already; add people with `afterbell person add`."
    )
    assert await rows(migrated.url, "SELECT p.email, r.role, r.campus_id FROM people p JOIN roles r ON r.person_id = p.id") == [
        ("ada@district.example", "district_admin", None)
    ]  # fmt: skip
    counts = (
        "SELECT (SELECT count(*) FROM campuses), (SELECT count(*) FROM bookings), (SELECT count(*) FROM activities)"
    )
    assert await rows(migrated.url, counts) == [(0, 0, 14)]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_an_address_that_is_none_sets_nothing_up(migrated: Ground) -> None:
    assert (
        refusal(migrated.url, "setup", "--admin", "ada")
        == "'ada' is not an e-mail address, such as ana@clinic.example."
    )
    assert await rows(migrated.url, "SELECT count(*) FROM districts") == [(0,)]


async def test_a_person_is_added_with_a_role_and_gets_a_token_that_works(migrated: Ground) -> None:
    added = [
        afterbell(migrated.url, "person", "add", "tom@district.example", "--role", "facilities"),
        afterbell(migrated.url, "person", "add", "tom@district.example", "--role", "facilities"),
        afterbell(migrated.url, "person", "add", "lin@clinic.example", "--role", "partner_manager", "--organization", "Eastside Clinic", "--language", "es"),
    ]  # fmt: skip
    assert [each.stdout for each in added] == [
        "tom@district.example is facilities of every campus.\n",
        "tom@district.example is facilities of every campus.\n",
        "lin@clinic.example is partner_manager of Eastside Clinic.\n",
    ]
    token = afterbell(migrated.url, "token", "create", "--person", "TOM@district.example").stdout.strip()
    assert await roles_of(migrated.url, token) == ("tom@district.example", {"facilities"})
    assert await rows(migrated.url, "SELECT email, language FROM people ORDER BY id") == [
        ("tom@district.example", "en"),
        ("lin@clinic.example", "es"),
    ]


ALL_ROLES = ", ".join(PARTNER_ROLES + STAFF_ROLES)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["person", "add", "a@b.example", "--role", "boss"], f"'boss' is no role. Roles: {ALL_ROLES}."),
        (["person", "add", "a@b.example", "--role", "partner"], "A partner belongs to an organization: add --organization NAME."),
        (["person", "add", "a@b.example", "--role", "custodian", "--campus", "x"], "There is no campus 'x'; `afterbell import schools` makes campuses."),
        (["person", "add", "a@b", "--role", "custodian"], "'a@b' is not an e-mail address, such as ana@clinic.example."),
        (["token", "create", "--person", "a@b.example"], "Nobody here has the address a@b.example; add them with `afterbell person add`."),
        (["tick", "--at", "2099-12-01T09:00:00-08:00"], "--at moves the clock in demo databases only."),
        (["tick", "--at", "tomorrow"], "--at takes an instant with an offset, such as 2026-12-01T09:00:00-08:00."),
        (["tick", "--at", "2099-12-01T09:00:00"], "--at takes an instant with an offset that is not past, such as 2026-12-01T09:00:00-08:00."),
        (["tick", "--at", "2020-12-01T09:00:00Z"], "--at takes an instant with an offset that is not past, such as 2026-12-01T09:00:00-08:00."),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_is_told_in_a_sentence_and_changes_nothing(
    migrated: Ground, command: list[str], told: str
) -> None:
    assert refusal(migrated.url, *command) == told
    assert await rows(migrated.url, "SELECT count(*) FROM people") == [(0,)]


CARD = {"name", "email", "role", "organization", "campuses", "token", "sign_in_url"}


async def test_the_demo_tells_what_clients_need_as_api_md_has_it(migrated: Ground, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "demo.json"
    done = afterbell(migrated.url, "demo", "--out", str(out), settings={"BASE_URL": "http://127.0.0.1:8111"})
    told: dict[str, Any] = json.loads(out.read_text())
    people = told["people"]
    assert (done.returncode, set(told), told["base_url"], told["schools"]) == (
        0,
        {"base_url", "people", "schools"},
        "http://127.0.0.1:8111",
        listing(),
    )
    assert {frozenset(card) for card in people} == {frozenset(CARD)}
    assert {card["role"] for card in people} == {*PARTNER_ROLES, *STAFF_ROLES}
    for card in people:
        roles = {card["role"]} - set(PARTNER_ROLES)
        assert (await roles_of(migrated.url, card["token"]), card["sign_in_url"] in done.stdout) == (
            (card["email"], roles),
            True,
        )
    assert await rows(migrated.url, "SELECT count(*) FROM events WHERE handled_at IS NULL") == [(0,)]
    assert await rows(migrated.url, "SELECT DISTINCT state FROM deliveries") == [("kept",)]


async def test_the_demo_goes_into_an_empty_database_only(migrated: Ground, tmp_path: Path) -> None:
    afterbell(migrated.url, "setup", "--admin", "ada@district.example")
    out = str(tmp_path / "demo.json")
    content = afterbell(migrated.url, "demo", "--if-empty", "--out", out)
    assert (content.returncode, words(content)) == (0, "The database holds a district already; it stays as it is.")
    assert refusal(migrated.url, "demo", "--out", out) == (
        "This database holds a district already; `afterbell demo` needs an empty, migrated one."
    )
    assert await rows(migrated.url, "SELECT count(*) FROM bookings") == [(0,)]


async def test_in_the_demo_the_clock_moves_forward_and_reminders_fall_due(migrated: Ground, tmp_path: Path) -> None:
    afterbell(migrated.url, "demo", "--out", str(tmp_path / "demo.json"))
    later = clock.now().replace(year=clock.now().year + 1, month=6, day=1)
    done = afterbell(migrated.url, "tick", "--json", "--at", later.isoformat())
    report = json.loads(done.stdout)
    names = ["digests", "events", "expiries", "letters", "reminders"]
    assert (sorted(report), report["reminders"] > 10) == (names, True)
    assert json.loads(afterbell(migrated.url, "tick", "--json", "--at", later.isoformat()).stdout) == dict.fromkeys(
        names, 0
    )
    assert afterbell(migrated.url, "doctor").stdout == "All is well.\n"
