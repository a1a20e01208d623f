"""A letter as it leaves: its words survive the way through a mail parser, its headers hold one line each, and its identity tells nothing."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.letters.post import message_id
from afterbell.letters.smtp import Envelope, as_message
from tests.letters.box import BASE_URL, NOW

ENVELOPE = Envelope(
    id=1,
    recipient="lin@clinic.example",
    sender="no-reply@rooms.example.org",
    subject="Approved: Clinic",
    text="Room 12 is yours.\n",
    html="<p>Room 12 is yours.</p>\n",
    language="en",
    message_id="<1@rooms.example.org>",
    created_at=NOW,
)


def arrived(envelope: Envelope) -> EmailMessage:
    """What a mail program reads from the bytes."""
    found = message_from_bytes(as_message(envelope).as_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_the_headers_and_both_parts() -> None:
    message = arrived(ENVELOPE)
    assert sorted((name, value) for name, value in message.items() if name != "Content-Type") == [
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "en"),
        ("Date", "Tue, 10 Nov 2026 12:00:00 +0000"),
        ("From", "Afterbell <no-reply@rooms.example.org>"),
        ("MIME-Version", "1.0"),
        ("Message-ID", "<1@rooms.example.org>"),
        ("Subject", "Approved: Clinic"),
        ("To", "lin@clinic.example"),
    ]
    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]


one_line = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=120).map(
    lambda text: " ".join(text.split())
)
words = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=300).map(
    lambda text: text + "\n"
)


@given(one_line, words)
def test_subject_and_text_are_read_as_they_were_written(subject: str, text: str) -> None:
    message = arrived(replace(ENVELOPE, subject=subject, text=text))
    assert (str(message["Subject"]), part(message, "plain")) == (subject, text)


@given(words)
def test_every_line_of_a_letter_is_short_enough_for_any_server(text: str) -> None:
    """RFC 5322 2.1.1: at most 998 octets."""
    whole = as_message(replace(ENVELOPE, text=text * 9, html=f"<p>{text * 99}</p>\n")).as_bytes()
    assert max(map(len, whole.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("field", ["recipient", "subject", "message_id"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_no_header_can_be_smuggled_in(field: str, end: str) -> None:
    with pytest.raises((ValueError, HeaderParseError), match=r"(?i)header|linefeed|carriage"):
        as_message(replace(ENVELOPE, **{field: f"a@b.example{end}Bcc: all@clinic.example"}))  # type: ignore[arg-type]


def test_an_identity_is_stable_differs_by_letter_and_district_and_names_nobody() -> None:
    found = message_id("decision:7:lin@clinic.example", BASE_URL)
    others = {
        message_id("decision:8:lin@clinic.example", BASE_URL),
        message_id("decision:7:lin@clinic.example", "https://other.example"),
    }
    assert (message_id("decision:7:lin@clinic.example", BASE_URL), found in others, "lin" in found, found.endswith("@rooms.example.org>")) == (
        found, False, False, True,
    )  # fmt: skip
