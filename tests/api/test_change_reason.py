"""Why the school changes a booking: kept with it, told in the letter and to those who see it whole, marked in the journal; nobody else's to say."""

from tests.api.problems import told
from tests.api.test_change import patched
from tests.conftest import District
from tests.ground.mailbox import Mailbox
from tests.ground.processes import afterbell
from tests.stories.asks import HALL, day, wall
from tests.stories.deciding import people
from tests.stories.deciding import told as events_of

WHY = "The floor of the hall is polished that evening."


def ticked(district: District, mailbox: Mailbox) -> None:
    """All letters that are due."""
    settings = {"SMTP_URL": mailbox.url, "DECISION_DELAY_SECONDS": "0"}
    assert afterbell(district.url, "tick", settings=settings).returncode == 0


async def test_the_school_says_why_it_moves_a_date_and_who_asked_reads_it(district: District) -> None:
    first = day(ahead=40)
    with Mailbox() as mailbox:
        async with people(district, "lin", "becker") as (_, lin, becker):
            made = await lin.asks(on=first, hour=18, rooms=[HALL])
            approved = (await becker.does(made["reference"], "approval")).json()
            ticked(district, mailbox)
            theirs = await patched(lin.http, approved, title="Eyes", reason=WHY)
            blank = await patched(becker.http, approved, starts_at=wall(first, 16), reason="  ")
            alone = await patched(becker.http, approved, reason=WHY)
            moved = (
                await patched(becker.http, approved, starts_at=wall(first, 16), ends_at=wall(first, 18), reason=WHY)
            ).json()
            ticked(district, mailbox)
            letters = [
                (each.recipients, each.subject)
                for each in mailbox.letters
                if f"Message from the school: {WHY}" in each.text
            ]
            later = (await patched(becker.http, moved, starts_at=wall(first, 15), ends_at=wall(first, 17))).json()
            seen = await lin.sees(made["reference"])
            events = await events_of(district.url, made["reference"])
    assert told(theirs) == (
        403,
        "Only the school's approvers and facilities staff give a reason. Tell the school in note.",
    )
    assert [told(each)[0] for each in (blank, alone)] == [422, 422]
    assert (moved["change_reason"], seen["change_reason"], later["version"]) == (WHY, WHY, moved["version"] + 1)
    assert [facts.get("reason") for kind, facts in events if kind == "booking.changed"] == [True, None]
    assert letters == [(("lin@clinic.example",), f"The school changed: Diabetes check-ups ({made['reference']})")]
