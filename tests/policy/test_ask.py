"""An ask in wall time, whatever its times were written in; and the time in the room that it claims."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from afterbell.almanac.recurrence import Repeat
from afterbell.policy.ask import Ask
from tests.policy.asking import THERE, ZONE, wish

SIX = datetime(2026, 12, 1, 18)
ASK = Ask(
    organization="eastside-community-clinic",
    title="Clinic",
    activity="community-clinic",
    rooms=["venice-high/room-101"],
    starts=SIX,
    ends=SIX + timedelta(hours=2),
    headcount=12,
)


def in_utc(wall: datetime) -> datetime:
    return wall.replace(tzinfo=THERE).astimezone(UTC)


def test_times_with_an_offset_become_wall_time_at_the_campus() -> None:
    also = SIX + timedelta(days=3)
    asked = replace(ASK, starts=in_utc(SIX), ends=in_utc(ASK.ends), repeat=Repeat(also=(in_utc(also), also)))
    assert asked.at(ZONE) == replace(ASK, repeat=Repeat(also=(also, also)))


def test_wall_times_stay_as_they_were_written() -> None:
    assert ASK.at(ZONE) == ASK


@given(st.integers(0, 480), st.integers(0, 480))
def test_the_claim_is_the_date_with_set_up_and_take_down(before: int, after: int) -> None:
    asked = replace(wish(SIX), setup=timedelta(minutes=before), takedown=timedelta(minutes=after))
    (date,) = asked.dates
    claim = asked.claim(date)
    assert (claim.starts_at, claim.ends_at) == (
        in_utc(SIX) - timedelta(minutes=before),
        in_utc(SIX) + timedelta(hours=2, minutes=after),
    )
