"""`/messages` over TCP: what staff read of the letters, and what they are told when none leaves."""

import re

from tests.conftest import District
from tests.ground.browser import Page
from tests.ground.mailbox import Mailbox
from tests.ground.patience import until
from tests.ground.processes import Server
from tests.ground.sql import rows
from tests.stories.visitors import booked, lines, visiting, wish

MARK = "A purple elephant"
LOUD = "No letter leaves this system."


def listed(page: Page) -> list[str]:
    """The subjects in the list."""
    found = page.html.partition('<ul class="list-detail-list">')[2].partition("</ul>")[0]
    return [each.split("</strong>")[0] for each in found.split("<strong>")[1:]]


async def settled(district: District, count: int) -> bool:
    """Whether so many letters are written and none of them waits."""
    states = await rows(district.url, "SELECT state FROM deliveries")
    return len(states) >= count and all(each != ("waiting",) for each in states)


async def test_staff_find_and_read_letters_and_are_told_loudly_that_none_leaves(district: District) -> None:
    names = ("lin", "becker", "tan", "castillo", "sam")
    async with Server(district.url) as server, visiting(server, district, *names) as people:
        lin, becker, tan, castillo, sam = people
        reference = await booked(lin, wish(weeks="1"), title=MARK)
        ask = (await sam.open("/sign-in")).goes_to or "/bookings"
        assert await until(lambda: settled(district, 5))
        page = await becker.open("/messages")
        by_kind = await becker.open(
            "/messages", kind="acknowledgement", to="lin@clinic.example", booking=reference.lower()
        )
        identity = re.findall(r'href="/messages\?id=(\w+)', by_kind.html)
        one = await becker.open("/messages", id=identity[0], kind="acknowledgement")
        none = await becker.open("/messages", to="nobody@clinic.example")
        far, untrusted = await tan.open("/messages"), await castillo.open("/messages")
        far_one = await tan.open("/messages", id=identity[0])
        refused = [await lin.open("/messages"), await sam.open("/messages")]
        unknown = await becker.open("/messages", id="nothing")
    subject = f"We have your request {reference}: {MARK}"
    assert ask == "/bookings"
    assert (page.status, page.heading, LOUD in page.words) == (200, "Messages", True)
    assert listed(page)[0] == subject
    assert len(listed(page)) == 5  # ours, and an acknowledgement and a decision for each of the cast's two bookings
    assert (listed(by_kind), listed(none), "No letter fits." in none.words) == ([subject], [], True)
    assert lines(one, "h2") == [subject]
    assert (
        f"Your request for Classroom 12, Twenty-Fourth Street Elementary has arrived. Its reference is {reference}."
        in one.words
    )
    assert "Kept here, not sent" in one.words
    assert (MARK in far.html, MARK in untrusted.html, far_one.status) == (False, False, 404)
    assert "Letters name what partners do" in untrusted.words
    assert [(each.status, each.heading) for each in (*refused, unknown)] == [
        (403, "Not permitted"),
        (403, "Not permitted"),
        (404, "Not found"),
    ]


async def test_sign_in_secrets_are_struck_out_and_a_sent_letter_says_so(district: District) -> None:
    """The control: the letter itself, in its mailbox, carries both secrets."""
    with Mailbox() as mailbox:
        async with (
            Server(district.url, smtp_url=mailbox.url) as server,
            visiting(server, district, "becker") as (becker,),
            visiting(server, district) as nobody,
        ):
            assert nobody == []
            page = await becker.open("/messages")
            await becker.send((await becker.open("/bookings")).form("/sign-out"))
            await becker.send((await becker.open("/sign-in")).form("/sign-in"), email="lin@clinic.example")
            (letter,) = [each for each in await mailbox.wait_for(1, to="lin@clinic.example") if "sign-in" in each.text]
            link = re.search(r"\S+/sign-in/(\S+)", letter.text)
            code = re.search(r"^(\d{6})$", letter.text, re.MULTILINE)
            async with visiting(server, district, "becker") as (again,):
                assert await until(lambda: sent(district))
                read = await again.open("/messages", kind="sign_in")
    assert link and code
    assert LOUD not in page.words
    assert (link[1] in read.html, code[1] in read.html) == (False, False)
    assert "/sign-in/••••••" in read.words
    assert "The link and the code are struck out" in read.words
    assert lines(read, "h2") == ["Your sign-in link for Afterbell"]


async def sent(district: District) -> bool:
    found = await rows(district.url, "SELECT count(*) FROM deliveries WHERE kind = 'sign_in' AND state = 'sent'")
    return bool(found[0][0] == 1)
