"""`/messages` over TCP: what staff read of the letters, and what they are told when none leaves."""

import re

from tests.conftest import District
from tests.ground.browser import Page, browser
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


async def states(district: District, where: str) -> list[str]:
    """What became of the letters of which this holds."""
    return [state for (state,) in await rows(district.url, f"SELECT state FROM deliveries WHERE {where}")]


async def until_it_is(state: str, district: District, where: str) -> None:
    """Returns once there is just one such letter and it is in that state."""

    async def there() -> bool:
        return await states(district, where) == [state]

    assert await until(there), await states(district, where)


async def test_staff_find_and_read_letters_and_are_told_loudly_that_none_leaves(district: District) -> None:
    names = ("lin", "becker", "tan", "castillo", "sam")
    async with Server(district.url) as server, visiting(server, district, *names) as people:
        lin, becker, tan, castillo, sam = people
        reference = await booked(lin, wish(weeks="1"), title=MARK)
        await until_it_is("kept", district, f"booking = '{reference}'")
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
    assert (page.status, page.heading, LOUD in page.words) == (200, "Messages", True)
    assert listed(page)[0] == subject
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
            browser(server.base_url) as lin,
        ):
            await lin.send((await lin.open("/sign-in")).form("/sign-in"), email="lin@clinic.example")
            (letter,) = [each for each in await mailbox.wait_for(1, to="lin@clinic.example") if "sign-in" in each.text]
            link = re.search(r"\S+/sign-in/(\S+)", letter.text)
            code = re.search(r"^(\d{6})$", letter.text, re.MULTILINE)
            await until_it_is("sent", district, "kind = 'sign_in'")
            read = await becker.open("/messages", kind="sign_in")
    assert link
    assert code
    assert LOUD not in read.words
    assert (link[1] in read.html, code[1] in read.html) == (False, False)
    assert "/sign-in/••••••" in read.words
    assert "The link and the code are struck out" in read.words
    assert lines(read, "h2") == ["Your sign-in link for Afterbell"]
