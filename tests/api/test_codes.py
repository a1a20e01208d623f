"""Every code that a refusal may carry, brought about over HTTP, with its sentence in both languages. What each rule refuses and where its edges lie is shown
beside this; here nothing may be missing."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import httpx2

from tests.api.test_bad_wishes import first_day_with_notice, last_open_day
from tests.api.test_spring_gap import HOUR, body, moved
from tests.cast import BIRD
from tests.conftest import District
from tests.ground import sql
from tests.ground.children import ROOT
from tests.stories.asks import HALL, SUNDAY, ask, day, today, wall, weekly
from tests.stories.deciding import Caller, people
from tests.stories.paper import THIN, written_in_spanish
from tests.stories.paper import written as in_words

MADE = re.compile(r'(?:refuse|_about)\(\s*(?:day, )?"([a-z_]+)"|code = "([a-z_]+)"')
# Shown where two calls meet in time (stories/test_repeats).
ELSEWHERE = {"key_in_flight"}
JOIN = (
    "INSERT INTO memberships (person_id, organization_id, role) SELECT p.id, o.id, 'partner' FROM people p, organizations o "
    "WHERE p.email = 'whitfield@district.example' AND o.slug = 'eastside-community-clinic'"
)
WEEK = timedelta(weeks=1)


# English and Spanish by code; where a code has several sentences, the one that is brought about here.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "room_taken": (f"Taken 4:00{THIN}PM to 6:00{THIN}PM.", f"Ocupado de 4:00{THIN}p.m. a 6:00{THIN}p.m."),
    "outside_hours": (
        "The school is not open for visitors on that day of the week. Choose another day.",
        "La escuela no recibe visitantes ese día de la semana. Elija otro día.",
    ),
    "closed": (
        "The school is closed that day: Staff day. Leave this date out or choose another.",
        "La escuela está cerrada ese día: Staff day. Omita esta fecha o elija otra.",
    ),
    "too_many_people": (
        "The room holds 30 people; you said 99.",
        "En el espacio caben 30 personas; usted indicó 99.",
    ),
    "short_notice": (
        f"The school needs 15 business days' notice. The first date that passes is {in_words(first_day_with_notice())}.",
        f"La escuela necesita 15 días hábiles de aviso. La primera fecha posible es el {written_in_spanish(first_day_with_notice())}.",
    ),
    "too_far": (
        f"Rooms open 6 months ahead. The last date that passes is {in_words(last_open_day())}.",
        f"Los espacios se abren con 6 meses de anticipación. La última fecha posible es el {written_in_spanish(last_open_day())}.",
    ),
    "in_past": ("This date has passed. Choose a later one.", "Esta fecha ya pasó. Elija una posterior."),
    "ends_before_start": (
        "The end must be later than the start.",
        "El final debe ser después del comienzo.",
    ),
    "too_many_dates": (
        "One booking may have at most 400 dates.",
        "Una reservación puede tener 400 fechas como máximo.",
    ),
    "endless_repeat": (
        "The repeat has no end. Give a COUNT or an UNTIL, for example FREQ=WEEKLY;COUNT=12.",
        "La repetición no tiene fin. Indique COUNT o UNTIL, por ejemplo FREQ=WEEKLY;COUNT=12.",
    ),
    "too_frequent": (
        "Rooms repeat daily or weekly, not more often. For example FREQ=WEEKLY;COUNT=12.",
        "Los espacios se repiten por día o por semana, no más seguido. Por ejemplo FREQ=WEEKLY;COUNT=12.",
    ),
    "unknown_room": (
        "There is no such room. Name rooms of one school site, as school/room.",
        "Ese espacio no existe. Nombre espacios de un mismo plantel, como school/room.",
    ),
    "not_a_member": (
        "You do not belong to this organization. Choose one of yours, or ask its manager to invite you.",
        "Usted no pertenece a esta organización. Elija una de las suyas o pida a su responsable que le invite.",
    ),
    "wrong_state": ("Nothing waits for a decision here any more.", "Aquí ya no hay nada que decidir."),
    "own_request": (
        "Nobody decides for their own organization. Ask a colleague.",
        "Nadie decide sobre su propia organización. Pídalo a un colega.",
    ),
    "held_too_much": (
        "Until it is verified your organization holds at most 12 dates at once. It holds 0 and this asks for 13; 12 would pass.",
        "Hasta que se verifique, su organización tiene apartadas a lo más 12 fechas a la vez. Tiene 0 y aquí pide 13; se admiten 12.",
    ),
    "unknown_occurrence": (
        "This booking has no date 2020-02-02T20:00.",
        "Esta reservación no tiene la fecha 2020-02-02T20:00.",
    ),
    "stale_version": (
        "This booking is at version 1 now. Read it again, then send that version's ETag as If-Match.",
        "Esta reservación está ahora en la versión 1. Léala de nuevo y envíe el ETag de esa versión como If-Match.",
    ),
    "key_reused": (
        "This Idempotency-Key came with another body before. Take a new key for another request.",
        "Esta Idempotency-Key llegó antes con otro cuerpo. Tome una clave nueva para otra solicitud.",
    ),
    "listing_of_confidential": (
        "A confidential booking has no public listing. Leave listing out, or choose visibility public or listed.",
        "Una reservación confidencial no tiene anuncio público. Omita listing, o elija visibility public o listed.",
    ),
    "already_founded": (
        "You have founded Night School already: it is night-school. Ask for rooms on its behalf.",
        "Usted ya creó Night School: es night-school. Solicite espacios en su nombre.",
    ),
}


def sentences(gap: datetime) -> dict[str, tuple[str, str]]:
    """With the one about the hour that the clocks leave out."""
    there = f"{gap + HOUR:%H:%M}"
    return {**SENTENCES} | {
        "no_such_time": (
            f"The clocks go forward that night and this time does not exist. {there} does.",
            f"Esa noche se adelanta el reloj y esta hora no existe. Las {there} sí.",
        )
    }


def wishes(closed: date, gap: datetime) -> dict[str, dict[str, Any]]:
    """By code, the request that is refused for it."""
    return {
        "room_taken": ask(hour=17),
        "outside_hours": ask(day(SUNDAY)),
        "closed": ask(closed, 18, rooms=[f"{BIRD}/hall"]),
        "too_many_people": ask(headcount=99),
        "short_notice": ask(today() + WEEK, 12, rooms=[f"{BIRD}/hall"]),
        "too_far": ask(day(ahead=250)),
        "in_past": ask(day(ahead=-60)),
        "ends_before_start": ask(ends_at=wall(day(), 15)),
        "no_such_time": body(gap),
        "too_many_dates": ask(repeat=weekly(401)),
        "endless_repeat": ask(repeat={"rrule": "FREQ=WEEKLY"}),
        "too_frequent": ask(repeat={"rrule": "FREQ=HOURLY;COUNT=2"}),
        "unknown_room": ask(rooms=["nowhere/room-12"]),
        "not_a_member": ask(organization="casa-del-pueblo"),
        "held_too_much": ask(rooms=[HALL], repeat=weekly(13), organization="figueroa-youth-theatre"),
        "listing_of_confidential": ask(visibility="hidden", listing={"summary": {"en": "x"}}),
    }


async def refused(who: Mapping[str, Caller], closed: date, gap: datetime, approved: str, waits: str) -> dict[str, str]:
    """The sentence of every code as it is told now."""
    lin, sam, becker, whitfield = (who[name] for name in ("lin", "sam", "becker", "whitfield"))
    found = {}
    for code, wish in wishes(closed, gap).items():
        asker = sam if code == "held_too_much" else lin
        found[code] = sentence(await asker.http.post("/api/v1/bookings", json=wish), code)
    keyed = {"Idempotency-Key": "once"}
    await lin.http.post("/api/v1/bookings/preview", json=ask(), headers=keyed)
    tag = {"If-Match": '"7"'}
    acts = {
        "wrong_state": await becker.does(approved, "approval"),
        "own_request": await whitfield.does(waits, "approval"),
        "unknown_occurrence": await lin.does(waits, "withdrawal", occurrences=["2020-02-02T20:00"]),
        "stale_version": await lin.http.post(f"/api/v1/bookings/{waits}/withdrawal", json={}, headers=tag),
        "key_reused": await lin.http.post("/api/v1/bookings/preview", json=ask(hour=18), headers=keyed),
        "already_founded": await sam.http.post("/api/v1/organizations", json={"name": "Night School", "kind": "other"}),
    }
    return found | {code: sentence(answer, code) for code, answer in acts.items()}


def sentence(answer: httpx2.Response, code: str) -> str:
    """What is told with that code; what came instead, when it is not among the reasons."""
    told = {reason["code"]: reason["message"] for reason in answer.json().get("reasons", ())}
    return str(told.get(code, answer.text))


async def test_every_code_is_told_in_both_languages(district: District) -> None:
    _, gap = await moved(district)
    closed = date.fromisoformat(district.cast["closed"])
    await sql.tell(
        district.url, JOIN, "UPDATE organizations SET verified = false WHERE slug = 'figueroa-youth-theatre'"
    )
    names = ("lin", "sam", "becker", "whitfield")
    async with people(district, *names) as (_, *callers):
        who = dict(zip(names, callers, strict=True))
        approved, waits = [(await who["lin"].asks(hour=hour))["reference"] for hour in (16, 20)]
        await who["becker"].does(approved, "approval")
        await who["sam"].http.post("/api/v1/organizations", json={"name": "Night School", "kind": "other"})
        english = await refused(who, closed, gap, approved, waits)
        await sql.tell(district.url, "UPDATE people SET language = 'es'")
        spanish = await refused(who, closed, gap, approved, waits)
    expected = sentences(gap)
    assert english == {code: sentence[0] for code, sentence in expected.items()}
    assert spanish == {code: sentence[1] for code, sentence in expected.items()}


def test_no_code_is_missing_from_the_table() -> None:
    """Every code that a source file refuses with stands above, or is named with where it is shown."""
    texts = [path.read_text() for path in (ROOT / "src" / "afterbell").rglob("*.py")]
    made = {code for text in texts for found in MADE.findall(text) for code in found if code}
    assert made - set(sentences(datetime(2027, 1, 1))) - ELSEWHERE == set()
