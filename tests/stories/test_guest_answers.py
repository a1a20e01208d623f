"""A question about what staff entered for somebody who called: they cannot sign in, so they are told to call, and whoever may enter such requests writes their
answer down under their own name."""

import pytest

from tests.api.problems import told
from tests.conftest import District
from tests.ground import sql
from tests.ground.browser import browser
from tests.ground.mailbox import Mailbox
from tests.ground.processes import WorkerProcess
from tests.stories.asks import card
from tests.stories.deciding import people
from tests.stories.deciding import told as events_of
from tests.stories.paper import FOOT

pytestmark = pytest.mark.story

ANA = {"name": "Ana Ruiz", "email": "ana@example.org", "phone": "(213) 555-0111"}
BECKER = "becker@district.example"
PLACE = "Classroom 12, Twenty-Fourth Street Elementary"
WAITS = "UPDATE campuses SET enters_approved = false"
PHONE = "UPDATE rooms SET on_site_phone = '(213) 555-0100' WHERE slug = 'room-12'"
ANSWERED = (
    "SELECT p.email FROM events e JOIN people p ON p.id = e.actor_id WHERE e.kind = 'booking.answered' ORDER BY e.id"
)
CALL = f"Without an answer the request lapses.\n\nTo answer, call the school at (213) 555-0100. Its staff write your answer down.{FOOT}"
ASK = "Ask Ana Ruiz, ana@example.org, (213) 555-0111, then write down what they say. It is kept under your name."
NOT_YOURS = (403, "Only the organization that asked can answer for it.")


async def test_staff_write_down_what_a_guest_says_and_it_is_kept_who_did(district: District) -> None:
    """Ms Castillo enters for Ana Ruiz, Mr Becker asks; nobody else may answer. Then he asks again and writes down the answer himself: no letter tells it to
    him."""
    await sql.tell(district.url, WAITS, PHONE)
    entered = {"organization": None, "on_behalf_of": ANA, "activity": "civic-meeting", "title": "Block meeting"}
    with Mailbox() as mailbox:
        async with people(district, "castillo", "becker", "lin", "stone") as (server, castillo, becker, lin, stone):
            reference = (await castillo.asks(**entered))["reference"]
            async with WorkerProcess(district.url, smtp_url=mailbox.url, BASE_URL=server.base_url):
                asked = (await becker.does(reference, "question", message="How many chairs?")).json()
                question = (await mailbox.wait_for(2, to=ANA["email"]))[1]
                async with browser(server.base_url) as desk:
                    await desk.sign_in(card(district, "castillo")["sign_in_url"])
                    page = await desk.open(f"/bookings/{reference}")
                refused = [told(await who.does(reference, "answer", message="Ten")) for who in (lin, stone)]
                answered = (await castillo.does(reference, "answer", message="Twenty")).json()
                (letter,) = await mailbox.wait_for(1, to=BECKER)
                await becker.does(reference, "question", message="And tables?")
                await mailbox.wait_for(3, to=ANA["email"])
                again = (await becker.does(reference, "answer", message="Two")).json()
                await becker.does(reference, "decline", reason="Full")
                await mailbox.wait_for(4, to=ANA["email"])
            acts = await events_of(district.url, reference)
    assert (asked["waiting_on"]["role"], asked["waiting_on"]["name"]) == ("partner", "Ana Ruiz")
    assert question.text.startswith(f"The school asks about your request for {PLACE}:\n\nHow many chairs?\n\n")
    assert question.text.endswith(CALL)
    assert (ASK in page.words, f'action="/bookings/{reference}/answer"' in page.html) == (True, True)
    assert refused == [(404, "There is nothing here, or it is not yours to see."), NOT_YOURS]
    assert answered["waiting_on"]["role"] == "site_approver"
    assert letter.text.startswith(f"Ana Ruiz has answered your question about {PLACE}:\n\nTwenty\n\n")
    assert [(each["side"], each["name"], each["text"]) for each in again["messages"]] == [
        ("staff", "Tom Becker", "How many chairs?"),
        ("partner", "Alma Castillo", "Twenty"),
        ("staff", "Tom Becker", "And tables?"),
        ("partner", "Tom Becker", "Two"),
    ]
    assert [facts.get("on_behalf") for kind, facts in acts if kind == "booking.answered"] == [True, True]
    assert await sql.rows(district.url, ANSWERED) == [("castillo@district.example",), (BECKER,)]
    assert [each.subject for each in mailbox.to(BECKER)] == [f"Answered: Block meeting ({reference})"]


async def test_whoever_sees_only_that_the_room_is_reserved_writes_nothing_down(district: District) -> None:
    await sql.tell(district.url, WAITS)
    entered = {"organization": None, "on_behalf_of": ANA, "activity": "civic-meeting", "visibility": "busy_only"}
    async with people(district, "castillo", "becker") as (_, castillo, becker):
        reference = (await becker.asks(**entered))["reference"]
        await becker.does(reference, "question", message="How many chairs?")
        refused = told(await castillo.does(reference, "answer", message="Twenty"))
        answered = (await becker.does(reference, "answer", message="Twenty")).json()
    assert (refused, answered["waiting_on"]["role"]) == (NOT_YOURS, "site_approver")
