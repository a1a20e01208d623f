"""Letters about belonging to an organization: the invitation, written where its link is made, and the news that somebody asked to join."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.letters.frame import framed, linked, signed
from afterbell.letters.post import Letter, post
from afterbell.outbox.record import Event
from afterbell.partners.join import LINK_LASTS, Joined
from afterbell.partners.members import MemberRow, managers, member
from afterbell.partners.models import Organization
from afterbell.partners.organizations import OrganizationRow, organization
from afterbell.people.models import ASKED
from afterbell.people.secrets import hashed
from afterbell.web.words import say


@dataclass(frozen=True)
class Words:
    """A letter's subject, its sentences in order, and the one address it leads to with what it is called."""

    language: str
    subject: str
    sentences: tuple[str, ...]
    press: str
    address: str

    def text(self) -> str:
        """For readers without HTML."""
        said = "\n\n".join(self.sentences)
        return signed(f"{said}\n\n{self.press}\n{self.address}", self.language)

    def html(self) -> str:
        """The same in HTML, every value escaped."""
        said = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences)
        return framed(f"{said}\n{linked(self.press, self.address)}", self.subject, self.language)


async def send_invitation(session: AsyncSession, joined: Joined, *, inviter: str, base_url: str, now: datetime) -> None:
    """To somebody who was taken in, with a link that signs them in; nothing when there is none. The link is kept nowhere else."""
    if joined.link is None:
        return
    words = invitation(joined, inviter, base_url)
    letter = _letter(f"invitation:{hashed(joined.link)}", "invitation", joined.member, words, until=now + LINK_LASTS)
    await post(session, letter, base_url=base_url, now=now)


def invitation(joined: Joined, inviter: str, base_url: str) -> Words:
    """What somebody may do from now on, in their language."""
    language, name = joined.member.language, joined.organization.name
    there = "/es/sign-in/" if language == "es" else "/sign-in/"
    return Words(
        language,
        say("You belong to {organization} on Afterbell", language, organization=name),
        (
            say("{inviter} has added you to {organization}.", language, inviter=inviter, organization=name),
            say("You can now ask for school rooms on its behalf and see what it has asked for.", language),
            say("If you do not know {organization}, you need not do anything.", language, organization=name),
        ),
        say("Press this link to sign in. It works once, for {days} days:", language, days=LINK_LASTS.days),
        f"{base_url}{there}{joined.link}?next=/organizations/{joined.organization.slug}",
    )


@dataclass(frozen=True)
class MembershipNotices:
    """The listener, with the address that links begin with."""

    base_url: str

    async def tell_managers(self, session: AsyncSession, event: Event, now: datetime) -> None:
        """One letter to each manager, unless somebody has answered meanwhile."""
        group = await organization(session, Organization.id == event.facts["organization_id"])
        asker = await member(session, event.facts["organization_id"], event.facts["person_id"])
        if group is None or asker is None or asker.state != ASKED:
            return
        for manager in await managers(session, group.id):
            words = wants_in(asker, group, manager.language, self.base_url)
            letter = _letter(f"membership:{event.id}:{manager.person_id}", "membership", manager, words)
            await post(session, letter, base_url=self.base_url, now=now)


def wants_in(asker: MemberRow, group: OrganizationRow, language: str, base_url: str) -> Words:
    """Somebody asked to join; only managers read it."""
    return Words(
        language,
        say("{name} asks to join {organization}", language, name=asker.name, organization=group.name),
        (
            say(
                "{name} ({email}) wants to ask for rooms on behalf of {organization}.",
                language,
                name=asker.name,
                email=asker.email,
                organization=group.name,
            ),
            say(
                "Until you confirm it they see nothing of yours. If you do not know them, you need not do anything.",
                language,
            ),
        ),
        say("Confirm or look at your members:", language),
        f"{base_url}/organizations/{group.slug}",
    )


def _letter(identity: str, kind: str, reader: MemberRow, words: Words, *, until: datetime | None = None) -> Letter:
    return Letter(
        identity=identity,
        kind=kind,
        recipient=reader.email,
        language=words.language,
        subject=words.subject,
        text=words.text(),
        html=words.html(),
        person_id=reader.person_id,
        until=until,
    )
