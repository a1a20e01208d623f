"""Where requests compete, a move that waits is one of them: whoever decides sees it, it wins like a request, and it loses in the act that gives its room away,
with a letter."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.problems import codes
from tests.conftest import District
from tests.ground.mailbox import Mailbox
from tests.ground.processes import Server, afterbell
from tests.stories.asks import CLINIC, day, wall
from tests.stories.changing import approved, changed
from tests.stories.deciding import BIRD_HALL, GYM, GYM_A, STUDIO, WON, Caller, people, standing, told
from tests.stories.standing import WELL, examined, overlaps
from tests.stories.visitors import even, visiting

pytestmark = pytest.mark.story

LIN = "lin@clinic.example"
THEATRE = "figueroa-youth-theatre"
REHEARSAL: dict[str, Any] = {"organization": THEATRE, "title": "Rehearsal", "activity": "performance"}
START = wall(day(), 16)


async def wants_to_move(lin: Caller, becker: Caller, **to: Any) -> dict[str, Any]:
    """Her approved booking in the studio, which is to move."""
    return await changed(lin.http, await approved(lin.http, becker.http, day(), rooms=[STUDIO]), **to)


def letters(district: District, mailbox: Mailbox, server: Server) -> None:
    """Whatever there is to tell by now, decisions at once: they are handed out in one tick and told in the next."""
    settings = {"SMTP_URL": mailbox.url, "BASE_URL": server.base_url, "DECISION_DELAY_SECONDS": "0"}
    for _ in range(2):
        done = afterbell(district.url, "tick", settings=settings)
        assert done.returncode == 0, done.stderr


def move_of(booking: dict[str, Any]) -> tuple[list[str], bool]:
    """The rooms of the first date, and whether it is to move."""
    date = booking["occurrences"][0]
    return date["rooms"], date.get("proposed") is not None


async def test_a_move_stands_among_the_rivals_and_loses_with_a_letter(district: District) -> None:
    """Control: the minute before, the move waits, and the week after, where nobody else asked, nothing competes."""
    with Mailbox() as mailbox:
        async with people(district, "lin", "sam", "becker") as (server, lin, sam, becker):
            mine = await wants_to_move(lin, becker, rooms=[GYM])
            theirs = await sam.asks(**REHEARSAL, rooms=[GYM_A])
            later = await sam.asks(**REHEARSAL, rooms=[GYM_A], on=day() + timedelta(weeks=1))
            letters(district, mailbox, server)
            async with visiting(server, district, "becker") as (desk,):
                page = await desk.open("/approvals", ref=theirs["reference"])
            seen = [await becker.sees(each["reference"]) for each in (theirs, mine, later)]
            before = move_of(await lin.sees(mine["reference"]))
            done = await becker.does(theirs["reference"], "approval")
            after = await lin.sees(mine["reference"])
            late = await becker.does(mine["reference"], "approval")
            letters(district, mailbox, server)
        events, pairs = await told(district.url, mine["reference"]), await overlaps(district.url)
    assert [each["rivals"] for each in seen] == [
        [{"reference": mine["reference"], "organization": CLINIC, "dates": [], "moves": [START]}],
        [{"reference": theirs["reference"], "organization": THEATRE, "dates": [START], "moves": []}],
        [],
    ]
    assert [date["others_asked"] for each in seen for date in each["occurrences"] if "others_asked" in date] == [1, 0]
    words = even(page.words)
    assert ("Nobody else has asked" in words, "Who loses if you approve it" in words) == (False, True)
    assert "move to" in words
    assert "Where a move is named, its date is approved, and stays where it is." in words
    assert (done.status_code, before, move_of(after)) == (200, ([STUDIO], True), ([STUDIO], False))
    assert standing(after) == ("approved", standing(mine)[1] + 1, ["approved"])
    assert codes(late) == (409, "wrong_state")
    assert [(facts["stayed"], facts["lost"]) for kind, facts in events if kind == "booking.declined"] == [
        ([START], [START])
    ]
    letter = mailbox.to(LIN)[-1]
    assert letter.subject == f"Your change is not approved: Diabetes check-ups ({mine['reference']})"
    assert (letter.text.count(WON), "Not moved: these dates remain as they were" in letter.text) == (1, True)
    assert (pairs, examined(district.url)) == ([], WELL)


async def test_a_move_wins_over_requests_and_other_moves(district: District) -> None:
    """The clinic's move to half A is approved: the theatre's request there is declined, and its move to the whole gym is refused."""
    async with people(district, "lin", "sam", "becker") as (_, lin, sam, becker):
        stands = await approved(sam.http, becker.http, day(), **REHEARSAL, rooms=[BIRD_HALL])
        await changed(sam.http, stands, rooms=[GYM])
        asked = await sam.asks(**REHEARSAL, rooms=[GYM_A])
        mine = await wants_to_move(lin, becker, rooms=[GYM_A])
        rivals = (await becker.sees(mine["reference"]))["rivals"]
        done = await becker.does(mine["reference"], "approval")
        after = [await sam.sees(each["reference"]) for each in (asked, stands)]
    assert [(each["dates"], each["moves"]) for each in rivals] == [([], [START]), ([START], [])]
    assert (done.status_code, move_of(done.json())) == (200, ([GYM_A], False))
    assert standing(after[0]) == ("declined", 2, ["declined"])
    assert after[0]["occurrences"][0]["reason"] == WON
    assert (after[1]["state"], move_of(after[1])) == ("approved", ([stands["occurrences"][0]["rooms"][0]], False))
    assert (await overlaps(district.url), examined(district.url)) == ([], WELL)
