"""A rule that is set to hold from tomorrow changes nothing today, and everything from then: each rule, over HTTP, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.rules.ruling import codes, desk, sets
from tests.stories.asks import HALL, ask, day, today, wall, weekly

WEEK = timedelta(weeks=1)
SOON = today() + WEEK


def theatre(**changes: Any) -> dict[str, Any]:
    """Sam's, who is of an organization that is not verified."""
    return ask(rooms=[HALL], organization="figueroa-youth-theatre", **changes)


HALF = {"weekday": day().weekday(), "opens": "18:00", "closes": "22:00"}
# The rule, its value, who asks, for what, why that is refused before and after.
CASES: dict[str, tuple[str, dict[str, Any], str, dict[str, Any], list[str], list[str]]] = {
    "notice": ("notice", {"partner": 60}, "lin", ask(), [], ["short_notice"]),
    "no notice": ("notice", {"partner": 0}, "lin", ask(SOON, 16, rooms=[HALL]), ["short_notice"], []),
    "large": ("notice", {"large_from": 20, "large": 60}, "lin", ask(), [], ["short_notice"]),
    "no small matter": ("notice", {"partner": 60, "large_from": 20, "large": 1}, "lin", ask(), [], ["short_notice"]),
    "horizon": ("horizon", {"partner": 1}, "lin", ask(day(ahead=60)), [], ["too_far"]),
    "term": (
        "horizon",
        {
            "periods": [
                {
                    "first": today().isoformat(),
                    "last": day(ahead=90).isoformat(),
                    "agency": today().isoformat(),
                    "partner": (today() + timedelta(days=9)).isoformat(),
                    "other": day(ahead=60).isoformat(),
                }
            ]
        },
        "lin",
        ask(),
        [],
        ["too_far"],
    ),
    "shortest": ("lengths", {"shortest": 121}, "lin", ask(), [], ["too_short"]),
    "longest": ("lengths", {"longest": 119}, "lin", ask(), [], ["too_long"]),
    "hours a week": ("quotas", {"hours_a_week": 1}, "lin", ask(), [], ["quota"]),
    "dates open": ("quotas", {"dates_open": 2}, "lin", ask(repeat=weekly(3)), [], ["quota"]),
    "tiers": ("admission", {"reserved": [{"tiers": ["agency"]}]}, "lin", ask(), [], ["not_for_you"]),
    "kinds": (
        "admission",
        {"reserved": [{"room_kinds": ["multipurpose"], "kinds": ["youth"]}]},
        "lin",
        ask(rooms=[HALL]),
        [],
        ["not_for_you"],
    ),
    "activities": ("admission", {"reserved": [{"activities": ["adult-esl"]}]}, "lin", ask(), [], ["not_for_you"]),
    "hours": ("hours", {"seasons": [{"instead": True, "windows": [HALF]}]}, "lin", ask(), [], ["outside_hours"]),
    "more hours": (
        "hours",
        {"seasons": [{"windows": [HALF | {"opens": "08:00", "closes": "15:00"}]}]},
        "lin",
        ask(starts_at=wall(day(), 13), ends_at=wall(day(), 16)),
        ["outside_hours"],
        [],
    ),
    "unverified": ("unverified", {"most_held": 2}, "sam", theatre(repeat=weekly(3)), [], ["held_too_much"]),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_rule_set_for_tomorrow_counts_from_tomorrow_on(district: District, case: str) -> None:
    name, value, who, body, before, after = CASES[case]
    await sql.tell(district.url, "UPDATE organizations SET verified = false WHERE slug = 'figueroa-youth-theatre'")
    async with desk(district, "whitfield", who) as at:
        first = await codes(district, who, body)
        answer = await sets(at["whitfield"], name, value)
        told = (await at[who].post("/api/v1/bookings/preview", json=body)).json()["verdict"]["reasons"]
        today_still = await codes(district, who, body)
        tomorrow = await codes(district, who, body, days=1)
    assert (answer.status_code, answer.json()["source"]) == (200, "district"), answer.text
    assert (first, today_still, tomorrow) == (before, before, after)
    assert list(dict.fromkeys(each["code"] for each in told if each["severity"] == "refuse")) == before
