"""Idempotency-Key over HTTP: a replay answers the same, whoever else asks gets their own, and what was refused may pass the next time. It is kept sealed."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2

from afterbell import clock
from tests.api.problems import codes, told, written
from tests.api.refusals import SENTENCES
from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import Server, afterbell
from tests.stories.asks import HALL, ask, caller

BOOKINGS = "/api/v1/bookings"
FEEDS = "/api/v1/feeds"
UNDER = "/api/v1/bookings/{}/{}"


def key(name: str) -> dict[str, str]:
    """The header."""
    return {"Idempotency-Key": name}


def whole(answer: httpx2.Response) -> tuple[Any, ...]:
    """Everything about an answer that a replay repeats, and whether it is one."""
    kept = [answer.headers.get(name) for name in ("etag", "location", "content-type")]
    return answer.status_code, answer.content, kept, answer.headers.get("idempotency-replayed")


async def test_a_write_that_is_sent_again_has_one_effect_and_the_same_answer(district: District) -> None:
    before = await written(district.url)
    body = ask()
    async with (
        Server(district.url, worker=False) as server,
        caller(server.base_url, district, "lin") as lin,
        caller(server.base_url, district, "sam") as sam,
        caller(server.base_url, district, "becker") as becker,
    ):
        first, again = [await lin.post(BOOKINGS, json=body, headers=key("one")) for _ in range(2)]
        after = await written(district.url)
        other_body = await lin.post(BOOKINGS, json=body | {"title": "Another"}, headers=key("one"))
        other_person = await sam.post(BOOKINGS, json=body, headers=key("one"))
        reference = first.json()["reference"]
        other_path = await lin.post(f"{BOOKINGS}/preview", json=body, headers=key("one"))
        approved, twice = [
            await becker.post(UNDER.format(reference, "approval"), json={}, headers=key("one")) for _ in range(2)
        ]
        bare = await becker.post(UNDER.format(reference, "approval"), json={})
        replayed = await lin.post(BOOKINGS, json=body, headers=key("one"))
        kept = await sql.rows(district.url, "SELECT key_hash, headers, body FROM replays")
    assert all(b"check-ups" not in bytes(content) and reference not in str(headers) for _, headers, content in kept)
    assert (first.status_code, whole(again)) == (201, (*whole(first)[:3], "true"))
    assert whole(replayed) == whole(again)  # still as it was answered, although approved since
    assert after == before | {
        name: before[name] + more
        for name, more in (("bookings", 1), ("occurrences", 1), ("occurrence_rooms", 1), ("claims", 1), ("events", 1))
    }
    assert codes(other_body) == (422, "key_reused")
    assert other_person.status_code == 409  # hers to answer anew: she is no member
    assert (other_path.status_code, other_path.json()["verdict"]["allowed"]) == (200, False)
    assert (approved.status_code, whole(twice)) == (200, (*whole(approved)[:3], "true"))
    assert codes(bare) == (409, "wrong_state")


async def test_only_successes_are_kept_and_only_for_a_day(district: District) -> None:
    other = ask(hour=18)
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        taken = await lin.post(BOOKINGS, json=ask())
        refused = await lin.post(BOOKINGS, json=ask(), headers=key("later"))
        await lin.post(UNDER.format(taken.json()["reference"], "withdrawal"), json={})
        passes = await lin.post(BOOKINGS, json=ask(), headers=key("later"))
        early = await lin.post(BOOKINGS, json=other, headers=key("old"))
        old = sql.moment(district.url, clock.now() - timedelta(hours=24, seconds=1))
        await sql.tell(district.url, f"UPDATE replays SET created_at = {old}")
        late = await lin.post(BOOKINGS, json=other, headers=key("old"))
        anew = await lin.post(BOOKINGS, json=ask(hour=20), headers=key("old"))
        kept = await sql.rows(district.url, "SELECT count(*) FROM replays")
    done = afterbell(district.url, "tick", "--json")
    left = await sql.rows(district.url, "SELECT count(*) FROM replays")
    assert (codes(refused), passes.status_code) == ((409, "room_taken"), 201)
    assert (early.status_code, codes(late), anew.status_code) == (201, (409, "room_taken"), 201)
    assert (kept, done.returncode, left) == ([(2,)], 0, [(1,)])


async def test_a_key_has_from_1_to_255_characters_and_counts_for_posts_of_the_api_alone(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "rosa") as rosa:
        sent = [await rosa.post(BOOKINGS, json=ask(rooms=[HALL]), headers=key(k)) for k in ("", "k" * 256)]
        longest = [await rosa.get("/api/v1/activities", headers=key("k" * 255)) for _ in range(2)]
    said = "Idempotency-Key tiene de 1 a 255 caracteres; estos son {}."
    assert [told(answer) for answer in sent] == [(422, said.format(0)), (422, said.format(256))]
    assert [(answer.status_code, answer.headers.get("idempotency-replayed")) for answer in longest] == [(200, None)] * 2


async def test_a_secret_address_is_told_again_to_its_key_and_stays_ended_once_it_is_revoked(district: District) -> None:
    body = {"scope": "mine"}
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        first, again = [await lin.post(FEEDS, json=body, headers=key("feed")) for _ in range(2)]
        slashed = await lin.post(f"{FEEDS}/", json=body, headers=key("feed"))
        made = await sql.rows(district.url, "SELECT count(*) FROM secret_feeds")
        opens = await lin.get(urlsplit(first.json()["url"]).path)
        await lin.delete(f"{FEEDS}/{first.json()['id']}")
        revoked = await lin.post(FEEDS, json=body, headers=key("feed"))
        closed = await lin.get(urlsplit(first.json()["url"]).path)
        rows = await sql.rows(district.url, "SELECT headers, body, key_hash FROM replays")
        bare = await lin.post(FEEDS, json=body)
    assert (first.status_code, whole(again)) == (201, (*whole(first)[:3], "true"))
    assert [whole(each) for each in (slashed, revoked)] == [whole(again)] * 2
    assert (made, opens.status_code, closed.status_code) == ([(1,)], 200, 410)
    secret = first.json()["url"].rpartition("/")[2].removesuffix(".ics")
    assert [secret in str(each) for each in rows] == [False]
    assert (bare.status_code, bare.json()["url"] == first.json()["url"]) == (201, False), "control: without its key"


async def test_an_answer_of_an_earlier_secret_is_not_told_and_its_effect_not_had_again(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        await lin.post(BOOKINGS, json=ask(), headers=key("one"))
        before = await written(district.url)
    async with (
        Server(district.url, worker=False, SECRET="another secret, as long as it has to be") as server,
        caller(server.base_url, district, "lin") as lin,
    ):
        late = await lin.post(BOOKINGS, json=ask(), headers=key("one"))
        other = await lin.post(BOOKINGS, json=ask(hour=18), headers=key("one"))
        after = await written(district.url)
        anew = await lin.post(BOOKINGS, json=ask(hour=18), headers=key("two"))
    assert (told(late), codes(other), anew.status_code) == (
        (409, ("answer_unreadable", SENTENCES["answer_unreadable"][0])),
        (422, "key_reused"),
        201,
    )
    assert after == before
