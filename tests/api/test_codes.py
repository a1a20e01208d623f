"""Every code that a refusal may carry, brought about over HTTP and compared whole, in both languages. What each rule refuses and where its edges lie is
shown beside this; here nothing may be missing."""

import ast
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import httpx2

from tests.api.refusals import RULES, rows, wishes
from tests.api.test_spring_gap import moved
from tests.cast import BIRD
from tests.conftest import District
from tests.ground import sql
from tests.ground.children import ROOT
from tests.stories.asks import HALL, ask, today
from tests.stories.deciding import Caller, people

MAKERS = {"refuse", "note", "_about"}
# Brought about where time or a second call is needed: the code, and the test that tells its sentence.
ELSEWHERE = {
    "key_in_flight": "stories/test_repeats.py",
    "unanswered": "stories/test_lapse.py",
    "too_many_organizations": "partners/test_found.py",
}
JOIN = (
    "INSERT INTO memberships (person_id, organization_id, role) SELECT p.id, o.id, 'partner' FROM people p, organizations o "
    "WHERE p.email = 'whitfield@district.example' AND o.slug = 'eastside-community-clinic'"
)
ANOTHER_SECRET = """UPDATE replays SET headers = '{"content-type": "sealed under a secret that is no more"}'"""
Told = tuple[int, Any]


async def refused(who: Mapping[str, Caller], closed: date, gap: datetime, approved: str, waits: str) -> dict[str, Told]:
    """Every code with its status and its reason as it is told now."""
    lin, sam, becker, whitfield = (who[name] for name in ("lin", "sam", "becker", "whitfield"))
    found = {}
    for code, wish in wishes(closed, gap).items():
        asker = sam if code == "held_too_much" else lin
        found[code] = told(await asker.http.post("/api/v1/bookings", json=wish), code)
    tag = {"If-Match": '"7"'}
    acts = {
        "wrong_state": await becker.does(approved, "approval"),
        "own_request": await whitfield.does(waits, "approval"),
        "unknown_occurrence": await lin.does(waits, "withdrawal", occurrences=["2020-02-02T20:00"]),
        "stale_version": await lin.http.post(f"/api/v1/bookings/{waits}/withdrawal", json={}, headers=tag),
        "already_founded": await sam.http.post("/api/v1/organizations", json={"name": "Night School", "kind": "other"}),
        "changed_since_preview": await other_than_previewed(lin),
        "not_held": await lin.http.post("/api/v1/bookings/preview", json=ask(rooms=[f"{BIRD}/hall"])),
    }
    return found | {code: told(answer, code) for code, answer in acts.items()}


async def other_than_previewed(lin: Caller) -> httpx2.Response:
    """What a request is answered that is not the one that was looked at."""
    wish = ask(rooms=[HALL])
    token = (await lin.http.post("/api/v1/bookings/preview", json=wish)).json()["preview_token"]
    return await lin.http.post("/api/v1/bookings", json=wish | {"headcount": 21, "preview_token": token})


async def keyed(lin: Caller, district: District, key: str) -> dict[str, Told]:
    """What an Idempotency-Key is refused for."""
    headers, path = {"Idempotency-Key": key}, "/api/v1/bookings/preview"
    await lin.http.post(path, json=ask(), headers=headers)
    reused = await lin.http.post(path, json=ask(hour=18), headers=headers)
    await sql.tell(district.url, ANOTHER_SECRET)
    unreadable = await lin.http.post(path, json=ask(), headers=headers)
    return {"key_reused": told(reused, "key_reused"), "answer_unreadable": told(unreadable, "answer_unreadable")}


def told(answer: httpx2.Response, code: str) -> Told:
    """Status, and the reason with that code; what came instead, when it is not among the reasons."""
    said = answer.json()
    reasons = said["verdict"]["reasons"] if "verdict" in said else said.get("reasons", ())
    return answer.status_code, next((each for each in reasons if each["code"] == code), answer.text)


async def test_every_code_is_told_whole_in_both_languages(district: District) -> None:
    _, gap = await moved(district)
    closed = date.fromisoformat(district.cast["closed"])
    await sql.tell(
        district.url, JOIN, "UPDATE organizations SET verified = false WHERE slug = 'figueroa-youth-theatre'"
    )
    names = ("lin", "sam", "becker", "whitfield")
    found: dict[str, dict[str, Told]] = {}
    async with people(district, *names) as (_, *callers):
        who = dict(zip(names, callers, strict=True))
        approved, waits = [(await who["lin"].asks(hour=hour))["reference"] for hour in (16, 20)]
        await who["becker"].does(approved, "approval")
        await who["sam"].http.post("/api/v1/organizations", json={"name": "Night School", "kind": "other"})
        for name, value, where in RULES:
            rule = {"name": name, "value": value, "effective_from": today().isoformat()} | where
            await who["whitfield"].http.put("/api/v1/rules", json=rule)
        for language in ("en", "es"):
            await sql.tell(district.url, f"UPDATE people SET language = '{language}'")
            found[language] = await refused(who, closed, gap, approved, waits)
            found[language] |= await keyed(who["lin"], district, language)
        version = (await who["lin"].sees(waits))["version"]
    table = rows(closed, gap)
    assert found == {
        language: {code: row.told(code, language) for code, row in table.items()} for language in ("en", "es")
    }
    assert version == 1


def test_no_code_is_missing_from_the_table() -> None:
    """Every code that a source file makes a finding of stands in the table, or is named with where it is shown; and the table holds no other."""
    made = {code for path in (ROOT / "src" / "afterbell").rglob("*.py") for code in codes_in(path.read_text())}
    table = set(rows(date(2027, 1, 1), datetime(2027, 1, 1)))
    shown = {code for code, test in ELSEWHERE.items() if (ROOT / "tests" / test).is_file()}
    assert made == table | shown
    assert table & shown == set()


def test_control_a_code_that_nobody_shows_is_found() -> None:
    source = 'raise refused([refuse("too_loud", Message("x"))])\nclass Odd(RepeatRefused):\n    code = "too_odd"\nX = note(code="so_so")'
    assert set(codes_in(source)) == {"too_loud", "too_odd", "so_so"}


def codes_in(source: str) -> Iterator[str]:
    """The codes that a module writes out: in a call that makes a finding, or as the `code` of an error."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
            given = [*node.args[:2], *(each.value for each in node.keywords if each.arg == "code")]
            yield from (each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str))
        elif isinstance(node, ast.ClassDef):
            yield from (code for line in node.body if (code := _code(line)) and code != "malformed")


def _code(line: ast.stmt) -> str:
    """The value of `code = "..."`."""
    targets = line.targets if isinstance(line, ast.Assign) else []
    named = any(isinstance(each, ast.Name) and each.id == "code" for each in targets)
    value = line.value if named and isinstance(line, ast.Assign) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
