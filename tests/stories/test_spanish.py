"""Rosa reads Spanish: so do her letters and everything the API refuses her with. Her colleague Dr Lin is told the same in English."""

from typing import Any

import httpx2
import pytest

from tests.conftest import District
from tests.ground.mailbox import Mailbox
from tests.ground.processes import Server
from tests.stories.asks import HALL, SUNDAY, ask, caller, day
from tests.stories.paper import THIN, three_business_days_after, written_in_spanish

ROSA = "rosa@clinic.example"
PLACE = "Classroom 12, Twenty-Fourth Street Elementary"
LINE = f"{written_in_spanish(day())}, 4:00{THIN}p.m. – 6:00{THIN}p.m."
FOOT = "\n\n-- \nAfterbell, espacios escolares después de clases\n"


@pytest.mark.story
async def test_rosa_is_answered_and_written_to_in_spanish(district: District) -> None:
    with Mailbox() as mailbox:
        async with (
            Server(district.url, smtp_url=mailbox.url) as server,
            caller(server.base_url, district, "rosa") as rosa,
            caller(server.base_url, district, "lin") as lin,
            caller(server.base_url, district, "becker") as becker,
        ):
            refused = [
                ask(headcount=31),
                ask(rooms=["x/y"]),
                ask(day(SUNDAY)),
                ask(title=None),
                ask(hour=9, rooms=[HALL], headcount=0),
            ]
            assert [await told(rosa, body) for body in refused] == [
                "En el espacio caben 30 personas; usted indicó 31.",
                "Ese espacio no existe. Nombre espacios de un mismo plantel, como school/room.",
                "La escuela no recibe visitantes ese día. Elija otro día.",
                "Una solicitud también necesita: title.",
                "Un campo no se puede usar: se esperaba `int` >= 1, en `$.headcount`.",
            ]
            assert await told(lin, refused[0]) == "The room holds 30 people; you said 31."
            booking = (await rosa.post("/api/v1/bookings", json=ask(title="Grupo de apoyo"))).json()
            await becker.post(f"/api/v1/bookings/{booking['reference']}/decline", json={"reason": "Hay exámenes"})
            letters = await mailbox.wait_for(2, to=ROSA, about=booking["reference"])
        link = f"{server.base_url}/bookings/{booking['reference']}"
        assert [(letter.subject, letter.text, letter.message["Content-Language"]) for letter in letters] == [
            (f"Recibimos su solicitud {booking['reference']}: Grupo de apoyo", acknowledgement(booking, link), "es"),
            (f"Rechazado: Grupo de apoyo ({booking['reference']})", refusal(link), "es"),
        ]


async def told(person: httpx2.AsyncClient, body: dict[str, Any]) -> str:
    """The first reason of a refusal, or what it says as a whole."""
    problem = (await person.post("/api/v1/bookings", json=body)).json()
    return str(problem.get("reasons", [{"message": problem["detail"]}])[0]["message"])


def acknowledgement(booking: dict[str, Any], link: str) -> str:
    """Her request has arrived."""
    due = written_in_spanish(three_business_days_after(booking["requested_at"]).date())
    return (
        f"Llegó su solicitud para {PLACE}. Su referencia es {booking['reference']}.\n\n"
        f"Apartado para usted hasta que se decida\n  - {LINE}\n\n"
        f"La persona encargada en la escuela decide a más tardar el {due}. Hasta entonces no tiene que hacer nada.\n\n"
        f"Ver o retirar la solicitud:\n{link}{FOOT}"
    )


def refusal(link: str) -> str:
    """It was declined."""
    return (
        f"La escuela no puede darle {PLACE} en estas fechas.\n\nFechas rechazadas\n  - {LINE}: Classroom 14 está libre a esa hora.\n\n"
        "Motivo: Hay exámenes\n\nUn espacio que se indica como libre no queda apartado para usted: solicítelo pronto.\n\n"
        f"Ver la solicitud:\n{link}{FOOT}"
    )
