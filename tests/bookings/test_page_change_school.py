"""Changing a booking on its page as the school does: against a rule with a reason, with words for who asked; layouts by their names; many dates by month."""

from datetime import timedelta

from tests.conftest import District
from tests.ground.browser import Page
from tests.ground.processes import Server
from tests.ground.sql import rows, tell
from tests.stories.asks import CLASSROOM, HALL, ask, caller, day, weekly
from tests.stories.changing import approved, both_sides, named, opened, previewed
from tests.stories.visitors import booked, even, lines, short, ticked, visiting, wish

WEEK = timedelta(weeks=1)
LAID = "night-owl-high/hall-3"
LAYOUTS = 'UPDATE rooms SET layouts = \'{"theater": 90, "banquet": 40, "classroom": 60}\' WHERE slug = \'hall-3\''
FLOOD, POLISH = "The flood next door.", "The floor is polished that evening."
FIELDS = ('id="anyway"', 'id="reason"')


async def test_staff_change_it_against_a_rule_with_a_reason_and_partners_are_not_offered_it(district: District) -> None:
    first = day(ahead=40)
    late = {"act": "check", "from_": "23:00", "to": "23:30"}
    async with both_sides(district, decides="okafor") as (lin, okafor, mine, desk):
        path = f"/bookings/{(await approved(mine, desk, first, rooms=[CLASSROOM]))['reference']}"
        form = await opened(okafor, path)
        refused = await okafor.send(form, **late)
        partners = await lin.send(await opened(lin, path), **late)
        forged = await lin.send(await opened(lin, path), **late, anyway=FLOOD)
        long = await okafor.send(form, **late, anyway="é" * 1_001, reason="é" * 1_001)
        unseen = await okafor.send(refused.form(f"{path}/change"), act="change", anyway=FLOOD)
        shown = await okafor.send(refused.form(f"{path}/change"), act="check", anyway=FLOOD, reason=POLISH)
        sent = await okafor.send(shown.form(f"{path}/change"), act="change")
        pane = await okafor.open("/approvals", ref=path.rpartition("/")[2])
        told = await lin.open(path)
        kept = await rows(district.url, "SELECT anyway, change_reason FROM bookings WHERE anyway IS NOT NULL")
    assert [[field in page.html for field in FIELDS] for page in (refused, partners)] == [[True, True], [False, False]]
    assert ("cannot be had" in refused.words, "cannot be had" in partners.words, forged.status) == (True, True, 403)
    assert (long.status, long.words.count("At most 1000 characters fit here; these are 1001.")) == (422, 4)
    assert (unseen.status, "after the preview" in unseen.words) == (409, True)
    assert previewed(shown)[0] == "Waits for the school's decision"
    assert "Whoever decides takes an extra look:" in shown.words
    assert ("anyway", FLOOD) in shown.form(f"{path}/change").fields
    assert (sent.status, sent.goes_to) == (303, f"{path}?done=changed")
    assert f"asked anyway: “{FLOOD}”" in pane.words
    assert kept == [(FLOOD, POLISH)]
    assert f"The school, about the last change: {POLISH}" in told.words


async def test_a_layout_is_called_by_its_name_in_both_languages(district: District) -> None:
    first = day(ahead=48)
    await tell(district.url, LAYOUTS)
    async with both_sides(district) as (lin, becker, mine, desk):
        path = f"/bookings/{(await approved(mine, desk, first, rooms=[LAID], layout='classroom'))['reference']}"
        form = await opened(lin, path)
        shown = await lin.send(form, act="check", layout="banquet")
        await lin.send(shown.form(f"{path}/change"), act="change")
        pages = await lin.open(path), await becker.open("/approvals", ref=path.rpartition("/")[2])
        await lin.open("/language", to="es", next="/bookings")
        spanish = await lin.open(path), await lin.open(f"{path}/change")
    choices = {value: text for value, text in _choices(spanish[1].html)}
    assert "Set up as Tables and chairs → to Round tables" in _facts(shown)
    assert "Asked for: set up as Round tables" in pages[0].words
    assert "Set up as Tables and chairs → to Round tables" in _facts(pages[1])
    assert "Asked for: set up as Round tables" not in spanish[0].words
    assert choices == {
        "": "Como está normalmente",
        "banquet": "Mesas redondas",
        "classroom": "Mesas y sillas",
        "theater": "Filas de sillas",
    }


def _facts(page: Page) -> list[str]:
    return [even(line) for line in lines(page, "div")]


def _choices(html: str) -> list[tuple[str, str]]:
    """The choices of the layout."""
    part = html.partition('id="layout"')[2].partition("</select>")[0]
    found = [each.partition('"') for each in part.split('<option value="')[1:]]
    return [(value, rest.partition(">")[2].partition("<")[0].strip()) for value, _, rest in found]


async def test_many_dates_stand_by_month_and_a_preview_tells_once_what_is_alike(district: District) -> None:
    first = day(ahead=56)
    weeks = [first + WEEK * n for n in range(14)]
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "sam") as (lin, sam),
        caller(server.base_url, district, "lin") as mine,
    ):
        made = (await mine.post("/api/v1/bookings", json=ask(first, rooms=[HALL], repeat=weekly(14)))).json()
        path = f"/bookings/{made['reference']}"
        await booked(sam, wish(weeks[2], room=HALL, weeks="1", from_="18:30", to="19:30"))
        page = await lin.open(f"{path}/change")
        form = ticked(page.form(f"{path}/change"), "back", named(page)[0])
        shown = await lin.send(form, act="check", scope="all", from_="18:00", to="20:00", occurrence=named(page)[1])
        linked = await lin.open(f"{path}/change", date=made["occurrences"][3]["id"])
    months = list(dict.fromkeys(f"{on:%B %Y}" for on in weeks))
    assert [label for label in months if f'<optgroup label="{label}">' not in page.html] == []
    assert "Each 4:00 PM – 6:00 PM" in even(page.words)
    assert named(page) == [f"{on}T16:00" for on in weeks]
    told = previewed(shown)
    assert told[0] == "Changed in the request that waits"
    assert told[1].startswith(
        f"From {short(weeks[2])}, 4:00 PM – 6:00 PM → to {short(weeks[2])}, 6:00 PM – 8:00 PM Taken"
    )
    assert told[2] == "12 dates From 4:00 PM – 6:00 PM → to 6:00 PM – 8:00 PM Free"
    assert told[3:15] == [short(on) for on in weeks[1:] if on != weeks[2]]
    assert told[15:] == ["Given back at once", f"{short(first)}, 4:00 PM – 6:00 PM Given back"]
    assert f'value="{named(page)[3]}" selected' in linked.html
