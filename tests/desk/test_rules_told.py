"""What stands against a move that staff make, rooms that they give, or a part of a change that they approve, as the pages tell it: with what would work."""

from datetime import timedelta

from tests.cast import OWL
from tests.conftest import District
from tests.desk.test_some_dates import boxes
from tests.ground.processes import Server
from tests.rules.ruling import sets
from tests.rules.test_staff_moves import BY_ITSELF
from tests.stories.asks import ask, caller, day, today, wall, weekly
from tests.stories.changing import approved, changed, decision, opened
from tests.stories.visitors import even, ticked, visiting

WEEK = timedelta(weeks=1)
WHY = "There is no other."
ADMISSION = "Hall 35 is only for public agencies with a joint-use agreement. Choose another room, or ask the school."
AGAINST = "A rule of these rooms is against it. Move the booking there with a reason, then approve it, or give others."
HALL, OTHER = f"{OWL}/hall-34", f"{OWL}/hall-35"


async def test_rules_that_staff_go_against_are_told_on_their_pages(district: District) -> None:
    first, now = day(ahead=40), today().isoformat()
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "becker") as (becker,),
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "becker") as desk,
        caller(server.base_url, district, "whitfield") as district_admin,
    ):
        made = await approved(lin, desk, first, rooms=[HALL], repeat=weekly(2))
        waits = (await lin.post("/api/v1/bookings", json=ask(first + 4 * WEEK, rooms=[HALL]))).json()
        await sets(district_admin, "quotas", {"hours_a_week": 2}, campus=OWL, effective_from=now)
        await sets(district_admin, "admission", {"reserved": [{"tiers": ["agency"]}]}, room=OTHER, effective_from=now)
        path = f"/bookings/{made['reference']}"
        moved = await becker.send(await opened(becker, path), act="check", day=str(first + WEEK), scope="this")
        other = await becker.send(ticked(await opened(becker, path), "rooms", OTHER), act="check")
        anyway = await becker.send(other.form(f"{path}/change"), act="check", anyway=WHY)
        shown = await becker.open("/approvals", ref=waits["reference"])
        given = await becker.send(ticked(decision(shown, waits["reference"]), "rooms", OTHER))
        await changed(lin, made, starts_at=wall(first + WEEK, 18), ends_at=wall(first + WEEK, 20))
        shown = await becker.open("/approvals", ref=made["reference"])
        part = await becker.send(ticked(decision(shown, made["reference"]), "date", boxes(shown.html)[0]), act="some")
    monday = first + WEEK - timedelta(days=first.weekday())
    quota = (
        f"One organization has at most 2 h a week here. In the week of {monday:%A, %B} {monday.day}, {monday.year}"
        " yours has 2 h and this asks for 2 h; 0 min would pass."
    )
    assert [page.status for page in (moved, other, anyway, given, part)] == [200] * 3 + [409] * 2
    assert [(quota in moved.words, ADMISSION in other.words)] == [(True, True)]
    assert [
        ("Ask anyway, because" in page.words, "Whoever decides" in page.words) for page in (moved, other, anyway)
    ] == [
        (True, False),
        (True, False),
        (True, True),
    ]
    assert even(f"{ADMISSION} {AGAINST}") in even(given.words)
    assert f"{quota} {BY_ITSELF[0]}" in even(part.words)
