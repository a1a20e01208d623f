"""One client address may try thirty times in ten minutes; the limit is per process and can be switched off."""

import asyncio
from datetime import UTC, datetime, timedelta

from afterbell.people.turnstile import MOST, MOST_ADDRESSES, Turnstile
from tests.conftest import District
from tests.ground.browser import Page, browser
from tests.ground.processes import Server

AT_ONCE = 5
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_the_next_try_passes_once_the_first_is_ten_minutes_old() -> None:
    turnstile = Turnstile(2)
    passed = [turnstile.wait("a", now=NOON + timedelta(minutes=minute)) for minute in (0, 4, 5)]
    assert passed == [0, 0, 301]
    assert turnstile.wait("b", now=NOON + timedelta(minutes=5)) == 0
    assert [turnstile.wait("a", now=NOON + timedelta(minutes=10, seconds=second)) for second in (0, 1)] == [0, 240]


def test_it_remembers_a_bounded_number_of_addresses() -> None:
    turnstile = Turnstile(1)
    for number in range(MOST_ADDRESSES + 1):
        turnstile.wait(str(number), now=NOON)
    assert [turnstile.wait(name, now=NOON) > 0 for name in ("1", str(MOST_ADDRESSES), "0")] == [True, True, False]


async def tries(district: District, count: int, limit: str = "on") -> list[tuple[int, bool]]:
    """Status and whether Retry-After was told, for wrong codes sent a few at once, in the order of the statuses. Each is a write: thirty at once on a busy
    machine wait longer than the service's patience, and it rightly answers 503."""
    async with Server(district.url, worker=False, RATE_LIMIT=limit) as server, browser(server.base_url) as person:
        asked = await person.send((await person.open("/sign-in")).form("/sign-in"), email="nobody@x.example")
        form = asked.form("/sign-in/code")
        answers: list[Page] = []
        while len(answers) < count:
            answers += await asyncio.gather(*(person.send(form, code="123456") for _ in range(AT_ONCE)))
    waits = [(page.status, int(page.answer.headers.get("retry-after", "0"))) for page in answers]
    return sorted((status, 0 < seconds <= 600) for status, seconds in waits)


async def test_guessing_codes_is_stopped_with_429_and_the_time_to_wait(district: District) -> None:
    """The letter that was asked for counts as a try too."""
    found = await tries(district, MOST)
    assert found == [(422, False)] * (MOST - 1) + [(429, True)]


async def test_control_without_the_limit_guessing_goes_on(district: District) -> None:
    assert await tries(district, MOST, limit="off") == [(422, False)] * MOST
