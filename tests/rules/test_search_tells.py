"""What a search says like a preview: for whom a room is, dates that are in each other's way, and days to leave out that the series does not have."""

from datetime import timedelta
from html import unescape
from typing import Any

from tests.api.problems import codes
from tests.cast import OWL
from tests.conftest import District
from tests.rules.ruling import desk, sets
from tests.stories.asks import ask, day, today, utc, wall, weekly

TWO, THREE = f"{OWL}/hall-2", f"{OWL}/hall-3"
FOR_AGENCIES, FOR_SPORT = {"reserved": [{"tiers": ["agency"]}]}, {"reserved": [{"activities": ["youth-sports"]}]}
AGENCIES = "Hall 2 is only for public agencies with a joint-use agreement. Choose another room, or ask the school."


def need(**changes: Any) -> dict[str, Any]:
    """A hall of the school that never closes, on a Tuesday evening."""
    names = ("headcount", "starts_at", "ends_at")
    body = {name: ask(day(ahead=33), 18)[name] for name in names} | {"schools": [OWL], "kind": "multipurpose"}
    return body | changes


async def test_a_room_that_is_kept_for_some_says_for_whom_in_the_answer_and_on_the_page(district: District) -> None:
    """Control: a room for everybody says nothing; the one that is kept is found all the same."""
    typed = {"date": day(ahead=33).isoformat(), "from": "18:00", "to": "20:00", "people": "20", "school": "owl"}
    async with desk(district, "whitfield", "lin") as at:
        for room, value in ((TWO, FOR_AGENCIES), (THREE, FOR_SPORT)):
            answer = await sets(at["whitfield"], "admission", value, room=room, effective_from=today().isoformat())
            assert answer.status_code == 200, answer.text
        found = (await at["lin"].post("/api/v1/searches", json=need())).json()
        page = await at["lin"].get("/find", params=typed)
        foreseen = (await at["lin"].post("/api/v1/bookings/preview", json=ask(day(ahead=33), 18, rooms=[TWO]))).json()
    said = {each["room"]["slug"]: (each["free"], each["only_for"]) for each in found["items"]}
    (two,), (three,) = (said[room][1] for room in ("hall-2", "hall-3"))
    assert (two["code"], two["severity"], two["message"]) == ("not_for_you", "note", AGENCIES)
    assert (three["code"], three["severity"], three["would_pass"]) == ("not_for_you", "note", "youth-sports")
    assert (said["hall-2"][0], said["hall-4"]) == (1, (1, []))
    assert unescape(page.text).count(AGENCIES) == 1
    assert [each["code"] for each in foreseen["verdict"]["reasons"]] == ["not_for_you"]


async def test_dates_that_overlap_each_other_are_odd_in_every_room_and_another_time_is_clear_of_both(
    district: District,
) -> None:
    """The same answer as a preview's."""
    first = day(ahead=33)
    repeat = {"also": [wall(first, 19), wall(first + timedelta(days=2), 18)]}
    async with desk(district, "lin") as at:
        found = (await at["lin"].post("/api/v1/searches?limit=1", json=need(repeat=repeat))).json()["items"][0]
        room = f"{found['school']}/{found['room']['slug']}"
        body = ask(first, 18, rooms=[room], repeat=repeat)
        foreseen = (await at["lin"].post("/api/v1/bookings/preview", json=body)).json()
    (conflict,) = found["conflicts"]
    told = [each for each in foreseen["occurrences"] if each["reasons"]]
    assert (found["free"], found["of"]) == (2, 3)
    assert [(each["original_start"], each["reasons"]) for each in told] == [
        (conflict["original_start"], conflict["reasons"])
    ]
    assert [each["starts_at"] for each in conflict["alternatives"] if each["room"] == room] == [utc(first, 20)]
    assert conflict["reason"]["message"] == "Two of your own dates overlap here, counting set-up and take-down."


async def test_a_day_to_leave_out_that_the_series_does_not_have_is_told(district: District) -> None:
    """Control: one that it has is left out."""
    first = day(ahead=33)
    repeats = [weekly(3) | {"except": [(first + timedelta(days=days)).isoformat()]} for days in (1, 7)]
    async with desk(district, "lin") as at:
        wrong, right = [await at["lin"].post("/api/v1/searches", json=need(repeat=each)) for each in repeats]
    assert codes(wrong) == (409, "unknown_occurrence")
    assert (right.status_code, right.json()["items"][0]["of"]) == (200, 2)
