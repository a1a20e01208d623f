"""Delivering to a real SMTP server: once, again after trouble, never too late, and never by two holders."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from afterbell.letters.deliver import TOO_LATE
from afterbell.letters.post import message_id
from tests.conftest import Ground
from tests.ground.children import free_port
from tests.ground.mailbox import Mailbox
from tests.ground.sql import rows, tell
from tests.letters.box import (
    BASE_URL,
    HOUR,
    LEASE,
    LETTER,
    MINUTE,
    NOW,
    HangingUp,
    Picky,
    SlowMailbox,
    letters,
    posted,
    send,
    states,
)


async def test_a_letter_is_delivered_once_with_its_identity_and_marked(migrated: Ground) -> None:
    with Mailbox() as mailbox:
        async with posted(migrated, LETTER, LETTER) as database:
            sent = [await send(database, mailbox.url) for _ in range(2)]
    (letter,) = mailbox.letters
    assert (sent, letter.recipients, letter.subject, letter.text, letter.message_id) == (
        [1, 0],
        ("lin@clinic.example",),
        LETTER.subject,
        LETTER.text,
        message_id(LETTER.identity, BASE_URL),
    )
    assert await rows(migrated.url, "SELECT state, attempts, trouble, lease, leased_until, sent_at IS NOT NULL FROM deliveries") in (
        [("sent", 1, None, None, None, 1)],
        [("sent", 1, None, None, None, True)],
    )  # fmt: skip


async def test_without_a_server_letters_are_kept_to_be_read(migrated: Ground) -> None:
    async with posted(migrated, LETTER) as database:
        assert [await send(database, None), await send(database, None)] == [1, 0]
    assert await states(migrated) == [("kept", 0, None)]


async def test_a_subject_is_one_line_whatever_was_in_the_title(migrated: Ground) -> None:
    with Mailbox() as mailbox:
        async with posted(
            migrated, replace(LETTER, subject="Approved:\r\nBcc: all@x.example\u2028 \t Clinic")
        ) as database:
            await send(database, mailbox.url)
    assert [(letter.recipients, letter.subject) for letter in mailbox.letters] == [
        ((LETTER.recipient,), "Approved: Bcc: all@x.example Clinic")
    ]


@pytest.mark.parametrize("refusal", ["421 4.7.0 Busy", "450 4.2.0 Greylisted", "451 4.3.0 Later", "452 4.3.1 Full"])
async def test_a_letter_refused_for_now_arrives_later_with_the_same_identity(migrated: Ground, refusal: str) -> None:
    with Mailbox(refuse_first=2, refusal=refusal) as mailbox:
        async with posted(migrated, LETTER) as database:
            tries = [await send(database, mailbox.url, at=NOW + minutes * MINUTE) for minutes in (0, 0, 2, 3, 9)]
            told = await states(migrated)
    assert (tries, told) == ([1, 0, 1, 0, 1], [("sent", 3, None)])
    assert {letter.message_id for letter in [*mailbox.refused, *mailbox.letters]} == {
        message_id(LETTER.identity, BASE_URL)
    }


async def test_a_letter_refused_for_good_is_not_tried_again_and_says_why(migrated: Ground) -> None:
    with Mailbox(refuse_first=1, refusal="550 5.7.1 Not wanted") as mailbox:
        async with posted(migrated, LETTER) as database:
            tries = [await send(database, mailbox.url, at=NOW + hours * HOUR) for hours in (0, 5)]
    assert (tries, await states(migrated), mailbox.letters) == ([1, 0], [("failed", 1, "550 5.7.1 Not wanted")], [])


async def test_one_bad_address_does_not_stop_the_others(migrated: Ground) -> None:
    wrong = ["unknown@x.example", "full@x.example", "two@x.example\nBcc: all@x.example", "a@[b.c"]
    some = [replace(LETTER, identity=address, recipient=address) for address in (*wrong, "good@x.example")]
    with Picky() as mailbox:
        async with posted(migrated, *some) as database:
            await send(database, mailbox.url)
    assert [(state, attempts) for state, attempts, _ in await states(migrated)] == [
        ("failed", 1),
        ("waiting", 1),
        ("failed", 1),
        ("failed", 1),
        ("sent", 1),
    ]
    assert [letter.recipients for letter in mailbox.letters] == [("good@x.example",)]


async def test_a_server_that_is_away_is_tried_for_three_days_and_then_given_up(migrated: Ground) -> None:
    nowhere, at = f"smtp://127.0.0.1:{free_port()}", NOW
    async with posted(migrated, LETTER) as database:
        while (await states(migrated))[0][0] == "waiting" and at < NOW + timedelta(days=9):
            await send(database, nowhere, at=at)
            at += 2.5 * HOUR
    ((state, attempts, trouble),) = await states(migrated)
    assert (state, 25 < int(str(attempts)) < 41, "onnect" in str(trouble)) == ("failed", True, True)


async def test_a_connection_that_breaks_after_the_data_repeats_the_same_letter(migrated: Ground) -> None:
    """The server has it, we do not know: the second copy can be told by its Message-ID. The rest of the batch is not lost."""
    with HangingUp() as mailbox:
        async with posted(migrated, *letters(3)) as database:
            await send(database, mailbox.url)
            await send(database, mailbox.url, at=NOW + 2 * MINUTE)
    assert [state for state, _, _ in await states(migrated)] == ["sent"] * 3
    ids = [letter.message_id for letter in mailbox.letters]
    assert (len(ids), len(set(ids)), ids.count(ids[0])) == (4, 3, 2)


@pytest.mark.parametrize(
    ("until", "state", "received"),
    [(NOW - MINUTE, "failed", 0), (NOW, "failed", 0), (NOW + MINUTE, "sent", 1), (None, "sent", 1)],
)
async def test_what_is_past_its_use_is_not_sent_at_all(
    migrated: Ground, until: datetime | None, state: str, received: int
) -> None:
    """A reminder after the start would be worse than none."""
    with Mailbox() as mailbox:
        async with posted(migrated, replace(LETTER, until=until), at=NOW - HOUR) as database:
            await send(database, mailbox.url)
    assert (await states(migrated))[0][::2] == (state, TOO_LATE if state == "failed" else None)
    assert len(mailbox.letters) == received


async def test_a_letter_is_not_tried_again_when_it_would_be_past_its_use(migrated: Ground) -> None:
    with Mailbox(refuse_first=9) as mailbox:
        async with posted(migrated, replace(LETTER, until=NOW + 30 * MINUTE)) as database:
            for minutes in range(0, 60, 2):
                await send(database, mailbox.url, at=NOW + minutes * MINUTE)
    assert [row[:2] for row in await states(migrated)] == [("failed", 4)]


async def test_many_letters_go_twenty_at_a_time(migrated: Ground) -> None:
    with Mailbox() as mailbox:
        async with posted(migrated, *letters(45)) as database:
            sent = [await send(database, mailbox.url) for _ in range(4)]
    assert (sent, len({letter.message_id for letter in mailbox.letters})) == ([20, 20, 5, 0], 45)


async def test_two_workers_share_the_letters(migrated: Ground) -> None:
    with Mailbox() as mailbox:
        async with posted(migrated, *letters(60)) as first, posted(migrated) as second:
            sent = await asyncio.gather(*(send(database, mailbox.url) for database in (first, second, first, second)))
    assert (sum(sent), len(mailbox.letters), len({letter.message_id for letter in mailbox.letters})) == (60, 60, 60)


async def freeze(ground: Ground, meanwhile: Callable[[], Awaitable[object]]) -> Sequence[tuple[object, ...]]:
    """What stands when a holder waits for its server until something else has happened, and is answered then."""
    with SlowMailbox() as mailbox:
        async with posted(ground, LETTER) as database:
            holder = asyncio.create_task(send(database, mailbox.url))
            assert await asyncio.to_thread(mailbox.asked.wait, 20)
            await meanwhile()
            mailbox.go.set()
            await holder
    return await rows(ground.url, "SELECT state, attempts FROM deliveries")


async def test_a_holder_that_froze_past_its_lease_writes_nothing(migrated: Ground) -> None:
    """Meanwhile another took the letter, failed to send it and put it off."""

    async def another() -> None:
        async with posted(migrated) as database:
            nowhere, later = f"smtp://127.0.0.1:{free_port()}", NOW + timedelta(seconds=LEASE)
            assert await send(database, nowhere, at=later) == 1

    assert await freeze(migrated, another) == [("waiting", 1)]


async def test_control_a_holder_whose_token_still_stands_writes(migrated: Ground) -> None:
    """The same change of the row, but for the token."""
    put_off = tell(migrated.url, "UPDATE deliveries SET attempts = 1, leased_until = NULL")
    assert await freeze(migrated, lambda: put_off) == [("sent", 2)]
