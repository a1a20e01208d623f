"""Every page, in both languages, wide and narrow: axe finds nothing, nothing is scrolled sideways, and the browser complains of nothing. With SCREENS=folder
the same walk leaves a picture of each there."""

import os
from pathlib import Path

import pytest

from tests.browser.axe import faults, too_wide
from tests.browser.pages import SIGHTS, Sight
from tests.browser.walk import HIGH, NARROW, PHONE, WIDE, Walk, Window

pytestmark = pytest.mark.asyncio(loop_scope="session")
SCREENS = os.environ.get("SCREENS", "")
BROKEN = """<!doctype html><html><head></head><body><main><h3></h3><img src="data:,"><input name="q">
<p style="color:#999">Too pale</p><a href="/a" style="font-size:8px;line-height:8px">A</a><a href="/b" style="font-size:8px;line-height:8px">B</a>
<div style="width:400px">wide</div></main></body></html>"""


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
async def test_nothing_is_found_on_a_page(walk: Walk, sight: Sight, language: str) -> None:
    window = await walk.open(sight, language)
    await taken(window, sight, language, WIDE)
    wide = await faults(window.page)
    await window.page.set_viewport_size({"width": NARROW, "height": HIGH})
    narrow = [*await faults(window.page), *await too_wide(window.page)]
    await taken(window, sight, language, PHONE)
    assert {WIDE: wide, NARROW: narrow, "complaints": window.complaints} == {WIDE: [], NARROW: [], "complaints": []}


async def taken(window: Window, sight: Sight, language: str, width: int) -> None:
    """A picture of the whole page, where pictures are asked for."""
    if SCREENS:
        await window.page.set_viewport_size({"width": width, "height": HIGH})
        path = Path(SCREENS) / f"{sight.name}-{language}-{width}.png"
        await window.page.screenshot(path=path, full_page=True, animations="disabled")


async def test_on_a_broken_page_every_kind_of_fault_is_found(walk: Walk) -> None:
    window = await walk.window("", "en")
    await window.page.route("**/broken", lambda route: route.fulfill(body=BROKEN, content_type="text/html"))
    await window.page.set_viewport_size({"width": NARROW, "height": HIGH})
    await window.page.goto(f"{walk.base_url}/broken")
    found = {each.partition(" at ")[0] for each in await faults(window.page)}
    await window.page.unroute("**/broken")
    assert found >= {"html-has-lang", "document-title", "image-alt", "label", "color-contrast", "target-size"}
    assert await too_wide(window.page) != []
