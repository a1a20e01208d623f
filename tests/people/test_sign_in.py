"""Signing in over TCP with a real mailbox: by link, by code, and what an unknown address, a stranger's page or a second press get."""

import re
from dataclasses import dataclass

from tests.conftest import District
from tests.ground.browser import Browser, Page, browser
from tests.ground.mailbox import Mailbox, Received
from tests.ground.processes import Server
from tests.ground.sql import rows

LIN = "lin@clinic.example"
ROSA = "rosa@clinic.example"
NOBODY = "nobody@clinic.example"
USED = "This sign-in link was used already or is too old. Ask for a new one."


@dataclass(frozen=True)
class Secrets:
    """What a sign-in letter carries."""

    link: str
    code: str

    @classmethod
    def of(cls, letter: Received) -> "Secrets":
        link = re.search(r"https?://\S+/sign-in/\S+", letter.text)
        code = re.search(r"^(\d{6})$", letter.text, re.MULTILINE)
        assert link, letter.text
        assert code, letter.text
        return cls(link[0], code[1])


async def ask(person: Browser, email: str, next_page: str = "") -> Page:
    page = await person.open("/sign-in", **({"next": next_page} if next_page else {}))
    return await person.send(page.form("/sign-in"), email=email)


def without(page: Page, *secrets: str) -> str:
    """The page's own words: the browser's form secret and an address are not of interest."""
    html = re.sub(r'name="_csrf" value="\w+"', "", page.html)
    for secret in secrets:
        html = html.replace(secret, "-")
    return html


async def test_a_link_signs_in_once_and_only_when_its_button_is_pressed(district: District) -> None:
    with Mailbox() as mailbox:
        async with Server(district.url, smtp_url=mailbox.url) as server, browser(server.base_url) as lin:
            await ask(lin, LIN, "/bookings/new?room=venice-high/gym&weeks=4")
            (letter,) = await mailbox.wait_for(1, to=LIN)
            link = Secrets.of(letter).link
            path = link.removeprefix(server.base_url)
            looked = [await lin.open(path) for _ in range(2)]
            spent_meanwhile = await rows(district.url, "SELECT count(*) FROM sign_ins WHERE spent_at IS NOT NULL")
            entered = await lin.send(looked[1].form(path.partition("?")[0]))
            async with browser(server.base_url) as other:
                again = await other.sign_in(path)
            signed_in = await lin.open("/find")
    assert [page.status for page in looked] == [200, 200]
    assert spent_meanwhile == [(0,)]
    assert (entered.status, entered.goes_to) == (303, "/bookings/new?room=venice-high/gym&weeks=4")
    assert (again.status, again.heading) == (409, "This cannot be done as asked")
    assert USED in again.words
    assert "Signed in as Dr Mei Lin." in signed_in.words


async def test_the_letter_is_in_the_persons_language_and_says_what_it_is(district: District) -> None:
    with Mailbox() as mailbox:
        async with Server(district.url, smtp_url=mailbox.url) as server, browser(server.base_url) as person:
            await ask(person, ROSA)
            (letter,) = await mailbox.wait_for(1, to=ROSA)
            base_url = server.base_url
    secrets = Secrets.of(letter)
    assert letter.subject == "Su enlace para entrar a Afterbell"
    assert letter.text == (
        f"Pulse este enlace para iniciar sesión. Sirve una sola vez, durante 20 minutos:\n{secrets.link}\n\n"
        f"O escriba este código en la página donde lo pidió:\n{secrets.code}\n\n"
        "Si usted no pidió este correo, no tiene que hacer nada: sin él, nadie puede entrar.\n\n"
        "-- \nAfterbell, espacios escolares después de clases\n"
    )
    assert secrets.link.startswith(f"{base_url}/es/sign-in/")


async def test_a_code_signs_in_and_a_wrong_one_does_not(district: District) -> None:
    with Mailbox() as mailbox:
        async with Server(district.url, smtp_url=mailbox.url) as server, browser(server.base_url) as lin:
            asked = await ask(lin, f"  {LIN.upper()} ")
            (letter,) = await mailbox.wait_for(1, to=LIN)
            code = Secrets.of(letter).code
            wrong = await lin.send(asked.form("/sign-in/code"), code=f"{(int(code) + 1) % 1_000_000:06d}")
            before = dict(lin.http.cookies)
            right = await lin.send(wrong.form("/sign-in/code"), code=f"{code[:3]} {code[3:]}")
            again = await lin.send(asked.form("/sign-in/code"), code=code)
            counted = await rows(district.url, "SELECT wrong_codes FROM sign_ins WHERE spent_at IS NOT NULL")
            me = await lin.open("/sign-in")
    assert (wrong.status, wrong.html.count("<title>Error: ")) == (422, 1)
    assert "This code is wrong, too old or used." in wrong.words
    assert (right.status, right.goes_to) == (303, "/bookings")
    assert counted == [(1,)]
    assert "afterbell" not in before
    assert "afterbell" in lin.http.cookies
    assert again.status == 403, "the form belongs to the guest that this browser is no longer"
    assert (me.status, me.goes_to) == (303, "/bookings")


async def test_five_wrong_codes_and_the_right_one_is_dead(district: District) -> None:
    with Mailbox() as mailbox:
        async with Server(district.url, smtp_url=mailbox.url) as server, browser(server.base_url) as lin:
            asked = await ask(lin, LIN)
            (letter,) = await mailbox.wait_for(1, to=LIN)
            secrets = Secrets.of(letter)
            wrong = [f"{(int(secrets.code) + number) % 1_000_000:06d}" for number in range(1, 6)]
            tried = [(await lin.send(asked.form("/sign-in/code"), code=code)).status for code in (*wrong, secrets.code)]
            by_link = await lin.sign_in(secrets.link)
    assert tried == [422] * 6
    assert by_link.status == 303, "nobody can lock a person out: the link in the letter is no guess"


async def test_an_unknown_address_gets_the_same_answer_and_no_letter(district: District) -> None:
    with Mailbox() as mailbox:
        async with Server(district.url, smtp_url=mailbox.url) as server, browser(server.base_url) as person:
            unknown, known = await ask(person, NOBODY), await ask(person, LIN)
            await mailbox.wait_for(1, to=LIN)
            guessed = await person.send(unknown.form("/sign-in/code"), code="000000")
            malformed = await ask(person, "lin at the clinic")
            letters = [letter.recipients for letter in mailbox.letters]
    assert (unknown.status, without(unknown, NOBODY)) == (known.status, without(known, LIN))
    assert letters == [(LIN,)]
    assert (guessed.status, malformed.status) == (422, 422)
    assert "Write your e-mail address, such as ana@clinic.example." in malformed.words
    assert dict(malformed.form("/sign-in").fields)["email"] == "lin at the clinic"


async def test_the_seventh_letter_in_an_hour_is_not_written_and_nobody_can_tell(district: District) -> None:
    with Mailbox() as mailbox:
        async with Server(district.url, smtp_url=mailbox.url) as server, browser(server.base_url) as person:
            answers = [await ask(person, LIN) for _ in range(7)]
            await mailbox.wait_for(6, to=LIN)
            written = await rows(district.url, "SELECT count(*) FROM deliveries WHERE kind = 'sign_in'")
    assert {(page.status, without(page)) for page in answers} == {(200, without(answers[0]))}
    assert written == [(6,)]
