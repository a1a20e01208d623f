"""One browser and one server with the demo for all tests of this folder, ended when it is left. It holds no test's own state: what a
journey changes has a server of its own."""

import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from ground import assets, chromium
from tests.browser.axe import SOURCE
from tests.browser.demo import copied
from tests.browser.walk import Walk
from tests.conftest import District, template
from tests.conftest import copied as copied_ground
from tests.ground.children import ROOT
from tests.ground.mailbox import Mailbox
from tests.ground.once import folder
from tests.ground.processes import Server

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def program() -> Path:
    """Chromium, or one sentence that says how to get it; and no page is judged by a style sheet of yesterday."""
    try:
        if chromium.left_out(os.environ):
            pytest.skip(chromium.LEFT_OUT)
        found = chromium.found(os.environ)
    except chromium.NoBrowser as reason:
        pytest.fail(str(reason), pytrace=False)
    if not (assets.is_built(ROOT) and SOURCE.exists()):
        pytest.fail(
            "What pages load is not built as it is now, or axe is missing: run `make setup-dev`.", pytrace=False
        )
    return found


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def chrome(program: Path) -> AsyncIterator[Browser]:
    """The one browser, with a new profile; its windows share nothing."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def walk(chrome: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Walk]:
    """The demo as `make run` serves it, without a mail server."""
    demo = copied(tmp_path_factory.mktemp("walk"))
    async with Server(demo.url, worker=False, RATE_LIMIT="off") as server:
        yield Walk(chrome, demo, server.base_url, demo.slots())


@dataclass(frozen=True)
class Evening:
    """The cast's district, served with a mail server, for journeys that change something."""

    base_url: str
    district: District
    mailbox: Mailbox


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def evening(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evening]:
    """On SQLite alone: what a browser shows does not hang on the database."""
    for ground in copied_ground("sqlite", template("sqlite", "district"), tmp_path_factory.mktemp("evening")):
        cards = json.loads((folder() / "district-sqlite-cast.json").read_text())
        with Mailbox() as mailbox:
            async with Server(ground.url, smtp_url=mailbox.url) as server:
                yield Evening(server.base_url, District("sqlite", ground.url, cards), mailbox)
