"""A real SMTP server on a free port, in a thread of its own, that keeps every letter and refuses as many as it is told to."""

import asyncio
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ground.children import free_port


@dataclass(frozen=True)
class Received:
    """One accepted DATA: the envelope and the parsed letter."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes

    @property
    def subject(self) -> str:
        """The decoded subject line."""
        return str(self.message["Subject"])

    @property
    def message_id(self) -> str:
        """The same for every copy of one letter."""
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        """The plain part, with LF line ends."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()).replace("\r\n", "\n") if part else ""


class Mailbox:
    """`with Mailbox() as mailbox:` listens at `mailbox.url`. `refuse_first` letters are answered `refusal`, then all are accepted."""

    def __init__(self, *, refuse_first: int = 0, refusal: str = "451 4.3.0 Try again later") -> None:
        self.letters: list[Received] = []
        self.refused: list[Received] = []
        self._refusals = [refusal] * refuse_first
        self.held: list[Received] = []
        self._arrived = threading.Condition()
        self._open = threading.Event()
        self._open.set()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        """What AFTERBELL_SMTP_URL takes."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def refuse(self, count: int, refusal: str = "451 4.3.0 Try again later") -> None:
        """The next `count` letters are answered so, after those that were to be refused already."""
        with self._arrived:
            self._refusals += [refusal] * count

    def hold(self) -> None:
        """From now on a letter is taken in whole and not answered until `release`."""
        self._open.clear()

    async def wait_until_held(self, count: int, seconds: float = 20.0) -> None:
        """Returns once so many letters wait for their answer."""

        def wait() -> bool:
            with self._arrived:
                return self._arrived.wait_for(lambda: len(self.held) >= count, seconds)

        assert await asyncio.to_thread(wait), f"{len(self.held)} of {count} letters were sent within {seconds} s"

    def release(self) -> None:
        """What was held is answered, and what comes from now on."""
        self._open.set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Called in the mailbox's thread for every letter."""
        letter = received(envelope)
        with self._arrived:
            self.held += [] if self._open.is_set() else [letter]
            self._arrived.notify_all()
        await asyncio.to_thread(self._open.wait)
        with self._arrived:
            if self._refusals:
                self.refused.append(letter)
                answer = self._refusals.pop(0)
            else:
                self.letters.append(letter)
                answer = "250 2.0.0 Kept"
            self._arrived.notify_all()
        return answer

    async def wait_for(
        self, count: int, seconds: float = 20.0, *, to: str | None = None, about: str = ""
    ) -> list[Received]:
        """The letters so far (to one address, `about` some words, when given), as soon as there are `count`; AssertionError with what came when time is up."""

        def enough() -> bool:
            return len(self.to(to, about=about)) >= count

        def wait() -> bool:
            with self._arrived:
                return self._arrived.wait_for(enough, seconds)

        arrived = await asyncio.to_thread(wait)
        found = self.to(to, about=about)
        told = [(letter.recipients, letter.subject) for letter in self.letters]
        assert arrived, f"{len(found)} of {count} letters came within {seconds} s: {told}; refused: {len(self.refused)}"
        return found

    def to(self, address: str | None, *, about: str = "") -> list[Received]:
        """The letters to one address, or all, whose subject or text holds the words, in the order they came."""
        return [
            letter
            for letter in self.letters
            if (address is None or address in letter.recipients) and (about in letter.subject or about in letter.text)
        ]

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.release()
        self._controller.stop()


def received(envelope: Envelope) -> Received:
    """The envelope with its letter parsed by the modern policy."""
    raw = envelope.original_content or b""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), message, raw)
