"""One SMTP session for a batch of letters. Knows the network, not the database."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_string
from email.errors import MessageError
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

TIMEOUT = 15


@dataclass(frozen=True)
class Envelope:
    """A letter as it leaves."""

    id: int
    recipient: str
    sender: str
    subject: str
    text: str
    html: str
    language: str
    message_id: str
    created_at: datetime


@dataclass(frozen=True)
class Outcome:
    """What became of it: `trouble` None means handed over; `final` that trying again is of no use."""

    id: int
    trouble: str | None = None
    final: bool = False


async def send_all(smtp_url: str, envelopes: Sequence[Envelope]) -> list[Outcome]:
    """Sends one after the other over one connection; a lost connection leaves the rest to be tried again."""
    client = _client(smtp_url)
    try:
        await client.connect()
    except (aiosmtplib.SMTPException, OSError) as error:
        return [Outcome(envelope.id, _words(error)) for envelope in envelopes]
    outcomes = [await _send(client, envelope) for envelope in envelopes]
    try:
        await client.quit()
    except (aiosmtplib.SMTPException, OSError):
        client.close()
    return outcomes


def _client(smtp_url: str) -> aiosmtplib.SMTP:
    parts = urlsplit(smtp_url)
    secure = parts.scheme == "smtps"
    return aiosmtplib.SMTP(
        hostname=parts.hostname or "localhost",
        port=parts.port or (465 if secure else 587 if "starttls" in parts.scheme else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=secure,
        start_tls="starttls" in parts.scheme,
        tls_context=ssl.create_default_context() if secure or "starttls" in parts.scheme else None,
        timeout=TIMEOUT,
    )


async def _send(client: aiosmtplib.SMTP, envelope: Envelope) -> Outcome:
    try:
        message = as_message(envelope)
    except Exception as error:  # noqa: BLE001 - the library fails in many ways on an odd address, and the other letters of the batch must go out
        return Outcome(envelope.id, _words(error), final=True)
    try:
        await client.send_message(message, sender=envelope.sender, recipients=[envelope.recipient])
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [refused.code for refused in error.recipients]
        return Outcome(envelope.id, _words(error), final=all(code >= 500 for code in codes))
    except aiosmtplib.SMTPResponseException as error:
        return Outcome(envelope.id, f"{error.code} {error.message}"[:300], final=error.code >= 500)
    except (ValueError, MessageError) as error:  # this letter cannot be written down
        return Outcome(envelope.id, _words(error), final=True)
    except (aiosmtplib.SMTPException, OSError) as error:
        return Outcome(envelope.id, _words(error))
    return Outcome(envelope.id)


def as_message(envelope: Envelope) -> EmailMessage:
    """text/plain first, text/html last; marked as automatic so that absence notes stay at home."""
    message = message_from_string(f"Subject: {_folded(envelope.subject)}\n\n", policy=SMTP)
    message["From"] = f"Afterbell <{envelope.sender}>"
    message["To"] = envelope.recipient
    message["Date"] = format_datetime(envelope.created_at)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(envelope.text)
    message.add_alternative(envelope.html, subtype="html")
    # Only now: making parts moves Content- headers into the first of them.
    message["Content-Language"] = envelope.language
    return message


def _folded(subject: str) -> str:
    """One run of encoded words when it is not plain ASCII: EmailMessage doubles the space before a dash that falls at the end of a line."""
    plain = subject.isascii() and "=?" not in subject
    return Header(subject, None if plain else "utf-8", header_name="Subject").encode()


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
