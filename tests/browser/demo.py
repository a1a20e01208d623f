"""The demo district in a file of its own, served as `make run` serves it, and what its pages are about: references and dates by title, sign-in links by
name. Loaded once a run."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from afterbell import clock
from tests.conftest import settle, template
from tests.ground.browser import browser
from tests.ground.once import folder, once
from tests.ground.processes import afterbell
from tests.ground.sql import bare
from tests.stories.asks import THERE, TUESDAY, day, today

THURSDAY = 3
BRIDGE, BRIDGE_MAIL = "Nora Bridge", "nora@mail.example"
DATES = "SELECT b.title, o.public_id, o.state, o.starts_at FROM occurrences o JOIN bookings b ON b.id = o.booking_id ORDER BY o.starts_at"


@dataclass(frozen=True)
class Demo:
    """A copy of the loaded district: its address, and for each person of the sample (named as before the @) the path of their sign-in link."""

    url: str
    links: dict[str, str]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What stands in its tables now."""
        with closing(sqlite3.connect(bare(self.url), timeout=10)) as connection:
            return connection.execute(query).fetchall()

    def next_day_of(self, title: str) -> date:
        """The wall date of a booking's next date."""
        now = f"{clock.now():%Y-%m-%d %H:%M:%S}"
        starts = [row[3] for row in self.rows(DATES) if row[0] == title and row[2] == "approved" and row[3] > now]
        return datetime.fromisoformat(starts[0]).replace(tzinfo=UTC).astimezone(THERE).date()

    def slots(self) -> dict[str, str]:
        """What an address may name: a booking's title is its reference, "next", "past" and "off" before a title one of its dates, and some days."""
        named = {
            title: reference for title, reference in self.rows("SELECT title, reference FROM bookings ORDER BY id")
        }
        letter = "SELECT public_id FROM deliveries WHERE kind = 'decision' ORDER BY id DESC LIMIT 1"
        days = {
            "tuesday": day(TUESDAY).isoformat(),
            "thursday": day(THURSDAY).isoformat(),
            "tomorrow": (today() + timedelta(days=1)).isoformat(),
            "next year": (today() + timedelta(days=365)).isoformat(),
            "letter": str(self.rows(letter)[0][0]),
        }
        return named | days | dict(_dates(self.rows(DATES)))


def _dates(rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[str, str]]:
    """The latest that is past, the first that is to come, and a cancelled one."""
    now = f"{clock.now():%Y-%m-%d %H:%M:%S}"
    seen = set()
    for title, public_id, state, starts_at in rows:
        kind = "off" if state == "cancelled" else "past" if starts_at < now else "next"
        if state in ("approved", "cancelled") and (kind == "past" or (kind, title) not in seen):
            seen.add((kind, title))
            yield f"{kind} {title}", public_id


def copied(place: Path) -> Demo:
    """The district in a file of its own."""
    made = once("demo", _load)
    path = place / "demo.db"
    shutil.copyfile(made["file"], path)
    return Demo(f"sqlite+aiosqlite:///{path}", made["links"])


def _load() -> dict[str, Any]:
    path, cards = folder() / "demo.db", folder() / "demo-cards.json"
    shutil.copyfile(template("sqlite", "migrated"), path)
    loaded = afterbell(f"sqlite+aiosqlite:///{path}", "demo", "--out", str(cards))
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    settle("sqlite", str(path))
    people = json.loads(cards.read_text())["people"]
    return {"file": str(path), "links": {_short(each["email"]): urlsplit(each["sign_in_url"]).path for each in people}}


def _short(email: str) -> str:
    return email.partition("@")[0]


async def session_of(demo: Demo, base_url: str, who: str) -> str:
    """Signs somebody of the sample in, and answers the cookie."""
    async with browser(base_url) as person:
        await person.sign_in(demo.links[who])
        return str(person.http.cookies["afterbell"])


async def session_of_a_newcomer(demo: Demo, base_url: str) -> str:
    """Somebody new, who belongs nowhere yet but has asked to join the clinic."""
    async with browser(base_url) as new:
        await new.send((await new.open("/sign-in/new")).form("/sign-in/new"), name=BRIDGE, email=BRIDGE_MAIL)
        letter = demo.rows(f"SELECT text FROM deliveries WHERE recipient = '{BRIDGE_MAIL}'")[0][0]
        await new.sign_in(re.findall(r"/sign-in/[\w-]+", letter)[0])
        form = (await new.open("/organizations/new")).form("/organizations/join")
        joined = await new.send(form, organization="Eastside Community Clinic")
        assert joined.goes_to == "/organizations/new?done=asked", joined.words
        return str(new.http.cookies["afterbell"])
