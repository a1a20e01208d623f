"""The judge by brute force is no rubber stamp: an answer that was right is found wrong as soon as something else holds."""

from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any

from afterbell import clock
from tests.bench.city import City, first_week
from tests.bench.city_rows import load
from tests.bench.judge import Judge, read_judge
from tests.bench.needs import around, usual
from tests.conftest import District
from tests.ground import sql
from tests.ground.processes import Server
from tests.stories.asks import caller, today

SEARCHES = "/api/v1/searches?limit=200"


async def test_control_the_judge_finds_an_answer_wrong_that_is_not_about_what_holds(district: District) -> None:
    city = City(150, (1, 3), first_week(today()), 0)
    counts = await load(district.url, city)
    need = usual(city, seats=20) | {"within_km": 50, "features": []}
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "lin") as lin:
        answer = (await lin.post(SEARCHES, json=need)).json()
        others = [(await lin.post(SEARCHES, json=each)).json()["fitting"] for each in islice(around(city, 0), 3)]
    judge = await read_judge(district.url)
    right = await wrongs(judge, need, answer)
    altered = {
        "fewer": await wrongs(judge, need, answer | {"items": answer["items"][1:]}),
        "another order": await wrongs(judge, need, answer | {"items": answer["items"][::-1]}),
        "another number": await wrongs(judge, need, answer | {"fitting": 1}),
        "an alternative that is taken": await wrongs(judge, need, with_itself_instead(answer)),
    }
    await sql.tell(district.url, "DELETE FROM claims WHERE id % 2 = 0")
    freed = await wrongs(judge, need, answer)
    await sql.tell(district.url, "UPDATE rules SET value = NULL")
    without_rules = await wrongs(await read_judge(district.url), need, answer) - freed
    assert counts["claims"] > 2_000
    told = {name for name, count in altered.items() if not count}
    assert (right, freed > 0, without_rules > 0, told) == (0, True, True, set())
    assert answer["items"][0]["free"] == 12 > answer["items"][-1]["free"]
    assert len(others) == 3


async def wrongs(judge: Judge, need: Mapping[str, Any], answer: Mapping[str, Any]) -> int:
    """How much is wrong."""
    return len(await judge.differs(need, answer, clock.now()))


def with_itself_instead(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The last room is said to be free at the time at which it is not."""
    *items, last = answer["items"]
    conflict, *others = last["conflicts"]
    key = f"{last['school']}/{last['room']['slug']}"
    itself = [each | {"room": key} for each in conflict["alternatives"]]
    return {**answer, "items": [*items, last | {"conflicts": [conflict | {"alternatives": itself}, *others]}]}


def test_the_same_seed_makes_the_same_district() -> None:
    one, same, other = (City(100, (1,), date(2027, 1, 4), seed) for seed in (0, 0, 1))
    assert list(one.series()) == list(same.series()) != list(other.series())
    assert list(one.room_rows()) == list(same.room_rows())
