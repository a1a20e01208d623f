"""Coming into an organization: its manager invites, and confirms those who asked; everybody else may ask for themselves. All under the lock of its row."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import table
from afterbell.outbox.record import record
from afterbell.partners import events
from afterbell.partners.members import MemberRow, managers, member, sees
from afterbell.partners.models import CLOSED, Organization
from afterbell.partners.organizations import OrganizationRow, organization
from afterbell.people.join import CannotJoin, add_person, create_link
from afterbell.people.models import ASKED, MANAGER, MEMBER, Membership, Role
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message, refuse
from afterbell.problem import Problem, forbidden, malformed, not_found, refused

LINK_LASTS = timedelta(days=3)


@dataclass(frozen=True)
class Newcomer:
    """Who is to come in, and as what. `language` is that of a person who is not known yet; None: the inviter's."""

    email: str
    role: str
    language: str | None = None


@dataclass(frozen=True)
class Joined:
    """What came of it: the member as they are now, and whether that is new. `link` is the secret of a sign-in link, for a letter that is to be written in
    this transaction; None when nothing is to be sent."""

    organization: OrganizationRow
    member: MemberRow
    new: bool
    link: str | None = None


async def add_member(session: AsyncSession, slug: str, who: Newcomer, *, by: Viewer, now: datetime) -> Joined:
    """Invites or confirms when a manager calls; asks when somebody gives their own address. 404 for an organization that is none of the caller's business,
    403 for one whose members they may see but not choose."""
    await session.execute(select(Organization.id).where(Organization.slug == slug).with_for_update(key_share=True))
    found = await organization(session, Organization.slug == slug)
    if found is None or (found.kind in CLOSED and not sees(found, by)):
        raise not_found()
    if found.kind in CLOSED:
        raise refused([refuse("wrong_state", Message(N_("Nobody can be added here: it stands for itself alone.")))])
    if found.id in by.manages:
        return await _take_in(session, found, who, by=by, now=now)
    if who.email.strip().lower() == by.email:
        return await _ask(session, found, who.role, by=by, now=now)
    if not sees(found, by):
        raise not_found()
    raise forbidden(Message(N_("Only its manager adds others. With your own address you can ask to join.")))


async def _take_in(session: AsyncSession, to: OrganizationRow, who: Newcomer, *, by: Viewer, now: datetime) -> Joined:
    person = await _person(session, who, by, now)
    before = await member(session, to.id, person)
    if before is not None and before.state == MEMBER:
        return await _change_role(session, to, before, who.role, by=by, now=now)
    kind = events.INVITED if before is None else events.CONFIRMED
    if before is None:
        await _refuse_staff(session, person)
        row = {"person_id": person, "organization_id": to.id, "role": who.role, "state": MEMBER}
        await session.execute(insert(table(Membership)).values(row))
    else:
        await _set(session, to.id, person, role=who.role, state=MEMBER)
    await record(session, events.happened(kind, to.id, person, who.role, by=by.person_id, now=now))
    link = await create_link(session, person, now=now, lasts=LINK_LASTS)
    return Joined(to, await _member(session, to.id, person), before is None, link)


async def _refuse_staff(session: AsyncSession, person_id: int) -> None:
    """Nobody decides for their own organization: who works for the district comes in by their own wish alone, or a manager could disarm every approver."""
    if await session.scalar(select(Role.id).where(Role.person_id == person_id).limit(1)) is not None:
        text = N_("This person works for the district: they ask to join themselves, and you confirm.")
        raise refused([refuse("wrong_state", Message(text))])


async def _change_role(
    session: AsyncSession, to: OrganizationRow, before: MemberRow, role: str, *, by: Viewer, now: datetime
) -> Joined:
    """A repeat changes nothing. Somebody always stays to confirm and invite."""
    if before.role == role:
        return Joined(to, before, False)
    if before.role == MANAGER and len(await managers(session, to.id)) == 1:
        raise refused(
            [refuse("wrong_state", Message(N_("Its only manager must stay one. Make somebody else one first.")))]
        )
    await _set(session, to.id, before.person_id, role=role, state=MEMBER)
    await record(session, events.happened(events.CHANGED, to.id, before.person_id, role, by=by.person_id, now=now))
    return Joined(to, replace(before, role=role), False)


async def _ask(session: AsyncSession, to: OrganizationRow, role: str, *, by: Viewer, now: datetime) -> Joined:
    """Who is in, or has asked, is left as they are: nobody promotes themselves."""
    person = by.person_id or 0
    before = await member(session, to.id, person)
    if before is not None:
        return Joined(to, before, False)
    row = {"person_id": person, "organization_id": to.id, "role": role, "state": ASKED, "asked_at": now}
    await session.execute(insert(table(Membership)).values(row))
    await record(session, events.happened(events.ASKED, to.id, person, role, by=person, now=now))
    return Joined(to, await _member(session, to.id, person), True)


async def _person(session: AsyncSession, who: Newcomer, by: Viewer, now: datetime) -> int:
    try:
        return await add_person(session, who.email, language=who.language or by.language, now=now)
    except CannotJoin as error:
        raise no_address() from error


def no_address() -> Problem:
    """What was written is no e-mail address: 422."""
    return malformed(Message(N_("Write an e-mail address, such as ana@clinic.example.")))


async def _set(session: AsyncSession, organization_id: int, person_id: int, *, role: str, state: str) -> None:
    held = (Membership.organization_id == organization_id, Membership.person_id == person_id)
    await session.execute(update(Membership).where(*held).values(role=role, state=state))


async def _member(session: AsyncSession, organization_id: int, person_id: int) -> MemberRow:
    found = await member(session, organization_id, person_id)
    assert found is not None, "written in this transaction"
    return found
