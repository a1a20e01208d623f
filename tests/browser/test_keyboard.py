"""Without a mouse: on the two pages with most to do, Tab reaches every control in the order in which it stands there, each shows that it has the focus, and
nothing covers it."""

import pytest
from playwright.async_api import Page

from tests.browser.pages import SIGHTS
from tests.browser.walk import HIGH, PHONE, WIDE, Walk

pytestmark = pytest.mark.asyncio(loop_scope="session")
SIGHT = {sight.name: sight for sight in SIGHTS}
# Every control that stands there, named by its place; of radio buttons the chosen or first.
STOPS = """() => {
  window.nameOf = each => `${each.tagName.toLowerCase()} ${each.id || each.name || ""} ${(each.innerText || each.value || "").trim().slice(0, 40)}`;
  const radios = new Set();
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.disabled && each.tabIndex >= 0)
    .filter(each => each.type !== "radio" || each.checked ||
      (!document.querySelector(`[name=${each.name}]:checked`) && !radios.has(each.name) && radios.add(each.name)))
    .map(window.nameOf)
    .filter((each, at, all) => each !== all[at - 1]);  // those that follow each other under one name count as one below, too
}"""
# Where the focus is, and what is wrong with how it shows: its outline may be drawn around the words beside a hidden box.
AT = """() => {
  const each = document.activeElement;
  if (each === document.body) return null;
  const drawn = of => of && parseFloat(getComputedStyle(of).outlineWidth) >= 2 && getComputedStyle(of).outlineStyle !== "none";
  const box = (drawn(each) ? each : each.nextElementSibling || each).getBoundingClientRect();
  const seen = [0.5, 0.1, 0.9].some(part => {
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height * part);
    return top && (each.contains(top) || top.contains(each) || each.parentElement.contains(top));
  });
  const wrong = drawn(each) || drawn(each.nextElementSibling) ? seen ? "" : "covered" : "not shown";
  return [window.nameOf(each), wrong];
}"""
HIDDEN = """<!doctype html><html lang=en><head><title>x</title><style>a:focus { outline: none }</style></head>
<body><a href="/a">First</a> <a href="/b" tabindex="2">Second</a></body></html>"""


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("name", ["request-odd-dates", "approvals-opened"])
async def test_tab_reaches_everything_in_order_and_shows_where_it_is(walk: Walk, name: str, width: int) -> None:
    window = await walk.open(SIGHT[name], "en", width=width)
    await window.page.evaluate("() => document.querySelectorAll('main details').forEach(each => { each.open = true })")
    stops, faults = await tabbed(window.page)
    assert (stops, faults) == (await window.page.evaluate(STOPS), [])
    assert len(stops) > 20


async def tabbed(page: Page) -> tuple[list[str], list[str]]:
    """Every stop from the top until the page is left, or begun again, and what is wrong at which; a date has several stops of its own and counts as one."""
    await page.evaluate(STOPS)
    stops: list[str] = []
    faults: list[str] = []
    for _ in range(400):
        await page.keyboard.press("Tab")
        at = await page.evaluate(AT)
        if at is None or (len(stops) > 1 and at[0] == stops[0]):
            return stops, faults
        if [at[0]] != stops[-1:]:
            stops.append(at[0])
            faults += [f"{at[0]}: {at[1]}"] if at[1] else []
    raise AssertionError(f"the focus never left the page: {stops[-10:]}")


async def test_a_page_that_hides_the_focus_or_upsets_the_order_is_found(walk: Walk) -> None:
    window = await walk.window("", "en")
    await window.page.set_viewport_size({"width": WIDE, "height": HIGH})
    await window.page.route("**/hidden", lambda route: route.fulfill(body=HIDDEN, content_type="text/html"))
    await window.page.goto(f"{walk.base_url}/hidden")
    await window.page.unroute("**/hidden")
    stops, faults = await tabbed(window.page)
    assert faults == ["a  Second: not shown", "a  First: not shown"]
    assert stops != await window.page.evaluate(STOPS)
