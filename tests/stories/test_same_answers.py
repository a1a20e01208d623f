"""The same three hundred commands, drawn by a seed, are answered alike on SQLite and PostgreSQL, and leave the same behind."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import Server
from tests.ground.tally import share
from tests.stories.asks import caller
from tests.stories.commands import EVERYBODY, Command, Drawer
from tests.stories.standing import WELL, examined

pytestmark = [pytest.mark.story]

SEED = 20261125
NAMES = re.compile(r"AB-[0-9A-Z]{8}|\b[0-9a-f]{20}\b")
WHEN = ("requested_at", "due", "at")
SEALED = "preview_token"  # no two are alike, even of one service
STATE = {
    "bookings": "SELECT title, state, version, visibility, entered_as FROM bookings ORDER BY id",
    "dates": "SELECT booking_id, original_start, state, reason, sequence, alternative IS NULL, reasons IS NULL FROM occurrences ORDER BY id",
    "claims": "SELECT space_id, occurrence_id FROM claims ORDER BY space_id, starts_at",
    "events": "SELECT kind, booking_id, actor_id FROM events ORDER BY id",
    "remarks": "SELECT booking_id, author_id, side, text FROM remarks ORDER BY id",
    "programs": "SELECT slug, name, organization_id FROM programs ORDER BY id",
    "replays": "SELECT person_id, status, count(*) FROM replays GROUP BY person_id, status ORDER BY person_id, status",
}


@dataclass
class Service:
    """One of the two: its district, everybody's connection, its bookings in order, and the names that it gave, each by its order."""

    district: District
    people: dict[str, httpx2.AsyncClient]
    bookings: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    async def does(self, command: Command) -> Any:
        """The answer in a form that both can share."""
        booking = self.bookings[command.about] if command.about is not None else {}
        path = "/api/v1" + command.path.format(booking.get("reference", ""))
        answer = await self.people[command.who].request(
            command.method, path, json=self._body(command, booking), headers=self._headers(command, booking)
        )
        told = answer.json()
        self._remember(command, answer, told)
        kept = {name: answer.headers.get(name) for name in ("etag", "location", "idempotency-replayed", "retry-after")}
        return self.plain([answer.status_code, kept, told])

    def _body(self, command: Command, booking: dict[str, Any]) -> dict[str, Any] | None:
        if command.dates is None:
            return command.body
        dates = booking["occurrences"]
        picked = [dates[n]["id" if n % 2 else "original_start"] for n in command.dates if n < len(dates)]
        return {**(command.body or {}), "occurrences": picked or ["2026-01-01T00:00"]}

    def _headers(self, command: Command, booking: dict[str, Any]) -> dict[str, str]:
        key = {"Idempotency-Key": command.key} if command.key else {}
        if command.behind is None:
            return key
        return key | {"If-Match": f'"{max(1, booking["version"] - command.behind)}"'}

    def _remember(self, command: Command, answer: httpx2.Response, told: Any) -> None:
        """New bookings, and what became of those that an act moved."""
        if answer.status_code == 201 and "idempotency-replayed" not in answer.headers:
            self.bookings.append(told)
        elif (
            answer.status_code == 200
            and command.about is not None
            and "occurrences" in told
            and command.method == "POST"
        ):
            self.bookings[command.about] = (
                told if told["version"] > self.bookings[command.about]["version"] else self.bookings[command.about]
            )

    def plain(self, value: Any, key: str = "") -> Any:
        """Names by the order in which they came, instants of the moment left out."""
        if isinstance(value, dict):
            return {name: self.plain(each, name) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(each) for each in value]
        if isinstance(value, str):
            return (
                "then"
                if key in (*WHEN, SEALED)
                else NAMES.sub(lambda found: self.names.setdefault(found[0], f"#{len(self.names)}"), value)
            )
        return value

    async def state(self) -> dict[str, Any]:
        """What stands in its tables; truths are numbers on SQLite, and JSON is text there."""
        found = {name: await sql.rows(self.district.url, query) for name, query in STATE.items()}
        return {
            name: [tuple(int(v) if isinstance(v, bool) else v for v in row) for row in rows]
            for name, rows in found.items()
        }


@asynccontextmanager
async def services(both: list[District]) -> AsyncIterator[list[Service]]:
    """A server on each, and everybody at both."""
    async with AsyncExitStack() as stack:
        found = []
        for district in both:
            server = await stack.enter_async_context(Server(district.url, worker=False))
            people = {
                name: await stack.enter_async_context(caller(server.base_url, district, name)) for name in EVERYBODY
            }
            found.append(Service(district, people))
        yield found


async def differences(pair: list[Service], seed: int, count: int) -> tuple[list[Any], Counter[str]]:
    """The commands that were answered differently, with both answers; and how often each kind of answer came."""
    found: list[Any] = []
    kinds: Counter[str] = Counter()
    for command in Drawer(seed).commands(count, pair[0].bookings):
        one, two = await asyncio.gather(*(each.does(command) for each in pair))
        act = command.path.rpartition("/")[2]
        kinds[f"{command.method} {act} {one[0]}"] += 1
        if one != two:
            found.append((command, one, two))
            break  # what follows would differ for that alone
    return found, kinds


@pytest.mark.soak
@pytest.mark.parametrize("seed", [SEED + turn for turn in range(share(soak=10, test=1))])
async def test_three_hundred_commands_are_answered_alike_and_leave_the_same_behind(
    both: list[District], seed: int
) -> None:
    async with services(both) as pair:
        found, kinds = await differences(pair, seed, 300)
        states = [await each.state() for each in pair]
    print(f"seed {seed}: {dict(sorted(kinds.items()))}")
    assert found == []
    assert states[0] == states[1]
    assert [examined(district.url) for district in both] == [WELL, WELL]
    assert {int(kind.rpartition(" ")[2]) for kind in kinds} >= {200, 201, 404, 409, 412, 422}


async def test_control_one_room_that_is_smaller_on_one_of_them_is_noticed(both: list[District]) -> None:
    await sql.tell(both[1].url, "UPDATE rooms SET capacity = capacity - 1")
    async with services(both) as pair:
        found, _ = await differences(pair, SEED, 100)
    assert len(found) == 1
