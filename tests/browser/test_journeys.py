"""Three people's ways through the real pages with JavaScript off, by labels and the words on buttons: Dr Lin asks, Ms Okafor decides, a mother looks
for a class in Spanish on her phone."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from babel.dates import format_date
from playwright.async_api import Browser

from tests.browser.conftest import Evening
from tests.browser.person import Person
from tests.browser.walk import PHONE, Walk
from tests.stories.asks import THERE, ask, caller, day, today, weekly

pytestmark = pytest.mark.asyncio(loop_scope="session")
TITLE, SOUP = "Eye tests by lamplight", "Soup after school"
EXAMS = "The others clash with exams in this room."
LIN, OKAFOR = "lin@clinic.example", "okafor@district.example"


def full(on: date) -> str:
    return f"{on:%A}, {on:%B} {on.day}, {on.year}"


def short(on: date) -> str:
    return f"{on:%a}, {on:%b} {on.day}"


def due_by(booking: Mapping[str, Any]) -> date:
    """The last day for whoever has it, on the school's wall."""
    return datetime.fromisoformat(booking["waiting_on"]["due"]).astimezone(THERE).date()


async def test_a_partner_finds_a_room_asks_answers_and_withdraws(chrome: Browser, evening: Evening) -> None:
    lin, dates = await Person.at(chrome, evening.base_url), [day() + timedelta(weeks=number) for number in range(4)]
    await lin.page.goto("/")
    await lin.sign_in(LIN, evening.mailbox)
    await find_a_classroom(lin, dates[0])
    await leave_one_out(lin, dates)
    kept = [*dates[:2], dates[3]]
    await send(lin, kept)
    await answer(lin, evening)
    await withdraw(lin, kept)


async def find_a_classroom(lin: Person, first: date) -> None:
    """Says what is needed; the room that is wanted comes first."""
    await lin.follow("Find a room")
    await lin.write("First date", first.isoformat())
    await lin.choose("From", "4:00 PM")
    await lin.choose("To", "6:00 PM")
    await lin.write("Weeks in a row", "4")
    await lin.write("People", "20")
    await lin.choose("Kind of room", "Classroom")
    await lin.write("School (any part of its name)", "Twenty-Fourth")
    await lin.press("Search")
    assert (await lin.read("h2"), await lin.read("h3"), await lin.read(".state")) == (
        ["2 rooms are free on all dates"],
        ["Classroom 12", "Classroom 14"],
        ["Free on all 4 dates"] * 2,
    )
    await lin.follow("Request 4 dates")


async def leave_one_out(lin: Person, dates: list[date]) -> None:
    """The dates stand beside the form at once; one is ticked away and the rest looked at again."""
    free = [f"Leave out {short(on)} Free" for on in dates]
    assert (await lin.heading(), await lin.read("aside li")) == ("Request a room", free)
    await lin.tick(f"Leave out {short(dates[2])}")
    await lin.write("Title", TITLE)
    await lin.choose("Kind of activity", "Community health clinic")
    await lin.write("People expected", "20")
    await lin.press("Check dates again")
    out = [*free[:2], f"Leave out {short(dates[2])} Left out", free[3]]
    assert (await lin.heading(), await lin.read("aside li")) == ("Request a room", out)
    assert await lin.page.get_by_label("Title", exact=True).input_value() == TITLE


async def send(lin: Person, kept: list[date]) -> None:
    """The booking says that it is sent, and that its dates are held."""
    await lin.press("Request 3 dates")
    assert (await lin.heading(), await lin.read(".notice"), await lin.read("tbody tr")) == (
        TITLE,
        [f"Your request is sent. A letter with all dates is on its way to {LIN}."],
        [f"{full(on)} Held for you" for on in kept],
    )


async def answer(lin: Person, evening: Evening) -> None:
    """The school asks; the list says so, and the answer stands under the question."""
    reference = (await lin.read("dd"))[3]
    async with caller(evening.base_url, evening.district, "okafor") as okafor:
        put = await okafor.post(f"/api/v1/bookings/{reference}/question", json={"message": "Who locks up?"})
    until = full(due_by(put.json()))
    await lin.follow("My bookings")
    asked = f"The school asks you something. It waits for your answer until {until}."
    assert [card for card in await lin.read(".booking-cards > li") if card.endswith(asked)] != []
    await lin.follow(TITLE)
    await lin.follow("Read the question and answer")
    await lin.write("Your answer", "Rosa does, with the custodian.")
    await lin.press("Send the answer")
    now = full(today())
    assert (await lin.read(".notice"), await lin.read(".thread li")) == (
        ["Your answer is sent. The school has the request again."],
        [
            f"Grace Okafor, for the school, {now} Who locks up?",
            f"Dr Mei Lin, for the partner, {now} Rosa does, with the custodian.",
        ],
    )


async def withdraw(lin: Person, kept: list[date]) -> None:
    """One Cancel button, and it asks once more."""
    await lin.press("Cancel all 3 dates")
    offered = [f"{full(on)} 4:00 PM – 6:00 PM" for on in kept]
    assert (await lin.heading(), await lin.read("form .choice")) == ("Cancel 3 dates?", offered)
    await lin.press("Cancel these dates")
    assert (await lin.read(".notice"), await lin.read("tbody tr")) == (
        ["The dates are cancelled. A letter confirms it."],
        [f"{full(on)} Withdrawn" for on in kept],
    )


async def test_an_approver_asks_approves_some_dates_and_declines_others(chrome: Browser, evening: Evening) -> None:
    okafor, dates = await Person.at(chrome, evening.base_url), [day(3) + timedelta(weeks=number) for number in range(3)]
    async with caller(evening.base_url, evening.district, "lin") as lin:
        made = (await lin.post("/api/v1/bookings", json=ask(dates[0], title=SOUP, repeat=weekly(3)))).json()
    await okafor.page.goto("/")
    await okafor.sign_in(OKAFOR, evening.mailbox)
    await ask_first(okafor, dates[0], due_by(made))
    await decide(okafor, dates)
    await okafor.page.goto(f"/bookings/{made['reference']}")
    assert (await okafor.heading(), await okafor.read("tbody tr")) == (
        SOUP,
        [f"{full(on)} Approved" for on in dates[:2]] + [f"{full(dates[2])} Offered instead: Classroom 14 Declined"],
    )
    assert await okafor.read(".words") == [EXAMS]


async def ask_first(okafor: Person, first: date, due: date) -> None:
    """Signed in, she stands before what waits; a question moves it to the partner."""
    waiting = await okafor.read(".list-detail-list li")
    assert (await okafor.heading(), [entry for entry in waiting if entry.startswith(SOUP)]) == (
        f"Approvals ({len(waiting)})",
        [
            (
                f"{SOUP} Eastside Community Clinic Classroom 12, Twenty-Fourth Street Elementary "
                f"{short(first)}, 4:00 PM – 6:00 PM · 3 dates Decide by {short(due)}"
            )
        ],
    )
    await okafor.follow_to(SOUP)
    await okafor.write("Words to the partner", "Which evening matters most?")
    await okafor.press("Ask the partner")
    assert (await okafor.read(".notice"))[0] == f"Asked: {SOUP}. It waits for the partner's answer now."


async def decide(okafor: Person, dates: list[date]) -> None:
    """Two dates are approved and the third declined, with the reason."""
    await okafor.follow_to(SOUP)
    await okafor.unfold("Decide some dates only")
    for on in dates[:2]:
        await okafor.tick(full(on))
    await okafor.tick("They are declined")
    await okafor.write("Words to the partner", EXAMS)
    await okafor.press("Approve the ticked dates")
    told = f"Decided in part: {SOUP}. The partner gets a letter that says which dates."
    assert ((await okafor.heading())[:9], (await okafor.read(".notice"))[0]) == ("Approvals", told)


async def test_a_mother_finds_a_class_in_spanish_on_her_phone(chrome: Browser, walk: Walk) -> None:
    mother, on = await Person.at(chrome, walk.base_url, width=PHONE), walk.demo.next_day_of("Inglés para adultos")
    await mother.page.goto("/")
    await mother.follow("Español")
    assert (await mother.heading(), (await mother.read("h2"))[:2]) == (
        "Espacios escolares después de clases",
        ["Buscar una clase o un servicio", "Reservar un espacio"],
    )
    await mother.follow("Ver todas las fechas")
    await mother.choose("Tipo", "Inglés para adultos")
    await mother.write("Desde", on.isoformat())
    await mother.choose("Mostrar", "Ese día")
    await mother.unfold("Escuela e idioma")
    await mother.choose("Escuela", "Baldwin Hills Elementary")
    await mother.choose("Idioma", "Español")
    await mother.press("Mostrar el programa")
    when = format_date(on, "EEEE, d 'de' MMMM 'de' y", locale="es").capitalize()
    assert (
        await mother.read("#found-title"),
        await mother.read(".programme-card"),
        await mother.read(".subscribe a"),
    ) == (
        [when],
        [
            (
                "6:00 p.m. – 8:00 p.m. Inglés para adultos, principiantes Baldwin Hills Elementary, Classroom 12 "
                "Gratis Edades: 18+ Inglés, español Cuidado de niños"
            )
        ],
        ["Calendario de este dispositivo", "Google Calendar", "Dirección del calendario"],
    )
    await mother.follow("Inglés para adultos, principiantes")
    await read_all_about_it(mother, when)
    await mother.follow("Baldwin Hills Elementary")
    await subscribe(mother, walk.base_url)


async def read_all_about_it(mother: Person, when: str) -> None:
    """Where, what it costs, in which languages, and whether her children can come along."""
    where, facts = (await mother.read("section"))[:2]
    assert (await mother.heading(), await mother.read(".lead"), where, facts) == (
        "Inglés para adultos, principiantes",
        [f"{when}, 6:00 p.m. – 8:00 p.m."],
        (
            "Dónde Baldwin Hills Elementary 5421 Rodeo Road, Los Angeles 90016 Classroom 12, entrada: Gate B "
            "Acceso Sin escalones Baño accesible Cómo llegar"
        ),
        (
            "Información útil Costo Gratis Idiomas Inglés, español Edades 18+ Cuidado de niños Sí, mientras dura "
            "Cómo participar Venga sin cita"
        ),
    )


async def subscribe(mother: Person, base_url: str) -> None:
    """The school's page has its programme for her own calendar."""
    assert (await mother.heading(), await mother.read("h2")) == (
        "Baldwin Hills Elementary",
        ["Programa", "Espacios", "Horario después de clases", "Días cerrados", "Sobre los calendarios"],
    )
    await mother.unfold("Suscribirse al programa de aquí")
    links = mother.page.locator("main .subscribe").first.get_by_role("link")
    there = f"127.0.0.1:{base_url.rpartition(':')[2]}/calendars/schools/baldwin-hills-elementary.ics"
    assert [await links.nth(at).get_attribute("href") for at in range(3)] == [
        f"webcal://{there}",
        f"https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F{there.replace(':', '%3A').replace('/', '%2F')}",
        f"http://{there}",
    ]
