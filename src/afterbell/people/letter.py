"""The sign-in letter: one link and one code, in the person's language. It is written where its secrets are made, so that no event ever carries them."""

from datetime import datetime
from html import escape
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.letters.frame import framed, linked, signed
from afterbell.letters.post import Letter, post
from afterbell.people.secrets import hashed
from afterbell.people.signin import LINK_LASTS, Invitation
from afterbell.web.words import say


async def send_invitation(
    session: AsyncSession, invitation: Invitation, *, next_page: str, base_url: str, now: datetime
) -> None:
    """Queues the letter; it is of no use after twenty minutes and is not sent later. `next_page` is where the link leads on to."""
    link = link_of(invitation, base_url, next_page)
    subject = say("Your sign-in link for Afterbell", invitation.language)
    letter = Letter(
        identity=f"sign_in:{hashed(invitation.link)}",
        kind="sign_in",
        recipient=invitation.email,
        language=invitation.language,
        subject=subject,
        text=_text(invitation, link),
        html=_html(invitation, link, subject),
        person_id=invitation.person_id,
        until=now + LINK_LASTS,
    )
    await post(session, letter, base_url=base_url, now=now)


def link_of(invitation: Invitation, base_url: str, next_page: str) -> str:
    """The address in the letter: the page with the Continue button, in the person's language."""
    there = "/es/sign-in/" if invitation.language == "es" else "/sign-in/"
    onwards = f"?next={quote(next_page, safe='')}" if next_page else ""
    return f"{base_url}{there}{invitation.link}{onwards}"


def _sentences(language: str) -> tuple[str, str, str]:
    minutes = int(LINK_LASTS.total_seconds() // 60)
    return (
        say("Press this link to sign in. It works once, for {minutes} minutes:", language, minutes=minutes),
        say("Or type this code on the page where you asked for it:", language),
        say("If you did not ask for this letter, you need not do anything: without it nobody gets in.", language),
    )


def _text(invitation: Invitation, link: str) -> str:
    press, code, otherwise = _sentences(invitation.language)
    return signed(f"{press}\n{link}\n\n{code}\n{invitation.code}\n\n{otherwise}", invitation.language)


def _html(invitation: Invitation, link: str, subject: str) -> str:
    press, code, otherwise = _sentences(invitation.language)
    typed = f'<strong style="font-size:26px;letter-spacing:4px">{invitation.code}</strong>'
    body = f"{linked(press, link)}\n<p>{escape(code)}<br>{typed}</p>\n<p>{escape(otherwise)}</p>"
    return framed(body, subject, invitation.language)
