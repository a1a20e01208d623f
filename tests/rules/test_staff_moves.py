"""Staff who move what a partner has, give it other rooms, or approve a part of its change pass no quota, nor for whom a room is, without a reason. What is so
already is not told again, and a school's own bookings keep to neither."""

from datetime import timedelta
from typing import Any

import httpx2

from tests.api.problems import codes
from tests.api.test_change import patched
from tests.cast import BIRD, OWL
from tests.conftest import District
from tests.ground.sql import tell
from tests.rules.ruling import sets
from tests.rules.test_anyway import reasons
from tests.rules.test_changes import FIRST, OTHER, TODAY, evenings
from tests.stories.asks import HALL, today, utc, wall, weekly
from tests.stories.deciding import GYM_A, people
from tests.stories.standing import WELL, examined

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
AGENCIES = {"reserved": [{"tiers": ["agency"]}]}
WHY = "The hall is flooded."
STAFF = ("lin", "becker", "whitfield")
BY_ITSELF = (
    "By itself this goes beyond a quota. Approve all that is to move in one act, or move it there yourself with a reason, then approve it.",
    "Por sí solo esto supera una cuota. Apruebe a la vez todo lo que se va a mover, o páselo usted mismo allí indicando un motivo y luego apruébelo.",
)


def to(booking: dict[str, Any], at: int, days: int, until: int = 20, **more: Any) -> dict[str, Any]:
    """A change of one date that is to be on another day, from six to eight."""
    on = FIRST + at * WEEK + timedelta(days=days)
    named = {"scope": "this", "occurrence": booking["occurrences"][at]["id"]}
    return named | {"starts_at": wall(on, 18), "ends_at": wall(on, until)} | more


Stands = tuple[int, list[tuple[str, list[str], bool]], list[tuple[str, str, bool]]]


def stands(answer: httpx2.Response) -> Stands:
    """The start and the rooms of each date, and whether a move of it waits; then what stands against the booking."""
    body = answer.json()
    dates = [(each["starts_at"], each["rooms"], "proposed" in each) for each in body["occurrences"]]
    return answer.status_code, dates, reasons(body)


async def test_staff_move_into_a_room_for_others_only_with_a_reason(district: District) -> None:
    """Notice is waived for them all the same, and the school itself always may."""
    tomorrow = {"starts_at": wall(today() + DAY, 18), "ends_at": wall(today() + DAY, 20)}
    async with people(district, *STAFF) as (_, lin, becker, whitfield):
        booking = await evenings(lin, becker)
        await sets(whitfield.http, "admission", AGENCIES, room=OTHER, effective_from=TODAY)
        refused = await patched(becker.http, booking, rooms=[OTHER], **tomorrow)
        asked = await patched(becker.http, booking, rooms=[OTHER], anyway=WHY, **tomorrow)
        granted = await becker.does(booking["reference"], "approval")
        own = await becker.asks(on=FIRST + DAY, hour=18, rooms=[HALL], organization=OWL)
        schools = await patched(becker.http, own, rooms=[OTHER])
    flags = [("not_for_you", "flag", False)]
    assert (refused.status_code, reasons(refused.json())) == (409, [("not_for_you", "refuse", True)])
    assert (stands(asked), asked.json()["anyway"]) == ((200, [(utc(FIRST, 18), [HALL], True)], flags), WHY)
    assert stands(granted) == (200, [(utc(today() + DAY, 18), [OTHER], False)], flags)
    assert stands(schools) == (200, [(utc(FIRST + DAY, 18), [OTHER], False)], [])
    assert examined(district.url) == WELL


async def test_a_room_that_it_has_is_settled_when_staff_move_it(district: District) -> None:
    """The partner itself asks anew; and a reservation that only flags waits for an extra look."""
    flag = {"reserved": [{"tiers": ["agency"], "flag": True}]}
    async with people(district, *STAFF) as (_, lin, becker, whitfield):
        booking = await evenings(lin, becker)
        await sets(whitfield.http, "admission", AGENCIES, room=HALL, effective_from=TODAY)
        await sets(whitfield.http, "admission", flag, room=OTHER, effective_from=TODAY)
        partner = await patched(lin.http, booking, **to(booking, 0, 1))
        moved = await patched(becker.http, booking, **to(booking, 0, 1))
        flagged = await patched(becker.http, moved.json(), rooms=[OTHER])
    on = utc(FIRST + DAY, 18)
    assert codes(partner) == (409, "not_for_you")
    assert stands(moved) == (200, [(on, [HALL], False)], [])
    assert stands(flagged) == (200, [(on, [HALL], True)], [("not_for_you", "flag", False)])


async def test_what_staff_move_to_where_others_compete_is_judged_as_theirs_and_waits(district: District) -> None:
    """Nobody would learn who loses by it else; the notice is waived and the room is settled all the same."""
    async with people(district, *STAFF, "pilar") as (_, lin, becker, whitfield, pilar):
        made = await lin.asks(on=FIRST, hour=18, rooms=[GYM_A])
        booking = (await becker.does(made["reference"], "approval")).json()
        await pilar.asks(on=FIRST + DAY, hour=18, rooms=[GYM_A], organization="casa-del-pueblo")
        await sets(whitfield.http, "admission", AGENCIES, room=GYM_A, effective_from=TODAY)
        await sets(whitfield.http, "notice", {"partner": 60}, campus=BIRD, effective_from=TODAY)
        moved = await patched(becker.http, booking, **to(booking, 0, 1))
    assert stands(moved) == (200, [(utc(FIRST, 18), [GYM_A], True)], [])


async def test_staff_pass_a_quota_only_with_a_reason_and_what_is_no_worse_is_fine(district: District) -> None:
    """The quota is narrower than what the partner has; a school's own dates keep to none."""
    quota = {"hours_a_week": 1, "dates_open": 1}
    async with people(district, *STAFF) as (_, lin, becker, whitfield):
        booking = await evenings(lin, becker, 2)
        own = await becker.asks(on=FIRST, hour=18, rooms=[f"{OWL}/hall-4"], repeat=weekly(2), organization=OWL)
        await sets(whitfield.http, "quotas", quota, campus=OWL, effective_from=TODAY)
        fine = [await patched(becker.http, booking, **to(booking, 0, 1))]
        fine.append(await patched(becker.http, fine[-1].json(), rooms=[OTHER]))
        instead = {"also": [wall(FIRST + WEEK + DAY, 18)], "except": [booking["occurrences"][1]["id"]]}
        fine.append(await patched(becker.http, fine[-1].json(), **instead))
        now = fine[-1].json()
        refused = [
            await patched(becker.http, now, **to(booking, 0, 1, 21)),
            await patched(becker.http, now, also=[wall(FIRST + 3 * WEEK, 18)]),
            await patched(becker.http, now, **to(booking, 0, 9)),
        ]
        anyway = await patched(becker.http, now, **to(booking, 0, 9), anyway=WHY)
        granted = await becker.does(booking["reference"], "approval")
        schools = await patched(becker.http, own, **to(own, 0, 9))
    assert [each.status_code for each in (*fine, anyway, granted)] == [200] * 5
    assert [
        [(each["policy"], each["would_pass"], each["anyway"]) for each in one.json()["reasons"]] for one in refused
    ] == [
        [("hours_a_week", "2", True)],
        [("dates_open", "0", True), ("hours_a_week", "1", True)],
        [("hours_a_week", "0", True)],
    ]
    assert reasons(anyway.json()) == [("quota", "flag", False)]
    assert (schools.status_code, reasons(schools.json())) == (200, [])
    assert examined(district.url) == WELL


async def test_a_room_given_with_the_approval_is_for_those_who_asked(district: District) -> None:
    """Its own rooms are settled, a reason goes with a change, and the school itself may have any."""
    async with people(district, *STAFF) as (_, lin, becker, whitfield):
        made = await lin.asks(on=FIRST, hour=18, rooms=[HALL])
        again = await lin.asks(on=FIRST + DAY, hour=18, rooms=[HALL])
        await tell(district.url, "UPDATE campuses SET enters_approved = false")
        own = await becker.asks(on=FIRST + 2 * DAY, hour=18, rooms=[HALL], organization=OWL)
        for room in (HALL, OTHER):
            await sets(whitfield.http, "admission", AGENCIES, room=room, effective_from=TODAY)
        given = await becker.does(made["reference"], "approval", rooms=[OTHER])
        settled = await becker.does(again["reference"], "approval", rooms=[HALL])
        schools = await becker.does(own["reference"], "approval", rooms=[OTHER])
        moved = await patched(becker.http, made, rooms=[OTHER], anyway=WHY)
        done = await becker.does(made["reference"], "approval", rooms=[OTHER])
    flags = [("not_for_you", "flag", False)]
    assert (given.status_code, reasons(given.json())) == (409, [("not_for_you", "refuse", True)])
    assert given.json()["detail"].startswith("A rule of these rooms is against it.")
    assert stands(settled) == (200, [(utc(FIRST + DAY, 18), [HALL], False)], [])
    assert stands(schools) == (200, [(utc(FIRST + 2 * DAY, 18), [OTHER], False)], [])
    assert (moved.status_code, reasons(moved.json())) == (200, flags)
    assert stands(done) == (200, [(utc(FIRST, 18), [OTHER], False)], flags)


async def test_a_part_of_a_change_keeps_to_the_quota_that_the_whole_keeps(district: District) -> None:
    """A week holds two hours and every date goes a week on: the last may go first, the first alone only with a reason."""
    async with people(district, *STAFF) as (_, lin, becker, whitfield):
        await sets(whitfield.http, "quotas", {"hours_a_week": 2}, campus=OWL, effective_from=TODAY)
        booking = await evenings(lin, becker, 3)
        reference, first, last = booking["reference"], *(booking["occurrences"][at]["id"] for at in (0, 2))
        await patched(lin.http, booking, **to(booking, 0, 8) | {"scope": "all"})
        refused = []
        for language, rest in (("en", "waiting"), ("es", "declined")):
            await tell(district.url, f"UPDATE people SET language = '{language}'")
            refused.append(await becker.does(reference, "approval", occurrences=[first], rest=rest))
        waits = await becker.http.get(f"/api/v1/bookings/{reference}")
        end = await becker.does(reference, "approval", occurrences=[last], rest="waiting")
        silent = await patched(becker.http, end.json(), **to(booking, 0, 8))
        anyway = await patched(becker.http, end.json(), **to(booking, 0, 8), anyway=WHY)
        alone = await becker.does(reference, "approval", occurrences=[first], rest="waiting")
    weeks = [FIRST + n * WEEK for n in range(5)]
    assert [(each.status_code, each.json()["detail"], reasons(each.json())) for each in refused] == [
        (409, sentence, [("quota", "refuse", False)]) for sentence in BY_ITSELF
    ]
    assert stands(waits) == (200, [(utc(each, 18), [HALL], True) for each in weeks[:3]], [])
    assert stands(end)[1][2] == (utc(weeks[3] + DAY, 18), [HALL], False)
    assert (silent.status_code, reasons(silent.json())) == (409, [("quota", "refuse", True)])
    assert reasons(anyway.json()) == [("quota", "flag", False)]
    assert stands(alone)[:2] == (
        200,
        [
            (utc(weeks[1], 18), [HALL], True),
            (utc(weeks[1] + DAY, 18), [HALL], False),
            (utc(weeks[3] + DAY, 18), [HALL], False),
        ],
    )
    assert examined(district.url) == WELL


async def test_what_is_left_of_a_change_keeps_to_the_quota_too(district: District) -> None:
    """The whole may be approved; once the other dates were declined, what is left of it may not."""
    async with people(district, *STAFF) as (_, lin, becker, whitfield):
        await sets(whitfield.http, "quotas", {"hours_a_week": 2}, campus=OWL, effective_from=TODAY)
        booking = await evenings(lin, becker, 2)
        reference, second = booking["reference"], booking["occurrences"][1]["id"]
        await patched(lin.http, booking, **to(booking, 0, 8) | {"scope": "all"})
        whole = await becker.does(reference, "approval")
        await patched(lin.http, whole.json(), **to(booking, 0, 16) | {"scope": "all"})
        await becker.does(reference, "decline", reason="The choir sings", occurrences=[second])
        left = await becker.does(reference, "approval")
    assert stands(whole) == (200, [(utc(FIRST + n * WEEK + DAY, 18), [HALL], False) for n in (1, 2)], [])
    assert (left.status_code, reasons(left.json())) == (409, [("quota", "refuse", False)])
