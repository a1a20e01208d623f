"""Every refusal as a page tells it, in both languages: the sentence of the API or the words that fit beside a date, what was typed kept, nothing written."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from tests.api.problems import written
from tests.api.refusals import Row, rows
from tests.api.test_spring_gap import moved
from tests.cast import BIRD
from tests.conftest import District
from tests.ground import sql
from tests.ground.browser import Browser, Form, Page
from tests.ground.processes import Server
from tests.stories.asks import CLINIC, HALL, day, today
from tests.stories.visitors import WHAT, booked, even, visiting, wish

NEW, FOUND = "/bookings/new", "/organizations/new"
LANGUAGES = ("en", "es")
# Where a page has shorter words than the API, or says it at its field.
IN_SHORT: Mapping[str, tuple[str, str]] = {
    "room_taken": ("Taken 4:00 PM – 6:00 PM", "Ocupado 4:00 p.m. – 6:00 p.m."),
    "closed": ("School closed: Staff day", "Escuela cerrada: Staff day"),
    "stale_version": (
        "Meanwhile dates of this booking were approved. Look at it as it is now, then decide again.",
        "Entretanto se aprobaron fechas de esta reservación. Vea cómo está ahora y decida de nuevo.",
    ),
}
HOURS = (("16:00", "18:00"), ("19:00", "21:00"))
STATUS = {"ends_before_start": 422}
JOIN = (
    "INSERT INTO memberships (person_id, organization_id, role) SELECT p.id, o.id, 'partner' FROM people p, organizations o "
    f"WHERE p.email LIKE 'okafor@%' AND o.slug = '{CLINIC}'"
)
Told = tuple[int, bool, bool]
STANDS = "SELECT reference, version, state FROM bookings ORDER BY id"


def wishes(closed: date, gap: datetime) -> dict[str, dict[str, str]]:
    """By code, what is typed on the request page."""
    begins, ends = f"{gap:%H:%M}", f"{gap + timedelta(minutes=45):%H:%M}"
    return {
        "room_taken": wish(weeks="1", from_="17:00", to="19:00"),
        "outside_hours": wish(weeks="1", from_="13:00", to="15:00"),
        "closed": wish(closed, weeks="1", room=f"{BIRD}/hall"),
        "too_many_people": wish(weeks="1") | {"people": "99"},
        "short_notice": wish(today() + timedelta(weeks=1), weeks="1", room=f"{BIRD}/hall"),
        "too_far": wish(day(ahead=250), weeks="1"),
        "in_past": wish(day(ahead=-60), weeks="1"),
        "ends_before_start": wish(weeks="1", to="15:00"),
        "no_such_time": {**wish(weeks="1", room=HALL), "date": f"{gap:%Y-%m-%d}", "from": begins, "to": ends},
        "unknown_room": wish(weeks="1", room="nowhere/room-12"),
        "not_a_member": wish(weeks="1", from_="20:00", to="21:00") | {"organization": "casa-del-pueblo"},
        "held_too_much": wish(weeks="13", room=HALL, often="weekly"),
        "too_long_series": wish(weeks="3", often="yearly"),
        "listing_of_confidential": wish(weeks="1", from_="20:00", to="21:00")
        | {"private": "on", "listing_summary_en": "Check-ups"},
    }


async def asked(who: Browser, form: Form, typed: dict[str, str], sentence: str) -> Told:
    """Status, whether the page says it, and whether what was typed still stands there."""
    given = {**WHAT, **typed}
    page = await who.send(form, act="request", token="", **given)
    kept = dict(page.form(NEW).fields)
    lost = {name for name, value in given.items() if name not in ("room", "organization") and kept.get(name) != value}
    return page.status, even(sentence) in even(page.words), not lost


def sentence(table: Mapping[str, Row], code: str, language: str) -> str:
    return IN_SHORT.get(code, table[code].sentences)[LANGUAGES.index(language)]


async def test_the_request_page_tells_every_refusal_in_both_languages(district: District) -> None:
    _, gap = await moved(district)
    closed = date.fromisoformat(district.cast["closed"])
    table, typed = rows(closed, gap), wishes(closed, gap)
    found: dict[tuple[str, str], Told] = {}
    async with Server(district.url, worker=False) as server, visiting(server, district, "lin", "sam") as (lin, sam):
        await booked(lin, wish(weeks="1"), title="Earlier")
        await sql.tell(district.url, "UPDATE organizations SET verified = false WHERE slug = 'figueroa-youth-theatre'")
        before = await written(district.url)
        for language in LANGUAGES:
            for who in (lin, sam):
                await who.open("/language", to=language, next="/bookings")
            forms = {who: (await who.open(NEW, **wish(weeks="1"))).form(NEW) for who in (lin, sam)}
            for code, given in typed.items():
                who = sam if code == "held_too_much" else lin
                found[code, language] = await asked(who, forms[who], given, sentence(table, code, language))
        after = await written(district.url)
    statuses = {code: STATUS.get(code, table[code].status) for code in typed}
    assert found == {(code, language): (statuses[code], True, True) for code in typed for language in LANGUAGES}
    assert after == before


async def test_the_pages_of_acts_tell_theirs_keep_the_words_and_move_nothing(district: District) -> None:
    """Each form was opened while the booking waited at version 1; by the time it is sent, something is in the way. Where nothing waits there is no form, and
    the words stand beside what became of it."""
    table = rows(date(2027, 1, 1), datetime(2027, 1, 1))
    await sql.tell(district.url, JOIN)
    names = ("lin", "becker", "okafor")
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, *names) as (lin, becker, okafor),
    ):
        one, two = [await booked(lin, wish(weeks="2", from_=at, to=end), title=at) for at, end in HOURS]
        forms = {each: await form_for(becker, each) for each in (one, two)}
        secret = {"_csrf": dict((await okafor.open("/bookings")).forms[0].fields)["_csrf"]}
        half = with_fields(forms[one], act="some", date=await first_date(district, one))
        night = (await lin.open(FOUND)).forms[1]
        await lin.send(night, name="Night School", kind="other")
        early = {
            "unknown_occurrence": (becker, with_fields(forms[one], act="some", date="2020-02-02T20:00")),
            "own_request": (okafor, with_fields(forms[one], **secret)),
        }
        found = await all_told(early, table)
        decided = [(await becker.send(form)).status for form in (half, forms[two])]
        late = {
            "stale_version": (becker, forms[one]),
            "wrong_state": (becker, with_fields(forms[two], version="", act="some", date="x")),
            "already_founded": (lin, night),
        }
        before = await sql.rows(district.url, STANDS), await written(district.url)
        found |= await all_told(late, table)
        after = await sql.rows(district.url, STANDS), await written(district.url)
    statuses = {code: 412 if code == "stale_version" else 409 for code in (*early, *late)}
    assert found == {
        (code, language): (status, True, True) for code, status in statuses.items() for language in LANGUAGES
    }
    assert (decided, after) == ([303, 303], before)


async def form_for(who: Browser, reference: str) -> Form:
    """The form with which a request is decided."""
    return (await who.open("/approvals", ref=reference)).form(f"/bookings/{reference}/approval")


def with_fields(form: Form, **fields: str) -> Form:
    """The form with these in place of its own."""
    return Form(form.action, form.method, form.filled(**fields))


async def first_date(district: District, reference: str) -> str:
    query = f"SELECT o.public_id FROM occurrences o JOIN bookings b ON b.id = o.booking_id WHERE reference = '{reference}' ORDER BY o.id"
    return str((await sql.rows(district.url, query))[0][0])


async def all_told(tries: Mapping[str, tuple[Browser, Form]], table: Mapping[str, Row]) -> dict[tuple[str, str], Told]:
    """In both languages: status, whether the page says the sentence, and whether what was typed stands in one of its forms."""
    found = {}
    for language in LANGUAGES:
        for code, (who, form) in tries.items():
            await who.open("/language", to=language, next="/bookings")
            typed = (
                {"name": "Night School", "kind": "other"} if code == "already_founded" else {"words": "Kept as typed"}
            )
            page = await who.send(form, **typed)
            said = even(sentence(table, code, language)) in even(page.words)
            found[code, language] = page.status, said, stands(page, typed)
    return found


def stands(page: Page, typed: Mapping[str, str]) -> bool:
    """Whether one form of the page holds all of it, or the page says what was not sent."""
    unsent = "<blockquote" in page.html and typed.get("words", " ") in page.html.partition("<blockquote")[2]
    return unsent or any(set(typed.items()) <= set(form.fields) for form in page.forms)
