"""Somebody at a browser without JavaScript, who reads words and presses what is written on it. Nothing here knows a selector of ours but for reading."""

import re
from collections.abc import Sequence

from playwright.async_api import Browser, Page

from tests.ground.mailbox import Mailbox


class Person:
    """One person at one window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def at(cls, chrome: Browser, base_url: str, *, width: int = 1280) -> "Person":
        """A new profile whose browser runs no script."""
        context = await chrome.new_context(
            base_url=base_url, java_script_enabled=False, viewport={"width": width, "height": 800}
        )
        context.set_default_timeout(10_000)
        return cls(await context.new_page())

    async def sign_in(self, email: str, mailbox: Mailbox) -> None:
        """Asks for the letter, follows its link, and presses Continue."""
        before = len(mailbox.to(email, about="Press this link to sign in"))
        await self.follow("Sign in")
        await self.write("Your e-mail address", email)
        await self.press("Send me the letter")
        letters = await mailbox.wait_for(before + 1, to=email, about="Press this link to sign in")
        found = re.findall(r"http://\S+/sign-in/\S+", letters[-1].text)
        await self.page.goto(found[0])
        await self.press("Continue")

    async def follow(self, words: str) -> None:
        """Presses a link, and has the next page before its eyes."""
        await self.follow_to(seen(words))

    async def follow_to(self, words: str | re.Pattern[str]) -> None:
        """The same for a link that only begins or ends so."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("link", name=words).first.click()

    async def press(self, words: str) -> None:
        """Presses a button, and has the answer before its eyes: a click alone does not wait for a form's answer on a busy machine."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=seen(words)).first.click()

    async def write(self, label: str, text: str) -> None:
        """Fills the field of that label."""
        await self.page.get_by_label(label, exact=True).fill(text)

    async def choose(self, label: str, text: str) -> None:
        """Chooses from a list."""
        await self.page.get_by_label(label, exact=True).select_option(label=text)

    async def tick(self, label: str) -> None:
        """Ticks a box, or chooses one of several."""
        await self.page.get_by_label(label, exact=True).check()

    async def unfold(self, words: str) -> None:
        """Opens what is folded away."""
        await self.page.locator("summary", has_text=words).click()

    async def heading(self) -> str:
        """The page's own heading."""
        return (await self.read("h1"))[0]

    async def read(self, selector: str) -> list[str]:
        """What stands in each, on one line."""
        return plain(await self.page.locator(f"main {selector}").all_inner_texts())


def seen(words: str) -> re.Pattern[str]:
    """The whole of what is written on it; what only a screen reader says may follow a colon."""
    return re.compile(rf"^{re.escape(words)}( ?:.*)?$")


def plain(texts: Sequence[str]) -> list[str]:
    """White space as a reader sees it, with the narrow kind of times as the common one."""
    return [" ".join(text.replace("\N{NARROW NO-BREAK SPACE}", " ").split()) for text in texts]
