"""The form that changes a rule: which fields it has, what stands in them, and the value that was typed. What a form cannot show is set over the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from litestar.datastructures import FormMultiDict
from msgspec import inspect

from afterbell.policy.admission import GROUP_NAMES, TIER_NAMES
from afterbell.policy.terms import LOCAL
from afterbell.policy.verdict import N_, Message
from afterbell.rules.shapes import RULES
from afterbell.rules.wording import KIND_NAMES, TITLES, WEEKDAYS

LABELS: Mapping[str, Mapping[str, str]] = {
    "notice": {
        "agency": N_("Business days for public agencies"),
        "partner": N_("Business days for youth groups, clinics and civic partners"),
        "other": N_("Business days for all others"),
        "renewal": N_("Business days for low-risk renewals"),
        "large": N_("Business days for large events"),
        "large_from": N_("People from whom an event is large"),
    },
    "horizon": {
        "agency": N_("Months for public agencies"),
        "partner": N_("Months for youth groups, clinics and civic partners"),
        "other": N_("Months for all others"),
    },
    "lengths": {"shortest": N_("Shortest date, in minutes"), "longest": N_("Longest date, in minutes")},
    "quotas": {
        "hours_a_week": N_("Hours a week for one organization (empty: no limit)"),
        "dates_open": N_("Dates open at once for one organization (empty: no limit)"),
    },
    "unverified": {"most_held": N_("Dates held at once")},
}
RESERVED: Mapping[str, Mapping[str, str]] = {"room_kinds": KIND_NAMES, "tiers": TIER_NAMES, "kinds": GROUP_NAMES}
NOT_A_NUMBER = N_("Write a whole number from {least} to {most}.")
DAYS = tuple(range(7))


@dataclass(frozen=True)
class Typed:
    """What stands in the fields: single ones by name, ticks by name; `wrong` says by field why it cannot be taken."""

    fields: Mapping[str, str] = field(default_factory=dict)
    ticks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wrong: Mapping[str, Message] = field(default_factory=dict)


def shows(name: str, value: Mapping[str, Any]) -> bool:
    """Whether the form can hold all of a value: one reservation, one season with a window a weekday."""
    if name == "admission":
        return len(value.get("reserved", ())) <= 1
    if name == "hours":
        seasons = value.get("seasons", ())
        days = [window["weekday"] for season in seasons for window in season["windows"]]
        return len(seasons) <= 1 and len(set(days)) == len(days)
    return True


def filled(name: str, value: Mapping[str, Any]) -> Typed:
    """The fields as the value has them."""
    if name == "admission":
        one: Mapping[str, Any] = next(iter(value["reserved"]), {})
        flag = ("flag",) if one.get("flag") else ()
        return Typed(ticks={key: one.get(key, ()) for key in (*RESERVED, "activities")} | {"flag": flag})
    if name == "hours":
        return _filled_season(next(iter(value["seasons"]), {}))
    if name == "anyway":
        return Typed(ticks={"allowed": ("allowed",) if value["allowed"] else ()})
    if name == "delegation":
        return Typed(ticks={"names": value["names"]})
    return Typed({key: "" if value[key] is None else str(value[key]) for key in LABELS[name]})


def _filled_season(season: Mapping[str, Any]) -> Typed:
    fields = {"since": season.get("since") or "", "until": season.get("until") or ""}
    for window in season.get("windows", ()):
        fields[f"opens_{window['weekday']}"] = window["opens"]
        fields[f"closes_{window['weekday']}"] = window["closes"]
    return Typed(fields, {"instead": ("instead",) if season.get("instead") else ()})


def typed_in(name: str, form: FormMultiDict) -> Typed:
    """What was sent, with complaints about what is no number; the rest is checked with the whole value."""
    ticks = {key: [str(each)[:120] for each in form.getall(key, [])] for key in _tick_names(name)}
    fields = {key: str(form.get(key) or "").strip()[:20] for key in _field_names(name)}
    return Typed(fields, ticks, _complaints(name, fields))


def _tick_names(name: str) -> Sequence[str]:
    more = {"hours": ("instead",), "anyway": ("allowed",), "delegation": ("names",)}
    return (*RESERVED, "activities", "flag") if name == "admission" else more.get(name, ())


def _field_names(name: str) -> Sequence[str]:
    if name == "hours":
        return ("since", "until", *(f"{edge}_{day}" for day in DAYS for edge in ("opens", "closes")))
    return tuple(LABELS.get(name, ()))


def _complaints(name: str, fields: Mapping[str, str]) -> dict[str, Message]:
    found = {}
    for key in LABELS.get(name, ()):
        least, most, empty = bounds(name, key)
        text = fields[key]
        good = text.isascii() and text.isdigit() and least <= int(text) <= most
        if not good and not (empty and not text):
            found[key] = Message(NOT_A_NUMBER, {"least": least, "most": most})
    return found


def bounds(name: str, key: str) -> tuple[int, int, bool]:
    """The least and the most that a field takes, and whether it may be empty; as the rule's shape has it."""
    shape: Any = inspect.type_info(RULES[name].shape)
    kind = next(each.type for each in shape.fields if each.name == key)
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    number = next(each for each in kinds if isinstance(each, inspect.IntType))
    return number.ge or 0, number.le or 0, len(kinds) > 1


def value_of(name: str, typed: Typed, before: Mapping[str, Any]) -> dict[str, Any]:
    """The value that was typed; what the form does not show stays as it is."""
    if name == "admission":
        one = {key: list(typed.ticks[key]) for key in (*RESERVED, "activities")}
        kept = [one | {"flag": bool(typed.ticks["flag"])}]
        return {"reserved": kept if any(one.values()) else []}
    if name == "hours":
        return _season_typed(typed)
    if name == "anyway":
        return {"allowed": bool(typed.ticks["allowed"])}
    if name == "delegation":
        return {"names": list(typed.ticks["names"])}
    numbers = {key: int(text) if text else None for key, text in typed.fields.items()}
    return {**before, **numbers}


def _season_typed(typed: Typed) -> dict[str, Any]:
    """No season where nothing was filled in. A window needs both its ends; the check says so of one that has but one."""
    fields = typed.fields
    windows = [
        {"weekday": day, "opens": fields[f"opens_{day}"], "closes": fields[f"closes_{day}"]}
        for day in DAYS
        if fields[f"opens_{day}"] or fields[f"closes_{day}"]
    ]
    instead = bool(typed.ticks["instead"])
    season = {
        "windows": windows,
        "instead": instead,
        "since": fields["since"] or None,
        "until": fields["until"] or None,
    }
    return {"seasons": [season] if windows or instead else []}


def choices(name: str, activities: Sequence[tuple[str, str]]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What can be ticked, by field; words are to be translated, activities are not."""
    if name == "delegation":
        return {"names": [(each, TITLES[each]) for each in LOCAL]}
    if name == "admission":
        return {key: list(names.items()) for key, names in RESERVED.items()} | {"activities": activities}
    return {}


WEEK = tuple(enumerate(WEEKDAYS))
