"""The mailbox is a real server: it refuses as often as told, then keeps what it is given."""

from email.message import EmailMessage

import aiosmtplib
import pytest

from tests.ground.mailbox import Mailbox


def a_letter() -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = "rooms@example.org"
    letter["To"] = "lin@example.org"
    letter["Subject"] = "Reservación aprobada"
    letter["Message-ID"] = "<1@example.org>"
    letter.set_content("Aula 12\n")
    return letter


async def send(mailbox: Mailbox) -> None:
    host, port = mailbox.url.removeprefix("smtp://").split(":")
    await aiosmtplib.send(a_letter(), hostname=host, port=int(port))


async def test_a_refused_letter_is_accepted_the_second_time() -> None:
    with Mailbox(refuse_first=1) as mailbox:
        with pytest.raises(aiosmtplib.SMTPDataError):
            await send(mailbox)
        await send(mailbox)
        (letter,) = await mailbox.wait_for(1, to="lin@example.org")
    assert (letter.subject, letter.message_id, letter.text) == ("Reservación aprobada", "<1@example.org>", "Aula 12\n")
    assert len(mailbox.refused) == 1


async def test_a_letter_that_never_comes_is_told_with_what_came_instead() -> None:
    with Mailbox() as mailbox:
        await send(mailbox)
        with pytest.raises(AssertionError, match=r"0 of 1 letters came within 0\.01 s.*aprobada"):
            await mailbox.wait_for(1, 0.01, to="okafor@example.org")
