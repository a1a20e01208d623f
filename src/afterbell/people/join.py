"""People come in: added by an administrator at the command line, given a role, an organization and tokens."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import insert_or_skip, public_id, table
from afterbell.people.models import (
    ASKED,
    MEMBER,
    PARTNER_ROLES,
    STAFF_ROLES,
    ApiToken,
    Membership,
    Person,
    Role,
    SignIn,
)
from afterbell.people.secrets import hashed, new_token

TOKEN_LASTS = timedelta(days=365)


class CannotJoin(ValueError):
    """An address or role that cannot be used; the text says what would work."""


async def add_person(session: AsyncSession, email: str, *, name: str = "", language: str = "en", now: datetime) -> int:
    """The person of that address, made when new. Addresses are compared in lower case."""
    address = email.strip().lower()
    if not is_address(address):
        raise CannotJoin(f"{email[:80]!r} is not an e-mail address, such as ana@clinic.example.")
    known = await person_of(session, address)
    if known is not None:
        return known
    local = address.partition("@")[0]
    shown = name or local.replace(".", " ").replace("_", " ").title()
    row = {"public_id": public_id(), "email": address, "name": shown, "language": language, "created_at": now}
    await insert_or_skip(session, table(Person), [row])  # somebody else may add the same person at this moment
    return (await session.execute(select(Person.id).where(Person.email == address))).scalar_one()


SPECIALS = frozenset('()<>[]:;,\\"')  # RFC 5322 3.2.3: only in quoted addresses, which nobody here has


def is_address(text: str) -> bool:
    """Whether somebody could be written to there; that they are is only known once they press the link in a letter."""
    local, _, domain = text.partition("@")
    readable = len(text) <= 254 and not any(c.isspace() or ord(c) < 32 or c in SPECIALS for c in text)
    return readable and bool(local) and "." in domain and "@" not in domain


async def give_role(session: AsyncSession, person_id: int, role: str, *, campus_id: int | None) -> None:
    """Staff roles count at one campus, or at every campus when `campus_id` is None. A repeat changes nothing."""
    if role not in STAFF_ROLES:
        raise CannotJoin(f"{role!r} is no staff role. Roles: {', '.join(PARTNER_ROLES + STAFF_ROLES)}.")
    held = select(Role.id).where(
        Role.person_id == person_id, Role.role == role, Role.campus_id.is_not_distinct_from(campus_id)
    )
    if await session.scalar(held) is None:
        await session.execute(insert(table(Role)).values(person_id=person_id, role=role, campus_id=campus_id))


async def make_member(session: AsyncSession, person_id: int, organization_id: int, role: str) -> None:
    """Lets a person book for an organization, as 'partner' or 'partner_manager'. Who asked to join is thereby confirmed; a repeat changes nothing."""
    theirs = (Membership.person_id == person_id, Membership.organization_id == organization_id)
    state = await session.scalar(select(Membership.state).where(*theirs))
    if state is None:
        row = {"person_id": person_id, "organization_id": organization_id, "role": role}
        await session.execute(insert(table(Membership)).values(row))
    elif state == ASKED:
        await session.execute(update(Membership).where(*theirs).values(state=MEMBER, role=role))


async def create_token(session: AsyncSession, person_id: int, *, now: datetime, lasts: timedelta = TOKEN_LASTS) -> str:
    """A new API token, returned once; only its hash is kept."""
    token = new_token("ab_")
    row = {"token_hash": hashed(token), "person_id": person_id, "created_at": now, "expires_at": now + lasts}
    await session.execute(insert(table(ApiToken)).values(row))
    return token


async def create_link(
    session: AsyncSession, person_id: int, *, now: datetime, lasts: timedelta, reusable: bool = False
) -> str:
    """The secret of a sign-in link without a code; `reusable` is for demo people only."""
    token = new_token()
    row = {
        "person_id": person_id,
        "link_hash": hashed(token),
        "code_hash": None,
        "wrong_codes": 0,
        "reusable": reusable,
        "created_at": now,
        "expires_at": now + lasts,
    }
    await session.execute(insert(table(SignIn)).values(row))
    return token


async def person_of(session: AsyncSession, email: str) -> int | None:
    """The id of the person with that address, or None."""
    return await session.scalar(select(Person.id).where(Person.email == email.strip().lower()))
