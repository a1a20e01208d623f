"""People come in by the command line: once each, with roles, organizations and tokens of which only the hash is kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import Database
from afterbell.partners.organizations import found_organization
from afterbell.people.access import viewer_of_token
from afterbell.people.join import (
    CannotJoin,
    add_person,
    create_link,
    create_token,
    give_role,
    make_member,
    person_of,
)
from afterbell.policy.projection import Viewer
from tests.conftest import Ground
from tests.ground.sql import rows

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)


@asynccontextmanager
async def open_session(ground: Ground) -> AsyncIterator[AsyncSession]:
    database = Database(ground.url)
    try:
        async with database.writing() as session:
            yield session
    finally:
        await database.close()


async def test_an_address_is_one_person_however_it_is_written(migrated: Ground) -> None:
    async with open_session(migrated) as session:
        first = await add_person(session, " Ana.Maria_Lopez@Clinic.Example ", language="es", now=NOW)
        again = await add_person(session, "ana.maria_lopez@clinic.example", name="Somebody else", now=NOW)
        found = await person_of(session, "ANA.MARIA_LOPEZ@clinic.example ")
    assert (again, found) == (first, first)
    assert await rows(migrated.url, "SELECT email, name, language FROM people") == [
        ("ana.maria_lopez@clinic.example", "Ana Maria Lopez", "es")
    ]


@pytest.mark.parametrize(
    "address",
    ["", "ana", "@clinic.example", "ana@", "ana@clinic", "a na@clinic.example", "ana@clinic.example\nBcc: x@y.example", f"{'a' * 250}@b.example"],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["sqlite"])
async def test_what_is_no_address_joins_nobody(migrated: Ground, address: str) -> None:
    async with open_session(migrated) as session:
        with pytest.raises(CannotJoin, match=r"is not an e-mail address, such as ana@clinic\.example"):
            await add_person(session, address, now=NOW)
    assert await rows(migrated.url, "SELECT * FROM people") == []


async def test_a_role_and_a_membership_are_given_once(migrated: Ground) -> None:
    async with open_session(migrated) as session:
        person = await add_person(session, "ana@clinic.example", now=NOW)
        clinic = await found_organization(session, "Clínica del Pueblo")
        for _ in range(2):
            await give_role(session, person, "facilities", campus_id=None)
            await make_member(session, person, clinic, "partner_manager")
        token = await create_token(session, person, now=NOW)
        assert await viewer_of_token(session, token, now=NOW) == Viewer(
            person,
            frozenset({clinic}),
            frozenset({("facilities", None)}),
            "Ana",
            "ana@clinic.example",
            "en",
            manages=frozenset({clinic}),
        )
    assert await rows(migrated.url, "SELECT (SELECT count(*) FROM roles), (SELECT count(*) FROM memberships)") == [
        (1, 1)
    ]


@pytest.mark.parametrize("role", ["partner", "boss", ""])
async def test_only_staff_roles_are_given(migrated: Ground, role: str) -> None:
    async with open_session(migrated) as session:
        person = await add_person(session, "ana@clinic.example", now=NOW)
        with pytest.raises(CannotJoin, match=r"is no staff role\. Roles: partner, .*district_admin\."):
            await give_role(session, person, role, campus_id=None)


async def test_a_token_opens_until_it_expires_and_is_kept_as_a_hash(migrated: Ground) -> None:
    async with open_session(migrated) as session:
        person = await add_person(session, "ana@clinic.example", now=NOW)
        token = await create_token(session, person, now=NOW, lasts=timedelta(days=30))
        link = await create_link(session, person, now=NOW, lasts=timedelta(days=2))
        viewers = [
            await viewer_of_token(session, key, now=NOW + after)
            for key, after in ((token, timedelta(days=29)), (token, timedelta(days=30)), (token + "x", timedelta()))
        ]
    assert [viewer.person_id if viewer else None for viewer in viewers] == [person, None, None]
    kept = await rows(migrated.url, "SELECT token_hash FROM api_tokens UNION SELECT link_hash FROM sign_ins")
    assert (len(kept), any(token in row[0] or link in row[0] for row in kept)) == (2, False)


async def test_an_organization_is_one_however_it_is_written(migrated: Ground) -> None:
    async with open_session(migrated) as session:
        first = await found_organization(session, "Clínica del Pueblo")
        assert await found_organization(session, " clinica-del-pueblo ") == first
    assert await rows(migrated.url, "SELECT slug, name FROM organizations") == [
        ("clinica-del-pueblo", "Clínica del Pueblo")
    ]
