"""The database itself refuses a double booking, on both engines, as a judge does who compares every pair."""

import random

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from afterbell.bookings.models import Claim
from afterbell.database import Database, table
from tests.conftest import Ground
from tests.ground.sql import tell
from tests.ground.tamper import DROPPED_GUARD
from tests.schema.ledger import HOUR, NOON, SPACES, Ledger, Wanted, ledger

STEPS = 400


def drawn(dice: random.Random) -> Wanted:
    """A quarter of an hour to a day, within four days, in one of the spaces: about half of them overlap something."""
    starts = dice.randrange(0, 4 * 96) / 4
    return Wanted(dice.randint(1, SPACES), starts, starts + dice.choice([1, 1, 2, 4, 8, 96]) / 4)


async def compared(found: Ledger, seed: int) -> tuple[int, int, list[str]]:
    """How many claims were taken and refused in a random life of taking and giving back, and where guard and judge disagree."""
    dice, held, refused, differences = random.Random(seed), set[Wanted](), 0, list[str]()
    for step in range(STEPS):
        if held and dice.random() < 0.25:
            gone = dice.choice(sorted(held, key=repr))
            held.remove(gone)
            await found.give_back(gone)
        wanted = drawn(dice)
        expected = not any(wanted.overlaps(other) for other in held)
        answer = await found.take(wanted)
        refused += answer is not None
        if answer is None:
            held.add(wanted)
        if (answer is None) != expected or (answer is not None and "claims_no_overlap" not in answer):
            differences.append(f"seed {seed}, step {step}: {wanted}: {answer}")
    return len(held), refused, differences


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_guard_refuses_exactly_what_overlaps(migrated: Ground, seed: int) -> None:
    async with ledger(migrated.url) as found:
        held, refused, differences = await compared(found, seed)
    print(f"seed {seed}: {held} held, {refused} refused of {STEPS}")
    assert (differences, held > 10, refused > 50) == ([], True, True)


async def test_control_without_the_guard_the_judge_finds_double_bookings(migrated: Ground) -> None:
    await tell(migrated.url, *DROPPED_GUARD[migrated.engine])
    async with ledger(migrated.url) as found:
        _, refused, differences = await compared(found, 1)
    assert (refused, len(differences) > 50) == (0, True)


TAKEN = Wanted(1, 10, 12)


@pytest.mark.parametrize(
    ("wanted", "free"),
    [
        (Wanted(1, 12, 13), True),
        (Wanted(1, 9, 10), True),
        (Wanted(2, 10, 12), True),
        (Wanted(1, 10, 12), False),
        (Wanted(1, 9, 13), False),
        (Wanted(1, 10.5, 11), False),
        (Wanted(1, 11.75, 13), False),
        (Wanted(1, 9, 10.25), False),
    ],
)
async def test_touching_ends_are_free_and_any_shared_moment_is_not(
    migrated: Ground, wanted: Wanted, free: bool
) -> None:
    async with ledger(migrated.url) as found:
        assert await found.take(TAKEN) is None
        assert (await found.take(wanted) is None) == free


async def test_a_row_between_two_long_ones_is_judged_by_its_true_predecessor(migrated: Ground) -> None:
    """The probe looks at one row only, which is right because stored rows never overlap."""
    async with ledger(migrated.url) as found:
        taken = [await found.take(each) for each in (Wanted(1, 0, 24), Wanted(1, 24.5, 25), Wanted(1, 30, 54))]
        answers = [await found.take(each) for each in (Wanted(1, 23, 24.5), Wanted(1, 24, 24.5), Wanted(1, 25, 30), Wanted(1, 24.25, 24.75))]  # fmt: skip
    assert (taken, [answer is None for answer in answers]) == ([None, None, None], [False, True, True, False])


async def test_one_statement_with_many_rows_is_taken_whole_or_not_at_all(migrated: Ground) -> None:
    series = [Wanted(1, day * 24, day * 24 + 2) for day in range(12)]
    async with ledger(migrated.url) as found:
        assert await found.take(Wanted(1, 11 * 24 + 1, 11 * 24 + 3)) is None
        whole = await found.take(*series)
        rest = await found.take(*series[:11])
        itself = await found.take(Wanted(2, 0, 2), Wanted(2, 1, 3))
    assert (whole is not None and "claims_no_overlap" in whole, rest, itself is None) == (True, None, False)


@pytest.mark.parametrize(
    ("ends", "refused"), [(24, None), (24 + 1 / 3600, "ck_claims_day"), (0, "ck_claims_span"), (-1, "ck_claims_span")]
)
async def test_a_claim_lasts_more_than_nothing_and_at_most_a_day(
    migrated: Ground, ends: float, refused: str | None
) -> None:
    async with ledger(migrated.url) as found:
        answer = await found.take(Wanted(1, 0, ends))
    assert (answer is None) == (refused is None)
    assert (refused or "") in (answer or "")


async def test_a_claim_is_never_moved_into_another(migrated: Ground) -> None:
    """SQLite's guard looks at inserts only, so it allows no update at all."""
    claim = table(Claim)
    async with ledger(migrated.url) as found:
        assert await found.take(TAKEN, Wanted(1, 14, 15)) is None
        moved = update(claim).where(claim.c.starts_at == NOON + 14 * HOUR).values(starts_at=NOON + 11 * HOUR)
        with pytest.raises(
            IntegrityError, match="claims_never_updated" if migrated.engine == "sqlite" else "claims_no_overlap"
        ):
            async with found.session.begin_nested():
                await found.session.execute(moved)


async def test_on_sqlite_not_even_a_harmless_update_is_allowed(migrated: Ground) -> None:
    async with ledger(migrated.url) as found:
        await found.take(TAKEN)
        changed = text("UPDATE claims SET campus_id = campus_id")
        if migrated.engine == "sqlite":
            with pytest.raises(IntegrityError, match="claims_never_updated"):
                await found.session.execute(changed)
        else:
            await found.session.execute(changed)


async def test_the_guard_stands_after_all_that(migrated: Ground) -> None:
    async with ledger(migrated.url) as found:
        await found.take(TAKEN)
    database = Database(migrated.url)
    assert await database.verify_guard() == []
    await database.close()
