"""Running axe in a page, and whether the page is wider than its window. The program is handed in by the test: no page carries it, and no policy is lifted."""

from typing import Any

from playwright.async_api import Page

from tests.ground.children import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ASKED = """async () => {
  const found = await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: {"target-size": {enabled: true}},
  });
  return found.violations.flatMap(each => each.nodes.map(node => [each.id, node.target.join(" "), node.failureSummary]));
}"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its best practices, a line each."""
    if not await page.evaluate("() => typeof window.axe === 'object'"):
        await page.evaluate(SOURCE.read_text())
    found: list[list[Any]] = await page.evaluate(ASKED)
    return [f"{rule} at {where}: {' '.join(why.split())}" for rule, where, why in found]


async def too_wide(page: Page) -> list[str]:
    """How far it would have to be scrolled sideways; nothing where it fits."""
    over = await page.evaluate(WIDER)
    return [f"{over} px wider than the window"] if over > 0 else []
