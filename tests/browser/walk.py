"""Walking through the pages: a window of the one browser for each language, and what it complains of while a page is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from afterbell.web.shell import spanish
from tests.browser.demo import Demo, session_of, session_of_a_newcomer
from tests.browser.pages import NEWCOMER, Sight, Step

WIDE, NARROW, PHONE, HIGH = 1280, 320, 375, 900
# A refused script would be seen in the console alone; the event says which rule refused it.
TELL = """document.addEventListener("securitypolicyviolation", event => console.error(
  `refused by the content policy: ${event.effectiveDirective} ${event.blockedURI}`));"""
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling"


@dataclass
class Window:
    """One page of the browser, kept open, and what it complained of since it was last asked."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    @classmethod
    async def of(cls, context: BrowserContext) -> "Window":
        """A new one that listens from its first moment."""
        await context.add_init_script(TELL)
        window = cls(await context.new_page())
        window.page.on("console", window._said)
        window.page.on("pageerror", lambda error: window.complaints.append(f"fault: {error}"))
        return window

    def _said(self, message: ConsoleMessage) -> None:
        """Chromium logs the page's own refusal as an error; that is the walk's to judge."""
        own = message.location.get("url") == self.page.url and message.text.startswith("Failed to load resource")
        if message.type == "error" and not own:
            self.complaints.append(message.text)

    async def press(self, selector: str) -> Response:
        """Presses, and waits for the answer: a whole page, or a part that htmx puts in its place."""
        kinds = ("document", "xhr", "fetch")
        async with self.page.expect_response(lambda each: each.request.resource_type in kinds) as answered:
            await self.page.locator(selector).first.click()
        answer = await answered.value
        while answer.status == 303:  # the answer after it is the page
            following = answer.request.redirected_to
            found = await following.response() if following else None
            assert found, f"{answer.url} leads nowhere"
            answer = found
        await self.settled()
        return answer

    async def settled(self) -> None:
        """Returns once nothing is being loaded or put in its place."""
        await self.page.wait_for_load_state()
        await self.page.wait_for_selector(BUSY, state="detached")


@dataclass
class Walk:
    """The demo served at `base_url`, seen by the browser."""

    browser: Browser
    demo: Demo
    base_url: str
    slots: Mapping[str, str]
    _sessions: dict[str, str] = field(default_factory=dict)
    _windows: dict[str, Window] = field(default_factory=dict)

    async def open(self, sight: Sight, language: str, *, width: int = WIDE) -> Window:
        """The page in the state in which it shall be seen; AssertionError where it answers another status, or lies elsewhere."""
        window = await self.window(sight.who, language)
        window.complaints.clear()
        await window.page.set_viewport_size({"width": width, "height": HIGH})
        path = sight.at.format_map(self.slots)
        answer = await window.page.goto(self.base_url + (spanish(path) if language == "es" else path))
        for step in sight.then:
            answer = await _take(window, step) or answer
        assert answer is not None
        there = urlsplit(window.page.url).path
        assert (answer.status, sight.lies_at(there)) == (sight.status, True), f"{answer.status} at {there}"
        assert await window.page.locator("html").get_attribute("lang") == language
        return window

    async def window(self, who: str, language: str) -> Window:
        """The one for that language, with their cookies and nobody else's; a visitor's where `who` is empty. A window for each person would be sixty
        processes."""
        cookies = {"language": language} | ({"afterbell": await self._session(who)} if who else {})
        if language not in self._windows:
            context = await self.browser.new_context(base_url=self.base_url, reduced_motion="reduce")
            self._windows[language] = await Window.of(context)
        window = self._windows[language]
        await window.page.goto("about:blank")
        await window.page.context.clear_cookies()
        await window.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.base_url} for name, value in cookies.items()]
        )
        return window

    async def _session(self, who: str) -> str:
        if who not in self._sessions:
            newcomer = who == NEWCOMER
            made = (
                session_of_a_newcomer(self.demo, self.base_url)
                if newcomer
                else session_of(self.demo, self.base_url, who)
            )
            self._sessions[who] = await made
        return self._sessions[who]


async def _take(window: Window, step: Step) -> Response | None:
    """Fills a field, chooses in a list or among boxes, opens a fold, or presses a button."""
    if isinstance(step, tuple):
        field_, text = step
        at = window.page.locator(field_).first
        if await at.evaluate("each => each.tagName") == "SELECT":
            await at.select_option(text)
        elif await at.get_attribute("type") in ("radio", "checkbox"):
            await at.check()
        else:
            await at.fill(text)
        return None
    if step.endswith("summary"):
        await window.page.locator(step).first.click()
        return None
    return await window.press(step)
