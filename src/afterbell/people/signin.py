"""Signing in by a mailed link and a six-digit code, and the visits that follow. The letter itself is composed by people.letter."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.database import table
from afterbell.people.access import PARTNER_LONGEST
from afterbell.people.models import Person, SignIn, Visit
from afterbell.people.secrets import code_hash, hashed, new_code, new_token
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem

LINK_LASTS = timedelta(minutes=20)
MOST_AN_HOUR = 6
MOST_WRONG = 5


@dataclass(frozen=True)
class Invitation:
    """What a sign-in letter carries. Secret: written into the letter and kept nowhere else."""

    person_id: int
    email: str
    language: str
    link: str
    code: str


async def invite(session: AsyncSession, email: str, *, secret: bytes, now: datetime) -> Invitation | None:
    """A link and a code for a known address; None for an unknown one or after six in an hour, which callers must not let anybody see."""
    address = email.strip().lower()
    person = (
        await session.execute(select(Person.id, Person.email, Person.language).where(Person.email == address))
    ).first()
    link, code = new_token(), new_code()
    row = {
        "link_hash": hashed(link),
        "code_hash": code_hash(secret, hashed(link), code),
        "wrong_codes": 0,
        "reusable": False,
    }
    if person is None or await _asked_often(session, person[0], now):
        return None
    times = {"person_id": person[0], "created_at": now, "expires_at": now + LINK_LASTS}
    await session.execute(insert(table(SignIn)).values(row | times))
    return Invitation(person[0], person[1], person[2], link, code)


async def _asked_often(session: AsyncSession, person_id: int, now: datetime) -> bool:
    recent = select(func.count(SignIn.id)).where(
        SignIn.person_id == person_id, SignIn.reusable.is_(False), SignIn.created_at > now - timedelta(hours=1)
    )
    return (await session.scalar(recent) or 0) >= MOST_AN_HOUR


async def spend_link(session: AsyncSession, link: str, *, now: datetime) -> str:
    """Spends a link and answers the cookie of a new visit; 409 when it is unknown, spent or old."""
    found = (
        await session.execute(
            select(SignIn.id, SignIn.person_id, SignIn.reusable, SignIn.spent_at)
            .where(SignIn.link_hash == hashed(link), SignIn.expires_at > now)
            .with_for_update()
        )
    ).first()
    if found is None or (found.spent_at is not None and not found.reusable):
        raise Problem(409, Message(N_("This sign-in link was used already or is too old. Ask for a new one.")))
    await session.execute(update(SignIn).where(SignIn.id == found.id).values(spent_at=now))
    return await begin_visit(session, found.person_id, now)


async def spend_code(session: AsyncSession, email: str, code: str, *, secret: bytes, now: datetime) -> str | None:
    """The cookie of a new visit, or None for a wrong code, which is counted: commit in both cases. Five wrong ones and the code is dead."""
    newest = (
        await session.execute(
            select(SignIn.id, SignIn.person_id, SignIn.link_hash, SignIn.code_hash)
            .join(Person, Person.id == SignIn.person_id)
            .where(Person.email == email.strip().lower(), SignIn.expires_at > now, SignIn.spent_at.is_(None))
            .where(SignIn.code_hash.is_not(None), SignIn.wrong_codes < MOST_WRONG)
            .order_by(SignIn.id.desc())
            .limit(1)
            .with_for_update(of=SignIn)
        )
    ).first()
    if newest is None:
        return None
    if newest.code_hash != code_hash(secret, newest.link_hash, code.strip().replace(" ", "")):
        await session.execute(update(SignIn).where(SignIn.id == newest.id).values(wrong_codes=SignIn.wrong_codes + 1))
        return None
    await session.execute(update(SignIn).where(SignIn.id == newest.id).values(spent_at=now))
    return await begin_visit(session, newest.person_id, now)


async def begin_visit(session: AsyncSession, person_id: int, now: datetime) -> str:
    """The cookie of a new visit; whoever calls this has made sure that it is that person."""
    cookie = new_token()
    row = {
        "token_hash": hashed(cookie),
        "person_id": person_id,
        "created_at": now,
        "seen_at": now,
        "expires_at": now + PARTNER_LONGEST,
    }
    await session.execute(insert(table(Visit)).values(row))
    return cookie


async def end_visit(session: AsyncSession, cookie: str) -> None:
    """Signs a browser out, here and now."""
    await session.execute(delete(Visit).where(Visit.token_hash == hashed(cookie)))
