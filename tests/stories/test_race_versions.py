"""Fifty editors of one booking, each acting on the version that they last saw: as many versions as successes, and everybody else is told what is there now."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from tests.conftest import District
from tests.ground import sql
from tests.ground.client import client
from tests.ground.processes import Server
from tests.ground.tally import share, told
from tests.stories.asks import HALL, ask, caller
from tests.stories.deciding import hired
from tests.stories.racing import SEED
from tests.stories.standing import WELL, examined

pytestmark = [pytest.mark.story, pytest.mark.race]

EDITORS = 50
ROWS = """SELECT version, (SELECT count(*) FROM remarks) + (SELECT count(*) FROM events WHERE kind = 'booking.changed'),
    (SELECT count(*) FROM events WHERE booking_id = bookings.id) FROM bookings WHERE reference = '{}'"""


async def edit(http: httpx2.AsyncClient, path: str, name: str, times: int, *, tagged: bool = True) -> list[Any]:
    """Asks the partner, or changes the title, again and again, each time of the version that the last answer told; status, tag sent, tag told, seconds. Who
    is told to come again, since fifty wait for one row, does."""
    found: list[Any] = []
    tag = '"1"'
    while len([status for status, *_ in found if status != 503]) < times:
        headers = {"If-Match": tag} if tagged else {}
        began = time.perf_counter()
        answer = await _edited(http, path, f"{name} edits {len(found)}", headers)
        found.append((answer.status_code, tag, answer.headers.get("etag"), time.perf_counter() - began))
        tag = answer.headers.get("etag", tag)
    return found


async def _edited(http: httpx2.AsyncClient, path: str, words: str, headers: dict[str, str]) -> httpx2.Response:
    """Every other time a new title, which PATCH takes of a known version only; else a question."""
    if headers and words[-1] in "02468":
        return await http.patch(path, json={"title": words}, headers=headers)
    return await http.post(f"{path}/question", json={"message": words}, headers=headers)


async def edited(district: District, processes: int, times: int, *, tagged: bool = True) -> tuple[str, list[Any]]:
    """The booking's reference and every edit of all editors, who begin together."""
    tokens = await hired(district, EDITORS)
    async with Server(district.url, worker=False, processes=processes) as server:
        async with caller(server.base_url, district, "lin") as lin:
            reference = (await lin.post("/api/v1/bookings", json=ask(rooms=[HALL]))).json()["reference"]
        people = [client(server.base_url, token, seconds=60) for token in tokens]
        path = f"/api/v1/bookings/{reference}"
        for each in people:  # so that every connection stands
            assert (await each.get(path)).headers["etag"] == '"1"'
        edits = [edit(each, path, f"Staff {n}", times, tagged=tagged) for n, each in enumerate(people)]
        every = await asyncio.gather(*edits)
        await asyncio.gather(*(each.aclose() for each in people))
    return reference, [one for some in every for one in some]


def lost(edits: Sequence[Any]) -> list[str]:
    """Versions that two editors acted on: an edit that nobody had seen was lost."""
    counts = Counter(tag for status, tag, _, _ in edits if status == 200)
    return sorted(tag for tag, count in counts.items() if count > 1)


@pytest.mark.parametrize(("engine", "processes"), [("sqlite", 1), ("postgresql", 2)], indirect=["engine"])
async def test_there_are_as_many_versions_as_successes_and_the_rest_are_told_the_present_one(
    district: District, processes: int
) -> None:
    times = share(soak=200, test=10)
    reference, edits = await edited(district, processes, times)
    statuses = Counter(status for status, *_ in edits)
    odd = [each for each in edits if each[0] != 503 and (each[0] not in (200, 412) or each[2] is None)]
    told("editors", f"{district.engine}, {processes} processes", [s for *_, s in edits], failures=len(odd), seed=SEED)
    print(dict(statuses))
    done = statuses[200]
    assert (odd, statuses[200] + statuses[412], lost(edits)) == ([], EDITORS * times, [])
    assert await sql.rows(district.url, ROWS.format(reference)) == [(done + 1, done, done + 1)]
    assert sorted(int(tag.strip('"')) for status, _, tag, _ in edits if status == 200) == list(range(2, done + 2))
    assert all(int(after.strip('"')) > int(tag.strip('"')) for status, tag, after, _ in edits if status == 412)
    assert (done >= 1, examined(district.url)) == (True, WELL)


async def test_control_without_if_match_every_edit_passes_and_lost_ones_are_found(district: District) -> None:
    reference, edits = await edited(district, 1, 3, tagged=False)
    assert [status for status, *_ in edits if status != 503] == [200] * (EDITORS * 3)
    assert lost(edits) != []
    assert await sql.rows(district.url, ROWS.format(reference)) == [(151, 150, 151)]
