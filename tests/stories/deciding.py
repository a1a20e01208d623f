"""People who ask and decide over the API, and what the database then says of it: events with their facts, dates that nobody can ever be given."""

import json
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2

from afterbell import clock
from afterbell.people.secrets import hashed
from tests.cast import BIRD
from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import Server
from tests.ground.racers import Entry
from tests.stories.asks import ask, caller, card, token

GYM_A, GYM_B, GYM, STUDIO, BIRD_HALL = [f"{BIRD}/{slug}" for slug in ("gym-a", "gym-b", "gym", "studio", "hall")]
WON = "The school gave the room to another request for this time."
FACTS = "SELECT kind, facts FROM events JOIN bookings ON bookings.id = events.booking_id WHERE reference = '{}' ORDER BY events.id"
# Dates that compete for a space and a time that is blocked: nobody could ever be given them.
STRANDED = """
    SELECT o.id FROM occurrences o JOIN occurrence_rooms r ON r.occurrence_id = o.id JOIN room_spaces s ON s.room_id = r.room_id
    JOIN claims c ON c.space_id = s.space_id AND c.starts_at < o.claim_ends_at AND c.ends_at > o.claim_starts_at
    WHERE o.state = 'requested'"""


@dataclass
class Caller:
    """Somebody at the API."""

    http: httpx2.AsyncClient

    async def asks(self, **changes: Any) -> dict[str, Any]:
        """The booking that a request made."""
        made = await self.http.post("/api/v1/bookings", json=ask(**changes))
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    async def does(self, reference: str, act: str, **body: Any) -> httpx2.Response:
        """One act."""
        return await self.http.post(f"/api/v1/bookings/{reference}/{act}", json=body)

    async def sees(self, reference: str) -> dict[str, Any]:
        """A booking as it is shown to them now."""
        found: dict[str, Any] = (await self.http.get(f"/api/v1/bookings/{reference}")).json()
        return found


@asynccontextmanager
async def people(district: District, *names: str) -> AsyncIterator[Sequence[Any]]:
    """The server, then these of the cast at it."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(district.url, worker=False))
        callers = [await stack.enter_async_context(caller(server.base_url, district, name)) for name in names]
        yield server, *(Caller(each) for each in callers)


def organization(district: District, name: str) -> str:
    """The slug of a partner's own organization."""
    return str(card(district, name)["organization"])


def standing(booking: dict[str, Any]) -> tuple[str, int, list[str]]:
    """State, version, and the state of each date."""
    return booking["state"], booking["version"], [date["state"] for date in booking["occurrences"]]


async def told(url: str, reference: str) -> list[tuple[str, dict[str, Any]]]:
    """The events of a booking with what they say, in order; rooms and reference are left out."""
    rows = await sql.rows(url, FACTS.format(reference))
    facts = [(kind, json.loads(said) if isinstance(said, str) else said) for kind, said in rows]
    return [
        (kind, {name: value for name, value in said.items() if name not in ("reference", "rooms")})
        for kind, said in facts
    ]


def entry(server: Server, district: District, name: str, reference: str, act: str, **body: Any) -> Entry:
    """A racer who does one act."""
    return Entry(server.base_url, f"/api/v1/bookings/{reference}/{act}", body, token(district, name))


async def hired(district: District, count: int) -> list[str]:
    """The tokens of so many more people on the facilities staff of every school."""
    now = sql.moment(district.url, clock.now())
    until = sql.moment(district.url, clock.now() + timedelta(days=1))
    tokens = [f"ab_{secrets.token_hex(16)}" for _ in range(count)]
    for number, each in enumerate(tokens):
        who = f"(SELECT id FROM people WHERE email = 'staff{number}@district.example')"
        await sql.tell(
            district.url,
            "INSERT INTO people (public_id, email, name, language, created_at) VALUES "
            f"('staff{number}', 'staff{number}@district.example', 'Staff {number}', 'en', {now})",
            f"INSERT INTO roles (person_id, role) VALUES ({who}, 'facilities')",
            f"INSERT INTO api_tokens (token_hash, person_id, created_at, expires_at) VALUES ('{hashed(each)}', {who}, {now}, {until})",
        )
    return tokens
