"""The token of a preview: what was shown, sealed so that only the house reads it and only for the person who looked, and held against what a request would
come to under the locks. Nothing is stored."""

import json
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.span import Span
from afterbell.bookings.survey import Survey, survey
from afterbell.policy.ask import Ask
from afterbell.policy.projection import Viewer
from afterbell.policy.promising import Fate, Promise, as_change, changes, differing, fields_of, promise
from afterbell.policy.verdict import N_, Finding, Message, refuse
from afterbell.problem import Problem, malformed, refused
from afterbell.web.seal import seal_of

VALID = timedelta(hours=24)
CHANGED = N_("Something has changed since you looked. Look at the dates again, then send the request.")


def promised_by(found: Survey) -> Promise:
    """What this survey shows."""
    return promise(found.ask, found.wish, found.verdict, found.left, found.facts)


def token_of(found: Survey, ask: Ask, *, secret: bytes, by: Viewer, now: datetime) -> str | None:
    """The token of what was shown for an ask, as it was written; None for what would be refused, which nobody can commit. A reader who counts on nothing
    but its opacity is right: it is at most some ten thousand characters long."""
    if found.verdict.refused:
        return None
    return sealed(promise(ask, found.wish, found.verdict, found.left, found.facts), secret=secret, by=by, now=now)


def sealed(shown: Promise, *, secret: bytes, by: Viewer, now: datetime) -> str:
    """What was shown as a token. A page seals what would be refused too: its form may still leave those dates out."""
    packed = zlib.compress(json.dumps(_packed(shown), separators=(",", ":")).encode(), 6)
    return _seal(secret, by).encrypt_at_time(packed, int(now.timestamp())).decode()


def opened(token: str | None, *, secret: bytes, by: Viewer, now: datetime) -> Promise | None:
    """What was shown; None without a token. 422 for one that is garbled, another person's, or older than a day."""
    if token is None:
        return None
    seal = _seal(secret, by)
    try:
        packed, made = seal.decrypt(token.encode()), seal.extract_timestamp(token.encode())
    except (InvalidToken, UnicodeEncodeError) as error:
        text = N_(
            "This preview_token is not one that you were given. Send the one of your own preview, whole and unchanged."
        )
        raise malformed(Message(text)) from error
    if made + VALID.total_seconds() <= now.timestamp():
        text = N_("This preview is older than {hours} hours. Preview again, and send the new preview_token.")
        raise malformed(Message(text, {"hours": 24}))
    return _unpacked(json.loads(zlib.decompress(packed)))


def _seal(secret: bytes, by: Viewer) -> Fernet:
    return seal_of(secret, f"preview:{by.person_id}".encode())


def _packed(shown: Promise) -> dict[str, Any]:
    """As JSON can hold it; rooms and codes are told once each, since a series repeats them."""
    given = list(dict.fromkeys(fate.rooms for fate in shown.fates))
    return {
        "fields": dict(shown.fields),
        "rooms": [[id_, name] for id_, name in shown.rooms.items()],
        "flags": sorted(shown.flags),
        "given": given,
        "dates": [
            [fate.name.isoformat(), *_seconds(fate.span), given.index(fate.rooms), fate.state, sorted(fate.codes)]
            for fate in shown.fates
        ],
    }


def _seconds(span: Span) -> tuple[int, int]:
    return int(span.starts_at.timestamp()), int(span.ends_at.timestamp())


def _unpacked(kept: dict[str, Any]) -> Promise:
    fates = [
        Fate(datetime.fromisoformat(name), _span(starts, ends), tuple(kept["given"][at]), state, frozenset(codes))
        for name, starts, ends, at, state, codes in kept["dates"]
    ]
    return Promise(kept["fields"], fates, {id_: name for id_, name in kept["rooms"]}, frozenset(kept["flags"]))


def _span(starts: int, ends: int) -> Span:
    return Span(datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC))


async def survey_as_promised(
    session: AsyncSession, ask: Ask, promised: Promise | None, *, by: Viewer, now: datetime
) -> Survey:
    """The survey under the locks. Where something was promised it is exactly that, or 409 `changed_since_preview` with a reason for every date."""
    if promised is None:
        return await survey(session, ask, by=by, now=now, lock=True)
    if other := differing(promised.fields, fields_of(ask)):
        text = N_("This differs from what was previewed: {fields}. Preview it as it is now, or send it as it was.")
        raise changed([refuse("changed_since_preview", Message(text, {"fields": ", ".join(other)}))])
    try:
        found = await survey(session, ask, by=by, now=now, lock=True, promised=promised)
    except Problem as problem:
        raise as_changed(problem) from problem
    told = changes(promised, promised_by(found), found.verdict, found.left, found.place.zone)
    if told:
        raise changed(told)
    return found


def as_changed(problem: Problem) -> Problem:
    """A refusal (409) of what was promised is a change; any other problem is what it is."""
    return changed([as_change(each) for each in problem.reasons]) if problem.status == 409 else problem


def changed(reasons: Sequence[Finding]) -> Problem:
    """409, nothing written."""
    return refused(reasons, Message(CHANGED))
