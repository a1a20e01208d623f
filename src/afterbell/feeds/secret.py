"""Secret calendars: made, made anew, revoked. A person has one of each scope; its address is told once and kept as a hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.announced import of_kind
from afterbell.bookings.models import Activity
from afterbell.database import public_id, table
from afterbell.feeds.models import SecretFeed
from afterbell.outbox.record import Event, record
from afterbell.people.models import Person
from afterbell.people.secrets import hashed, new_token
from afterbell.places.models import Campus
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import forbidden, malformed, not_found

MINE, ORGANIZATION, CAMPUS_STAFF, CUSTODIAN = SCOPES = ("mine", "organization", "campus_staff", "custodian")
CREATED, REVOKED = "feed.created", "feed.revoked"


@dataclass(frozen=True)
class Made:
    """A new secret calendar; `token` is to be shown once and never written down."""

    id: str
    token: str

    def url(self, base_url: str) -> str:
        """Its address."""
        return f"{base_url}/calendars/p/{self.token}.ics"


@dataclass(frozen=True)
class SecretRow:
    """One of somebody's calendars, without its address, which nobody knows any more."""

    id: str
    scope: str
    created_at: datetime
    used_at: datetime | None


def scopes_of(viewer: Viewer) -> tuple[str, ...]:
    """Which calendars somebody may have now. What one shows is judged anew at every fetch."""
    partner = (ORGANIZATION,) if viewer.organizations else ()
    staff = (CAMPUS_STAFF, CUSTODIAN) if viewer.staff else ()
    return (MINE, *partner, *staff)


async def create_feed(
    session: AsyncSession, scope: str, filters: Mapping[str, str], *, by: Viewer, now: datetime
) -> Made:
    """A new address for that scope; one that was there is revoked with it, which is how an address is made anew. Under the lock of the person's row, so
    that two at once leave one."""
    if scope not in SCOPES:
        raise malformed(Message(N_("scope is one of {choices}."), {"choices": ", ".join(SCOPES)}))
    if scope not in scopes_of(by):
        raise forbidden(
            Message(N_("This calendar is for people who belong to an organization or work for the district."))
        )
    await _check(session, filters)
    await session.execute(select(Person.id).where(Person.id == by.person_id).with_for_update(key_share=True))
    await _revoke(session, by, SecretFeed.scope == scope, now=now)
    token, made = new_token(), public_id()
    row: dict[str, Any] = {"public_id": made, "token_hash": hashed(token), "person_id": by.person_id, "scope": scope}
    await session.execute(insert(table(SecretFeed)).values(row | {"filters": dict(filters), "created_at": now}))
    await record(session, Event(CREATED, now, {"feed": made, "scope": scope}, actor_id=by.person_id))
    return Made(made, token)


async def revoke_feed(session: AsyncSession, id_: str, *, by: Viewer, now: datetime) -> None:
    """Its address answers 410 from now on; 404 for one that is not there, somebody else's or revoked already."""
    await session.execute(select(Person.id).where(Person.id == by.person_id).with_for_update(key_share=True))
    if not await _revoke(session, by, SecretFeed.public_id == id_, now=now):
        raise not_found()


async def _revoke(session: AsyncSession, by: Viewer, which: ColumnElement[bool], *, now: datetime) -> bool:
    mine = (which, SecretFeed.person_id == by.person_id, SecretFeed.revoked_at.is_(None))
    found = list(await session.scalars(select(SecretFeed.public_id).where(*mine)))
    await session.execute(update(SecretFeed).where(*mine).values(revoked_at=now))
    for each in found:
        await record(session, Event(REVOKED, now, {"feed": each}, actor_id=by.person_id))
    return bool(found)


async def feeds_of(session: AsyncSession, viewer: Viewer) -> dict[str, SecretRow]:
    """Somebody's calendars that are in use, by scope; one statement."""
    columns = (SecretFeed.public_id, SecretFeed.scope, SecretFeed.created_at, SecretFeed.used_at)
    mine = (SecretFeed.person_id == viewer.person_id, SecretFeed.revoked_at.is_(None))
    rows = await session.execute(select(*columns).where(*mine).order_by(SecretFeed.id))
    return {row.scope: SecretRow(*row) for row in rows}


async def _check(session: AsyncSession, filters: Mapping[str, str]) -> None:
    """422 for a campus or activity that does not exist: a slip would make a calendar that is empty for good."""
    campus, activity = filters.get("campus"), filters.get("activity")
    if campus and await session.scalar(select(Campus.id).where(Campus.slug == campus)) is None:
        raise malformed(Message(N_("There is no campus {name}."), {"name": campus}))
    if activity and await session.scalar(select(Activity.id).where(of_kind(activity)).limit(1)) is None:
        raise malformed(Message(N_("There is no activity {name}."), {"name": activity}))
