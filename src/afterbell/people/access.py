"""Who is looking: a token or a cookie becomes a Viewer with roles and organizations. What they may do is asked of the Viewer (policy.projection)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.people.models import MANAGER, MEMBER, STAFF_ROLES, ApiToken, Membership, Person, Role, Visit
from afterbell.people.secrets import hashed
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem

STAFF_IDLE = timedelta(minutes=30)
STAFF_LONGEST = timedelta(hours=8)
PARTNER_IDLE = timedelta(days=14)
PARTNER_LONGEST = timedelta(days=30)

Rows = Sequence[Row[*tuple[Any, ...]]]


async def viewer_of_token(session: AsyncSession, token: str, *, now: datetime) -> Viewer | None:
    """The holder of an API token that has not expired; one statement."""
    rows = (await session.execute(_by_token(), {"token": hashed(token), "now": now})).all()
    return _viewer(rows) if rows else None


async def viewer_of_visit(session: AsyncSession, cookie: str, *, seen: datetime | None, now: datetime) -> Viewer | None:
    """The person of a signed-in browser; None when it expired or idled too long. `seen` is what this process remembers of its last call."""
    query = _known_by(Visit.person_id, Visit.token_hash == hashed(cookie), Visit.expires_at > now).add_columns(
        Visit.created_at, Visit.seen_at
    )
    rows = (await session.execute(query)).all()
    if not rows:
        return None
    viewer = _viewer(rows)
    created_at, stored = rows[0][-2:]
    idle, longest = (STAFF_IDLE, STAFF_LONGEST) if viewer.staff else (PARTNER_IDLE, PARTNER_LONGEST)
    if now - max(stored, seen or stored) > idle or now - created_at > longest:
        return None
    return viewer


async def viewer_of_person(session: AsyncSession, person_id: int) -> Viewer | None:
    """That person as they are now: roles and memberships included."""
    rows = (await session.execute(_known_by(Person.id, Person.id == person_id))).all()
    return _viewer(rows) if rows else None


@cache
def _by_token() -> Select[*tuple[Any, ...]]:
    """Put together once, since every call of a program needs it."""
    held = ApiToken.token_hash == bindparam("token")
    return _known_by(ApiToken.person_id, held, ApiToken.expires_at > bindparam("now"))


def _known_by(person: ColumnElement[int] | Any, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.language,
            Membership.organization_id,
            Membership.role,
            Role.id,
            Role.role,
            Role.campus_id,
        )
        .select_from(Person)
        .outerjoin(Membership, and_(Membership.person_id == Person.id, Membership.state == MEMBER))
        .outerjoin(Role, Role.person_id == Person.id)
        .where(person == Person.id, *conditions)
    )


def _viewer(rows: Rows) -> Viewer:
    """Somebody who asked to join and waits for the manager is no member yet."""
    person_id, name, email, language = rows[0][:4]
    return Viewer(
        person_id=person_id,
        organizations=frozenset(row[4] for row in rows if row[4] is not None),
        manages=frozenset(row[4] for row in rows if row[4] is not None and row[5] == MANAGER),
        staff=frozenset((row[7], row[8]) for row in rows if row[6] is not None and row[7] in STAFF_ROLES),
        name=name,
        email=email,
        language=language,
    )


def signed_in(viewer: Viewer) -> Viewer:
    """The viewer, who must be somebody: 401 otherwise."""
    if viewer.person_id is None:
        raise Problem(401, Message(N_("Sign in first.")), headers={"WWW-Authenticate": "Bearer"})
    return viewer


def staff_only(viewer: Viewer) -> Viewer:
    """The viewer, who must hold some staff role: 403 otherwise."""
    if not signed_in(viewer).staff:
        raise Problem(403, Message(N_("Only the district's staff may see this.")))
    return viewer
