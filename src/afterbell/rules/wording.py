"""Rules in plain words: what each is called, what it is for, and what a value of it means. Sentences for pages and for the API."""

from collections.abc import Callable, Mapping
from typing import Any

from afterbell.policy.admission import GROUP_NAMES, TIER_NAMES
from afterbell.policy.lengths import spoken
from afterbell.policy.terms import (
    Admission,
    Anyway,
    Delegation,
    Horizon,
    Hours,
    Lengths,
    Notice,
    Quotas,
    Season,
    Terms,
    Unverified,
)
from afterbell.policy.verdict import N_, Message, Named, Value

TITLES: Mapping[str, str] = {
    "notice": N_("Notice"),
    "horizon": N_("How far ahead"),
    "lengths": N_("Shortest and longest"),
    "quotas": N_("Quotas"),
    "admission": N_("Who may book what"),
    "hours": N_("Hours that differ"),
    "unverified": N_("Organizations that are not verified"),
    "anyway": N_("Asking anyway"),
    "delegation": N_("What campuses set themselves"),
}
ABOUT: Mapping[str, str] = {
    "notice": N_(
        "How many business days before the first use a room must be asked for. The school's own use needs no notice."
    ),
    "horizon": N_("How many months ahead rooms can be asked for, and permit terms that open on a day of their own."),
    "lengths": N_("How short and how long one date may be, set-up and take-down apart."),
    "quotas": N_("How much one organization may have at one campus. What waits for a decision counts too."),
    "admission": N_("Rooms that are only for some organizations or some activities. The school itself always may."),
    "hours": N_("Hours that are added to those of the campus's calendar for a season, or take their place."),
    "unverified": N_("How many dates an organization holds at most before staff have verified it."),
    "anyway": N_(
        "Whether a school's approvers and facilities staff may ask although a rule refuses, with a reason that stays with the booking."
    ),
    "delegation": N_(
        "The rules that a school's approvers and facilities staff may set for their campus and its rooms."
    ),
}
SCOPE_NAMES: Mapping[str, str] = {
    "default": N_("The default of Afterbell"),
    "district": N_("The district's"),
    "campus": N_("The campus's own"),
    "room": N_("The room's own"),
}
WEEKDAYS = (
    N_("Mondays"),
    N_("Tuesdays"),
    N_("Wednesdays"),
    N_("Thursdays"),
    N_("Fridays"),
    N_("Saturdays"),
    N_("Sundays"),
)
KIND_NAMES: Mapping[str, str] = {
    "classroom": N_("classrooms"),
    "gym": N_("gyms"),
    "auditorium": N_("auditoriums"),
    "cafeteria": N_("cafeterias"),
    "library": N_("libraries"),
    "multipurpose": N_("multipurpose rooms"),
    "clinic": N_("clinic rooms"),
    "computer_lab": N_("computer labs"),
    "music_room": N_("music rooms"),
    "dance_studio": N_("dance studios"),
    "kitchen": N_("kitchens"),
    "parent_center": N_("parent centers"),
    "meeting_room": N_("meeting rooms"),
    "field": N_("fields"),
    "court": N_("courts"),
    "pool": N_("pools"),
    "parking": N_("parking lots"),
    "other": N_("rooms of another kind"),
}
NO_LIMIT = N_("There is no quota.")


def said(name: str, terms: Terms, activities: Mapping[str, Mapping[str, str]], scope: str = "") -> list[Message]:
    """What one rule means under these terms, a sentence each; `activities` are names by language, by slug. The `scope` is where the rule was set: one of a
    room is about no other."""
    value = getattr(terms, name)
    if name != "admission":
        return SAYERS[name](value)
    return _admission(value, activities, N_("this room") if scope == "room" else N_("every room"))


def _notice(value: Notice) -> list[Message]:
    tiers = {"agency": value.agency, "partner": value.partner, "other": value.other}
    usual = [_tier(N_("Business days for {groups}: {count}."), tier, count) for tier, count in tiers.items()]
    if len(set(tiers.values())) == 1:
        usual = [Message(N_("Business days: {count}."), {"count": value.partner})]
    large = Message(
        N_("For {people} people or more at least: {count}."), {"people": value.large_from, "count": value.large}
    )
    text = N_("For low-risk activities of an organization that had a booking approved within a year: {count}.")
    return [*usual, Message(text, {"count": value.renewal}), large]


def _tier(text: str, tier: str, count: int) -> Message:
    return Message(text, {"groups": (TIER_NAMES[tier],), "count": count})


def _horizon(value: Horizon) -> list[Message]:
    tiers = {"agency": value.agency, "partner": value.partner, "other": value.other}
    found = [_tier(N_("Months for {groups}: {count}."), tier, count) for tier, count in tiers.items()]
    if len(set(tiers.values())) == 1:
        found = [Message(N_("Months: {count}."), {"count": value.partner})]
    text = N_(
        "Dates from {first} to {last} open to agencies on {agency}, to partners on {partner}, to others on {other}."
    )
    for each in value.periods:
        values = {"first": each.first, "last": each.last, "agency": each.agency, "partner": each.partner}
        found.append(Message(text, {**values, "other": each.other}))
    return found


def _lengths(value: Lengths) -> list[Message]:
    shortest = [Message(N_("At least {length}."), {"length": spoken(value.shortest)})] if value.shortest else []
    return [*shortest, Message(N_("At most {length}."), {"length": spoken(value.longest)})]


def _quotas(value: Quotas) -> list[Message]:
    found = []
    if value.hours_a_week is not None:
        found.append(Message(N_("Hours a week at most: {count}."), {"count": value.hours_a_week}))
    if value.dates_open is not None:
        found.append(Message(N_("Dates open at once at most: {count}."), {"count": value.dates_open}))
    return found or [Message(NO_LIMIT)]


def _admission(value: Admission, activities: Mapping[str, Mapping[str, str]], any_: str) -> list[Message]:
    found = []
    for each in value.reserved:
        rooms = tuple(KIND_NAMES[kind] for kind in each.room_kinds) or (any_,)
        groups = tuple(TIER_NAMES[tier] for tier in each.tiers) + tuple(GROUP_NAMES[kind] for kind in each.kinds)
        whom = groups + tuple(Named(activities.get(slug, {"en": slug})) for slug in each.activities)
        text = N_("{rooms}: only for {whom}.")
        if each.flag:
            text = N_("{rooms}: meant for {whom}. Others may ask, and whoever decides takes an extra look.")
        found.append(Message(text, {"rooms": rooms, "whom": whom}))
    return found or [Message(N_("Nothing is reserved."))]


def _hours(value: Hours) -> list[Message]:
    found = [message for season in value.seasons for message in _season(season)]
    return found or [Message(N_("The hours of the campus's calendar hold."))]


def _season(season: Season) -> list[Message]:
    found = [_while(season)]
    if not season.windows:
        return [*found, Message(N_("Not open to visitors."))]
    for each in season.windows:
        values: dict[str, Value] = {
            "weekdays": (WEEKDAYS[each.weekday],),
            "hours": f"{each.opens:%H:%M}-{each.closes:%H:%M}",
        }
        found.append(Message("{weekdays}, {hours}.", values))
    return found


def _while(season: Season) -> Message:
    since, until = season.since, season.until
    one, other = (N_("Besides the calendar's hours"), N_("In place of the calendar's hours"))
    how = (other if season.instead else one,)
    if since and until:
        return Message(N_("{how}, {since} to {until}:"), {"how": how, "since": since, "until": until})
    if since:
        return Message(N_("{how}, from {since} on:"), {"how": how, "since": since})
    return (
        Message(N_("{how}, until {until}:"), {"how": how, "until": until}) if until else Message("{how}:", {"how": how})
    )


def _unverified(value: Unverified) -> list[Message]:
    return [Message(N_("Dates held at once at most: {count}."), {"count": value.most_held})]


def _anyway(value: Anyway) -> list[Message]:
    return [Message(N_("They may, with a reason.") if value.allowed else N_("Nobody may; every rule counts."))]


def _delegation(value: Delegation) -> list[Message]:
    names = tuple(TITLES[name] for name in value.names)
    return [Message("{names}.", {"names": names}) if names else Message(N_("None: the district sets every rule."))]


SAYERS: Mapping[str, Callable[[Any], list[Message]]] = {
    "notice": _notice,
    "horizon": _horizon,
    "lengths": _lengths,
    "quotas": _quotas,
    "hours": _hours,
    "unverified": _unverified,
    "anyway": _anyway,
    "delegation": _delegation,
}
