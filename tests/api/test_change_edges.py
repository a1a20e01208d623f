"""Changes at their edges, which a hostile review found: proposals that outlive their dates, moves that are changed again, rooms for what is to move, and
what a preview or a rule must not let through."""

from datetime import timedelta
from typing import Any

import httpx2

from tests.api.problems import codes, told
from tests.api.test_bad_wishes import ITSELF
from tests.api.test_change import HALL, OTHER, WEEK, patched, times
from tests.cast import OWL
from tests.conftest import District
from tests.stories.asks import ask, day, today, utc, wall, weekly
from tests.stories.deciding import Caller, people
from tests.stories.paper import THIN, written
from tests.stories.standing import WELL, examined

DAY = timedelta(days=1)
MOVED_AWAY = (
    "The date that was asked for on {}, 6:00\u202fPM, was moved and is still known by that time. Move it back, or request this one as a "
    "booking of its own."
)


async def approved(lin: Caller, becker: Caller, **wish: Any) -> dict[str, Any]:
    """A booking that the school has approved."""
    made = await lin.asks(**{"hour": 18, "rooms": [HALL], **wish})
    found: dict[str, Any] = (await becker.does(made["reference"], "approval")).json()
    return found


async def test_what_is_proposed_ends_with_the_last_date(district: District) -> None:
    first = day(ahead=33)
    async with people(district, "lin", "becker") as (_, lin, becker):
        booking = await approved(lin, becker, on=first)
        await patched(lin.http, booking, headcount=50)
        gone = (await lin.does(booking["reference"], "cancellation", reason="Ill")).json()
        late = await becker.does(booking["reference"], "approval")
        other = await approved(lin, becker, on=first + WEEK)
        both = (await patched(lin.http, other, headcount=50, **{"except": [wall(first + WEEK, 18)]})).json()
    assert [(each["state"], each["proposed"], each["waiting_on"]) for each in (gone, both)] == [
        ("cancelled", None, None)
    ] * 2
    assert codes(late) == (409, "wrong_state")
    assert examined(district.url) == WELL


async def test_a_move_that_waits_is_changed_in_part_and_a_number_taken_back(district: District) -> None:
    first = day(ahead=33)
    async with people(district, "lin", "becker") as (_, lin, becker):
        booking = await approved(lin, becker, on=first)
        later = (await patched(lin.http, booking, starts_at=wall(first, 12), ends_at=wall(first, 14))).json()
        there = (await patched(lin.http, later, rooms=[OTHER])).json()
        again = (await patched(lin.http, there, starts_at=wall(first, 9), ends_at=wall(first, 11))).json()
        more = (await patched(lin.http, again, headcount=70)).json()
        back = (await patched(lin.http, more, headcount=more["headcount"])).json()
    moves = [each["occurrences"][0]["proposed"] for each in (later, there, again)]
    assert [(each["starts_at"], each["rooms"]) for each in moves] == [
        (utc(first, 12), [HALL]),
        (utc(first, 12), [OTHER]),
        (utc(first, 9), [OTHER]),
    ]
    assert (more["proposed"], back["proposed"]) == ({"headcount": 70}, None)
    assert examined(district.url) == WELL


async def test_what_is_not_said_anew_is_that_of_the_move_that_waits(district: District) -> None:
    first, target = day(ahead=33), day(ahead=33) + 5 * WEEK + DAY
    async with people(district, "lin", "becker") as (_, lin, becker):
        booking = await approved(lin, becker, on=first, repeat=weekly(2))
        one = {"scope": "this", "occurrence": wall(first, 18)}
        moved = (await patched(lin.http, booking, starts_at=wall(target, 18), ends_at=wall(target, 20), **one)).json()
        longer = (await patched(lin.http, moved, ends_at=wall(target, 21), **one)).json()
        later = (await patched(lin.http, longer, starts_at=wall(target, 17), **one)).json()
        every = (await patched(lin.http, later, ends_at=wall(target, 19))).json()
        old = await patched(lin.http, every, ends_at=f"{wall(first, 20)[:-2]}30", **one)
        back = (await patched(lin.http, every, starts_at=wall(first, 18), ends_at=wall(first, 20), **one)).json()
    assert [_to(each) for each in (moved, longer, later, every)] == [
        [(utc(target, 18), utc(target, 20)), None],
        [(utc(target, 18), utc(target, 21)), None],
        [(utc(target, 17), utc(target, 20)), None],
        [(utc(target, 17), utc(target, 19)), None],
    ]
    assert (codes(old), _to(back)) == ((409, "ends_before_start"), [None, None])
    assert times(every) == [(utc(first, 18), "approved"), (utc(first + WEEK, 18), "approved")]
    assert examined(district.url) == WELL


def _to(booking: dict[str, Any]) -> list[tuple[str, str] | None]:
    """Where each date is to go."""
    moves = [each.get("proposed") for each in booking["occurrences"]]
    return [move and (move["starts_at"], move["ends_at"]) for move in moves]


async def test_an_approval_gives_rooms_to_what_is_to_move(district: District) -> None:
    first = day(ahead=40)
    async with people(district, "lin", "becker") as (_, lin, becker):
        booking = await approved(lin, becker, on=first)
        later = (await patched(lin.http, booking, starts_at=wall(first, 12), ends_at=wall(first, 14))).json()
        moved = (await becker.does(later["reference"], "approval", rooms=[OTHER])).json()
        asked = (await patched(lin.http, moved, headcount=70)).json()
        nothing = await becker.does(asked["reference"], "approval", rooms=[HALL])
    assert (times(moved), moved["occurrences"][0]["rooms"]) == ([(utc(first, 12), "approved")], [OTHER])
    assert codes(nothing) == (409, "wrong_state")
    assert examined(district.url) == WELL


async def test_staff_bring_nothing_back_that_was_given_up(district: District) -> None:
    first = day(ahead=40)
    async with people(district, "lin", "becker") as (_, lin, becker):
        made = await lin.asks(on=first, hour=18, rooms=[HALL])
        gone = (await lin.does(made["reference"], "withdrawal")).json()
        staff = await patched(becker.http, gone, also=[wall(first, 18)])
        back = (await patched(lin.http, gone, also=[wall(first, 18)])).json()
    assert codes(staff) == (409, "wrong_state")
    assert times(back) == [(utc(first, 18), "held")]


async def test_sentences_say_what_is_so(district: District) -> None:
    first = day(ahead=47)
    async with people(district, "lin") as (_, lin):
        made = await lin.asks(on=first, hour=18, rooms=[HALL], repeat=weekly(2))
        moved = (
            await patched(lin.http, made, scope="this", occurrence=wall(first, 18), starts_at=wall(first + DAY, 18))
        ).json()
        vacated = await patched(lin.http, moved, also=[wall(first, 18)])
        twice = await patched(
            lin.http,
            moved,
            scope="this",
            occurrence=wall(first, 18),
            starts_at=wall(first, 9),
            **{"except": [wall(first, 18)]},
        )
        private = await lin.asks(on=first + 2 * WEEK, hour=18, rooms=[HALL], visibility="hidden")
        listed = await patched(lin.http, private, listing={"summary": {"en": "x"}})
        offset = [
            {"original_start": wall(first, 12), "starts_at": wall(first, 13)},
            {"original_start": utc(first, 12), "rooms": [OTHER]},
        ]
        doubled = await lin.http.post("/api/v1/bookings", json=ask(first, 12, rooms=[HALL], changes=offset))
    assert [_told(each) for each in (vacated, twice)] == [
        (
            "wrong_state",
            MOVED_AWAY.format(written(first)),
        ),
        ("wrong_state", "This date is given back in the same change. Ask for one of the two."),
    ]
    assert (codes(listed), doubled.status_code) == ((422, "listing_of_confidential"), 422)
    assert examined(district.url) == WELL


def _told(answer: httpx2.Response) -> tuple[str, str]:
    (reason,) = answer.json()["reasons"]
    return reason["code"], reason["message"]


async def test_any_of_a_kind_is_one_whose_own_hours_let_it_be_had(district: District) -> None:
    first = day(ahead=47)
    shut = {"seasons": [{"windows": [], "instead": True}]}
    rule = {"name": "hours", "room": f"{OWL}/hall-1a", "value": shut, "effective_from": None}
    far = {"seasons": [{"windows": [], "instead": True, "until": "9999-12-31"}]}
    async with people(district, "lin", "becker") as (_, lin, becker):
        before = await lin.asks(on=first, hour=9, rooms=[f"{OWL}/any:gym"], headcount=10)
        wrong = await becker.http.put("/api/v1/rules", json=rule_of_today(rule) | {"value": far})
        made = await becker.http.put("/api/v1/rules", json=rule_of_today(rule))
        after = await lin.http.post("/api/v1/bookings", json=ask(first, 12, rooms=[f"{OWL}/any:gym"], headcount=10))
    assert (wrong.status_code, made.status_code) == (422, 200), made.text
    assert before["occurrences"][0]["rooms"] == [f"{OWL}/hall-1a"]
    assert after.json()["occurrences"][0]["rooms"] == [f"{OWL}/hall-1b"]


def rule_of_today(rule: dict[str, Any]) -> dict[str, Any]:
    """The rule, from today on."""
    return rule | {"effective_from": today().isoformat()}


async def test_a_date_that_would_take_over_a_day_is_told_how_long_passes(district: District) -> None:
    first = day(ahead=40)
    async with people(district, "lin") as (_, lin):
        made = await lin.asks(on=first, hour=18, rooms=[HALL], setup_minutes=30)
        longer = await patched(lin.http, made, ends_at=wall(first + timedelta(days=1), 18))
        exact = await patched(lin.http, made, ends_at=f"{first + timedelta(days=1)}T17:30")
    (reason,) = longer.json()["reasons"]
    assert (reason["code"], reason["would_pass"], exact.status_code) == ("too_long", "1410", 200)
    assert reason["message"] == (
        "One date may take at most 24 hours, set-up and take-down included. 23 h 30 min would pass."
    )


async def test_a_further_date_long_past_is_told_as_past(district: District) -> None:
    long_ago = day() - timedelta(days=700)
    async with people(district, "lin") as (_, lin):
        booking = await lin.asks(hour=18, rooms=[HALL])
        answer = await patched(lin.http, booking, also=[wall(long_ago, 18)])
    assert codes(answer)[:2] == (409, "in_past")


async def test_what_is_the_whole_bookings_names_no_single_date(district: District) -> None:
    first = day(ahead=33)
    whole = (
        "Title, contact, note, listing, people and layout are of the whole booking. "
        'Leave scope and occurrence out, or send scope "all".'
    )
    async with people(district, "lin") as (_, lin):
        made = await lin.asks(on=first, hour=18, rooms=[HALL], repeat=weekly(2))
        one = {"occurrence": wall(first + WEEK, 18)}
        bodies: list[dict[str, Any]] = [
            {"scope": "this", **one, "title": "Only one"},
            {"scope": "following", **one, "headcount": 5},
            {**one, "note": ""},
        ]
        refused = [await patched(lin.http, made, **body) for body in bodies]
        said = await patched(lin.http, made, scope="all", title="Every one", **one)
    assert [told(each) for each in refused] == [(422, whole)] * 3
    assert (said.status_code, said.json()["title"], said.json()["version"]) == (200, "Every one", 2)


async def test_dates_of_its_own_are_not_called_somebody_elses(district: District) -> None:
    first = day(ahead=54)
    async with people(district, "lin") as (_, lin):
        made = await lin.asks(on=first, hour=18, rooms=[HALL], repeat=weekly(2))
        await lin.asks(on=first, hour=12, rooms=[HALL])
        this = {"scope": "this", "occurrence": wall(first, 18)}
        onto = [(first + WEEK, 19), (first, 11)]
        moves = [
            await patched(lin.http, made, starts_at=wall(*to), ends_at=wall(to[0], to[1] + 2), **this) for to in onto
        ]
        beside = await patched(lin.http, made, also=[wall(first, 19)])
        away = {"starts_at": wall(first + DAY, 18), "ends_at": wall(first + DAY, 20)}
        vacated = await patched(lin.http, made, also=[wall(first, 19)], **away, **this)
    assert [told(each) for each in (*moves, beside)] == [
        (409, ("room_taken", ITSELF)),
        (409, ("room_taken", f"Taken 12:00{THIN}PM to 2:00{THIN}PM.")),
        (409, ("room_taken", ITSELF)),
    ]
    assert times(vacated.json()) == [
        (utc(each, hour), "held") for each, hour in [(first, 19), (first + DAY, 18), (first + WEEK, 18)]
    ]
    assert examined(district.url) == WELL
