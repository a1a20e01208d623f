"""Letters to deliver and what became of them; and a mailbox that keeps its answer back until it is told to give it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aiosmtpd.smtp import SMTP, Envelope, Session

from afterbell.database import Database
from afterbell.letters.deliver import deliver
from afterbell.letters.post import Letter, post
from tests.conftest import Ground
from tests.ground.mailbox import Mailbox
from tests.ground.sql import rows

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BASE_URL = "https://rooms.example.org"
LEASE = 60
LETTER = Letter(
    identity="decision:7:1",
    kind="decision",
    recipient="lin@clinic.example",
    language="es",
    subject="Reservación aprobada: «Clínica»",
    text="El aula 12 es suya.\n",
    html="<p>El aula 12 es suya.</p>\n",
)


def letters(count: int) -> Sequence[Letter]:
    """So many different ones, to different people."""
    return [replace(LETTER, identity=f"x:{n}", recipient=f"{n}@clinic.example") for n in range(count)]


@asynccontextmanager
async def posted(ground: Ground, *some: Letter, at: datetime = NOW) -> AsyncIterator[Database]:
    """A database in which these letters wait."""
    database = Database(ground.url)
    try:
        async with database.writing() as session:
            for letter in some:
                await post(session, letter, base_url=BASE_URL, now=at)
        yield database
    finally:
        await database.close()


async def send(database: Database, smtp_url: str | None, *, at: datetime = NOW) -> int:
    """One batch."""
    return await deliver(database, smtp_url=smtp_url, base_url=BASE_URL, lease_seconds=LEASE, now=at)


async def states(ground: Ground) -> Sequence[tuple[object, ...]]:
    """What became of each letter: its state, how often it was tried, and what stood in the way."""
    return await rows(ground.url, "SELECT state, attempts, trouble FROM deliveries ORDER BY id")


class SlowMailbox(Mailbox):
    """Takes a letter in and answers only after `go`; `asked` is set when it has one."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go = threading.Event(), threading.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Called in the mailbox's thread for every letter."""
        self.asked.set()
        await asyncio.to_thread(self.go.wait, 20)
        return await super().handle_DATA(server, session, envelope)


class HangingUp(Mailbox):
    """Takes a letter in and breaks the connection off instead of answering, the first time."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Called in the mailbox's thread for every letter."""
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.letters) == 1 and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return answer


class Picky(Mailbox):
    """Knows no address but its own: refuses recipients before any data is sent."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        """Unknown for good, or full for now."""
        if address.startswith("unknown"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("full"):
            return "452 4.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"
