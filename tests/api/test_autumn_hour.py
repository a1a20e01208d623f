"""The hour that comes twice when the clocks go back: wall time means the first, and an offset that means the second is refused, never read as another."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from tests.api.problems import told
from tests.api.test_change import HALL, patched
from tests.conftest import District
from tests.stories.asks import THERE, ask, today
from tests.stories.deciding import people

QUARTER = timedelta(minutes=15)
HOUR = 4 * QUARTER
SENTENCE = "The clocks go back that night and {:%H:%M} comes twice; here it means the first. {:%H:%M} comes once."


def first_of_two() -> datetime:
    """The instant at which the next hour begins that comes twice. Farther than rooms open, mostly: what cannot be read is refused before that is judged."""
    at = datetime.combine(today(), time(0), UTC)
    while not (at + HOUR).astimezone(THERE).fold:
        at += HOUR
    return at


def there(moment: datetime) -> str:
    """With the offset of that moment."""
    return moment.astimezone(THERE).isoformat(timespec="minutes")


def refusal(second: datetime, passes: datetime) -> tuple[Any, ...]:
    """How a moment that comes second is refused."""
    wall, next_ = (moment.astimezone(THERE) for moment in (second, passes))
    return 409, ("no_such_time", SENTENCE.format(wall, next_))


async def test_an_offset_that_means_the_second_is_refused_with_what_comes_once(district: District) -> None:
    first = first_of_two()
    second, once = first + HOUR, first + 2 * HOUR
    wanted: dict[str, dict[str, Any]] = {
        "a start": {"starts_at": there(second), "ends_at": there(once)},
        "in UTC": {"starts_at": f"{second:%Y-%m-%dT%H:%M:%SZ}", "ends_at": there(once)},
        "an end": {"starts_at": there(first), "ends_at": there(second)},
        "a further date": {"repeat": {"rrule": "", "also": [there(second)]}},
    }
    search = {"headcount": 20, "starts_at": there(second), "ends_at": there(once)}
    async with people(district, "lin") as (_, lin):
        held = await lin.asks(rooms=[HALL])
        answers = {
            name: told(await lin.http.post("/api/v1/bookings", json=ask(**each))) for name, each in wanted.items()
        }
        searched = told(await lin.http.post("/api/v1/searches", json=search))
        moved = told(await patched(lin.http, held, starts_at=there(second), ends_at=there(once)))
        plain = ask(starts_at=there(second - QUARTER), ends_at=there(once))
        read = (await lin.http.post("/api/v1/bookings/preview", json=plain)).json()["occurrences"]
    assert answers == dict.fromkeys(wanted, refusal(second, once))
    assert (searched, moved) == (refusal(second, once),) * 2
    assert [(each["starts_at"], each["ends_at"]) for each in read] == [
        (f"{second - QUARTER:%Y-%m-%dT%H:%M:%SZ}", f"{once:%Y-%m-%dT%H:%M:%SZ}")
    ], "control: the first of the two is read as it is meant"
