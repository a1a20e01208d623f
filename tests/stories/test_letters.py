"""Letters outlive what carries them: a server killed before it could send, a mail server that is busy, and one that says no for good."""

import asyncio
from datetime import timedelta
from json import loads

import httpx2
import pytest

from afterbell import clock
from tests.conftest import District
from tests.ground.mailbox import Mailbox
from tests.ground.processes import Server, WorkerProcess, afterbell
from tests.stories.asks import ask, caller

LIN = "lin@clinic.example"


@pytest.mark.story
async def test_a_letter_waits_for_a_worker_and_arrives_once_and_an_idle_worker_hears_of_the_next(
    district: District,
) -> None:
    with Mailbox() as mailbox:
        server = Server(district.url, smtp_url=mailbox.url, worker=False)
        async with server, caller(server.base_url, district, "lin") as lin:
            reference = (await lin.post("/api/v1/bookings", json=ask())).json()["reference"]
            await server.kill()
        settings = {"SMTP_URL": mailbox.url, "BASE_URL": server.base_url}
        assert mailbox.letters == [], "control: without a worker nothing is sent"
        async with WorkerProcess(district.url, smtp_url=mailbox.url, BASE_URL=server.base_url):
            (letter,) = await mailbox.wait_for(1, to=LIN, about=reference)
            async with server, caller(server.base_url, district, "lin") as lin:
                following = (await lin.post("/api/v1/bookings", json=ask(hour=18))).json()["reference"]
                await mailbox.wait_for(1, to=LIN, about=following)
        assert letter.subject == f"We have your request {reference}: Diabetes check-ups"
        assert ticked(district, settings)["letters"] == 0
        assert mailbox.to(LIN, about=reference) == [letter]


@pytest.mark.story
async def test_a_server_told_to_stop_first_marks_the_letter_that_it_is_sending(district: District) -> None:
    with Mailbox() as mailbox:
        async with (
            Server(district.url, smtp_url=mailbox.url) as server,
            caller(server.base_url, district, "lin") as lin,
        ):
            mailbox.hold()
            reference = (await lin.post("/api/v1/bookings", json=ask())).json()["reference"]
            await mailbox.wait_until_held(1)
            stopping = asyncio.create_task(server.stop())
            await asyncio.wait({stopping}, timeout=2)  # it would have gone by now, had it not a letter in hand
            assert not stopping.done()
            mailbox.release()
            await stopping
        (letter,) = mailbox.held
        settings = {"SMTP_URL": mailbox.url, "BASE_URL": server.base_url}
        ticked(district, settings, later=timedelta(minutes=1))
        assert mailbox.to(LIN, about=reference) == [letter], (
            "it was marked, and is not sent again when its lease is over"
        )


@pytest.mark.story
async def test_a_busy_mail_server_is_tried_again_and_one_that_refuses_is_not(district: District) -> None:
    with Mailbox() as mailbox:
        async with (
            Server(district.url, worker=False) as server,
            caller(server.base_url, district, "lin") as lin,
            caller(server.base_url, district, "okafor") as okafor,
        ):
            settings = {"SMTP_URL": mailbox.url, "BASE_URL": server.base_url}
            ticked(district, settings)
            busy, refused = [
                (await lin.post("/api/v1/bookings", json=ask(hour=hour))).json()["reference"] for hour in (16, 18)
            ]
            mailbox.refuse(1, "451 4.3.0 Busy, try again later")
            mailbox.refuse(1, "550 5.1.1 No such person")
            ticked(district, settings)
            assert [letter.subject.split(":")[0][-11:] for letter in mailbox.refused] == [busy, refused]
            assert [await standing(okafor, each) for each in (busy, refused)] == [[("waiting", 1)], [("failed", 1)]]
            ticked(district, settings, later=timedelta(days=2))
            (letter,) = mailbox.to(LIN, about=busy)
            assert (letter.message_id, letter.text) == (mailbox.refused[0].message_id, mailbox.refused[0].text)
            assert [await standing(okafor, each) for each in (busy, refused)] == [[("sent", 2)], [("failed", 1)]]
            assert mailbox.to(LIN, about=refused) == []


async def standing(staff: httpx2.AsyncClient, reference: str) -> list[tuple[str, int]]:
    """State and attempts of every letter about a booking."""
    answer = await staff.get("/api/v1/messages", params={"booking": reference})
    return [(letter["state"], letter["attempts"]) for letter in answer.json()["items"]]


def ticked(district: District, settings: dict[str, str], *, later: timedelta | None = None) -> dict[str, int]:
    """One tick, now or `later` than now."""
    moved = ["--at", (clock.now() + later).isoformat()] if later else []
    done = afterbell(district.url, "tick", "--json", *moved, settings=settings)
    assert done.returncode == 0, done.stderr
    report: dict[str, int] = loads(done.stdout)
    return report
