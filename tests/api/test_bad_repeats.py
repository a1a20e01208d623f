"""Rules of repetition that cannot be read, or would never end if they were followed."""

from datetime import date, timedelta

from tests.api.problems import codes, told, written
from tests.conftest import District
from tests.ground.processes import Server
from tests.stories.asks import HALL, ask, caller, day, wall, weekly

HEAD = "This repeat cannot be read: "
ONLY = "is not followed; DAILY, WEEKLY, MONTHLY and YEARLY rules pass"
MALFORMED = {
    "nonsense": "it has no FREQ; a rule such as FREQ=WEEKLY;COUNT=12 passes",
    "FREQ=FORTNIGHTLY;COUNT=3": f"FREQ=FORTNIGHTLY {ONLY}",
    "FREQ=;COUNT=3": f"FREQ= {ONLY}",
    "FREQ=WEEKLY;BYDAY=2TU;COUNT=3": "BYDAY=2TU has a number, which MONTHLY and YEARLY rules take",
    "FREQ=WEEKLY;BYMONTHDAY=2;COUNT=3": "BYMONTHDAY has no place in a WEEKLY rule",
    "FREQ=YEARLY;BYMONTH=13;COUNT=3": "BYMONTH holds numbers from 1 to 12",
    "FREQ=MONTHLY;BYSETPOS=1;COUNT=3": "BYSETPOS counts among the days of another part, such as BYDAY",
    "FREQ=YEARLY;BYWEEKNO=9;BYDAY=1TU;COUNT=3": "with BYWEEKNO the days of BYDAY have no number",
    "FREQ=WEEKLY;COUNT=2;COUNT=3": "a part stands twice",
    "FREQ=WEEKLY;COUNT=0": "COUNT=0 cannot be read; COUNT=12 passes",
    "FREQ=WEEKLY;COUNT=-1": "COUNT=-1 cannot be read; COUNT=12 passes",
    "FREQ=WEEKLY;COUNT=²": "a rule such as FREQ=WEEKLY;COUNT=12 passes",
    "FREQ=WEEKLY;COUNT=3;BYDAY=XX": "BYDAY=XX cannot be read; BYDAY=TU,TH passes",
    "FREQ=WEEKLY;COUNT=3;INTERVAL=0": "INTERVAL=0 cannot be read; INTERVAL=2 passes",
    "FREQ=DAILY;COUNT=300;INTERVAL=9999": "INTERVAL=9999 cannot be read; INTERVAL=2 passes",
    "FREQ=WEEKLY;UNTIL=20271399": "UNTIL=20271399 is no date",
    "FREQ=WEEKLY;UNTIL=soon": "UNTIL=SOON cannot be read; UNTIL=20291222 passes",
    "FREQ=WEEKLY;COUNT=3;X-FOO=1": "X-FOO has no place in a WEEKLY rule",
    "FREQ=WEEKLY;COUNT=3\nEXRULE:FREQ=DAILY": "COUNT=3\nEXRULE:FREQ=DAILY cannot be read; COUNT=12 passes",
    "   ": "a rule such as FREQ=WEEKLY;COUNT=12 passes",
}
# The last but three never meets a Monday from a Tuesday.
HUGE = {
    "FREQ=WEEKLY;COUNT=99999999999999999999999999": (409, "too_many_dates"),
    "FREQ=DAILY;UNTIL=99991231": (409, "too_many_dates"),
    "FREQ=DAILY;UNTIL=99991231T235959Z": (409, "too_many_dates"),
    "FREQ=WEEKLY;COUNT=400;INTERVAL=99": (409, "too_long_series"),
    "FREQ=DAILY;INTERVAL=7;BYDAY=MO;COUNT=3": (409, "contradictory_repeat"),
    "FREQ=MINUTELY": (409, "too_frequent"),
    "FREQ=HOURLY;INTERVAL=1000000;UNTIL=20270101": (409, "too_frequent"),
}


async def test_a_rule_that_cannot_be_followed_is_told_which_part_of_it(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        before = await written(district.url)
        found = {rule: told(await lin.post("/api/v1/bookings", json=ask(repeat={"rrule": rule}))) for rule in MALFORMED}
        others = [
            told(await lin.post("/api/v1/bookings", json=ask(repeat=repeat)))
            for repeat in (
                weekly(3) | {"except": ["Christmas"]},
                weekly(3) | {"also": ["Christmas"]},
                {"rrule": "X" * 501},
                {"rule": "FREQ=WEEKLY"},
                {"also": [wall(day(), 16)] * 402},
            )
        ]
        after = await written(district.url)
    assert found == {rule: (422, f"{HEAD}{complaint}.") for rule, complaint in MALFORMED.items()}
    assert others == [
        (422, "repeat.except holds dates such as 2026-12-22."),
        (422, "repeat.also must be a time at the school such as 2026-12-01T18:00, or carry an offset."),
        (422, "A field cannot be used: Expected `str` of length <= 500 - at `$.repeat.rrule`."),
        (422, "A field cannot be used: Object contains unknown field `rule` - at `$.repeat`."),
        (422, "A field cannot be used: Expected `array` of length <= 401 - at `$.repeat.also`."),
    ]
    assert after == before


async def test_a_rule_made_to_hurt_is_answered_like_any_other(district: District) -> None:
    ends_of_time = [date(9999, 12, 31) - timedelta(days=99 * 390), date(8999, 12, 31), date(1901, 1, 1)]
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        found = {
            rule: codes(await lin.post("/api/v1/bookings", json=ask(rooms=[HALL], repeat={"rrule": rule})))
            for rule in HUGE
        }
        bodies = [ask(on, rooms=[HALL], repeat={"rrule": "FREQ=DAILY;INTERVAL=99;COUNT=400"}) for on in ends_of_time]
        statuses = [(await lin.post("/api/v1/bookings", json=body)).status_code for body in bodies]
        later = day() + timedelta(days=60)
        odd_zones = ask(starts_at=f"{later}T18:00+23:59", ends_at=f"{later}T18:00-23:59", rooms=[HALL])
        assert codes(await lin.post("/api/v1/bookings", json=odd_zones)) == (409, "too_long")
    assert found == HUGE
    assert set(statuses) <= {409, 422}
