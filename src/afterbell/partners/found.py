"""Founding an organization: anybody who is signed in may, for a group or for themselves alone. It begins unverified, with its founder as manager."""

from datetime import datetime
from itertools import chain, count
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import insert_or_skip, table
from afterbell.outbox.record import record
from afterbell.partners import events
from afterbell.partners.models import INDIVIDUAL, SCHOOL, Organization
from afterbell.partners.organizations import OrganizationRow, organization, slug_of
from afterbell.people.join import make_member
from afterbell.people.models import MANAGER, Person
from afterbell.places.models import School
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message, refuse
from afterbell.problem import malformed, refused
from afterbell.web.body import one_line

LONGEST_STEM = 72
MOST_UNVERIFIED = 3
TWICE = N_("You have founded {name} already: it is {slug}. Ask for rooms on its behalf.")
TOO_MANY = N_(
    "At most {most} organizations that you founded may wait to be verified. Ask for rooms on behalf of one of them, such as {name} ({slug}), or ask the "
    "district's staff to verify one."
)
RESERVED = ("new", "join")  # pages of that address stand there


async def found(session: AsyncSession, name: str, kind: str, *, by: Viewer, now: datetime) -> OrganizationRow:
    """The new organization. An individual takes the person's own name, whatever `name` says. 409 when this person founded one of that name before, or three
    that nobody has verified yet; one of somebody else's only makes the slug longer."""
    called = by.name if kind == INDIVIDUAL else one_line(name)
    if not any(c.isalnum() for c in called):
        raise malformed(Message(N_("Write the organization's name.")))
    founder = by.person_id or 0
    await session.execute(select(Person.id).where(Person.id == founder).with_for_update(key_share=True))
    await _only_once(session, called, founder)
    values = {"name": called, "kind": kind, "verified": False, "founded_by_id": founder, "founded_at": now}
    made = await _write(session, values, slug_of(called), known=_founded_by(founder, called))
    await make_member(session, founder, made.id, MANAGER)
    await record(session, events.happened(events.FOUNDED, made.id, founder, MANAGER, by=founder, now=now))
    return made


async def school_organization(session: AsyncSession, school_id: int, *, now: datetime) -> OrganizationRow:
    """The school as one who books its own rooms, made when first needed. It is no partner: it has no members and needs no verification."""
    known = Organization.school_id == school_id
    if before := await organization(session, known):
        return before
    name, slug = (await session.execute(select(School.name, School.slug).where(School.id == school_id))).one()
    values = {"name": name, "kind": SCHOOL, "verified": True, "school_id": school_id, "founded_at": now}
    return await _write(session, values, slug, known=known)


def _founded_by(founder: int, called: str) -> ColumnElement[bool]:
    return (Organization.founded_by_id == founder) & (Organization.name == called)


async def _only_once(session: AsyncSession, called: str, founder: int) -> None:
    """Under the lock of the founder's row, so that a form that was sent twice founds once, and many at once are counted."""
    mine = Organization.founded_by_id == founder
    theirs = select(Organization.slug, Organization.name, Organization.verified).where(mine).order_by(Organization.id)
    known = (await session.execute(theirs)).all()
    for slug, name, _ in known:
        if name.casefold() == called.casefold():
            told = Message(TWICE, {"name": name, "slug": slug})
            raise refused([refuse("already_founded", told, would_pass=slug)])
    waiting = [(slug, name) for slug, name, verified in known if not verified]
    if len(waiting) >= MOST_UNVERIFIED:
        slug, name = waiting[-1]
        told = Message(TOO_MANY, {"most": MOST_UNVERIFIED, "name": name, "slug": slug})
        raise refused([refuse("too_many_organizations", told, would_pass=slug)])


async def _write(
    session: AsyncSession, values: dict[str, Any], wished: str, *, known: ColumnElement[bool]
) -> OrganizationRow:
    """Under the first free slug; when somebody takes that at this very moment, under the next."""
    while True:
        slug = await _free_slug(session, wished, own=values.get("school_id"))
        await insert_or_skip(session, table(Organization), [values | {"slug": slug}])
        if made := await organization(session, known):
            return made


async def _free_slug(session: AsyncSession, wished: str, *, own: int | None) -> str:
    """`clinica`, then `clinica-2` and so on. The slugs of schools are taken, except by the school itself: nobody else passes as one."""
    stem = wished[:LONGEST_STEM]
    organizations = select(Organization.slug).where(Organization.slug.startswith(stem, autoescape=True))
    schools = select(School.slug).where(School.slug.startswith(stem, autoescape=True), School.id.is_distinct_from(own))
    used = {*RESERVED, *await session.scalars(organizations), *await session.scalars(schools)}
    numbered = (f"{stem}-{number}" for number in count(2))
    return next(slug for slug in chain([wished], numbered) if slug not in used)
