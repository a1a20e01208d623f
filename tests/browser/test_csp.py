"""The content policy holds while htmx works: what it quickens is done once on each page where it does, without a page being loaded or anything refused.
That nothing is refused on any page at all, the walk of test_axe.py shows."""

import pytest
from playwright.async_api import Page, Request

from afterbell.web.shell import POLICY
from tests.browser.pages import SIGHTS
from tests.browser.walk import Walk, Window

pytestmark = pytest.mark.asyncio(loop_scope="session")
SIGHT = {sight.name: sight for sight in SIGHTS}
INLINE = "<!doctype html><html lang=en><head><title>x</title></head><body><script>document.title = 'run'</script></body></html>"


@pytest.mark.parametrize(
    ("name", "changed", "to", "part"),
    [
        ("find-answers", "#people", "900", "#answers"),
        ("programme", "#show", "day", "#found"),
        ("request-ready", "#weeks", "3", "aside"),
    ],
)
async def test_a_changed_field_renews_its_part_alone(walk: Walk, name: str, changed: str, to: str, part: str) -> None:
    sight = SIGHT[name]
    window = await walk.open(sight, "en")
    before, loaded = await words(window.page, part), pages_loaded(window)
    await change(window, changed, to)
    assert (await words(window.page, part) != before, loaded, window.complaints) == (True, [], [])


async def change(window: Window, field: str, to: str) -> None:
    """As a person does: the field is left, and the answer to that is put in its place."""
    kinds = ("xhr", "fetch")
    async with window.page.expect_response(lambda each: each.request.resource_type in kinds) as answered:
        at = window.page.locator(field)
        await (at.select_option(to) if await at.evaluate("each => each.tagName") == "SELECT" else at.fill(to))
        await at.blur()
    await (await answered.value).finished()
    await window.settled()


async def test_the_list_of_approvals_renews_itself_when_somebody_comes_back(walk: Walk) -> None:
    window = await walk.open(SIGHT["approvals"], "en")
    before, loaded = await words(window.page, ".list-detail-list"), pages_loaded(window)
    async with window.page.expect_response(lambda each: each.request.resource_type in ("xhr", "fetch")) as answered:
        await window.page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    assert (await answered.value).status == 200
    await window.settled()
    assert (await words(window.page, ".list-detail-list"), loaded, window.complaints) == (before, [], [])


async def test_a_script_in_a_page_is_refused_and_told(walk: Walk) -> None:
    window = await walk.window("", "en")
    window.complaints.clear()
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html"}
    await window.page.route("**/inline", lambda route: route.fulfill(body=INLINE, headers=headers))
    await window.page.goto(f"{walk.base_url}/inline")
    await window.page.unroute("**/inline")
    assert await window.page.title() == "x"
    assert [each for each in window.complaints if "refused by the content policy: script-src" in each] != []


async def words(page: Page, part: str) -> str:
    """What stands there."""
    return " ".join((await page.locator(part).first.inner_text()).split())


def pages_loaded(window: Window) -> list[str]:
    """Grows when a whole page is asked for from now on."""
    loaded: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request():
            loaded.append(request.url)

    window.page.on("request", note)
    return loaded
