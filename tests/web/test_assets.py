"""What pages load: the coding that a client wants, immutable addresses, a build that is missing, the policy on every kind of page, and the weight of a page."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

import afterbell
from afterbell.web.assets import BUILT, NotBuilt, asset, coding, read_shelf, shelf
from tests.conftest import District
from tests.ground.browser import Browser, Page, browser
from tests.ground.processes import Server
from tests.stories.asks import CLASSROOM, day
from tests.stories.visitors import booked, visiting, wish
from tests.web.test_shell import POLICY

LIGHT = 80_000
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
NOT_BUILT = "The font, script and style sheet of the pages are not built: run `make setup` where this was unpacked, then start again."
KEPT = {
    "cache-control": "public, max-age=31536000, immutable",
    "vary": "Accept-Encoding",
    "x-content-type-options": "nosniff",
}


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("BR; Q=0.0 , GZIP;q=0.001", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br;q=0.5, identity", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("*, br;q=0", "gzip"),
        ("identity;q=0, gzip", "gzip"),
        ("br;q=much", ""),
        ("x-gzip, ,;q=1", ""),
    ],
)
def test_the_coding_is_the_one_that_the_client_wants_most(accepted: str, chosen: str) -> None:
    assert coding(accepted, ["br", "gzip"]) == chosen
    assert coding(accepted, []) == "", "a font is as small as it gets"


async def test_a_file_comes_in_the_coding_that_was_asked_for_and_never_changes(district: District) -> None:
    names = ("app.css", "htmx.min.js", "mark.svg", "public-sans-latin.woff2", "public-sans-license.txt")
    async with Server(district.url, worker=False) as server, browser(server.base_url) as person:
        got = {
            (name, wanted): await person.http.get(asset(name), headers={"Accept-Encoding": wanted})
            for name in names
            for wanted in ("br", "gzip", "identity", "br;q=0")
        }
        head = await person.http.head(asset("app.css"), headers={"Accept-Encoding": "br"})
        sheet = got["app.css", "identity"].text
        fonts = [await person.http.get(f"/static/{name}") for name in re.findall(r'url\("([^"]+)"\)', sheet)]
        unknown = [
            await person.http.get(f"/static/{name}")
            for name in ("manifest.json", f"{asset('app.css')[8:]}.br", "app.css")
        ]
    for (name, wanted), answer in got.items():
        coded = {"br": "br", "gzip": "gzip"}.get(wanted) if not name.endswith("woff2") else None
        assert (answer.status_code, answer.headers.get("content-encoding")) == (200, coded), (name, wanted)
        assert {each: answer.headers[each] for each in KEPT} == KEPT
        assert answer.content == got[name, "identity"].content
    assert [got[name, "br"].headers["content-type"] for name in names] == [
        "text/css; charset=utf-8",
        "text/javascript; charset=utf-8",
        "image/svg+xml",
        "font/woff2",
        "text/plain; charset=utf-8",
    ]
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got["app.css", "br"].headers["content-length"]
    assert [(font.status_code, font.content[:4]) for font in fonts] == [(200, b"wOF2")] * 2
    assert "SIL OPEN FONT LICENSE" in got["public-sans-license.txt", "br"].text.upper()
    assert [answer.status_code for answer in unknown] == [404] * 3


def test_a_manifest_that_names_what_is_not_there_is_no_build(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="not built"):
        read_shelf(tmp_path)
    whole = shutil.copytree(BUILT, tmp_path / "built")
    assert read_shelf(whole) == shelf()
    name = json.loads((whole / "manifest.json").read_text())["files"]["app.css"]["name"]
    (whole / f"{name}.gz").unlink()
    with pytest.raises(NotBuilt) as missing:
        read_shelf(whole)
    assert str(missing.value) == NOT_BUILT


def test_a_server_without_a_build_says_so_and_does_not_start(tmp_path: Path) -> None:
    source = Path(afterbell.__file__).parent
    shutil.copytree(source, tmp_path / "afterbell", ignore=shutil.ignore_patterns("built", "__pycache__"))
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "COLUMNS": "300"}
    command = [sys.executable, "-m", "afterbell.cli", "serve", "--port", "0"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, NOT_BUILT in " ".join(done.stderr.split())) == (1, True), done.stderr


async def test_every_kind_of_page_carries_the_policy(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "okafor") as (lin, okafor),
    ):
        reference = await booked(lin, wish())
        shown = [
            await lin.open("/bookings"),
            await lin.open(f"/bookings/{reference}"),
            await lin.open("/bookings/new", **wish()),
            await lin.open(f"/bookings/{reference}/cancellation"),
            await lin.open("/approvals"),
            await lin.open("/nothing"),
            await lin.open("/bookings/AB-NOTHING"),
            await lin.open("/find", date="x"),
            await lin.open("/es/programme"),
            await okafor.open("/approvals"),
            await okafor.open("/messages"),
        ]
        parts = [
            await lin.http.get("/find", params={"date": "x"}, headers=PART),
            await okafor.http.get("/approvals", headers=PART),
            await lin.http.get("/approvals", headers=PART),
        ]
        refused = [await lin.http.post("/find", headers={"Sec-Fetch-Site": "same-origin"})]
    answers = [page.answer for page in shown] + parts + refused
    assert [answer.status_code for answer in answers] == [200] * 4 + [403, 404, 404, 422, 200, 200, 200] + [
        422,
        200,
        403,
        405,
    ]
    assert [answer.headers["content-security-policy"] for answer in answers] == [POLICY] * len(answers)
    assert {answer.headers["content-type"] for answer in answers} == {"text/html; charset=utf-8"}
    assert loads_htmx(shown) == [False, False, True, False, False, False, False, False, True, True, False]


def loads_htmx(pages: list[Page]) -> list[bool]:
    return ["/static/htmx.min." in page.html for page in pages]


async def test_a_whole_page_stays_light_with_all_it_loads(district: District) -> None:
    """Also a form for somebody signed in, which is not compressed, and in Spanish, which is longer. Only what lies outside English and Spanish loads more."""
    far = {"date": day().isoformat(), "from": "16:00", "to": "18:00", "weeks": "30", "room": CLASSROOM}
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin", "okafor") as (lin, okafor),
        browser(server.base_url) as visitor,
    ):
        await okafor.open("/language", to="es", next="/bookings")
        for week in range(3):
            await booked(lin, wish(day() + timedelta(weeks=week), weeks="1"))
        weights = {
            "find": await weight(visitor, "/find", **far),
            "find signed in": await weight(lin, "/find", **far),
            "school": await weight(lin, "/schools"),
            "programme": await weight(lin, "/programme"),
            "request": await weight(okafor, "/bookings/new", **far),
            "approvals": await weight(okafor, "/approvals"),
        }
    assert {name: heavy for name, heavy in weights.items() if heavy >= LIGHT} == {}
    assert min(weights.values()) > 30_000, "control: the font is counted"


async def weight(person: Browser, path: str, **query: str) -> int:
    """Bytes over the wire of a page and of everything that its elements load."""
    page = await person.http.get(path, params=query, headers={"Accept-Encoding": "gzip"})
    assert page.status_code == 200
    linked = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    heads = [await person.http.head(link, headers={"Accept-Encoding": "br"}) for link in sorted(linked)]
    return sum(int(answer.headers["content-length"]) for answer in (page, *heads))
