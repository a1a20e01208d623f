"""A question, its warnings, the lapse and an answer: who reads what, in whole texts, by a worker that is a process of its own and by ticks of later days."""

from datetime import datetime, timedelta

import pytest

from afterbell.policy.business import business_days_later
from tests.cast import ZONE
from tests.conftest import District
from tests.ground.mailbox import Mailbox
from tests.ground.processes import WorkerProcess, afterbell
from tests.stories.asks import HALL, THERE, day
from tests.stories.deciding import people
from tests.stories.paper import FOOT, afternoon, listed, written, written_in_spanish

pytestmark = pytest.mark.story

LIN, ROSA, BECKER = "lin@clinic.example", "rosa@clinic.example", "becker@district.example"
PLACE = "Hall 2, Night Owl High"
MINUTE = timedelta(minutes=1)


async def test_the_question_goes_to_the_partner_and_the_answer_to_whoever_asked(district: District) -> None:
    with Mailbox() as mailbox:
        async with people(district, "rosa", "becker") as (server, rosa, becker):
            booking = await rosa.asks(rooms=[HALL])
            reference = booking["reference"]
            link = f"{server.base_url}/bookings/{reference}"
            async with WorkerProcess(district.url, smtp_url=mailbox.url, BASE_URL=server.base_url):
                await mailbox.wait_for(1, to=ROSA)
                asked = (await becker.does(reference, "question", message="How many <chairs>?")).json()
                question = (await mailbox.wait_for(2, to=ROSA))[1]
                answered = (await rosa.does(reference, "answer", message="Veinte")).json()
                (answer,) = await mailbox.wait_for(1, to=BECKER)
    due, back = (datetime.fromisoformat(each["waiting_on"]["due"]).astimezone(THERE) for each in (asked, answered))
    assert (question.subject, question.text) == (
        f"Una pregunta sobre Diabetes check-ups ({reference})",
        (
            f"La escuela pregunta sobre su solicitud para {PLACE}:\n\nHow many <chairs>?\n\n"
            f"Responda a más tardar el {written_in_spanish(due.date())}. Sin respuesta, la solicitud vence.\n\n"
            f"Responder la pregunta:\n{link}/answer\n\n-- \nAfterbell, espacios escolares después de clases\n"
        ),
    )
    assert (answer.subject, answer.text) == (
        f"Answered: Diabetes check-ups ({reference})",
        (
            f"Eastside Community Clinic has answered your question about {PLACE}:\n\nVeinte\n\n"
            f"The request waits for a decision until {written(back.date())}.\n\nDecide the request:\n{link}/approval{FOOT}"
        ),
    )


async def test_two_warnings_and_the_lapse_are_told_once_each_and_nobody_else_is_bothered(district: District) -> None:
    with Mailbox() as mailbox:
        async with people(district, "lin", "becker") as (server, lin, becker):
            booking = await lin.asks(rooms=[HALL])
            reference = booking["reference"]
            asked = (await becker.does(reference, "question", message="How many chairs?")).json()
            due = datetime.fromisoformat(asked["waiting_on"]["due"])
            lapse = business_days_later(due, 1, [], ZONE)
            settings = {"SMTP_URL": mailbox.url, "BASE_URL": server.base_url}
            for at in (due - timedelta(days=2) + MINUTE, due + MINUTE, lapse + MINUTE, lapse + 2 * MINUTE):
                assert afterbell(district.url, "tick", "--at", at.isoformat(), settings=settings).returncode == 0
    letters = [(each.subject.split(":")[0], each.text) for each in mailbox.to(LIN)]
    link, dates = f"{server.base_url}/bookings/{reference}", listed([day()], afternoon(16, 18))
    by = written(due.astimezone(THERE).date())
    still, door = (
        f"The school has no answer yet about your request for {PLACE}:\n\nHow many chairs?\n\n",
        f"Answer the question:\n{link}/answer{FOOT}",
    )
    assert [subject for subject, _ in letters] == [
        f"We have your request {reference}",
        f"A question about Diabetes check-ups ({reference})",
        *["Your answer is still needed"] * 2,
        "Lapsed",
    ]
    assert [text for _, text in letters[2:]] == [
        f"{still}Please answer by {by}. One business day later these dates lapse.\n\nDates that would lapse\n{dates}\n\n{door}",
        f"{still}This is the last reminder: please answer by {by}. One business day later these dates lapse.\n\nDates that would lapse\n{dates}\n\n{door}",
        (
            f"Your request for {PLACE} has lapsed. These dates are free again.\n\nLapsed dates\n{dates}\n\n"
            "Reason given: The school's question was not answered in time.\n\nIf you still need them, ask again.\n\n"
            f"See the request:\n{link}{FOOT}"
        ),
    ]
