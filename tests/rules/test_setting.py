"""Who may set a rule, for what and from when; what no rule can be; and that the narrowest scope counts."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.problems import told
from tests.cast import BIRD, OWL
from tests.conftest import District
from tests.ground import sql
from tests.rules.ruling import codes, desk, rule, sets
from tests.stories.asks import CLASSROOM, HALL, ask, day, today

ELEM = "24th-street-elementary"
TODAY, TOMORROW = today().isoformat(), (today() + timedelta(days=1)).isoformat()
KEEPS = (403, "The district keeps this rule to itself. Ask a district administrator.")
NOBODY = (403, "Only district administrators, and a school's approvers and facilities staff, set rules.")
# Who sets what where, and what comes of it: 200, or why not.
MAY: tuple[tuple[str, str, dict[str, str], Any], ...] = (
    ("whitfield", "horizon", {}, 200),
    ("whitfield", "horizon", {"campus": OWL}, 200),
    ("whitfield", "anyway", {"campus": OWL}, 200),
    ("becker", "horizon", {}, NOBODY),
    ("becker", "horizon", {"campus": OWL}, KEEPS),
    ("becker", "lengths", {"campus": OWL}, 200),
    ("becker", "lengths", {"room": HALL}, 200),
    ("okafor", "lengths", {"campus": ELEM}, 200),
    ("okafor", "hours", {"room": CLASSROOM}, 200),
    ("okafor", "unverified", {"campus": ELEM}, (422, "The rule unverified can be set for: district.")),
    ("okafor", "lengths", {"campus": OWL}, NOBODY),
    ("castillo", "lengths", {"campus": ELEM}, NOBODY),
    ("lin", "lengths", {"campus": ELEM}, NOBODY),
    ("lin", "lengths", {"campus": "nowhere"}, (404, "There is nothing here, or it is not yours to see.")),
)


async def test_rules_are_set_by_those_who_may_and_nobody_else(district: District) -> None:
    names = sorted({each[0] for each in MAY})
    async with desk(district, *names) as at:
        found = [await sets(at[who], name, {}, **where) for who, name, where, _ in MAY]
        after = await sql.rows(district.url, "SELECT count(*) FROM rules")
    answers = [200 if each.status_code == 200 else told(each) for each in found]
    assert answers == [expected for *_, expected in MAY]
    assert after == [(sum(expected == 200 for *_, expected in MAY),)]


async def test_what_campuses_may_set_is_a_rule_itself(district: District) -> None:
    async with desk(district, "whitfield", "okafor") as at:
        before = await rule(at["okafor"], "lengths", campus=ELEM)
        await sets(at["whitfield"], "delegation", {"names": ["hours"]}, effective_from=TODAY)
        after = await rule(at["okafor"], "lengths", campus=ELEM)
        refused = await sets(at["okafor"], "lengths", {}, campus=ELEM)
        still = await sets(at["okafor"], "hours", {}, campus=ELEM)
    assert (before["may_change"], after["may_change"]) == (True, False)
    assert (told(refused), still.status_code) == (KEEPS, 200)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a name": (
        {"name": "weather", "value": {}},
        "name is one of notice, horizon, lengths, quotas, admission, hours, unverified, anyway, delegation.",
    ),
    "a number": (
        {"name": "notice", "value": {"other": 61}},
        "This value cannot be used: Expected `int` <= 60 - at `$.other`.",
    ),
    "a tier": (
        {"name": "admission", "value": {"reserved": [{"tiers": ["all"]}]}},
        "This value cannot be used: Expected one of: school, agency, partner, other - at `$.reserved[0].tiers[0]`.",
    ),
    "an hour": (
        {"name": "hours", "value": {"seasons": [{"windows": [{"weekday": 0, "opens": "8", "closes": "18:00"}]}]}},
        "This value cannot be used: Expected a time of day from 00:00 to 23:59, such as 18:30; midnight is 00:00 - at `$.seasons[0].windows[0].opens`.",
    ),
    "a field": (
        {"name": "notice", "value": {"colour": 1}},
        "This value cannot be used: Object contains unknown field `colour`.",
    ),
    "a past day": (
        {"name": "notice", "value": {}, "effective_from": (today() - timedelta(days=1)).isoformat()},
        f"effective_from is a day from {TODAY} to {(today() + timedelta(days=1098)).isoformat()}.",
    ),
    "no day": (
        {"name": "notice", "value": {}, "effective_from": "soon"},
        "effective_from is a day such as 2026-12-01.",
    ),
    "lengths": (
        {"name": "lengths", "value": {"shortest": 90, "longest": 60}},
        "shortest is 90 and longest 60 minutes: the longest must not be less.",
    ),
    "nobody": (
        {"name": "admission", "value": {"reserved": [{"room_kinds": ["gym"]}]}},
        "Each reservation names kinds, tiers or activities: say for whom or for what it is.",
    ),
    "an activity": (
        {"name": "admission", "value": {"reserved": [{"activities": ["alchemy"]}]}},
        "The activity alchemy is unknown; GET /api/v1/activities lists them.",
    ),
    "a window": (
        {"name": "hours", "value": {"seasons": [{"windows": [{"weekday": 0, "opens": "18:00", "closes": "17:00"}]}]}},
        "A window opens at 18:00 and closes at 17:00: it must close later, or at 00:00 for midnight.",
    ),
    "a season": (
        {"name": "hours", "value": {"seasons": [{"instead": True, "since": "2027-02-02", "until": "2027-02-01"}]}},
        "A season must not end before it begins.",
    ),
    "nothing": (
        {"name": "hours", "value": {"seasons": [{}]}},
        "A season without windows adds nothing. Give windows, or instead: true to shut.",
    ),
    "scope": ({"name": "notice", "value": {}, "scope": "campus"}, "scope campus goes with a campus and no room."),
    "elsewhere": (
        {"name": "notice", "value": {}, "room": HALL, "campus": BIRD},
        f"The room is at {OWL}. Leave campus out, or name that one.",
    ),
}


async def test_what_can_be_no_rule_is_told_with_what_passes_and_leaves_nothing(district: District) -> None:
    async with desk(district, "whitfield") as at:
        before = await sql.rows(district.url, "SELECT max(rules_mark) FROM campuses")
        found = {case: told(await at["whitfield"].put("/api/v1/rules", json=body)) for case, (body, _) in BAD.items()}
        left = await sql.rows(district.url, "SELECT count(*) FROM rules")
        marks = await sql.rows(district.url, "SELECT max(rules_mark) FROM campuses")
    assert found == {case: (422, sentence) for case, (_, sentence) in BAD.items()}
    assert (left, marks) == ([(0,)], before)


async def test_the_narrowest_scope_counts_and_can_give_way_again(district: District) -> None:
    """Two hours are asked for: the district says at least one, the campus at least three, the room at least two; then the room gives way."""
    async with desk(district, "whitfield", "lin") as at:
        steps = []
        for value, where in (
            ({"shortest": 60}, {}),
            ({"shortest": 180}, {"campus": OWL}),
            ({"shortest": 120}, {"room": HALL}),
            (None, {"room": HALL}),
            (None, {"campus": OWL}),
        ):
            await sets(at["whitfield"], "lengths", value, effective_from=TODAY, **where)
            told_here = await rule(at["lin"], "lengths", room=HALL)
            steps.append(
                (told_here["source"], told_here["value"]["shortest"], await codes(district, "lin", ask(rooms=[HALL])))
            )
        elsewhere = await codes(district, "lin", ask())
    assert steps == [
        ("district", 60, []),
        ("campus", 180, ["too_short"]),
        ("room", 120, []),
        ("campus", 180, ["too_short"]),
        ("district", 60, []),
    ]
    assert elsewhere == []


async def test_what_is_coming_is_told_and_announced_and_a_later_word_for_the_day_counts(district: District) -> None:
    async with desk(district, "whitfield", "lin") as at:
        first = await sets(at["whitfield"], "lengths", {"longest": 60}, room=HALL)
        await sets(at["whitfield"], "lengths", {"longest": 90}, room=HALL)
        now = await rule(at["lin"], "lengths", room=HALL)
        then = await rule(at["lin"], "lengths", room=HALL, on=TOMORROW)
        events = await sql.rows(
            district.url, "SELECT kind, campus_id IS NOT NULL FROM events WHERE kind = 'rules.changed'"
        )
    value = {"shortest": 0, "longest": 90}
    coming = {"scope": "room", "value": value, "effective_from": TOMORROW}
    standard = {"shortest": 0, "longest": 1440}
    words = {"name": "lengths", "title": "Shortest and longest", "may_change": False}
    assert now == words | {
        "value": standard,
        "source": "default",
        "effective_from": None,
        "text": ["At most 24 h."],
        "coming": [coming],
    }
    assert then == words | {
        "value": value,
        "source": "room",
        "effective_from": TOMORROW,
        "text": ["At most 1 h 30 min."],
        "coming": [],
    }
    assert first.json()["value"]["longest"] == 60
    assert [bool(each[1]) for each in events] == [True, True]


@pytest.mark.parametrize("weeks", [1, 2])
async def test_a_quota_counts_what_the_organization_has_already(district: District, weeks: int) -> None:
    """Two hours wait in one week: two more are too many there, and fine a week later."""
    async with desk(district, "whitfield", "lin") as at:
        await sets(at["whitfield"], "quotas", {"hours_a_week": 3}, effective_from=TODAY)
        made = await at["lin"].post("/api/v1/bookings", json=ask())
        answer = await at["lin"].post("/api/v1/bookings", json=ask(day() + timedelta(weeks=weeks - 1), 18))
    assert made.status_code == 201
    if weeks == 2:
        assert answer.status_code == 201
        return
    assert (
        answer.status_code,
        [(each["code"], each["policy"], each["would_pass"]) for each in answer.json()["reasons"]],
    ) == (
        409,
        [("quota", "hours_a_week", "1")],
    )
