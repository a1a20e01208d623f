"""A date of the programme in the reader's words: what it is called, when, where, and what a family asks first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from afterbell.bookings.announced import OnDate
from afterbell.feeds.wording import cost, in_tongue, title
from afterbell.places.catalog import Near, in_miles
from afterbell.places.naming import ACCESS_NAMES, named
from afterbell.policy.verdict import N_
from afterbell.programme.wanted import distance_between
from afterbell.web.dates import day, hour, short_day, times
from afterbell.web.words import say, tongues

PILLARS: Mapping[str, str] = {
    "health": N_("Health"),
    "family": N_("For families"),
    "enrichment": N_("Classes, arts and sports"),
    "services": N_("Food and help"),
    "civic": N_("Meetings of the neighborhood"),
    "restorative": N_("Restorative practice"),
    "school": N_("Of the school"),
}


@dataclass(frozen=True)
class Card:
    """A date as a card. `room` is empty where only the school may be known; `distance` where no point was asked for."""

    public_id: str
    title: str
    kind: str
    starts: str
    hours: str
    day: str
    short: str
    cancelled: bool
    school: str
    school_name: str
    room: str
    distance: str
    tags: Sequence[str]
    full: bool


def card(date_: OnDate, language: str, near: Near | None = None) -> Card:
    """What stands on a card."""
    there = date_.starts_at.astimezone(ZoneInfo(date_.zone))
    return Card(
        public_id=date_.public_id,
        title=title(date_.listing, date_.kind, language),
        kind=in_tongue(date_.kind, language),
        starts=hour(there, language),
        hours=times(date_.starts_at, date_.ends_at, date_.zone, language),
        day=day(there, language),
        short=short_day(there, language),
        cancelled=date_.state == "cancelled",
        school=date_.school.slug,
        school_name=date_.school.name,
        room=", ".join(room.name for room in date_.rooms),
        distance=_distance(date_, near, language),
        tags=tags(date_.listing, language),
        full=date_.listing.get("places") == "full",
    )


def by_day(dates: Sequence[OnDate], language: str, near: Near | None = None) -> list[tuple[str, list[Card]]]:
    """Cards under the written wall date at their school."""
    found: dict[date, list[Card]] = {}
    for each in dates:
        found.setdefault(wall_date(each.starts_at, each.zone), []).append(card(each, language, near))
    return [(day(on, language), cards) for on, cards in sorted(found.items())]


def wall_date(moment: datetime, zone: str) -> date:
    """The date on the school's wall."""
    return moment.astimezone(ZoneInfo(zone)).date()


def tags(listing: Mapping[str, Any], language: str) -> list[str]:
    """Cost, ages, languages and childcare, as far as they are known."""
    ages = str(listing.get("ages") or "")
    found = [cost(listing, language), say(N_("Ages {ages}"), language, ages=ages) if ages else ""]
    found.append(tongues(listing.get("languages") or (), language))
    if listing.get("childcare"):
        found.append(say(N_("Childcare"), language))
    return [tag for tag in found if tag]


def access_of(date_: OnDate, language: str) -> list[str]:
    """How the rooms can be reached and used; nothing where the rooms may not be known."""
    slugs = dict.fromkeys(slug for room in date_.rooms for slug in room.access)
    return [named(ACCESS_NAMES, slug, language) for slug in slugs]


def directions(date_: OnDate) -> str:
    """A map's address that asks for the way there; it opens the map of a phone."""
    place = date_.school
    whole = f"{place.name}, {place.street}, {place.city} {place.zip}"
    return "https://www.google.com/maps/dir/?api=1&destination=" + quote(whole, safe="")


def _distance(date_: OnDate, near: Near | None, language: str) -> str:
    km = distance_between(near, date_) if near else None
    return "" if km is None else say(N_("{miles} mi away"), language, miles=in_miles(km))
