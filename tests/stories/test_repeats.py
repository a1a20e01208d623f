"""A write that is sent again has one effect: under an Idempotency-Key whatever the order and the load, and after a kill that swallowed the answer."""

import asyncio
import json
import random
import time
from contextlib import AsyncExitStack

import httpx2
import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.patience import until
from tests.ground.processes import Server
from tests.ground.tally import share, told
from tests.stories.asks import HALL, ask, caller, day, token
from tests.stories.bursts import slots
from tests.stories.keyed import BOOKINGS, CLIENTS, carry_out, in_flight, plans, repeats
from tests.stories.racing import SEED
from tests.stories.standing import WELL, examined

pytestmark = [pytest.mark.story, pytest.mark.race]

TITLES = "SELECT title, count(*) FROM bookings WHERE title LIKE '{}%' GROUP BY title"
KILLS, EACH = 8, 16
UNDER_WAY = {  # one in each language
    "sqlite": ("lin", "The first request with this Idempotency-Key is still under way. Send it again in a second."),
    "postgresql": (
        "rosa",
        "La primera solicitud con esta Idempotency-Key todavía está en curso. Envíela de nuevo en un segundo.",
    ),
}


async def effects(district: District, prefix: str) -> dict[str, int]:
    """How many bookings each title has."""
    return dict(await sql.rows(district.url, TITLES.format(prefix)))


@pytest.mark.parametrize(("engine", "processes"), [("sqlite", 1), ("postgresql", 2)], indirect=["engine"])
async def test_every_key_has_one_effect_and_every_send_is_told_so(district: District, processes: int) -> None:
    count = share(soak=10_000, test=500)
    async with Server(district.url, worker=False, processes=processes) as server, AsyncExitStack() as stack:
        people = [await stack.enter_async_context(caller(server.base_url, district, "lin")) for _ in range(CLIENTS)]
        began = time.perf_counter()
        done = await carry_out(people, plans(count, SEED))
        took = time.perf_counter() - began
    complaints = [complaint for sent in done for complaint in sent.complaints()]
    seconds = [answer.elapsed.total_seconds() for sent in done for answer in sent.answers]
    told("keys", f"{district.engine}, {processes} processes", seconds, failures=len(complaints), seed=SEED)
    waits = sum(in_flight(answer) for sent in done for answer in sent.answers)
    print(f"{len(seconds)} sends of {count} keys in {took:.1f} s, {waits} while the first was under way")
    assert complaints == []
    assert await effects(district, "Key") == {f"Key {number}": 1 for number in range(count)}
    assert examined(district.url) == WELL


async def test_control_without_the_key_or_without_what_was_kept_repeats_have_effects(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        done = await carry_out([lin], plans(20, SEED), keyed=False)
        sends = {sent.plan.bodies[0]["title"]: len(sent.plan.bodies) for sent in done}
        found = await effects(district, "Key")
        first, second = [await forgotten(district, lin) for _ in range(2)]
    assert found == sends
    assert [sent.plan.key for sent in done if sent.complaints()] == [
        sent.plan.key for sent in done if len(sent.plan.bodies) > 1
    ]
    assert (first.status_code, second.status_code, await effects(district, "Twice")) == (201, 201, {"Twice": 2})


async def forgotten(district: District, lin: httpx2.AsyncClient) -> httpx2.Response:
    """A keyed request whose kept answer is taken away."""
    body = ask(rooms=["early-bird-high/hall"], title="Twice")
    answer = await lin.post(BOOKINGS, json=body, headers={"Idempotency-Key": "one"})
    await sql.tell(district.url, "DELETE FROM replays")
    return answer


async def test_while_the_first_is_under_way_a_repeat_is_told_to_come_again(district: District) -> None:
    headers = {"Idempotency-Key": "slow"}
    who, told_so = UNDER_WAY[district.engine]
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, who) as lin:
        async with sql.held(district.url) as transaction:
            if district.engine == "postgresql":
                await transaction.tell("SELECT id FROM spaces FOR UPDATE")
            first = asyncio.create_task(lin.post(BOOKINGS, json=ask(rooms=[HALL]), headers=headers))
            second = await until_told(lin, headers)
            held = not first.done()
            await transaction.commit()
        made = await first
        third = await lin.post(BOOKINGS, json=ask(rooms=[HALL]), headers=headers)
    assert (held, in_flight(second), second.json()["detail"]) == (True, True, told_so)
    assert (made.status_code, repeats(third, made)) == (201, True)


async def until_told(lin: httpx2.AsyncClient, headers: dict[str, str]) -> httpx2.Response:
    """The repeat's answer. The first is let run by calls that need no lock, so that it comes first."""
    for _ in range(5):
        assert (await lin.get(BOOKINGS)).status_code == 200
    return await lin.post(BOOKINGS, json=ask(rooms=[HALL]), headers=headers)


@pytest.mark.crash
async def test_after_a_kill_the_retry_finds_the_effect_or_has_it(district: District) -> None:
    """The answers that broke off are asked for again under their keys, at a server that knows nothing of the calls before."""
    dice, bodies, broken, replays = random.Random(SEED), slots(), 0, 0
    async with Server(district.url, worker=False) as server:
        for _ in range(share(soak=KILLS * 20, test=KILLS)):
            wishes = {f"crash {body['title']}": body for body in (next(bodies) for _ in range(EACH))}
            lost = await struck(server, district, wishes, dice.randint(1, EACH - 4))
            await server.start()
            async with caller(server.base_url, district, "lin") as lin:
                again = [await lin.post(BOOKINGS, json=wishes[key], headers={"Idempotency-Key": key}) for key in lost]
            assert [answer.status_code for answer in again] == [201] * len(lost)
            broken, replays = broken + len(lost), replays + sum("idempotency-replayed" in a.headers for a in again)
    found = await effects(district, "Burst")
    print(f"{district.engine}: {broken} answers broke off, of which {replays} had been stored; seed {SEED}")
    assert (set(found.values()), broken > 0) == ({1}, True)
    assert examined(district.url) == WELL


async def struck(server: Server, district: District, wishes: dict[str, dict[str, object]], answered: int) -> list[str]:
    """Sends all at once and kills the server when so many are answered; the keys that have no answer."""
    async with caller(server.base_url, district, "lin") as lin:
        sends = [lin.post(BOOKINGS, json=body, headers={"Idempotency-Key": key}) for key, body in wishes.items()]
        tasks = [asyncio.create_task(each) for each in sends]
        for _, each in zip(range(answered), asyncio.as_completed(tasks), strict=False):
            await each
        await server.kill()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
    return [key for key, answer in zip(wishes, answers, strict=True) if not isinstance(answer, httpx2.Response)]


@pytest.mark.crash
async def test_what_was_committed_but_never_answered_is_answered_to_the_retry(district: District) -> None:
    """The caller hangs up before the answer, and the server is killed once the booking stands."""
    body = ask(on=day(), rooms=[HALL], title="Unheard")
    async with Server(district.url, worker=False) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(raw(body, token(district, "lin")))
        await writer.drain()

        async def stored() -> bool:
            return await effects(district, "Unheard") == {"Unheard": 1}

        assert await until(stored, 20)
        await server.kill()
        writer.close()
        assert reader is not None
        await server.start()
        async with caller(server.base_url, district, "lin") as lin:
            retry = await lin.post(BOOKINGS, content=json.dumps(body), headers=JSON | {"Idempotency-Key": "unheard"})
            bare = await lin.post(BOOKINGS, json=body)
    assert (retry.status_code, retry.json()["title"], retry.headers["idempotency-replayed"]) == (201, "Unheard", "true")
    assert bare.status_code == 409, "control: without the key the caller learns only that the room is taken"
    assert await effects(district, "Unheard") == {"Unheard": 1}


JSON = {"Content-Type": "application/json"}


def raw(body: dict[str, object], bearer: str) -> bytes:
    """The request as bytes."""
    content = json.dumps(body).encode()
    head = (
        f"POST {BOOKINGS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {bearer}\r\nContent-Type: application/json\r\n"
    )
    return f"{head}Idempotency-Key: unheard\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content
