"""The approver's pages without JavaScript: some dates, a question and its answer, another room for what is declined, who loses where requests compete."""

from datetime import timedelta

from tests.conftest import District
from tests.ground.browser import Form
from tests.ground.processes import Server
from tests.ground.sql import rows
from tests.stories.asks import HALL, day
from tests.stories.deciding import GYM_A, WON
from tests.stories.visitors import booked, elsewhere, even, lines, short, ticked, visiting, wish

APPROVALS = "/approvals"
WEEKS = [day() + timedelta(weeks=week) for week in range(4)]


async def states(district: District, reference: str) -> list[str]:
    """Of its dates, in order."""
    query = "SELECT o.state FROM occurrences o JOIN bookings b ON b.id = o.booking_id WHERE b.reference = '{}' ORDER BY o.starts_at"
    return [str(row[0]) for row in await rows(district.url, query.format(reference))]


def boxes(page_html: str) -> list[str]:
    """The values of the dates that may be ticked."""
    return [part.partition('"')[0] for part in page_html.split('name="date" value="')[1:]]


async def test_some_dates_are_approved_others_declined_and_the_partner_sees_another_room(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "becker") as (lin, becker),
    ):
        one = await booked(lin, wish(room=HALL))
        page = await becker.open(APPROVALS, ref=one)
        form, dates = page.form(f"/bookings/{one}/approval"), boxes(page.html)
        none = await becker.send(form, act="some", words="Which?")
        first = await becker.send(ticked(form, "date", *dates[:2]), act="some", words="Gladly")
        told = await becker.open(first.goes_to)
        rest = (await becker.open(APPROVALS, ref=one)).form(f"/bookings/{one}/approval")
        bare = await becker.send(ticked(elsewhere(rest, f"/bookings/{one}/decline"), "date", dates[2]), act="some")
        second = await becker.send(
            ticked(elsewhere(rest, f"/bookings/{one}/decline"), "date", dates[2]), act="some", words="Graduation"
        )
        third = await becker.send(ticked(elsewhere(rest, f"/bookings/{one}/decline"), "date", dates[2]), act="some")
        mine, theirs = await lin.open(f"/bookings/{one}"), await becker.open(f"/bookings/{one}")
        cancel = await lin.send(mine.form(f"/bookings/{one}/cancellation"), all="1")
        gone = await lin.send(cancel.form(f"/bookings/{one}/withdrawal"))
    assert [box in form.fields for box in (("rest", "waiting"), ("rest", "declined"))] == [True, False]
    assert (none.status, "Tick at least one date." in none.words) == (422, True)
    assert ("words", "Which?") in none.form(f"/bookings/{one}/approval").fields
    assert (first.status, first.goes_to) == (303, f"/approvals?done=some&about={one}")
    assert "Decided in part: Diabetes check-ups. The partner gets a letter that says which dates." in told.words
    assert (bare.status, "Write the reason: the partner reads it." in bare.words) == (422, True)
    assert [box for box in boxes(bare.html) if f'value="{box}" checked' in bare.html] == [dates[2]]
    assert (second.status, third.status) == (303, 422)
    assert "Until " in mine.words
    assert "you may give back the approved dates freely." in mine.words
    assert "Free then when it was declined: Hall 3" in even(mine.words)
    assert "Offered instead: Hall 3" in even(theirs.words)
    link = f"/bookings/new?room=night-owl-high%2Fhall-3&amp;date={WEEKS[2].isoformat()}&amp;from=16%3A00&amp;to=18%3A00"
    assert link in mine.html
    assert (gone.status, await states(district, one)) == (303, ["withdrawn", "withdrawn", "declined", "withdrawn"])


async def test_a_question_is_asked_and_answered_on_the_pages_and_late_is_said_to_be_late(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "rosa", "becker") as (lin, rosa, becker),
    ):
        one = await booked(lin, wish(room=HALL, weeks="1"))
        form = (await becker.open(APPROVALS, ref=one)).form(f"/bookings/{one}/approval")
        ask = elsewhere(form, f"/bookings/{one}/question")
        bare = await becker.send(ask)
        asked = [await becker.send(ask, words="How many\r\nchairs?") for _ in range(2)]
        told, desk = await becker.open(asked[0].goes_to), await becker.open(APPROVALS, ref=one)
        thread, mine = await rosa.open(f"/bookings/{one}"), await lin.open("/bookings")
        reply = thread.form(f"/bookings/{one}/answer")
        empty = await rosa.send(reply, words=" ")
        long_words = await rosa.send(reply, words="é" * 1_001)
        forged = Form(reply.action, "post", [field for field in reply.fields if field[0] != "_csrf"])
        unsafe = await rosa.send(forged, words="Twenty")
        answered = [await rosa.send(reply, words="Twenty <20>") for _ in range(2)]
        back, again = await rosa.open(answered[0].goes_to), await becker.open(APPROVALS, ref=one)
        switched = [await who.open(f"/bookings/{one}/{act}") for who, act in ((becker, "question"), (rosa, "answer"))]
        found = await rows(district.url, "SELECT side, text FROM remarks ORDER BY id")
    assert (bare.status, "Write the question: the partner reads it." in bare.words) == (422, True)
    assert [(page.status, page.goes_to) for page in asked] == [(303, f"/approvals?done=asked&about={one}")] * 2
    assert "Asked: Diabetes check-ups. It waits for the partner's answer now." in told.words
    assert [line for line in lines(told, "li") if line.startswith("Approvals")] == ["Approvals"]
    assert "Waits for the partner's answer until" in lines(desk, "dt")
    assert "The school asks you something. It waits for your answer until" in thread.words
    assert "The school asks you something." in mine.words
    assert "Tom Becker , for the school," in even(thread.words)
    assert [page.status for page in (empty, long_words, unsafe)] == [422, 422, 403]
    assert "Write your answer: the school reads it." in empty.words
    assert ("words", "é" * 1_001) in long_words.form(f"/bookings/{one}/answer").fields
    assert [(page.status, page.goes_to) for page in answered] == [(303, f"/bookings/{one}?done=answered")] * 2
    assert "Your answer is sent. The school has the request again." in back.words
    assert [form.action for form in back.forms if form.action.endswith("/answer")] == []
    assert "Twenty &lt;20&gt;" in again.html
    assert "Decide by" in lines(again, "dt")
    assert [page.goes_to for page in switched] == [f"/approvals?ref={one}", f"/bookings/{one}"]
    assert found == [("staff", "How many\nchairs?"), ("partner", "Twenty <20>")]


async def test_who_loses_is_shown_before_and_told_after(district: District) -> None:
    """The theatre learns on the find page, on the request page and on its booking that nothing is held and that others asked."""
    query = {"date": day().isoformat(), "from": "16:00", "to": "18:00", "weeks": "1", "people": "20", "school": "Early"}
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "sam", "becker") as (lin, sam, becker),
    ):
        one = await booked(lin, wish(room=GYM_A, weeks="2"), title="Clinic")
        found = await sam.open("/find", **query)
        checked = await sam.open("/bookings/new", **wish(room=GYM_A, weeks="3"))
        two = await booked(sam, wish(room=GYM_A, weeks="1"), title="Rehearsal", activity="performance")
        mine = await sam.open(f"/bookings/{two}")
        page = await becker.open(APPROVALS, ref=one)
        approved = await becker.send(page.form(f"/bookings/{one}/approval"))
        lost, gone = await sam.open(f"/bookings/{two}"), await becker.open(APPROVALS, ref=two)
    assert lines(found, "p").count("Not held, one other asked.") == 2  # half A and the whole gym
    assert lines(found, "p").count("Not held, nobody else asked yet.") == 3
    assert lines(checked, "p").count("Not held, one other asked.") == 2
    assert "Nothing is held until then. 1 date of others overlaps yours." in mine.words
    assert "Who loses if you approve it" in lines(page, "h3")
    assert f"Rehearsal Figueroa Youth Theatre {short(day())}, 4:00 PM – 6:00 PM" in lines(page, "li")
    assert approved.status == 303
    assert WON in lost.words
    assert "Free then when it was declined: Gym, half B" in even(lost.words)
    assert "Tom Becker declined it on " in gone.words
    assert (await states(district, one), await states(district, two)) == (["approved"] * 2, ["declined"])
