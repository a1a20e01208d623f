"""How much is measured: enough for figures that hold within six minutes, all of it for the large district, or a glance for the tests."""

from dataclasses import dataclass

SEED = 0  # slots come in a fixed order; the generated district and the needs in it are drawn from this


@dataclass(frozen=True)
class Size:
    """Counts of what is done; `seconds` bounds every single load in time. In the generated district of `city_rooms` six tenths of the hours of `city_evenings`
    (0 is Monday) are booked."""

    name: str
    clients: int = 8
    warm_up: int = 32
    bookings: int = 400
    series: int = 60
    bare: int = 2_000
    bare_series: int = 400
    feed_events: int = 1_000
    polls: int = 2_000
    rounds: int = 4
    cold: int = 12
    grown: tuple[int, int] = (1_000, 10_000)
    asked: int = 200
    seconds: float = 20.0
    city_rooms: int = 5_000
    city_evenings: tuple[int, ...] = (1,)
    searches: int = 200
    judged: int = 200
    weeks: int = 200


USUAL = Size("usual")
FULL = Size(
    "full",
    bookings=2_000,
    series=400,
    bare=8_000,
    bare_series=800,
    polls=10_000,
    cold=50,
    asked=1_000,
    seconds=120.0,
    city_rooms=50_000,
    city_evenings=(0, 1, 2, 3, 4),
    searches=1_000,
    weeks=1_000,
)
TINY = Size(
    "tiny",
    warm_up=1,
    bookings=8,
    series=2,
    bare=8,
    bare_series=2,
    feed_events=20,
    polls=8,
    rounds=1,
    cold=2,
    grown=(30, 60),
    asked=4,
    seconds=10.0,
    city_rooms=100,
    searches=4,
    judged=12,
    weeks=2,
)
SIZES = {"": USUAL, USUAL.name: USUAL, FULL.name: FULL, TINY.name: TINY}
