"""Histories of thirty commands, drawn by a seed and given to both databases in lockstep: the same answers and the same rows after each command, sound claims
after each, nothing for the doctor after each history, and in all of them every move of the lifecycle.

A seeded generator, not Hypothesis' RuleBasedStateMachine: that is synchronous and wants the world new for every example and for every try to shrink it, which
for two real databases means two copies and two pools of connections each time; a seed repeats a history exactly, and the commands up to the first fault are
printed."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from afterbell.database import Database
from afterbell.doctor.examine import examined
from afterbell.doctor.replay import VERSIONS
from afterbell.doctor.rooms import IDLE, OVERLAP
from afterbell.policy.lifecycle import MOVES
from tests.conftest import District
from tests.engine.commands import Command, Drawer
from tests.engine.sides import DATE_STATE, Side, Tables, next_step, standings
from tests.ground import sql
from tests.ground.tally import share
from tests.ground.tamper import DROPPED_GUARD, claiming_twice, swallowing

SEED = 20261130
STEPS, BLOCK = 30, 50
MOST = 2 * BLOCK  # the rarest moves may need a few more
BEGIN, APART = datetime(2031, 1, 6, 18, tzinfo=UTC), timedelta(weeks=16)
EVERY_MOVE = {(state, to) for state, found in MOVES.items() for to in found}


@dataclass
class Run:
    """Both sides, and what came about so far: moves, answers by act and status, and what was wrong, with the commands that led there."""

    sides: Sequence[Side]
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[Any] = field(default_factory=list)
    found: list[list[str]] = field(default_factory=list)

    async def history(self, number: int, seed: int) -> None:
        """One history; ends at the first fault."""
        drawer = Drawer(random.Random(f"{seed} {number}"), BEGIN + number * APART)
        tables: Tables = {name: [] for name in ("bookings", "dates", "rooms", "claims", "moves")}
        done: list[Command] = []
        for side in self.sides:
            await side.begin()
        while len(done) < STEPS and not self.wrong:
            done.append(drawer.command(standings(tables), next_step(tables)))
            tables = await self._step(done, tables)
        await asyncio.gather(*(side.does(Command("expire", drawer.now)) for side in self.sides))
        self.found = await asyncio.gather(*(self._examined(side, drawer.now) for side in self.sides))
        if not self.wrong and any(self.found):
            self.wrong = [f"history {number} of seed {seed}", self.found, done]

    async def _step(self, done: list[Command], before: Tables) -> Tables:
        answers = await asyncio.gather(*(side.does(done[-1]) for side in self.sides))
        after = await asyncio.gather(*(side.tables() for side in self.sides))
        complaints = [side.unsound(tables) for side, tables in zip(self.sides, after, strict=True)]
        if answers[0] != answers[-1] or after[0] != after[-1] or any(complaints):
            self.wrong = [complaints, answers, [_unlike(after[0], after[-1])], done]
        self._count(done[-1], answers[0], before, after[0])
        return after[0]

    def _count(self, command: Command, answer: Any, before: Tables, after: Tables) -> None:
        self.answers[f"{command.act} {_said(answer)}"] += 1
        was = {date[:2]: date[DATE_STATE] for date in before["dates"]}
        for date in after["dates"]:
            if date[:2] in was and was[date[:2]] != date[DATE_STATE]:
                self.moves[was[date[:2]], date[DATE_STATE]] += 1

    async def _examined(self, side: Side, now: datetime) -> list[str]:
        async with side.database.snapshot() as session:
            return [each.what for each in await examined(session, now=now)]


def _said(answer: Any) -> str:
    """Done, or the status of a refusal, with its code where that is what a preview promised against."""
    if not isinstance(answer, list) or isinstance(answer[0], dict):
        return "done"
    return f"{answer[0]} changed" if "changed_since_preview" in str(answer) else str(answer[0])


def _unlike(one: Tables, other: Tables) -> list[Any]:
    return [(a, b) for name in one for a, b in zip(one[name], other[name], strict=False) if a != b]


@asynccontextmanager
async def running(*districts: District) -> AsyncIterator[Run]:
    """The sides, ready for a first history."""
    sides = [Side(Database(district.url), district.url) for district in districts]
    try:
        for side in sides:
            await side.prepare()
        yield Run(sides)
    finally:
        for side in sides:
            await side.database.close()


@pytest.mark.soak
@pytest.mark.parametrize("seed", [SEED + turn for turn in range(share(soak=40, test=1))])
async def test_histories_keep_every_invariant_and_are_the_same_on_both_databases(
    both: list[District], seed: int
) -> None:
    began = time.perf_counter()
    async with running(*both) as run:
        number, due = (
            0,
            EVERY_MOVE if seed == SEED else set(),
        )  # the rarest need luck: the seed of `make test` has it, others tell what they reached
        while not run.wrong and (number < BLOCK or (due - set(run.moves) and number < MOST)):
            await run.history(number, seed)
            number += 1
    print(f"seed {seed}: {number} histories of {STEPS} steps in {time.perf_counter() - began:.0f} s")
    print(f"moves {dict(sorted(run.moves.items()))}, answers {dict(sorted(run.answers.items()))}")
    print(*run.wrong, sep="\n")
    assert run.wrong == []
    assert (due - set(run.moves), set(run.moves) - EVERY_MOVE) == (set(), set())


TAMPERED: dict[str, Callable[[str], Sequence[str]]] = {
    IDLE: lambda engine: swallowing(engine, "claims", "DELETE"),
    OVERLAP: lambda engine: [*DROPPED_GUARD[engine], *claiming_twice(engine)],
    VERSIONS: lambda engine: swallowing(engine, "events", "INSERT", "NEW.kind = 'booking.withdrawn'"),
}


@pytest.mark.parametrize("what", TAMPERED)
async def test_control_what_is_not_done_in_the_database_is_found(district: District, what: str) -> None:
    """A claim that is not released, the guard dropped and each claim written twice, an event that is not written."""
    await sql.tell(district.url, *TAMPERED[what](district.engine))
    async with running(district) as run:
        await run.history(0, SEED)
    assert (run.wrong != [], what in run.found[0]) == (True, True)


async def test_control_a_room_that_is_smaller_on_one_side_is_noticed(both: list[District]) -> None:
    await sql.tell(both[1].url, "UPDATE rooms SET capacity = capacity - 1")
    async with running(*both) as run:
        await run.history(0, SEED)
    assert (run.wrong != [], run.found) == (True, [[], []])
