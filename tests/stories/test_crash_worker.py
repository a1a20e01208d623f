"""Letters outlive whoever should write them: with no worker, or with one killed again and again, each arrives; twice only as the same letter."""

import re
from collections import defaultdict

import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.mailbox import Mailbox
from tests.ground.patience import until
from tests.ground.processes import Server, WorkerProcess, afterbell
from tests.ground.tally import share, told
from tests.stories.asks import ask, caller, day
from tests.stories.bursts import Burst
from tests.stories.racing import SEED, hall
from tests.stories.standing import settled

pytestmark = [pytest.mark.story, pytest.mark.crash]

REFERENCE = re.compile(r"AB-[0-9A-Z]{6,10}")
EVENTS = """
    SELECT reference, count(*) FROM bookings JOIN events ON events.booking_id = bookings.id
    WHERE handled_at IS NOT NULL GROUP BY reference"""
NOTHING_LEFT = '{"events": 0, "reminders": 0, "letters": 0, "expiries": 0, "digests": 0}\n'


def arrived(mailbox: Mailbox) -> dict[str, list[str]]:
    """The Message-IDs of the letters about each booking, as often as they came."""
    found = defaultdict(list)
    for letter in mailbox.to(None):
        (reference,) = set(REFERENCE.findall(letter.text))
        found[reference].append(letter.message_id)
    return found


def tick(district: District, mailbox: Mailbox) -> str:
    """Does whatever is due and says how much that was."""
    return afterbell(district.url, "tick", "--json", settings={"SMTP_URL": mailbox.url}).stdout


async def book_and_kill(district: District, mailbox: Mailbox) -> str:
    """Commits a booking where nobody writes letters, kills the server, and answers the reference."""
    async with Server(district.url, smtp_url=mailbox.url, worker=False) as server:
        async with caller(server.base_url, district, "lin") as lin:
            booked = await lin.post("/api/v1/bookings", json=ask(day(), rooms=hall("hall-2")))
        await server.kill()
    assert (booked.status_code, mailbox.letters) == (201, [])
    return str(booked.json()["reference"])


async def test_a_letter_committed_without_a_worker_arrives_once_when_one_starts(district: District) -> None:
    with Mailbox() as mailbox:
        reference = await book_and_kill(district, mailbox)
        async with WorkerProcess(district.url, smtp_url=mailbox.url):
            assert await until(lambda: settled(district.url))
        assert tick(district, mailbox) == NOTHING_LEFT
        assert len(arrived(mailbox)[reference]) == 1


async def test_control_a_letter_whose_receipt_row_and_memory_are_gone_is_counted_twice(district: District) -> None:
    with Mailbox() as mailbox:
        reference = await book_and_kill(district, mailbox)
        tick(district, mailbox)
        event = f"(SELECT id FROM events WHERE booking_id = (SELECT id FROM bookings WHERE reference = '{reference}'))"
        again = f"UPDATE events SET handled_at = NULL WHERE id = {event}"
        receipt = f"DELETE FROM receipts WHERE listener = 'notices.tell_requester' AND event_id = {event}"
        counts = []
        gone = ["DELETE FROM deliveries", "DELETE FROM told"]
        for protections in ([again], [again, receipt], [again, receipt, gone[0]], [again, receipt, *gone]):
            await sql.tell(district.url, *protections)
            tick(district, mailbox)
            counts.append(len(arrived(mailbox)[reference]))
        identities = set(arrived(mailbox)[reference])
    assert (counts, len(identities)) == ([1, 1, 1, 2], 1)


async def test_no_letter_is_lost_when_the_worker_is_killed_again_and_again(district: District) -> None:
    burst = Burst(district)
    with Mailbox() as mailbox:
        async with Server(district.url, worker=False) as server:
            await burst.until(server.base_url, share(soak=500, test=60), server.kill)
        worker = WorkerProcess(district.url, smtp_url=mailbox.url)
        for _ in range(share(soak=20, test=4)):
            await worker.start()
            await mailbox.wait_for(len(mailbox.letters) + burst.chance.randint(1, 12))
            await worker.kill()
        async with worker:
            assert await until(lambda: settled(district.url), 120)
        assert tick(district, mailbox) == NOTHING_LEFT
        came = arrived(mailbox)
    different = {reference: len(set(letters)) for reference, letters in came.items()}
    repeats = sum(len(letters) - len(set(letters)) for letters in came.values())
    wanted = dict(await sql.rows(district.url, EVENTS))
    told("crash worker letters", district.engine, burst.seconds, failures=int(different != wanted), seed=SEED)
    print(f"letters {sum(different.values())}, of them twice {repeats}")
    assert different == wanted
    assert {booking["reference"] for booking in burst.acknowledged} <= set(came)


async def test_control_a_letter_that_was_marked_but_never_sent_is_missed(district: District) -> None:
    with Mailbox() as mailbox:
        reference = await book_and_kill(district, mailbox)
        afterbell(district.url, "tick")
        await sql.tell(district.url, "UPDATE deliveries SET state = 'sent'")
        assert tick(district, mailbox) == NOTHING_LEFT
        assert reference in dict(await sql.rows(district.url, EVENTS))
        assert reference not in arrived(mailbox)
