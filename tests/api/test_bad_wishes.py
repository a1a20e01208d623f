"""Wishes that cannot be granted: each is refused with a code, and a sentence that says what would work. Nothing is written, not even half."""

from datetime import date, timedelta
from typing import Any

from afterbell.almanac.recurrence import months_later
from tests.api.problems import Told, codes, told, written
from tests.cast import OWL
from tests.conftest import District
from tests.ground.processes import Server
from tests.stories.asks import HALL, MONDAY, SUNDAY, ask, caller, day, today, wall, weekly
from tests.stories.paper import THIN
from tests.stories.paper import written as in_words

TUE = day()
WEEK = timedelta(days=7)
NO_ROOM = "There is no such room. Name rooms of one school site, as school/room."
LATER = "The end must be later than the start."
MEMBER = "You do not belong to this organization. Choose one of yours, or ask its manager to invite you."
ENDLESS = "The repeat has no end. Give a COUNT or an UNTIL, for example FREQ=WEEKLY;COUNT=12."
OFTEN = "Rooms repeat daily at most, not more often. For example FREQ=WEEKLY;COUNT=12."
NEVER = "No day is as this repeat says. Name days that it reaches before its end, for example FREQ=MONTHLY;BYDAY=2TU;COUNT=6."
LENGTH = "From the first to the last date of a booking it is at most 18 months."
CLOSED = "The school is closed that day: Staff day. Leave this date out or choose another."
TAKEN = f"Taken 6:00{THIN}PM to 8:00{THIN}PM."
ITSELF = "Two of your own dates overlap here, counting set-up and take-down."
HOURS = f"The school is not open for visitors then. It is open 3:00{THIN}PM – 10:00{THIN}PM."
WEEKDAY = "The school is not open for visitors on that day. Choose another day."
LONG = "One date may take at most 24 hours, set-up and take-down included. 24 h would pass."


def first_day_with_notice() -> date:
    """Fifteen business days from today; the cast's one closed day is beyond them."""
    left, on = 15, today()
    while left:
        on += timedelta(days=1)
        left -= on.weekday() < 5
    return on


def last_open_day() -> date:
    """The same day six months on, or the last of that month."""
    year, month = divmod(today().year * 12 + today().month - 1 + 6, 12)
    following = date(year, month + 1, 28) + timedelta(days=4)
    return min(following - timedelta(days=following.day), date(year, month + 1, 1) + timedelta(days=today().day - 1))


def refusals(closed: date) -> dict[str, tuple[dict[str, Any], Told]]:
    """By name: the body, and what it is answered."""
    return about_the_wish() | about_the_hours(closed) | about_the_repeat() | about_the_length()


def about_the_wish() -> dict[str, tuple[dict[str, Any], Told]]:
    """Rooms, people and days."""
    notice = (
        f"The school needs 15 business days' notice. The first date that passes is {in_words(first_day_with_notice())}."
    )
    far = f"Rooms open 6 months ahead. The last date that passes is {in_words(last_open_day())}."
    past, soon, late, monday = day(ahead=-60), today() + timedelta(days=7), day(ahead=250), day(MONDAY, ahead=7)
    people = ("too_many_people", "The room holds 30 people; you said 99.")
    return {
        "an unknown room": (ask(rooms=["24th-street-elementary/cellar"]), (409, ("unknown_room", NO_ROOM))),
        "an unknown school": (ask(rooms=["nowhere/room-12"]), (409, ("unknown_room", NO_ROOM))),
        "a room by half a name": (ask(rooms=["room-12"]), (409, ("unknown_room", NO_ROOM))),
        "an organization of others": (ask(organization="casa-del-pueblo"), (409, ("not_a_member", MEMBER))),
        "an organization of nobody": (ask(organization="the-moon"), (409, ("not_a_member", MEMBER))),
        "more of a kind than there are": (
            ask(rooms=["24th-street-elementary/any:classroom"] * 3),
            (
                409,
                (
                    "room_twice",
                    "The school has 2 rooms for 24th-street-elementary/any:classroom, and 3 are asked for. Ask for fewer.",
                ),
            ),
        ),
        "too many people": (ask(headcount=99), (409, people)),
        "an end before the start": (ask(ends_at=wall(TUE, 15)), (409, ("ends_before_start", LATER))),
        "no time at all": (ask(ends_at=wall(TUE, 16)), (409, ("ends_before_start", LATER))),
        "the past": (ask(past), (409, ("in_past", "This date has passed. Choose a later one."))),
        "short notice": (ask(soon, rooms=[HALL]), (409, ("short_notice", notice))),
        "too far ahead": (ask(late), (409, ("too_far", far))),
        "three at once": (
            ask(monday, 14, headcount=99),
            (409, people, ("short_notice", notice), ("outside_hours", HOURS)),
        ),
    }


def about_the_hours(closed: date) -> dict[str, tuple[dict[str, Any], Told]]:
    """Hours, and how many of them."""
    tomorrow = wall(TUE + timedelta(days=1), 16, 1)
    endless = ask(rooms=[HALL], ends_at="8998-01-01T00:00")
    return {
        "before the school opens": (ask(hour=14), (409, ("outside_hours", HOURS))),
        "set-up before it opens": (ask(hour=15, setup_minutes=1), (409, ("outside_hours", HOURS))),
        "take-down after it closes": (ask(hour=20, takedown_minutes=1), (409, ("outside_hours", HOURS))),
        "a day on which it never opens": (ask(day(SUNDAY)), (409, ("outside_hours", WEEKDAY))),
        "a closed day": (ask(closed, 18, rooms=[HALL]), (409, ("closed", CLOSED))),
        "a day and a minute": (ask(rooms=[HALL], ends_at=tomorrow), (409, ("too_long", LONG))),
        "seven thousand years": (endless, (409, ("closed", CLOSED), ("too_long", LONG))),
        "time that is taken": (ask(hour=19), (409, ("room_taken", TAKEN))),
    }


def about_the_repeat() -> dict[str, tuple[dict[str, Any], Told]]:
    """Rules, and what they come to."""
    twice = ask(rooms=[HALL], repeat={"also": [wall(TUE, 17)]})
    hourly = ask(repeat={"rrule": "FREQ=DAILY;BYHOUR=9,10;COUNT=5"})
    both = ask(repeat={"rrule": "FREQ=WEEKLY;COUNT=4;UNTIL=20270101"})
    before = ask(repeat={"rrule": f"FREQ=WEEKLY;UNTIL={TUE - timedelta(days=1):%Y%m%d}"})
    thirtieth = ask(repeat={"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2"})
    mondays = ask(repeat={"rrule": "FREQ=DAILY;INTERVAL=7;BYDAY=MO;COUNT=3"})
    wednesday = TUE + timedelta(days=1)
    elsewhere = ask(repeat=weekly(2) | {"except": [wednesday.isoformat()]})
    missed = f"The series has no date on {in_words(wednesday)} to leave out. The nearest is {in_words(TUE)}."
    none = ask(repeat=weekly(2) | {"except": [TUE.isoformat(), (TUE + timedelta(days=7)).isoformat()]})
    contradictory = {
        "a number of dates and a last day": (
            both,
            "A repeat ends after a number of dates or on a day, not both. FREQ=WEEKLY;COUNT=4 passes.",
        ),
        "an end before the first date": (
            before,
            f"The repeat ends before its first date. The first day on which it may end is {in_words(TUE)}.",
        ),
        "the thirtieth of February": (thirtieth, "None of these months has such a day. BYMONTHDAY=29 passes."),
        "a rule that never meets": (mondays, NEVER),
        "every date left out": (none, "Every date is left out. Keep at least one of them."),
    }
    return {
        "a repeat without end": (ask(repeat={"rrule": "FREQ=WEEKLY"}), (409, ("endless_repeat", ENDLESS))),
        "every second": (ask(repeat={"rrule": "FREQ=SECONDLY;COUNT=5"}), (409, ("too_frequent", OFTEN))),
        "a date left out that is not there": (elsewhere, (409, ("unknown_occurrence", missed))),
        "two hours of each day": (hourly, (409, ("too_frequent", OFTEN))),
        "an hour that overlaps another": (twice, (409, ("room_taken", ITSELF))),
    } | {name: (body, (409, ("contradictory_repeat", told))) for name, (body, told) in contradictory.items()}


def about_the_length() -> dict[str, tuple[dict[str, Any], Told]]:
    """Dates that are too far apart, by the rule or one by one."""
    latest = months_later(TUE, 18)
    passes = (409, ("too_long_series", f"{LENGTH} {in_words(latest)} passes as the last."))
    second = {"original_start": wall(TUE + WEEK, 16), "starts_at": wall(latest + WEEK, 16)}
    return {
        "nineteen months": (ask(repeat={"rrule": "FREQ=MONTHLY;BYMONTHDAY=1;COUNT=40"}), passes),
        "one date nineteen months on": (ask(repeat=weekly(2), changes=[second]), passes),
    }


async def test_a_wish_that_cannot_be_granted_is_told_why_and_leaves_nothing_behind(district: District) -> None:
    table = refusals(date.fromisoformat(district.cast["closed"]))
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        assert (await lin.post("/api/v1/bookings", json=ask(hour=18))).status_code == 201, "control"
        before = await written(district.url)
        found = {name: told(await lin.post("/api/v1/bookings", json=body)) for name, (body, _) in table.items()}
        after = await written(district.url)
        foreseen = {
            name: told(await lin.post("/api/v1/bookings/preview", json=body)) for name, (body, _) in table.items()
        }
    wrong = {name: found[name] for name, (_, answer) in table.items() if found[name] != answer}
    assert wrong == {}
    assert after == before
    astray = {name: told for name, told in foreseen.items() if told[0] not in (200, 409)}
    assert astray == {}, "a preview tells the same in its verdict, or refuses what has no dates"


async def test_four_hundred_dates_pass_and_one_more_does_not(district: District) -> None:
    starts = [wall(TUE + timedelta(days=number // 20), 4 + number % 20) for number in range(401)]
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        before = await written(district.url)
        answers = [await lin.post("/api/v1/bookings", json=many(starts[:count])) for count in (401, 400)]
        daily = [
            await lin.post("/api/v1/bookings", json=ask(hour=20, rooms=[f"{OWL}/hall-3"], repeat=each_day(count)))
            for count in (401, 400)
        ]
        after = await written(district.url)
        everything = (await lin.get(answers[1].headers["Location"])).json()["occurrences"]
    assert told(answers[0]) == (409, ("too_many_dates", "One booking may have at most 400 dates."))
    assert [answer.status_code for answer in answers] == [409, 201]
    assert [date["original_start"] for date in everything] == starts[:400]
    assert [codes(answer) for answer in daily] == [(409, "too_many_dates"), (409, "too_far", "closed")]
    assert {name: after[name] - before[name] for name in ("bookings", "occurrences", "claims", "events")} == {
        "bookings": 1,
        "occurrences": 400,
        "claims": 400,
        "events": 1,
    }


def many(starts: list[str]) -> dict[str, Any]:
    """Half an hour at each of these times; the first of them is the first date."""
    return ask(rooms=[HALL], starts_at=starts[0], ends_at=starts[0][:-2] + "30", repeat={"also": starts[1:]})


def each_day(count: int) -> dict[str, Any]:
    """The `repeat` of that many days in a row."""
    return {"rrule": f"FREQ=DAILY;COUNT={count}"}


async def test_a_member_of_nothing_may_look_and_preview_and_not_book(district: District) -> None:
    """Staff belong to no partner: they see what a request would be answered, and are told what they lack."""
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "adler") as adler:
        before = await written(district.url)
        preview = await adler.post("/api/v1/bookings/preview", json=ask(organization=None, title=None))
        need = {name: ask()[name] for name in ("headcount", "starts_at", "ends_at")}
        search = await adler.post(
            "/api/v1/searches", json=need | {"schools": ["24th-street-elementary"], "kind": "classroom"}
        )
        answers = [
            await adler.post("/api/v1/bookings", json=ask(organization=slug))
            for slug in (None, "eastside-community-clinic")
        ]
        after = await written(district.url)
    verdict = preview.json()["verdict"]
    assert (
        preview.status_code,
        verdict["allowed"],
        [(each["code"], each["severity"]) for each in verdict["reasons"]],
    ) == (
        200,
        True,
        [("not_a_member", "note")],
    )
    assert [(each["room"]["slug"], each["free"], each["of"]) for each in search.json()["items"]] == [
        ("room-12", 1, 1),
        ("room-14", 1, 1),
    ]
    assert [told(answer) for answer in answers] == [
        (422, "A request also needs: organization."),
        (409, ("not_a_member", MEMBER)),
    ]
    assert after == before


async def test_a_preview_says_date_by_date_what_a_request_would_be_refused_for(district: District) -> None:
    closed = date.fromisoformat(district.cast["closed"])
    body = ask(closed - timedelta(days=7), 18, rooms=[HALL], repeat=weekly(3))
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        preview = (await lin.post("/api/v1/bookings/preview", json=body)).json()
        refused = await lin.post("/api/v1/bookings", json=body)
        without = body | {"repeat": weekly(3) | {"except": [closed.isoformat()]}}
        granted = await lin.post("/api/v1/bookings", json=without)
    assert preview["verdict"] == {"allowed": False, "reasons": refused.json()["reasons"]}
    assert [[reason["code"] for reason in each["reasons"]] for each in preview["occurrences"]] == [[], ["closed"], []]
    assert told(refused) == (409, ("closed", CLOSED))
    days = [closed - timedelta(days=7), closed + timedelta(days=7)]
    assert (granted.status_code, [each["original_start"] for each in granted.json()["occurrences"]]) == (
        201,
        [wall(on, 18) for on in days],
    )
