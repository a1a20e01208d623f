"""From a stranger to an approved booking: made known, founded, invited and joined by letter in each person's language, with a real mailbox and the pages."""

import re

import pytest

from tests.conftest import District
from tests.ground.browser import Browser, Page, browser
from tests.ground.mailbox import Mailbox, Received
from tests.ground.processes import Server
from tests.ground.sql import rows
from tests.stories.visitors import booked, lines, visiting, wish

pytestmark = pytest.mark.story

INES, PILAR, SAM = "ines@vecinos.example", "pilar@casa.example", "sam@theatre.example"
NAME = "Vecinos de la Calle 24"
SLUG = "vecinos-de-la-calle-24"
PATH = f"/organizations/{SLUG}"
FOOT = "\n\n-- \nAfterbell, espacios escolares después de clases\n"


def link_in(letter: Received) -> str:
    """The sign-in link that a letter carries."""
    found = re.search(r"https?://\S+/sign-in/\S+", letter.text)
    assert found, letter.text
    return found[0]


async def introduced(person: Browser, name: str, email: str) -> Page:
    page = await person.open("/es/sign-in/new")
    return await person.send(page.form("/es/sign-in/new"), name=name, email=email)


async def test_a_stranger_founds_an_organization_and_invites_somebody(district: District) -> None:
    with Mailbox() as mailbox:
        async with (
            Server(district.url, smtp_url=mailbox.url) as server,
            browser(server.base_url) as ines,
            browser(server.base_url) as pilar,
        ):
            told = await introduced(ines, "Inés  Vega", INES)
            (welcome,) = await mailbox.wait_for(1, to=INES)
            begun = await ines.sign_in(link_in(welcome))
            choice = await ines.open(begun.goes_to)
            founded = await ines.send(choice.forms[1], name=NAME, kind="civic")
            hers = await ines.open(founded.goes_to)
            invited = await ines.send(hers.form(f"{PATH}/members"), email=PILAR)
            (invitation,) = await mailbox.wait_for(1, to=PILAR)
            entered = await pilar.sign_in(link_in(invitation))
            inside = await pilar.open(entered.goes_to)
    assert (told.status, told.heading, welcome.subject) == (
        200,
        "Revise su correo",
        "Su enlace para entrar a Afterbell",
    )
    assert begun.goes_to == "/organizations/new"
    assert choice.heading == "Cree una, únase a una o reserve en nombre propio"
    assert founded.goes_to == f"{PATH}?done=founded"
    assert "tiene apartadas a lo más 12 fechas a la vez" in hers.words
    assert (invited.goes_to, invitation.subject) == (f"{PATH}?done=invited", f"Usted pertenece a {NAME} en Afterbell")
    assert invitation.text == (
        f"Inés Vega le agregó a {NAME}.\n\n"
        "Ahora puede solicitar espacios escolares en su nombre y ver lo que ha solicitado.\n\n"
        f"Si no conoce {NAME}, no tiene que hacer nada.\n\n"
        f"Pulse este enlace para iniciar sesión. Sirve una sola vez, durante 3 días:\n{link_in(invitation)}{FOOT}"
    )
    assert (entered.goes_to, inside.heading, inside.forms[1:]) == (PATH, NAME, [])


async def test_somebody_asks_to_join_is_confirmed_and_the_approver_sees_that_nobody_vouched_yet(
    district: District,
) -> None:
    """Pilar reads Spanish wherever she is; the pages of `visiting` are in English."""
    with Mailbox() as mailbox:
        async with (
            Server(district.url, smtp_url=mailbox.url) as server,
            visiting(server, district, "pilar", "sam", "okafor", "becker") as (pilar, sam, okafor, becker),
        ):
            await pilar.send((await pilar.open("/organizations/new")).forms[1], name=NAME, kind="civic")
            joining = await sam.open("/organizations/new")
            asked = await sam.send(joining.form("/organizations/join"), organization=NAME.lower())
            waiting = await sam.open(asked.goes_to)
            (request,) = await mailbox.wait_for(1, to=PILAR)
            confirmed = await pilar.send((await pilar.open(PATH)).forms[1])
            (admitted,) = await mailbox.wait_for(1, to=SAM)
            reference = await booked(sam, wish(weeks="4"), title="Asamblea", organization=SLUG)
            flagged = await okafor.open("/approvals", ref=reference)
            vouched = await becker.send((await becker.open(PATH)).form(f"{PATH}/verification"))
            after = await becker.open(vouched.goes_to)
            base_url = server.base_url
    assert (asked.goes_to, f"You asked to join {NAME}." in waiting.words) == ("/organizations/new?done=asked", True)
    assert request.subject == f"Sam Ortiz pide unirse a {NAME}"
    assert request.text == (
        f"Sam Ortiz ({SAM}) quiere solicitar espacios en nombre de {NAME}.\n\n"
        "Mientras usted no confirme, esa persona no ve nada de lo suyo. Si no la conoce, no tiene que hacer nada.\n\n"
        f"Confirme o vea a sus miembros:\n{base_url}{PATH}{FOOT}"
    )
    assert (confirmed.goes_to, admitted.subject) == (f"{PATH}?done=confirmed", f"You belong to {NAME} on Afterbell")
    assert "First-time organization, not verified" in lines(flagged, "dd")[1]
    assert (vouched.goes_to, f"{NAME} is verified." in after.words) == (f"{PATH}?done=verified", True)


async def test_who_is_known_keeps_the_name_and_a_bad_one_is_told(district: District) -> None:
    """The answer to a known address is the same as to a new one."""
    with Mailbox() as mailbox:
        async with Server(district.url, smtp_url=mailbox.url) as server, browser(server.base_url) as person:
            new = await introduced(person, "Somebody Else", "somebody@else.example")
            known = await introduced(person, "Somebody Else", SAM.upper())
            bad = [
                await introduced(person, *pair) for pair in ((" ", INES), ("Inés", "ines"), ("Inés", "a@b@c.example"))
            ]
            await mailbox.wait_for(1, to=SAM)
    people = await rows(
        district.url,
        f"SELECT name, language FROM people WHERE email IN ('somebody@else.example', '{SAM}') ORDER BY name",
    )
    assert [(page.status, page.heading) for page in (new, known)] == [(200, "Revise su correo")] * 2
    assert [(page.status, page.heading) for page in bad] == [(422, "Primera vez aquí")] * 3
    assert people == [("Sam Ortiz", "en"), ("Somebody Else", "es")]
