"""Words of a search that name nothing in the district: told, instead of an answer that is empty for a slip of the pen."""

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from sqlalchemy import String, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.pool import Need
from afterbell.places.models import Room, School
from afterbell.places.naming import ACCESS_NAMES, FEATURE_NAMES, LAYOUT_NAMES
from afterbell.policy.verdict import N_, Message
from afterbell.problem import malformed

MOST_NAMED = 30
NO_SCHOOL = N_("There is no school {names}. Slugs as GET /api/v1/schools lists them pass.")


async def refuse_unknown(session: AsyncSession, need: Need) -> None:
    """422 for schools that do not exist, and for words that are neither usual nor said of any room. Usual words cost no statement."""
    if need.schools:
        known = set(await session.scalars(select(School.slug).where(School.slug.in_(need.schools))))
        _refuse_schools(each for each in need.schools if each not in known)
    layout = (need.layout,) if need.layout else ()
    await _refuse_words(session, "features", need.features, FEATURE_NAMES)
    await _refuse_words(session, "access", need.access, ACCESS_NAMES)
    await _refuse_words(session, "layout", layout, LAYOUT_NAMES)


def _refuse_schools(unknown: Iterable[str]) -> None:
    names = ", ".join(dict.fromkeys(unknown))
    if names:
        raise malformed(Message(NO_SCHOOL, {"names": names}))


async def _refuse_words(session: AsyncSession, field: str, words: Iterable[str], usual: Mapping[str, str]) -> None:
    odd = sorted(set(words) - set(usual))
    if not odd:
        return
    column = Room.layouts if field == "layout" else getattr(Room, field)
    said = await _said(session, column, odd)
    unknown = [word for word in odd if word not in said]
    if unknown:
        text = N_("{field}: no room has {names}. Of the words that pass: {choices}.")
        choices = ", ".join(sorted(usual)[:MOST_NAMED])
        raise malformed(Message(text, {"field": field, "names": ", ".join(unknown), "choices": choices}))


async def _said(session: AsyncSession, column: Any, odd: Iterable[str]) -> set[str]:
    """The words of rooms whose lists may hold one of these; each list once."""
    text = cast(column, String)
    holds = or_(*(text.contains(json.dumps(word), autoescape=True) for word in odd))
    return set(chain.from_iterable(map(json.loads, await session.scalars(select(text).where(holds).distinct()))))
