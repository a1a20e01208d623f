"""Nothing that is under /api answers without a valid token, and the description of it all is for token holders too."""

import re

import httpx2

from tests.conftest import District
from tests.ground.client import client
from tests.ground.processes import Server
from tests.stories.asks import ask, caller, token

PROMISED = {
    "/api/v1/activities": {"get"},
    "/api/v1/bookings": {"get", "post"},
    "/api/v1/bookings/preview": {"post"},
    "/api/v1/bookings/{reference}": {"get", "patch"},
    "/api/v1/bookings/{reference}/approval": {"post"},
    "/api/v1/bookings/{reference}/cancellation": {"post"},
    "/api/v1/bookings/{reference}/decline": {"post"},
    "/api/v1/bookings/{reference}/withdrawal": {"post"},
    "/api/v1/messages": {"get"},
    "/api/v1/programs": {"get", "post"},
    "/api/v1/rooms/{key}": {"get"},
    "/api/v1/rooms/{key}/free": {"get"},
    "/api/v1/rules": {"get", "put"},
    "/api/v1/schools": {"get"},
    "/api/v1/schools/{slug}": {"get"},
    "/api/v1/schools/{slug}/rooms": {"get"},
    "/api/v1/searches": {"post"},
}
SHUT = (
    "/api/_schema",
    "/api/_schema/openapi.json",
    "/api/_schema/openapi.yaml",
    "/api/_schema/swagger",
    "/schema",
    "/schema/openapi.json",
)


async def test_without_a_token_every_call_answers_401_before_it_looks_at_anything(district: District) -> None:
    async with Server(district.url, worker=False) as server:
        async with caller(server.base_url, district, "lin") as lin:
            calls = await described(lin)
            assert {path: methods for path, methods in calls.items() if path in PROMISED} == PROMISED
        async with client(server.base_url) as stranger:
            for path, methods in calls.items():
                address = re.sub(r"\{\w+\}", "AB-XXXXXXXX", path)
                for method in methods:
                    await turned_away(stranger, method, address)
            await turned_away(stranger, "get", "/api/openapi.json")
            assert (await stranger.get("/api/v1/nowhere")).status_code == 404
            assert (await stranger.delete("/api/v1/bookings")).status_code == 405


async def described(lin: httpx2.AsyncClient) -> dict[str, set[str]]:
    """Every path with its methods, from the OpenAPI document."""
    answer = await lin.get("/api/openapi.json")
    document = answer.json()
    assert (answer.status_code, document["openapi"][:3], answer.headers["content-type"]) == (
        200,
        "3.1",
        "application/json",
    )
    return {re.sub(r":\w+\}", "}", path): set(item) - {"parameters"} for path, item in document["paths"].items()}


async def turned_away(stranger: httpx2.AsyncClient, method: str, address: str) -> None:
    """The same 401 for whatever is tried, with a body that could not even be read."""
    answer = await stranger.request(method, address, content=b"{" if method == "post" else None)
    told = (answer.status_code, answer.headers["content-type"], answer.headers["www-authenticate"], answer.json())
    assert told == (
        401,
        "application/problem+json",
        "Bearer",
        {
            "type": "about:blank",
            "title": "Sign in first",
            "status": 401,
            "detail": "Send a valid token: Authorization: Bearer ab_...",
        },
    ), address


async def test_a_token_must_be_whole_and_known(district: District) -> None:
    good = token(district, "lin")
    bad: list[str | bytes] = [
        *("Bearer", "Bearer x", "Basic " + good, good, "Token " + good, "Bearer " + good[:-1], "Bearer " + good + "x"),
        *("Bearer " + good.upper(), f"Bearer {good} {good}", "Bearer " + "x" * 60_000, "Bearer ' OR 1=1 --"),
    ]
    async with Server(district.url, worker=False) as server, client(server.base_url) as stranger:
        for header in (*bad, b"Bearer \xff\xfe\xfd"):
            raw = header if isinstance(header, bytes) else header.encode()
            answer = await stranger.get("/api/v1/activities", headers=[(b"Authorization", raw)])
            assert answer.status_code == 401, header
        assert (await stranger.get(f"/api/v1/activities?token={good}")).status_code == 401
        assert (await stranger.get("/api/v1/activities", headers={"Cookie": f"afterbell={good}"})).status_code == 401
        for known in (f"Bearer {good}", f"bearer {good}", f"Bearer  {good}"):
            answer = await stranger.get("/api/v1/activities", headers={"Authorization": known})
            assert answer.status_code == 200, "control: " + known
            assert "set-cookie" not in answer.headers


async def test_nobody_else_publishes_the_document(district: District) -> None:
    async with Server(district.url, worker=False) as server, caller(server.base_url, district, "whitfield") as admin:
        found = [(path, (await admin.get(path)).status_code) for path in SHUT]
        assert found == [(path, 404) for path in SHUT]
        assert (await admin.post("/api/v1/bookings/preview", json=ask(organization=None))).status_code == 200, "control"
