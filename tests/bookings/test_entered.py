"""What staff enter: for the school itself, or for somebody who called. Approved at once where the campus lets them, with both events; else it waits."""

from datetime import timedelta
from typing import Any

import httpx2

from tests.api.problems import told
from tests.conftest import District
from tests.ground import sql
from tests.partners.groups import callers
from tests.stories.asks import CLINIC, HALL, ask, day, wall
from tests.stories.standing import WELL, examined

ELEM = "24th-street-elementary"
BURBANK = "luther-burbank-middle/room-101"
CALLER = {"name": "Ana Ruiz", "email": "ana@example.org", "phone": "(213) 555-0111"}
EVENTS = """
    SELECT events.kind, people.email FROM events JOIN bookings ON bookings.id = events.booking_id
    JOIN people ON people.id = events.actor_id WHERE bookings.reference = '{reference}' ORDER BY events.id"""
ENTERED = "SELECT entered_as, state, version FROM bookings WHERE reference = '{reference}'"
NOT_A_MEMBER = "You do not belong to this organization. Choose one of yours, or ask its manager to invite you."
WAITS = "UPDATE campuses SET enters_approved = false"
COMPETES = "UPDATE campuses SET holds = 'on_approval'"


def for_school(**changes: Any) -> dict[str, Any]:
    """Family night, by the elementary school for itself."""
    return ask(**({"organization": ELEM, "title": "Family night", "activity": "school-event"} | changes))


def for_caller(**changes: Any) -> dict[str, Any]:
    """Somebody who called; without an organization the school's own has it."""
    return ask(**({"organization": None, "on_behalf_of": CALLER, "activity": "civic-meeting"} | changes))


async def send(person: httpx2.AsyncClient, body: dict[str, Any]) -> httpx2.Response:
    return await person.post("/api/v1/bookings", json=body)


async def kept(district: District, answer: httpx2.Response) -> tuple[Any, ...]:
    """How it was entered, how it stands, and who did what."""
    reference = answer.json()["reference"]
    (row,) = await sql.rows(district.url, ENTERED.format(reference=reference))
    return *row, await sql.rows(district.url, EVENTS.format(reference=reference))


def both(email: str) -> list[tuple[str, str]]:
    return [("booking.requested", email), ("booking.approved", email)]


async def test_school_staff_enter_their_own_event_as_approved_and_both_events_name_them(district: District) -> None:
    async with callers(district, "castillo", "okafor", "lin") as (castillo, okafor, lin):
        booked = await send(castillo, for_school())
        again = await send(okafor, for_school(starts_at=wall(day(), 19), ends_at=wall(day(), 21)))
        read = await castillo.get(booked.headers["Location"])
        taken = await send(lin, ask())
    assert (booked.status_code, booked.json()["organization"], booked.json()["on_behalf_of"]) == (201, ELEM, None)
    assert [date["state"] for date in booked.json()["occurrences"]] == ["approved"]
    assert (read.json(), booked.headers["ETag"]) == (booked.json(), '"2"')
    assert await kept(district, booked) == ("school", "approved", 2, both("castillo@district.example"))
    assert await kept(district, again) == ("school", "approved", 2, both("okafor@district.example"))
    assert told(taken)[1][0] == "room_taken"
    assert await sql.rows(district.url, "SELECT slug, kind, name, verified FROM organizations WHERE school_id > 0") in (
        [(ELEM, "school", "Twenty-Fourth Street Elementary", 1)],
        [(ELEM, "school", "Twenty-Fourth Street Elementary", True)],
    )
    assert examined(district.url) == WELL


async def test_who_may_enter_for_a_school_and_what_becomes_of_it(district: District) -> None:
    """One whole table: the state, or why not. A school's own organization takes nobody else's request, not even for rooms of another campus."""
    names = ("lin", "rosa", "sam", "okafor", "becker", "castillo", "tan", "herrera", "stone", "adler", "whitfield")
    async with callers(district, *names) as people:
        found = {
            name: [
                await outcome(person, for_school(**at(week, 0))),
                await outcome(person, for_school(organization="luther-burbank-middle", rooms=[BURBANK], **at(week, 0))),
                await outcome(person, for_school(organization=ELEM, rooms=[BURBANK], **at(week, 1))),
                await outcome(person, for_caller(organization=CLINIC, **at(week, 1))),
            ]
            for week, (name, person) in enumerate(zip(names, people, strict=True))
        }
    no, every = ["not_a_member"] * 4, ["approved", "approved", "not_a_member", "approved"]
    assert found == {
        "lin": no,
        "rosa": no,
        "sam": no,
        "okafor": every,
        "becker": every,
        "castillo": ["approved", "not_a_member", "not_a_member", "approved"],
        "tan": ["not_a_member", "requested", "not_a_member", "not_a_member"],
        "herrera": no,
        "stone": no,
        "adler": no,
        "whitfield": every,
    }


def at(week: int, hour: int) -> dict[str, str]:
    """An hour of that week; eleven weeks lie within the horizon."""
    on = day() + timedelta(weeks=week)
    return {"starts_at": wall(on, 15 + 2 * hour), "ends_at": wall(on, 16 + 2 * hour)}


async def outcome(person: httpx2.AsyncClient, body: dict[str, Any]) -> str:
    answer = await send(person, body)
    return str(answer.json()["state"] if answer.status_code == 201 else told(answer)[1][0])


async def test_a_caller_s_request_belongs_to_the_school_or_to_the_partner_that_is_named(district: District) -> None:
    async with callers(district, "becker", "lin", "sam") as (becker, lin, sam):
        walk_in = await send(becker, for_caller())
        partner = await send(becker, for_caller(organization=CLINIC, **at(1, 0)))
        seen = [(await each.get(partner.headers["Location"])).status_code for each in (lin, sam)]
        theirs = (await lin.get(partner.headers["Location"])).json()
        missing = await send(becker, for_caller(organization="no-such-group", **at(2, 0)))
    assert (walk_in.json()["organization"], walk_in.json()["on_behalf_of"]) == (ELEM, CALLER)
    assert (theirs["organization"], theirs["on_behalf_of"], theirs["requested_by"]) == (CLINIC, CALLER, "Tom Becker")
    assert (seen, told(missing)) == ([200, 404], (409, ("not_a_member", NOT_A_MEMBER)))
    assert await kept(district, walk_in) == ("on_behalf", "approved", 2, both("becker@district.example"))
    assert await kept(district, partner) == ("on_behalf", "approved", 2, both("becker@district.example"))


async def test_it_waits_where_the_campus_wants_it_where_others_compete_and_for_ones_own_partner(
    district: District,
) -> None:
    join = (
        "INSERT INTO memberships (person_id, organization_id, role, state) SELECT p.id, o.id, 'partner', 'member' FROM people p, "
        f"organizations o WHERE p.email = 'becker@district.example' AND o.slug = '{CLINIC}'"
    )
    async with callers(district, "becker", "lin", "whitfield") as (becker, lin, whitfield):
        await sql.tell(district.url, join)
        own = await send(becker, for_caller(organization=CLINIC))
        refused = await becker.post(f"{own.headers['Location']}/approval", json={})
        await sql.tell(district.url, WAITS)
        waits = await send(becker, for_school(**at(1, 0)))
        decided = await becker.post(f"{waits.headers['Location']}/approval", json={})
        await sql.tell(district.url, WAITS.replace("false", "true"), COMPETES)
        first = await send(lin, ask(rooms=[HALL], starts_at=wall(day(), 18), ends_at=wall(day(), 20)))
        rival = await send(whitfield, for_caller(rooms=[HALL], starts_at=wall(day(), 19), ends_at=wall(day(), 21)))
        alone = await send(whitfield, for_caller(rooms=[HALL], starts_at=wall(day(), 21), ends_at=wall(day(), 22)))
    states = [each.json()["state"] for each in (own, waits, decided, first, rival, alone)]
    assert states == ["requested", "requested", "approved", "requested", "requested", "approved"]
    assert told(refused)[1][0] == "own_request"
    assert examined(district.url) == WELL


async def test_notice_and_horizon_are_waived_for_the_school_alone_and_said_so(district: District) -> None:
    soon, far = day(ahead=2), day(ahead=250)
    times = [{"starts_at": wall(on, 16), "ends_at": wall(on, 18)} for on in (soon, far)]
    async with callers(district, "castillo") as (castillo,):
        looked = [await castillo.post("/api/v1/bookings/preview", json=for_school(**each)) for each in times]
        organizations = await sql.rows(district.url, "SELECT count(*) FROM organizations WHERE school_id > 0")
        booked = [await send(castillo, for_school(**each)) for each in times]
        outsiders = [await send(castillo, for_caller(**each)) for each in times]
        crowded = await send(castillo, for_school(headcount=31, **at(1, 0)))
    assert [each.json()["verdict"] for each in looked] == [
        {
            "allowed": True,
            "reasons": [
                {
                    "code": code,
                    "severity": "note",
                    "message": message,
                    "policy": policy,
                    "occurrence": each["starts_at"],
                }
            ],
        }
        for each, code, policy, message in (
            (times[0], "short_notice", "notice", "The usual notice is waived for the school's own use."),
            (times[1], "too_far", "horizon", "How far ahead rooms open is waived for the school's own use."),
        )
    ]
    assert organizations == [(0,)]  # looking makes nothing
    assert [each.json()["state"] for each in booked] == ["approved", "approved"]
    assert [[reason["code"] for reason in each.json()["reasons"]] for each in outsiders] == [
        ["short_notice", "room_taken"],
        ["too_far", "room_taken"],
    ]
    assert told(crowded)[1][0] == "too_many_people"


async def test_whoever_entered_something_confidential_reads_it_and_may_give_it_back(district: District) -> None:
    """Ms Castillo would see only a reserved time of anybody else's."""
    async with callers(district, "castillo", "okafor", "lin") as (castillo, okafor, lin):
        booked = await send(castillo, for_school(visibility="busy_only"))
        other = await send(okafor, for_school(visibility="busy_only", **at(1, 0)))
        seen = (await castillo.get(other.headers["Location"])).json()
        stranger = await lin.post(f"{booked.headers['Location']}/cancellation", json={"reason": "x"})
        gone = await castillo.post(f"{booked.headers['Location']}/cancellation", json={"reason": "The band is ill"})
    assert (booked.json()["title"], seen["title"], stranger.status_code) == ("Family night", "Reserved", 404)
    assert (gone.status_code, gone.json()["state"]) == (200, "cancelled")


async def test_for_whom_it_is_entered_must_be_readable(district: District) -> None:
    bad: dict[str, Any] = {
        "A field cannot be used: Object missing required field `name` - at `$.on_behalf_of`.": {"phone": "1"},
        "Write for whom you enter it: on_behalf_of needs a name.": {"name": " \t"},
        "Write an e-mail address, such as ana@clinic.example.": {"name": "Ana", "email": "ana"},
        "A field cannot be used: Object contains unknown field `state` - at `$.on_behalf_of`.": {
            "name": "A",
            "state": "",
        },
        "A field cannot be used: Expected `object | null`, got `str` - at `$.on_behalf_of`.": "Ana",
    }
    async with callers(district, "becker") as (becker,):
        answers = [told(await send(becker, for_caller(on_behalf_of=each))) for each in bad.values()]
    assert answers == [(422, sentence) for sentence in bad]


async def test_control_the_same_bodies_from_a_partner_are_refused(district: District) -> None:
    async with callers(district, "lin") as (lin,):
        answers = [
            told(await send(lin, body)) for body in (for_school(), for_caller(), for_caller(organization=CLINIC))
        ]
        rows = await sql.rows(district.url, "SELECT count(*) FROM organizations WHERE school_id > 0")
    assert answers == [(409, ("not_a_member", NOT_A_MEMBER))] * 3
    assert rows == [(0,)]
