"""The dates on which a room is not free, as the page shows them: why, and what could be had instead, each with the page that asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from afterbell.bookings.nearby import Instead
from afterbell.bookings.search import Answer
from afterbell.places.catalog import RoomRow, in_miles
from afterbell.policy.verdict import Finding
from afterbell.programme.need import Typed, request_link
from afterbell.programme.reasons import mark_of, short_reason
from afterbell.web.dates import short_day, times
from afterbell.web.words import say


@dataclass(frozen=True)
class Offer:
    """What could be had instead, in words, and the page that asks for it."""

    text: str
    link: str


@dataclass(frozen=True)
class OddDate:
    """A date on which a room is not free."""

    day: str
    mark: str
    reason: str
    offers: Sequence[Offer] = ()


def odd_date(day: date, finding: Finding, language: str, offers: Sequence[Offer] = ()) -> OddDate:
    """In a few words."""
    return OddDate(short_day(day, language), mark_of(finding), short_reason(finding, language), offers)


def odd_dates(answer: Answer, typed: Typed, language: str, but: frozenset[date]) -> list[OddDate]:
    """Each once, with the first of its findings; those that no room can take are told elsewhere."""
    first: dict[date, Finding] = {}
    for finding in answer.conflicts:
        if finding.occurrence is not None:
            first.setdefault(finding.occurrence.date(), finding)
    instead = {start.date(): found for start, found in answer.instead.items()}
    return [
        odd_date(day, finding, language, [_offer(answer, each, day, typed, language) for each in instead.get(day, ())])
        for day, finding in first.items()
        if day not in but
    ]


def _offer(answer: Answer, offered: tuple[RoomRow, Instead], day: date, typed: Typed, language: str) -> Offer:
    room, instead = offered
    key = f"{room.school}/{room.slug}"
    if room.id == answer.room.id:
        there = ZoneInfo(room.time_zone)
        starts, ends = instead.span.starts_at.astimezone(there), instead.span.ends_at.astimezone(there)
        hours = times(starts, ends, room.time_zone, language)
        if starts.date() != day:
            hours = f"{short_day(starts.date(), language)}, {hours}"
        text = say("free {hours}", language, hours=hours)
        return Offer(text, request_link(typed, key, only=starts.date(), hours=(f"{starts:%H:%M}", f"{ends:%H:%M}")))
    if room.school == answer.room.school:
        text = say("{room} is free", language, room=room.name)
    else:
        text = say(
            "{room} of {school} is free, {miles} miles away",
            language,
            room=room.name,
            school=room.school_name,
            miles=in_miles(instead.km or 0),
        )
    return Offer(text, request_link(typed, key, only=day))
