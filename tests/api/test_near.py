"""Where a search ends: by the distance itself, to the last metre, whatever is shown of it."""

from tests.cast import BIRD, OWL
from tests.conftest import District
from tests.ground import sql
from tests.stories.asks import day, wall
from tests.stories.deciding import people

KM_NORTH = 0.0089932  # degrees


async def test_a_school_just_within_is_found_and_one_just_beyond_is_not(district: District) -> None:
    """Both are shown as 1.0 km away."""
    for slug, km in ((OWL, 0.99998), (BIRD, 1.003)):
        latitude = 34 + km * KM_NORTH
        await sql.tell(
            district.url, f"UPDATE schools SET latitude = {latitude}, longitude = -118 WHERE slug = '{slug}'"
        )
    need = {
        "headcount": 20,
        "near": "34,-118",
        "within_km": 1,
        "starts_at": wall(day(), 16),
        "ends_at": wall(day(), 18),
    }
    async with people(district, "lin") as (_, lin):
        found = (await lin.http.post("/api/v1/searches?limit=200", json=need)).json()["items"]
        wider = (await lin.http.post("/api/v1/searches?limit=200", json=need | {"within_km": 1.01})).json()["items"]
    assert {(each["school"], each["distance_km"]) for each in found} == {(OWL, 1.0)}
    assert {(each["school"], each["distance_km"]) for each in wider} == {(OWL, 1.0), (BIRD, 1.0)}
