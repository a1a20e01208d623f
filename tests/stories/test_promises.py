"""Previews with other people's bookings in between, in an order that the seed decides: with its token a request commits exactly what was shown, or answers
`changed_since_preview` and writes nothing; never anything else."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.api.problems import written
from tests.cast import BIRD, OWL
from tests.conftest import District
from tests.ground.tally import share
from tests.stories.asks import ask, day, wall, weekly
from tests.stories.deciding import Caller, people
from tests.stories.standing import WELL, examined, overlaps

pytestmark = pytest.mark.story

SEED = 20261130
THEATRE = "figueroa-youth-theatre"
ROOMS = (
    [f"{OWL}/hall-1"],
    [f"{OWL}/hall-1a"],
    [f"{OWL}/any:gym"],
    [f"{OWL}/hall-1b", f"{OWL}/hall-2"],
    [f"{BIRD}/gym"],
)
KEPT = ("original_start", "starts_at", "ends_at", "claim_starts_at", "claim_ends_at", "rooms", "state", "shifted")
Wish = dict[str, Any]


def wish(dice: random.Random, **more: Any) -> Wish:
    """Some of few rooms, in some of few hours, for one to three weeks, one of them perhaps at another hour."""
    hour, weeks = dice.choice((16, 17, 18)), dice.randint(1, 3)
    on = day() + timedelta(weeks=dice.randint(0, 1))
    later = on + timedelta(weeks=weeks - 1)
    changes = [{"original_start": wall(later, hour), "starts_at": wall(later, hour + 1)}] if dice.random() < 0.3 else []
    way = dice.choice(("skip", "skip", "refuse"))
    rooms = dice.choice(ROOMS)
    return ask(on, hour, rooms=rooms, repeat=weekly(weeks), changes=changes, on_conflict=way, **more)


async def others(dice: random.Random, sam: Caller, theirs: list[str]) -> None:
    """Somebody else asks, or gives back what they had, or nothing happens."""
    for _ in range(dice.randint(0, 2)):
        if theirs and dice.random() < 0.4:
            await sam.does(theirs.pop(dice.randrange(len(theirs))), "withdrawal")
        else:
            body = wish(dice, organization=THEATRE, title="Rehearsal", activity="performance")
            answer = await sam.http.post("/api/v1/bookings", json=body)
            theirs += [answer.json()["reference"]] if answer.status_code == 201 else []


def dates(body: dict[str, Any]) -> list[dict[str, Any]]:
    """As a preview and a booking both tell them."""
    return [{name: date.get(name, False) for name in KEPT} for date in body["occurrences"]]


async def one(dice: random.Random, district: District, lin: Caller, sam: Caller, theirs: list[str]) -> str:
    """Look, let others act, and send it: what came of it; an assertion fails when that is anything else than promised."""
    asked = wish(dice)
    shown = (await lin.http.post("/api/v1/bookings/preview", json=asked)).json()
    if shown["preview_token"] is None:
        assert shown["verdict"]["allowed"] is False
        await others(dice, sam, theirs)
        return "refused"
    await others(dice, sam, theirs)
    now = (await lin.http.post("/api/v1/bookings/preview", json=asked)).json()
    before = await written(district.url)
    answer = await lin.http.post("/api/v1/bookings", json=asked | {"preview_token": shown["preview_token"]})
    if answer.status_code == 201:
        assert dates(answer.json()) == dates(shown)
        await (lin.does(answer.json()["reference"], "withdrawal") if dice.random() < 0.5 else others(dice, sam, theirs))
        return "done"
    assert (answer.status_code, await written(district.url)) == (409, before)
    assert told_of(answer.json()["reasons"]) == {"changed_since_preview"}
    assert dates(now) != dates(shown), "control: a fresh look shows something else indeed"
    return "changed"


def told_of(reasons: Sequence[dict[str, Any]]) -> set[str]:
    """The codes of the reasons, each of which is about a date and says something."""
    assert [each for each in reasons if not each["message"] or "occurrence" not in each] == []
    return {each["code"] for each in reasons}


async def test_what_was_shown_is_done_exactly_or_it_is_told_that_it_changed(district: District) -> None:
    dice, theirs = random.Random(SEED), list[str]()
    async with people(district, "lin", "sam") as (_, lin, sam):
        outcomes = [await one(dice, district, lin, sam, theirs) for _ in range(share(soak=400, test=40))]
    assert set(outcomes) == {"done", "changed", "refused"}, f"seed {SEED}: every outcome is reached"
    assert await overlaps(district.url) == []
    assert examined(district.url) == WELL
